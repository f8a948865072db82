using System.Diagnostics;
using CiDiff.Cli.Options;
using CiDiff.Errors;
using CiDiff.Reports;

namespace CiDiff.Cli.Output;

/// <summary>Ends a run: writes its reports and its answer, and decides the exit code.</summary>
internal static class RunAnswer
{
    /// <summary>Writes everything. The answer is given also when a report cannot be written.</summary>
    public static async Task<int> WriteAsync(
        CliHost host,
        OutputFlags output,
        RunReport report,
        string folder,
        IReadOnlyList<string> formats,
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

        if (report.Error is { } stopped)
        {
            ErrorText.Write(host.Error, stopped.Code, stopped.Message, stopped.Hint);
        }

        if (output.Format == OutputFormat.Json)
        {
            new JsonReport().Write(report, host.Output);
        }
        else
        {
            ConsoleReport.WriteRun(report, host.Output, Answers.ConsoleOptions(host, output, isWritten ? folder : null));
        }

        cancellationToken.ThrowIfCancellationRequested();
        return isWritten ? ExitCodeOf(report.Status) : ExitCodes.Error;
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
