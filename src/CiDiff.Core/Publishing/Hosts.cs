using System.Diagnostics;
using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Git;

namespace CiDiff.Publishing;

/// <summary>Opens the API of a pull request's host.</summary>
internal sealed class Hosts(TimeProvider time, IProgress<RunEvent> progress)
{
    /// <summary>Opens it; nothing is sent yet.</summary>
    /// <exception cref="UserErrorException">There is no token, no repository, or no such host.</exception>
    public IPullRequestHost Open(PullRequestContext pullRequest, Secret? token, string tokenName)
    {
        if (pullRequest.Host == CiHost.Local)
        {
            throw new UserErrorException(
                ErrorCodes.NoPullRequest,
                "This is no job of a CI host that CiDiff knows, so it is not known where to post.",
                "Run it on GitHub Actions, GitLab CI, Bitbucket Pipelines or Azure Pipelines.");
        }

        if (pullRequest.Repository is not { Length: > 0 } || pullRequest.ApiUrl is not { } api)
        {
            throw new UserErrorException(
                ErrorCodes.NoPullRequest,
                "The job's environment does not tell the repository or its API.",
                "Run it in a pull request's job; docs/ci.md lists the variables that are read.");
        }

        var (name, scope) = pullRequest.Host switch
        {
            CiHost.GitHub => ("GitHub", "pull-requests: write, statuses: write and checks: write"),
            CiHost.GitLab => ("GitLab", "the scope api and the role Developer (CI_JOB_TOKEN has neither)"),
            CiHost.Bitbucket => ("Bitbucket", "the scopes pullrequest:write and repository:write"),
            _ => ("Azure DevOps", "the right to contribute to pull requests"),
        };
        if (token is null)
        {
            throw new UserErrorException(
                ErrorCodes.NoPublishingToken,
                $"There is no token for {name}: {tokenName} is not set, so nothing was posted; it needs {scope}.",
                $"Give this job {tokenName}, or set publish.comment and publish.status to false.");
        }

        var access = new HostAccess(name, api, token, tokenName);
        return pullRequest.Host switch
        {
            CiHost.GitHub => new GitHubHost(access, pullRequest, time, progress),
            CiHost.GitLab => new GitLabHost(access, pullRequest, time, progress),
            CiHost.Bitbucket => new BitbucketHost(access, pullRequest, time, progress),
            CiHost.Azure => new AzureHost(access, pullRequest, time, progress),
            _ => throw new UnreachableException($"{pullRequest.Host}"),
        };
    }
}
