using System.Diagnostics;
using CiDiff.Cli.Options;
using CiDiff.Errors;
using CiDiff.Reports;

namespace CiDiff.Cli.Output;

/// <summary>Ends a run: writes its reports and its answer, and decides the exit code.</summary>
internal static class RunAnswer
{
    /// <summary>Writes everything. The answer is given also when a report cannot be written or posted.</summary>
    /// <param name="host">The world around the process.</param>
    /// <param name="output">How much is told.</param>
    /// <param name="report">The run.</param>
    /// <param name="folder">Where reports go.</param>
    /// <param name="formats">Which reports are written.</param>
    /// <param name="publishing">Where the run is posted; null for nowhere.</param>
    /// <param name="cancellationToken">A run that was cancelled is not posted.</param>
    public static async Task<int> WriteAsync(
        CliHost host,
        OutputFlags output,
        RunReport report,
        string folder,
        IReadOnlyList<string> formats,
        PublishingSetup? publishing,
        CancellationToken cancellationToken)
    {
        var directory = Path.GetFullPath(folder, host.WorkingDirectory);
        var isWritten = true;
        try
        {
            // A cancelled run still leaves its report.
            report = await ReportFolder.WriteAsync(report, directory, formats, CancellationToken.None);
        }
        catch (UserErrorException error)
        {
            ErrorText.Write(host.Error, error);
            isWritten = false;
        }

        try
        {
            await StepOutputs.AppendAsync(host, report, isWritten ? directory : null);
        }
        catch (UserErrorException error)
        {
            ErrorText.WriteWarning(host.Error, error);
        }

        if (report.Error is { } stopped)
        {
            ErrorText.Write(host.Error, stopped.Code, stopped.Message, stopped.Hint);
        }

        var isPublished = publishing is null || cancellationToken.IsCancellationRequested || await publishing.PublishAsync(report, cancellationToken);
        if (output.Format == OutputFormat.Json)
        {
            new JsonReport().Write(report, host.Output);
        }
        else
        {
            ConsoleReport.WriteRun(report, host.Output, Answers.ConsoleOptions(host, output, isWritten ? folder : null));
        }

        cancellationToken.ThrowIfCancellationRequested();
        return (isWritten, isPublished, ExitCodeOf(report.Status)) switch
        {
            (false, _, _) => ExitCodes.Error,

            // A verdict of fail says more than a comment that is missing.
            (_, false, ExitCodes.Pass) => ExitCodes.Error,
            (_, _, var exitCode) => exitCode,
        };
    }

    /// <summary>The exit code of a run.</summary>
    public static int ExitCodeOf(RunStatus status) => status switch
    {
        RunStatus.Pass or RunStatus.Warn or RunStatus.Skipped => ExitCodes.Pass,
        RunStatus.Fail => ExitCodes.Fail,
        RunStatus.Error => ExitCodes.Error,
        _ => throw new UnreachableException($"{status}"),
    };
}
