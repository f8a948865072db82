namespace CiDiff.Git.Hosts;

/// <summary>Azure Pipelines: <c>SYSTEM_*</c> and <c>BUILD_*</c>. Labels and draft are not told.</summary>
/// <remarks>https://learn.microsoft.com/azure/devops/pipelines/build/variables. Branches come with <c>refs/heads/</c> or without.</remarks>
internal static class AzureContext
{
    /// <summary>Reads.</summary>
    public static PullRequestContext Read(CiVariables variables)
    {
        var collection = variables.Url("SYSTEM_COLLECTIONURI") ?? variables.Url("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI");
        var project = variables.Text("SYSTEM_TEAMPROJECT");
        var name = variables.Text("BUILD_REPOSITORY_NAME");
        var isHere = variables.Text("BUILD_REPOSITORY_PROVIDER") is null or "TfsGit";
        var organization = collection is null ? null : Organization(collection);
        var repository = isHere && organization is not null && project is not null && name is not null ? $"{organization}/{project}/{name}" : null;

        // A repository on GitHub: the id is GitHub's internal one.
        var number = isHere ? variables.Number("SYSTEM_PULLREQUEST_PULLREQUESTID") : variables.Number("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER");
        return new PullRequestContext
        {
            Host = CiHost.Azure,
            Event = variables.Text("BUILD_REASON"),
            Repository = repository,
            ApiUrl = collection,
            Number = number,
            Url = number is null || repository is null ? null : Page(collection!, $"{project}/_git/{name}/pullrequest/{number}"),
            JobUrl = collection is null || variables.Number("BUILD_BUILDID") is not { } build || project is null
                ? null
                : Page(collection, $"{project}/_build/results?buildId={build}"),
            BaseBranch = variables.Branch("SYSTEM_PULLREQUEST_TARGETBRANCH"),
            HeadBranch = variables.Branch("SYSTEM_PULLREQUEST_SOURCEBRANCH") ?? (number is null ? variables.Branch("BUILD_SOURCEBRANCH") : null),

            // BUILD_SOURCEVERSION is the merge that Azure made for a pull request.
            HeadCommit = number is null ? variables.Commit("BUILD_SOURCEVERSION") : variables.Commit("SYSTEM_PULLREQUEST_SOURCECOMMITID"),
            HeadMessage = number is null ? variables.Text("BUILD_SOURCEVERSIONMESSAGE") : null,
            IsFork = variables.IsSet("SYSTEM_PULLREQUEST_ISFORK"),
            Notes = isHere ? [] : ["The repository is not in Azure Repos, so Azure cannot be asked about its pull request."],
        };
    }

    // https://dev.azure.com/organization, https://organization.visualstudio.com, https://server/tfs/collection
    private static string? Organization(Uri collection) => collection.Segments.Length > 1
        ? Uri.UnescapeDataString(collection.Segments[^1].Trim('/'))
        : collection.Host.Split('.')[0];

    private static Uri? Page(Uri collection, string path) =>
        CiVariables.UrlOf($"{collection.AbsoluteUri.TrimEnd('/')}/{path.Replace(" ", "%20", StringComparison.Ordinal)}");
}
