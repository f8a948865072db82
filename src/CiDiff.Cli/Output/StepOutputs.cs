using System.Text;
using CiDiff.Errors;
using CiDiff.Reports;

namespace CiDiff.Cli.Output;

/// <summary>The outputs of a step on GitHub Actions: what later steps read as <c>steps.ID.outputs.verdict</c>. Only the run knows where its reports went, since
/// a flag, a variable or <c>cidiff.yml</c> says so.</summary>
/// <remarks>https://docs.github.com/actions/reference/workflow-commands-for-github-actions#setting-an-output-parameter (2026-11-21): lines appended to the
/// file that <c>GITHUB_OUTPUT</c> names.</remarks>
internal static class StepOutputs
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Appends the lines of <see cref="OutputLines"/>, <c>report-dir</c> and, when it was written, <c>report</c>; nothing outside of GitHub Actions.
    /// Paths are relative to the workspace where they are below it.</summary>
    /// <param name="host">The world around the process.</param>
    /// <param name="report">The run, with the files that were written.</param>
    /// <param name="directory">The folder of the reports; null when they could not be written.</param>
    /// <exception cref="UserErrorException">The file cannot be written (CID6001).</exception>
    public static async Task AppendAsync(CliHost host, RunReport report, string? directory)
    {
        var variables = host.Environment.Variables;
        if (variables.GetValueOrDefault("GITHUB_ACTIONS") != "true" || variables.GetValueOrDefault("GITHUB_OUTPUT") is not { Length: > 0 } file)
        {
            return;
        }

        using var text = new StringWriter { NewLine = "\n" };
        OutputLines.Write(report, text);
        if (directory is not null)
        {
            var shown = Shown(directory, variables.GetValueOrDefault("GITHUB_WORKSPACE"));
            Line("report-dir", shown);
            if (report.Files.TryGetValue("markdown", out var markdown))
            {
                Line("report", $"{shown}/{markdown}");
            }
        }

        try
        {
            await File.AppendAllTextAsync(Path.GetFullPath(file, host.WorkingDirectory), text.ToString(), Utf8, CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(ErrorCodes.ReportNotWritten, $"The step's outputs could not be written: {error.Message}", inner: error);
        }

        // A line break would begin an output of another name.
        void Line(string name, string path) => text.Write($"{name}={path.ReplaceLineEndings(" ")}\n");
    }

    private static string Shown(string directory, string? workspace)
    {
        var relative = string.IsNullOrEmpty(workspace) ? directory : Path.GetRelativePath(workspace, directory);
        return (relative == ".." || relative.StartsWith("../", StringComparison.Ordinal) || relative.StartsWith(@"..\", StringComparison.Ordinal) ? directory : relative)
            .Replace(Path.DirectorySeparatorChar, '/');
    }
}
