using CiDiff.Cli.Options;
using CiDiff.Cli.Output;
using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Git;
using CiDiff.Publishing;
using CiDiff.Reports;
using CiDiff.Verdicts;

namespace CiDiff.Cli;

/// <summary>Where this job posts, and with what.</summary>
/// <param name="Host">The world around the process.</param>
/// <param name="Output">How much is told.</param>
/// <param name="PullRequest">The pull request; its host is the one that is posted to.</param>
/// <param name="Settings">What is posted.</param>
/// <param name="Name">Tells several projects of a repository apart.</param>
internal sealed record PublishingSetup(CliHost Host, OutputFlags Output, PullRequestContext PullRequest, PublishSettings Settings, string Name)
{
    /// <summary>What <c>cidiff doctor</c> calls the check of <see cref="CheckAsync"/>.</summary>
    public const string CheckName = "publishing";

    private static readonly Dictionary<CiHost, string[]> TokenVariables = new()
    {
        [CiHost.GitHub] = ["GITHUB_TOKEN", "GH_TOKEN"],
        [CiHost.GitLab] = ["GITLAB_TOKEN"],
        [CiHost.Bitbucket] = ["BITBUCKET_TOKEN"],
        [CiHost.Azure] = ["SYSTEM_ACCESSTOKEN"],
        [CiHost.Local] = ["GITHUB_TOKEN"],
    };

    /// <summary>Puts together what the command line, the configuration and the job say.</summary>
    /// <param name="host">The world around the process.</param>
    /// <param name="output">How much is told.</param>
    /// <param name="pullRequest">The pull request as the job knows it.</param>
    /// <param name="settings">What the configuration says.</param>
    /// <param name="projectPath">The dbt project's folder in the repository; empty for its root.</param>
    public static PublishingSetup Create(CliHost host, OutputFlags output, PullRequestContext pullRequest, PublishSettings settings, string projectPath) => new(
        host,
        output,
        settings.To switch
        {
            PublishTarget.GitHub => pullRequest with { Host = CiHost.GitHub },
            PublishTarget.GitLab => pullRequest with { Host = CiHost.GitLab },
            PublishTarget.Bitbucket => pullRequest with { Host = CiHost.Bitbucket },
            PublishTarget.Azure => pullRequest with { Host = CiHost.Azure },
            _ => pullRequest,
        },
        settings,
        settings.Name ?? projectPath);

    // A host that did not answer the first question is not asked a second one.
    private readonly HostDown _down = new();

    /// <summary>Whether anything goes to a host: a job that nobody asked to post does so for a pull request only.</summary>
    public bool IsWanted => Settings.To switch
    {
        PublishTarget.None => false,
        PublishTarget.Auto => PullRequest is { Host: not CiHost.Local, Number: not null },
        _ => true,
    };

    /// <summary>What to tell in the comment's last line.</summary>
    private MarkdownOptions Markdown => new() { Commit = PullRequest.HeadCommit, JobUrl = PullRequest.JobUrl };

    /// <summary>Posts a run, and shows it on the job's page and beside the code.</summary>
    /// <returns>False when something could not be posted that had to be.</returns>
    public async Task<bool> PublishAsync(RunReport report, CancellationToken cancellationToken)
    {
        var result = new PublishResult([], [], HasAnnotations: false);
        if (IsWanted)
        {
            var (token, tokenName, problem) = Token();
            result = (problem ?? _down.Problem) is { } known
                ? result with { Problems = [known] }
                : await new Publisher(Host.Time, Story).PublishAsync(
                    report, new PublishRequest(PullRequest, token, tokenName, Name, Settings), cancellationToken);
        }

        var problems = result.Problems.Concat(await ShowAsync(report, result.HasAnnotations, cancellationToken)).ToList();
        foreach (var problem in problems)
        {
            if (Settings.Required)
            {
                ErrorText.Write(Host.Error, problem);
            }
            else if (Output.Verbosity != Verbosity.Quiet)
            {
                ErrorText.WriteWarning(Host.Error, problem);
            }
        }

        if (Output.Verbosity != Verbosity.Quiet)
        {
            foreach (var done in result.Done)
            {
                await Host.Error.WriteLineAsync($"cidiff : {done}");
            }
        }

        return problems.Count == 0 || !Settings.Required;
    }

    /// <summary>Reads what reviewers accepted.</summary>
    public async Task<AcceptedChanges> ReadAcceptedAsync(IProgress<RunEvent> progress, CancellationToken cancellationToken)
    {
        var (token, tokenName, _) = Token();
        if (!IsWanted)
        {
            return AcceptedChanges.None;
        }

        var reader = new AcceptanceReader(Host.Time, progress);
        var accepted = await reader.ReadAsync(PullRequest, token, tokenName, Name, cancellationToken);
        _down.Problem = reader.Unavailable;
        return accepted;
    }

