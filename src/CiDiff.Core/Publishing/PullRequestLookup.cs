using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Git;

namespace CiDiff.Publishing;

/// <summary>Finds the pull request of a commit, and holds a given number against it: a job with secrets publishes what a job without them wrote, and must
/// not let that one choose where.</summary>
public sealed class PullRequestLookup(TimeProvider time, IProgress<RunEvent> progress)
{
    /// <summary>Completes number and commit.</summary>
    /// <param name="pullRequest">What is known: a number, a commit, or both.</param>
    /// <param name="token">What to authenticate with; null for none, and then nothing is added.</param>
    /// <param name="tokenName">The environment variable it comes from.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>With number and commit on GitHub; unchanged on other hosts, whose jobs know both.</returns>
    /// <exception cref="UserErrorException">The pull request is at another commit, there is none of that commit, or the host cannot be asked.</exception>
    public async Task<PullRequestContext> CompleteAsync(
        PullRequestContext pullRequest,
        Secret? token,
        string tokenName,
        CancellationToken cancellationToken)
    {
        if (token is null || pullRequest.Host != CiHost.GitHub || pullRequest is { Number: null, HeadCommit: null })
        {
            return pullRequest;
        }

        using var host = (GitHubHost)new Hosts(time, progress).Open(pullRequest, token, tokenName);
        if (pullRequest.Number is not { } number)
        {
            return await host.PullRequestAtAsync(pullRequest.HeadCommit!, cancellationToken) is { } found
                ? pullRequest with { Number = found }
                : throw new UserErrorException(
                    ErrorCodes.NoPullRequest,
                    $"{pullRequest.Repository} has no open pull request at commit {pullRequest.HeadCommit}.",
                    "It was closed, or has newer commits; their own runs are published then.");
        }

        var head = await host.HeadOfAsync(number, cancellationToken);
        return pullRequest.HeadCommit is null || pullRequest.HeadCommit == head
            ? pullRequest with { HeadCommit = head }
            : throw new UserErrorException(
                ErrorCodes.NoPullRequest,
                $"Pull request {number} is at commit {head}, and the run is of commit {pullRequest.HeadCommit}.",
                "The run of the newer commit is published when it is done.");
    }
}
