using System.Diagnostics;
using CiDiff.Git.Hosts;

namespace CiDiff.Git;

/// <summary>What the CI host says of the pull request. Pure: variables and a text go in, a value comes out, and wrong input is absent input.</summary>
/// <remarks><c>docs/ci.md</c> lists what is read, variable by variable.</remarks>
public static class PullRequestReader
{
    /// <summary>The host that set these variables.</summary>
    public static CiHost HostOf(IReadOnlyDictionary<string, string> variables)
    {
        var names = new CiVariables(variables);
        return names switch
        {
            _ when names.IsSet("GITHUB_ACTIONS") => CiHost.GitHub,
            _ when names.IsSet("GITLAB_CI") => CiHost.GitLab,
            _ when names.Text("BITBUCKET_BUILD_NUMBER") is not null => CiHost.Bitbucket,
            _ when names.IsSet("TF_BUILD") => CiHost.Azure,
            _ => CiHost.Local,
        };
    }

    /// <summary>The file with the event's payload; null on hosts that have none.</summary>
    public static string? PayloadPath(IReadOnlyDictionary<string, string> variables) =>
        HostOf(variables) == CiHost.GitHub ? new CiVariables(variables).Text("GITHUB_EVENT_PATH") : null;

    /// <summary>Reads.</summary>
    /// <param name="variables">All environment variables of the job.</param>
    /// <param name="payload">The text of the file that <see cref="PayloadPath"/> names; null when there is none or it could not be read.</param>
    public static PullRequestContext Read(IReadOnlyDictionary<string, string> variables, string? payload)
    {
        var names = new CiVariables(variables);
        return HostOf(variables) switch
        {
            CiHost.GitHub => GitHubContext.Read(names, payload),
            CiHost.GitLab => GitLabContext.Read(names),
            CiHost.Bitbucket => BitbucketContext.Read(names),
            CiHost.Azure => AzureContext.Read(names),
            CiHost.Local => new PullRequestContext { Host = CiHost.Local },
            var host => throw new UnreachableException($"{host}"),
        };
    }
}
