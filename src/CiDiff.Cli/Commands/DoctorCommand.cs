using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using CiDiff.Cli.Options;
using CiDiff.Cli.Output;
using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Git;
using CiDiff.Profiles;

namespace CiDiff.Cli.Commands;

/// <summary><c>cidiff doctor</c>: what works and what does not.</summary>
internal static class DoctorCommand
{
    private const string Configuration = "configuration";

    /// <summary>The command.</summary>
    public static Command Create(CliHost host)
    {
        var options = new RunOptions();
        var command = new Command("doctor", "Check configuration, artifacts, connection, rights, tokens and what CI tells; compares nothing");
        options.AddTo(command, withReports: false);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = options.Output(parsed);
            var pullRequest = await host.Environment.PullRequestAsync(host.WorkingDirectory, cancellationToken);
            var results = new List<CheckResult>
            {
                new("tool", CheckOutcome.Ok, $"CiDiff {ToolVersion.Text}, .NET {Environment.Version}, {RuntimeInformation.RuntimeIdentifier}."),
            };
            results.AddRange(OfPullRequest(pullRequest));
            results.AddRange(await ExamineAsync(host, options, parsed, pullRequest, cancellationToken));

            if (output.Format == OutputFormat.Json)
            {
                DoctorAnswer.WriteJson(results, pullRequest, host.Output);
            }
            else
            {
                DoctorAnswer.WriteText(results, host.Output, Answers.ConsoleOptions(host, output, null));
            }

            return results.Exists(result => result.Outcome == CheckOutcome.Problem) ? ExitCodes.Error : ExitCodes.Pass;
        });
        return command;
    }

    private static async Task<IReadOnlyList<CheckResult>> ExamineAsync(
        CliHost host,
        RunOptions options,
        ParseResult parsed,
        PullRequestContext pullRequest,
        CancellationToken cancellationToken)
    {
        var results = new List<CheckResult>();
        var project = FindProject(host, options, parsed, results);
        var folder = project ?? host.WorkingDirectory;
        CiDiffConfig config;
        try
        {
            config = await RunConfiguration.ReadAsync(host, options, parsed, folder, pullRequest, cancellationToken);
        }
        catch (UserErrorException error)
        {
            // What else a run needs is in the configuration.
            return [.. results, CheckResult.From(Configuration, error)];
        }

        results.Add(new CheckResult(Configuration, CheckOutcome.Ok, config.File is { } file ? $"{file} is valid." : "There is no cidiff.yml; the defaults hold."));
        results.AddRange(config.Notes.Select(note => new CheckResult(Configuration, CheckOutcome.Note, note)));
        await using (var story = Story.For(host, options.Output(parsed)))
        {
            results.AddRange(await Checkup.ExamineAsync(
                new DiffRunRequest
                {
                    ToolVersion = ToolVersion.Text,
                    RunId = "doctor",
                    Config = config,
                    Profile = RunSetup.Profile(host, config),
                    PullRequest = pullRequest,
                },
                story,
                cancellationToken));
        }

        var publishing = PublishingSetup.Create(
            host, options.Output(parsed), pullRequest, config.Publish, RunSetup.PathInRepository(pullRequest.Root, folder));
        results.Add(await publishing.CheckAsync(cancellationToken));
        return results;
    }

    // Without a project there may still be two manifests and a URL.
    private static string? FindProject(CliHost host, RunOptions options, ParseResult parsed, List<CheckResult> results)
    {
        try
        {
            var project = options.ProjectDirectory(parsed, host) ?? ProfileReader.FindProjectDirectory(RunSetup.Profile(host, CiDiffConfig.Default));
            results.Add(project is null
                ? new CheckResult("dbt project", CheckOutcome.Note, "There is no dbt_project.yml here or above.", null, "Name its folder with --project-dir.")
                : new CheckResult("dbt project", CheckOutcome.Ok, $"{project}."));
            return project;
        }
        catch (UserErrorException error)
        {
            results.Add(CheckResult.From("dbt project", error));
            return null;
        }
    }

    private static IEnumerable<CheckResult> OfPullRequest(PullRequestContext context)
    {
        var host = context.Host == CiHost.Local ? "No CI host that is known" : $"{context.Host}{(context.Event is { } name ? $", event {name}" : "")}";
        yield return new CheckResult("host", CheckOutcome.Ok, $"{host}{(context.Repository is { } repository ? $", repository {repository}" : "")}.");

        var sides = $"{Named(context.HeadBranch, context.HeadCommit)} into {Named(context.BaseBranch, context.BaseCommit)}";
        yield return new CheckResult("pull request", CheckOutcome.Ok, context.Number is { } number
            ? string.Create(CultureInfo.InvariantCulture, $"Number {number}, {sides}; {Labels(context)}{(context.IsDraft ? "; a draft" : "")}{(context.IsFork ? "; from a fork" : "")}.")
            : context.HeadCommit is null ? "This is for no pull request." : $"This is for no pull request: {sides}.");

        if (context.MergeBase is { } start)
        {
            yield return new CheckResult("history", CheckOutcome.Ok, string.Create(
                CultureInfo.InvariantCulture,
                $"Branched off at {start[..8]}; {context.CommitMessages.Count} commits, {context.ChangedFiles?.Count ?? 0} changed files."));
        }
        else if (context.Notes.Count == 0)
        {
            yield return new CheckResult(
                "history", CheckOutcome.Note, "It is not known where this branched off.", null, "git and the base branch are needed; docs/ci.md says what the clone has to hold.");
        }

        foreach (var note in context.Notes)
        {
            yield return new CheckResult("history", CheckOutcome.Note, note);
        }
    }

    private static string Labels(PullRequestContext context) => (context.AreLabelsKnown, context.Labels.Count) switch
    {
        (false, _) => "labels not known",
        (true, 0) => "no labels",
        _ => $"labels {string.Join(", ", context.Labels)}",
    };

    private static string Named(string? branch, string? commit) => (branch, commit) switch
    {
        (null, null) => "an unknown commit",
        ({ } name, null) => name,
        (null, { } id) => id[..8],
        ({ } name, { } id) => $"{name} ({id[..8]})",
    };
}
