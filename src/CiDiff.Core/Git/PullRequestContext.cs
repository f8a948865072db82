namespace CiDiff.Git;

/// <summary>The pull request that this job runs for, and the host that runs it: everything that triggers, reports and publishing need to know of it.</summary>
/// <remarks>What a host does not tell is null or empty. Nothing in here is a secret.</remarks>
public sealed record PullRequestContext
{
    /// <summary>Where the job runs.</summary>
    public required CiHost Host { get; init; }

    /// <summary>What started the job, as the host calls it: <c>pull_request</c>, <c>merge_request_event</c>; null locally.</summary>
    public string? Event { get; init; }

    /// <summary>The repository as the host's API names it: <c>owner/name</c> on GitHub, the project's path on GitLab, <c>workspace/name</c> on Bitbucket,
    /// <c>organization/project/repository</c> on Azure; null locally.</summary>
    public string? Repository { get; init; }

    /// <summary>Root of the host's REST API, without a slash at the end.</summary>
    public Uri? ApiUrl { get; init; }

    /// <summary>The pull request's number in its repository (GitLab: the iid); null when the job is for none.</summary>
    public long? Number { get; init; }

    /// <summary>The pull request's page.</summary>
    public Uri? Url { get; init; }

    /// <summary>This job's page.</summary>
    public Uri? JobUrl { get; init; }

    /// <summary>The branch that the pull request wants into.</summary>
    public string? BaseBranch { get; init; }

    /// <summary>The branch that it comes from.</summary>
    public string? HeadBranch { get; init; }

    /// <summary>Tip of the base branch, or where the host says that the pull request started: 40 hex digits.</summary>
    public string? BaseCommit { get; init; }

    /// <summary>Tip of the pull request: 40 hex digits; never a merge commit that the host made for the job.</summary>
    public string? HeadCommit { get; init; }

    /// <summary>Its labels.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>A draft.</summary>
    public bool IsDraft { get; init; }

    /// <summary>It comes from another repository, so that the job has no secrets and its token cannot write.</summary>
    public bool IsFork { get; init; }
}

/// <summary>Who runs the job.</summary>
public enum CiHost
{
    /// <summary>Nobody: a person's machine, or an unknown host.</summary>
    Local,

    /// <summary>GitHub Actions.</summary>
    GitHub,

    /// <summary>GitLab CI.</summary>
    GitLab,

    /// <summary>Bitbucket Pipelines.</summary>
    Bitbucket,

    /// <summary>Azure Pipelines.</summary>
    Azure,
}
