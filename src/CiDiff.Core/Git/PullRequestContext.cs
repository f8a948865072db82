namespace CiDiff.Git;

/// <summary>The pull request that this job runs for, and the host that runs it: everything that triggers, reports and publishing need to know of it.</summary>
/// <remarks><see cref="PullRequestReader"/> fills it from the host's variables, <see cref="PullRequestHistory"/> from the clone. What neither
/// tells is null or empty. Nothing in here is a secret; branches, labels and messages are text of whoever opened the pull request.</remarks>
public sealed record PullRequestContext
{
    /// <summary>Where the job runs.</summary>
    public required CiHost Host { get; init; }

    /// <summary>What started the job, as the host calls it: <c>pull_request</c>, <c>merge_request_event</c>; null locally.</summary>
    public string? Event { get; init; }

    /// <summary>The repository as the host's API names it: <c>owner/name</c> on GitHub, the project's path on GitLab, <c>workspace/name</c> on Bitbucket,
    /// <c>organization/project/repository</c> on Azure; null locally.</summary>
    public string? Repository { get; init; }

    /// <summary>Root of the host's REST API, without a slash at the end. On Azure that of the organization: <c>https://dev.azure.com/organization</c>.</summary>
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

    /// <summary>The newest commit of the base branch that the clone has; null when it does not have the branch of the remote.</summary>
    public string? BaseTip { get; init; }

    /// <summary>Tip of the pull request: 40 hex digits; never a merge commit that the host made for the job.</summary>
    public string? HeadCommit { get; init; }

    /// <summary>Its labels.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The host says which labels there are; when it does not, that <see cref="Labels"/> is empty means nothing.</summary>
    public bool AreLabelsKnown { get; init; }

    /// <summary>A draft.</summary>
    public bool IsDraft { get; init; }

    /// <summary>It comes from another repository, so that the job has no secrets and its token cannot write, unless the host was told otherwise.</summary>
    public bool IsFork { get; init; }

    /// <summary>The message of <see cref="HeadCommit"/>, or of what is checked out locally; null when neither host nor clone has it.</summary>
    public string? HeadMessage { get; init; }

    /// <summary>The commit at which the pull request branched off; null when the clone does not reach back so far.</summary>
    public string? MergeBase { get; init; }

    /// <summary>Messages of the pull request's commits, oldest first, as far as they are known.</summary>
    public IReadOnlyList<string> CommitMessages { get; init; } = [];

    /// <summary>The files that the pull request changes since it branched off, relative to the repository's root and with slashes; locally what is
    /// not committed yet counts too. Null when the clone cannot tell.</summary>
    public IReadOnlyList<string>? ChangedFiles { get; init; }

    /// <summary>The working copy's root; null outside of git.</summary>
    public string? Root { get; init; }

    /// <summary>What could not be found out and what would help, as sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
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
