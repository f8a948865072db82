using System.CommandLine;
using CiDiff.Cli.Options;
using CiDiff.Cli.Output;
using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Git;
using CiDiff.Reports;

namespace CiDiff.Cli.Commands;

/// <summary><c>cidiff publish</c>: posts a finished run.</summary>
internal static class PublishCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CliHost host)
    {
        var run = new Argument<string>("RUN")
        {
            Description = "The run.json, or the folder it is in",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => ReportPaths.DefaultFolder,
        };
        run.RejectOptions();
        var options = new PublishOptions();
        var output = new OutputOptions();

        var command = new Command("publish", "Post a finished run to its pull request, from its run.json") { run };
        options.AddTo(command);
        output.AddTo(command, withFormat: false);
        command.SetAction((parsed, cancellationToken) =>
            PublishAsync(host, parsed.GetRequiredValue(run), options, output.Read(parsed), parsed, cancellationToken));
        return command;
    }

    private static async Task<int> PublishAsync(
        CliHost host,
        string run,
        PublishOptions options,
        OutputFlags output,
        ParseResult parsed,
        CancellationToken cancellationToken)
    {
        var report = await JsonReportReader.ReadAsync(ReportPaths.RunFile(host, run), cancellationToken);
        var job = options.Overlay(parsed, await host.Environment.PullRequestAsync(host.WorkingDirectory, cancellationToken));
        var config = await options.ConfigurationAsync(parsed, host, job, cancellationToken);

        // This command has nothing else to do: what it cannot post is its failure.
        var settings = config.Publish with { Required = true };
        var setup = PublishingSetup.Create(host, output, job, settings, options.Name(parsed) ?? report.Project?.Directory ?? "");
        if (settings.To == PublishTarget.None)
        {
            throw new UserErrorException(ErrorCodes.NoPullRequest, "publish.to is none, so nothing is posted.", "Name a host with --to.");
        }

        setup = await setup.LocateAsync(cancellationToken);
        if (setup.PullRequest is { Number: null, HeadCommit: null })
        {
            throw new UserErrorException(
                ErrorCodes.NoPullRequest,
                "Neither the number of a pull request nor a commit is known.",
                "Pass --pull-request or --commit, or run in a job that was started by a pull request or by the workflow that made the run.");
        }

        if (!setup.IsWanted)
        {
            throw setup.PullRequest.Host == CiHost.Local
                ? new UserErrorException(
                    ErrorCodes.NoPullRequest,
                    "This is no job of a CI host that CiDiff knows, so it is not known where to post.",
                    "Name the host with --to, the repository with --repository and the pull request with --pull-request.")
                : new UserErrorException(
                    ErrorCodes.NoPullRequest, "The number of the pull request is not known, so nothing was posted.", "Pass --pull-request, or name the host with --to to set a status only.");
        }

        return await setup.PublishAsync(report, cancellationToken) ? ExitCodes.Pass : ExitCodes.Error;
    }
}
