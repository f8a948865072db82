using CiDiff.Errors;

namespace CiDiff.Cli.Output;

/// <summary>Where reports are.</summary>
internal static class ReportPaths
{
    /// <summary>The folder when nobody names another.</summary>
    public const string DefaultFolder = "cidiff-report";

    /// <summary>The <c>run.json</c> that a path means: the file itself, or the one in that folder.</summary>
    public static string RunFile(CliHost host, string path)
    {
        var full = Path.GetFullPath(path, host.WorkingDirectory);
        var file = Directory.Exists(full) ? Path.Combine(full, "run.json") : full;
        return File.Exists(file)
            ? file
            : throw new UserErrorException(
                ErrorCodes.FileNotFound,
                $"There is no run at '{path}'.",
                "Name the run.json that `cidiff run` wrote, or the folder it is in.");
    }

    /// <summary>Writes one report file.</summary>
    public static async Task WriteFileAsync(string path, string text, CancellationToken cancellationToken)
    {
        try
        {
            await File.WriteAllTextAsync(path, text, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                ErrorCodes.ReportNotWritten,
                $"The report '{path}' could not be written: {error.Message}",
                "Check that the folder exists and can be written to.",
                error);
        }
    }
}
