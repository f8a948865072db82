using System.CommandLine;
using CiDiff.Cli.Options;
using CiDiff.Cli.Output;
using CiDiff.Reports;

namespace CiDiff.Cli.Commands;

/// <summary><c>cidiff run</c>: the main job.</summary>
internal static class RunCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CliHost host)
    {
        var options = new RunOptions();
        var command = new Command("run", "Compare the tables of a pull request with production's, judge, and write the report");
        options.AddTo(command, withReports: true);
        command.SetAction((parsed, cancellationToken) => RunAsync(host, options, parsed, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliHost host, RunOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        var output = options.Output(parsed);
        RunReport report;
        RunSetup setup;
        await using (var story = Story.For(host, output))
        {
            (report, setup) = await RunSetup.ExecuteAsync(host, options, parsed, planOnly: false, story, cancellationToken);
        }

        return await RunAnswer.WriteAsync(
            host,
            output,
            report,
            setup.Config?.Reports.Dir ?? options.ReportFolder(parsed, host),
            setup.Config?.Reports.Formats ?? ["markdown", "json"],
            setup.Publishing,
            cancellationToken);
    }
}
