using System.CommandLine;
using CiDiff.Cli.Options;
using CiDiff.Cli.Output;
using CiDiff.Reports;

namespace CiDiff.Cli.Commands;

/// <summary><c>cidiff plan</c>: what <c>run</c> would do, and why.</summary>
internal static class PlanCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CliHost host)
    {
        var options = new RunOptions();
        var command = new Command("plan", "Tell what run would do and why, model by model, without reading a table");
        options.AddTo(command, withReports: false);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = options.Output(parsed);
            RunReport report;
            await using (var story = Story.For(host, output))
            {
                (report, _) = await RunSetup.ExecuteAsync(host, options, parsed, planOnly: true, story, cancellationToken);
            }

            if (report.Error is { } error)
            {
                ErrorText.Write(host.Error, error.Code, error.Message, error.Hint);
            }

            if (output.Format == OutputFormat.Json)
            {
                new JsonReport().Write(report, host.Output);
            }
            else if (report.Error is null)
            {
                ConsoleReport.WritePlan(report, host.Output, Answers.ConsoleOptions(host, output, null));
            }

            return report.Status == RunStatus.Error ? ExitCodes.Error : ExitCodes.Pass;
        });
        return command;
    }
}
