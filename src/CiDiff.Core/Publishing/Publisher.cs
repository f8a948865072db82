using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Git;
using CiDiff.Reports;

namespace CiDiff.Publishing;

/// <summary>Where and what to publish.</summary>
/// <param name="PullRequest">The pull request, its commit and its host; repository and API are known.</param>
/// <param name="Token">What to authenticate with; null when the job has none.</param>
/// <param name="TokenName">The environment variable it comes from, or should come from.</param>
/// <param name="Name">Tells several projects of a repository apart: empty for the only one.</param>
/// <param name="Settings">What is wanted.</param>
public sealed record PublishRequest(PullRequestContext PullRequest, Secret? Token, string TokenName, string Name, PublishSettings Settings);

/// <summary>What became of publishing.</summary>
/// <param name="Done">What was posted, as sentences.</param>
/// <param name="Problems">What could not be posted, and why.</param>
/// <param name="HasAnnotations">The annotations are in a check run, so the log need not carry them.</param>
public sealed record PublishResult(IReadOnlyList<string> Done, IReadOnlyList<UserErrorException> Problems, bool HasAnnotations);

/// <summary>Posts a finished run to its pull request: one comment per project, a commit status, and on GitHub a check run with annotations.</summary>
/// <remarks>Nothing here changes a verdict. What cannot be posted does not keep the rest from being posted.</remarks>
public sealed class Publisher(TimeProvider time, IProgress<RunEvent> progress)
{
    /// <summary>Posts a run.</summary>
    public async Task<PublishResult> PublishAsync(RunReport report, PublishRequest request, CancellationToken cancellationToken)
    {
        if (request.Settings is { Comment: false, Status: false, Annotations: false })
        {
            return new PublishResult([], [], HasAnnotations: false);
        }

        try
        {
            using var host = new Hosts(time, progress).Open(request.PullRequest, request.Token, request.TokenName);
            return await PostAsync(host, report, request, cancellationToken);
        }
        catch (UserErrorException problem)
        {
            return new PublishResult([], [problem], HasAnnotations: false);
        }
    }

    private async Task<PublishResult> PostAsync(IPullRequestHost host, RunReport report, PublishRequest request, CancellationToken cancellationToken)
    {
        var done = new List<string>();
        var problems = new List<UserErrorException>();
        var hasAnnotations = false;
        var settings = request.Settings;
        Uri? link = request.PullRequest.JobUrl;
        if (settings.Comment)
        {
            await AttemptAsync(async () =>
            {
                Require(request.PullRequest.Number is not null, "the number of the pull request", "--pull-request");
                var comment = await CommentAsync(report, request, host, cancellationToken);
                link = comment.Url ?? link;
                done.Add(comment.Url is { } page ? $"Comment: {page}" : "The comment is on the pull request.");
            });
        }

        if (settings.Status)
        {
            await AttemptAsync(async () =>
            {
                var status = StatusText.Of(report, request.Name, link);
                await host.SetStatusAsync(Commit(request), status, cancellationToken);
                done.Add($"Commit status: {status.Context}");
            });
        }

        if (settings.Annotations && host is GitHubHost gitHub && Annotation.Of(report) is { Count: > 0 } annotations)
        {
            await AttemptAsync(async () =>
            {
                try
                {
                    var page = await gitHub.MakeCheckRunAsync(Commit(request), CheckRun(report, request, annotations, link), cancellationToken);
                    hasAnnotations = true;
                    done.Add($"Check run: {page}");
                }
                catch (UserErrorException denied) when (denied.Code == ErrorCodes.PublishingDenied)
                {
                    // Only an app's token makes check runs; the log shows annotations without one.
                    done.Add($"The annotations are in the log. {denied.Message}");
                }
            });
        }

        return new PublishResult(done, problems, hasAnnotations);

        async Task AttemptAsync(Func<Task> post)
        {
            // A host that is down is waited for once, not once per part.
            if (problems.Exists(problem => problem.Code == ErrorCodes.HostUnavailable || problem.Code == ErrorCodes.PublishingRateLimited))
            {
                return;
            }

            try
            {
                await post();
            }
            catch (UserErrorException problem)
            {
                problems.Add(problem);
            }
        }
    }

    private async Task<HostComment> CommentAsync(RunReport report, PublishRequest request, IPullRequestHost host, CancellationToken cancellationToken)
    {
        return await new StickyComment(host).PostAsync(
            new CommentMarker(NameInMarker(request.Name), request.PullRequest.HeadCommit, null),
            () => host.HostTime ?? time.GetUtcNow(),
            marker => Render(report, new MarkdownOptions
            {
                MaxLength = host.CommentLength,
                Marker = marker.ToLine(host.MarkerForm),
                Commit = request.PullRequest.HeadCommit,
                JobUrl = request.PullRequest.JobUrl,
                CanBeAccepted = host is IReviewHost,
            }),
            cancellationToken);

        string Render(RunReport run, MarkdownOptions options)
        {
            using var text = new StringWriter { NewLine = "\n" };
            new MarkdownReport(options).Write(run, text);
            return host.Adapt(text.ToString());
        }
    }

    /// <summary>A project without a name has one in the marker, where an empty one could not be read back.</summary>
    internal static string NameInMarker(string name) => name.Length == 0 ? "." : name;

    private static CheckRun CheckRun(RunReport report, PublishRequest request, IReadOnlyList<Annotation> annotations, Uri? link)
    {
        using var text = new StringWriter { NewLine = "\n" };
        new MarkdownReport(new MarkdownOptions { MaxLength = 60_000 }).Write(report, text);
        return new CheckRun(
            $"{StatusText.Context(request.Name)} report",
            report.Status switch
            {
                RunStatus.Pass when StatusText.IsPlanOnly(report) => "neutral",
                RunStatus.Pass or RunStatus.Warn => "success",
                RunStatus.Skipped => "skipped",
                _ => "failure",
            },
            StatusText.Of(report, request.Name, null).Description,
            link is null ? "The report is below." : $"[The report on the pull request](<{link.AbsoluteUri}>)",
            text.ToString(),
            annotations,
            link);
    }

    private static string Commit(PublishRequest request)
    {
        Require(request.PullRequest.HeadCommit is not null, "the pull request's commit", "--commit");
        return request.PullRequest.HeadCommit!;
    }

    private static void Require(bool isKnown, string what, string option)
    {
        if (!isKnown)
        {
            throw new UserErrorException(
                ErrorCodes.NoPullRequest,
                $"Nothing tells {what}, so nothing was posted there.",
                $"Run in a pull request's job, or run `cidiff publish` with {option}.");
        }
    }
}