    /// <summary>Finds the pull request of a commit, or holds a number against it.</summary>
    /// <exception cref="UserErrorException">There is none, or it is at another commit.</exception>
    public async Task<PublishingSetup> LocateAsync(CancellationToken cancellationToken)
    {
        var (token, tokenName, problem) = Token();
        return problem is null
            ? this with { PullRequest = await new PullRequestLookup(Host.Time, Story).CompleteAsync(PullRequest, token, tokenName, cancellationToken) }
            : throw problem;
    }

    /// <summary>Whether posting would work, as far as that can be told without posting: on GitHub the pull request is read with the token.</summary>
    public async Task<CheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        if (!IsWanted || !(Settings.Comment || Settings.Status))
        {
            return new CheckResult(
                CheckName, CheckOutcome.Ok, Settings.To == PublishTarget.Auto ? "Nothing is posted: this job is for no pull request that is known." : "Nothing is posted: the configuration says so.");
        }

        var (token, name, problem) = Token();
        if (problem is not null)
        {
            return CheckResult.From(CheckName, problem, Gravity);
        }

        if (token is null)
        {
            return new CheckResult(
                CheckName, Gravity, $"{name} is not set, so nothing is posted.", ErrorCodes.NoPublishingToken.Id,
                PullRequest.IsFork ? "Jobs of forks get no secrets; docs/publishing.md shows how another job posts." : $"Give this job {name}; docs/publishing.md lists the rights it needs.");
        }

        try
        {
            var known = await new PullRequestLookup(Host.Time, Story).CompleteAsync(PullRequest with { HeadCommit = null }, token, name, cancellationToken);
            return new CheckResult(
                CheckName, CheckOutcome.Ok, known.HeadCommit is null ? $"{name} is set." : $"{name} can read the pull request. Whether it may write shows only when it does.");
        }
        catch (UserErrorException error)
        {
            return CheckResult.From(CheckName, error, Gravity);
        }
    }

    // A run does not depend on whether it could be posted, unless somebody says so.
    private CheckOutcome Gravity => Settings.Required ? CheckOutcome.Problem : CheckOutcome.Note;

    private PlainStory Story => new(Host.Error, Output.Verbosity, CiHost.Local, Host.Time);

    // The job's page and its log: GitHub's own, and neither needs a token.
    private async Task<IReadOnlyList<UserErrorException>> ShowAsync(RunReport report, bool hasAnnotations, CancellationToken cancellationToken)
    {
        var variables = Host.Environment.Variables;
        if (Host.Environment.Host != CiHost.GitHub || Settings.To == PublishTarget.None)
        {
            return [];
        }

        if (Settings.Annotations && !hasAnnotations)
        {
            WorkflowCommands.Write(Annotation.Of(report), Host.Error);
        }

        if (Settings.Summary && variables.TryGetValue("GITHUB_STEP_SUMMARY", out var file) && file.Length > 0)
        {
            try
            {
                await JobSummary.AppendAsync(report, Path.GetFullPath(file, Host.WorkingDirectory), Markdown, cancellationToken);
            }
            catch (UserErrorException problem)
            {
                return [problem];
            }
        }

        return [];
    }

    private (Secret? Token, string Name, UserErrorException? Problem) Token()
    {
        if (Settings.Token is { } configured)
        {
            try
            {
                return Checked(configured.Require(), $"{configured}" is "***" ? "CIDIFF_PUBLISH_TOKEN" : $"{configured}"["env:".Length..]);
            }
            catch (UserErrorException problem)
            {
                return (null, $"{configured}", problem);
            }
        }

        var names = TokenVariables[PullRequest.Host];
        var name = names.FirstOrDefault(name => Host.Environment.Variables.GetValueOrDefault(name) is { Length: > 0 });
        return name is null ? (null, names[0], null) : Checked(new Secret(Host.Environment.Variables[name]), name);
    }

    // It goes into a header, which takes nothing else; and what is pasted into a secret easily has a line break too many.
    private static (Secret? Token, string Name, UserErrorException? Problem) Checked(Secret given, string name)
    {
        var token = given.Reveal().Trim();
        var problem = token.Length == 0 ? "is empty"
            : token.Any(char.IsControl) ? "has a line break or another control character in it"
            : !token.All(char.IsAscii) ? "has characters that no token has (they are not ASCII)"
            : token.Contains(' ', StringComparison.Ordinal) ? "has a space in it"
            : null;
        return problem is null
            ? (new Secret(token), name, null)
            : (null, name, new UserErrorException(
                ErrorCodes.MalformedToken, $"The token in {name} {problem}, so nothing was posted.", "Put the token alone into the variable, as one word."));
    }

    private sealed class HostDown
    {
        public UserErrorException? Problem { get; set; }
    }
}
