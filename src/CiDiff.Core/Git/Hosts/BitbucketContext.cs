namespace CiDiff.Git.Hosts;

/// <summary>Bitbucket Pipelines: <c>BITBUCKET_*</c>. Bitbucket has no labels, tells no draft, and runs nothing for forks.</summary>
/// <remarks>https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/</remarks>
internal static class BitbucketContext
{
    private const string Site = "https://bitbucket.org";

    /// <summary>Reads.</summary>
    public static PullRequestContext Read(CiVariables variables)
    {
        var repository = variables.Text("BITBUCKET_REPO_FULL_NAME")
            ?? (variables.Text("BITBUCKET_WORKSPACE") is { } workspace && variables.Text("BITBUCKET_REPO_SLUG") is { } slug ? $"{workspace}/{slug}" : null);
        var number = variables.Number("BITBUCKET_PR_ID");
        var build = variables.Number("BITBUCKET_BUILD_NUMBER");
        return new PullRequestContext
        {
            Host = CiHost.Bitbucket,
            Event = number is null ? "push" : "pull-request",
            Repository = repository,
            ApiUrl = new Uri("https://api.bitbucket.org/2.0"),
            Number = number,
            Url = number is null || repository is null ? null : CiVariables.UrlOf($"{Site}/{repository}/pull-requests/{number}"),
            JobUrl = build is null || repository is null ? null : CiVariables.UrlOf($"{Site}/{repository}/pipelines/results/{build}"),
            BaseBranch = variables.Text("BITBUCKET_PR_DESTINATION_BRANCH"),
            BaseCommit = variables.Commit("BITBUCKET_PR_DESTINATION_COMMIT"),
            HeadBranch = variables.Text("BITBUCKET_BRANCH"),
            HeadCommit = variables.Commit("BITBUCKET_COMMIT"),
        };
    }
}
