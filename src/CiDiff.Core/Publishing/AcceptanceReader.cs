using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Git;
using CiDiff.Verdicts;

namespace CiDiff.Publishing;

/// <summary>Reads from the host what reviewers accepted: the label <c>cidiff:accept</c>, and comment lines <c>/cidiff accept [RULE] [in MODEL]</c>.</summary>
/// <remarks>What counts is younger than the first report of the pull request's present commit, and from somebody who may write to the repository. A
/// commit's own date proves nothing, since its author chooses it; the report's marker holds the host's time.</remarks>
public sealed class AcceptanceReader(TimeProvider time, IProgress<RunEvent> progress)
{
    /// <summary>The label that accepts everything.</summary>
    public const string Label = "cidiff:accept";

    /// <summary>Why the host could not be asked, after <see cref="ReadAsync(PullRequestContext, Secret, string, string, CancellationToken)"/>; null when it answered.</summary>
    public UserErrorException? Unavailable { get; private set; }

    /// <summary>Reads. What cannot be read is no acceptance, and is told in the notes.</summary>
    /// <param name="pullRequest">The pull request.</param>
    /// <param name="token">What to authenticate with; null for none, and then nothing is accepted.</param>
    /// <param name="tokenName">The environment variable it comes from.</param>
    /// <param name="name">The project's name in comments; empty for the only one.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<AcceptedChanges> ReadAsync(
        PullRequestContext pullRequest,
        Secret? token,
        string tokenName,
        string name,
        CancellationToken cancellationToken)
    {
        if (token is null || pullRequest is not { Number: not null, HeadCommit: { } commit })
        {
            return AcceptedChanges.None;
        }

        try
        {
            using var host = new Hosts(time, progress).Open(pullRequest, token, tokenName);
            return host is IReviewHost review ? await ReadAsync(review, commit, Publisher.NameInMarker(name), cancellationToken) : AcceptedChanges.None;
        }
        catch (UserErrorException problem)
        {
            Unavailable = problem.Code == ErrorCodes.HostUnavailable || problem.Code == ErrorCodes.PublishingRateLimited ? problem : null;
            return AcceptedChanges.None with { Notes = [$"It could not be read what reviewers accepted: {problem.Message}"] };
        }
    }

    private async Task<AcceptedChanges> ReadAsync(IReviewHost host, string commit, string name, CancellationToken cancellationToken)
    {
        var comments = new List<HostComment>();
        await foreach (var comment in host.CommentsAsync(cancellationToken))
        {
            comments.Add(comment);
        }

        if (await SinceAsync(host, comments, commit, name, cancellationToken) is not { } since)
        {
            progress.Report(new RunEvent.Reasoning("nothing is accepted yet: this commit has no report on the pull request"));
            return AcceptedChanges.None;
        }

        var writers = new Writers(host);
        var acceptances = new List<Acceptance>();
        var notes = new List<string>();
        foreach (var comment in comments.Where(comment => CommentMarker.Parse(comment.Body) is null))
        {
            var (found, wrong) = AcceptanceText.FindIn(comment.Body);
            if (comment.Author is not { } author || found.Count + wrong.Count == 0)
            {
                continue;
            }

            if (comment.CreatedAt <= since)
            {
                progress.Report(new RunEvent.Reasoning($"{author.Name}'s `/cidiff accept` is older than the first report of this commit"));
            }
            else if (await writers.CanWriteAsync(author, cancellationToken))
            {
                acceptances.AddRange(found.Select(what => new Acceptance(what.Rule, what.Models, author.Name, commit, "a comment")));
                notes.AddRange(wrong);
            }
            else
            {
                notes.Add($"{author.Name} wrote `/cidiff accept` and may not write to the repository, so it has no effect.");
            }
        }

        if (await host.LabelAsync(Label, cancellationToken) is { User: { } user } label && label.At > since)
        {
            if (await writers.CanWriteAsync(user, cancellationToken))
            {
                acceptances.Add(new Acceptance(null, null, user.Name, commit, $"the label `{Label}`"));
            }
            else
            {
                notes.Add($"{user.Name} set the label `{Label}` and may not write to the repository, so it has no effect.");
            }
        }

        return new AcceptedChanges(acceptances, [.. notes.Distinct(StringComparer.Ordinal)]);
    }

    private static async Task<DateTimeOffset?> SinceAsync(
        IReviewHost host,
        List<HostComment> comments,
        string commit,
        string name,
        CancellationToken cancellationToken)
    {
        foreach (var comment in comments)
        {
            if (CommentMarker.Parse(comment.Body) is { } marker && marker.Name == name && await host.IsOwnAsync(comment, cancellationToken))
            {
                return marker.Commit == commit ? marker.Since : null;
            }
        }

        return null;
    }

    // Some people comment often.
    private sealed class Writers(IReviewHost host)
    {
        private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);

        public async Task<bool> CanWriteAsync(HostUser user, CancellationToken cancellationToken)
        {
            if (!_known.TryGetValue(user.Id, out var canWrite))
            {
                canWrite = await host.CanWriteAsync(user, cancellationToken);
                _known[user.Id] = canWrite;
            }

            return canWrite;
        }
    }
}
