using CiDiff.Errors;
using CiDiff.Git;

namespace CiDiff.Cli;

/// <summary>The commits of the pull request, as far as git and the CI host tell.</summary>
/// <param name="Root">The working copy's root; null outside of git.</param>
/// <param name="Messages">Commit messages, oldest first; empty when the base branch is not known or not here.</param>
internal sealed record PullRequestCommits(string? Root, IReadOnlyList<string> Messages)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    // What the host says, then what a clone knows of its main branch.
    private static readonly string[] BaseVariables =
        ["GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "BITBUCKET_PR_DESTINATION_BRANCH", "SYSTEM_PULLREQUEST_TARGETBRANCH"];

    private static readonly string[] UsualBranches = ["origin/HEAD", "main", "master"];

    /// <summary>Looks. A repository that cannot answer is no reason to stop: commit messages only add renames and expectations.</summary>
    public static async Task<PullRequestCommits> FindAsync(CliHost host, CancellationToken cancellationToken)
    {
        GitRepository? repository = null;
        try
        {
            repository = await GitRepository.FindAsync(host.WorkingDirectory, Timeout, cancellationToken);
        }
        catch (UserErrorException)
        {
            // No git, or not our repository.
        }

        if (repository is null)
        {
            return new PullRequestCommits(null, []);
        }

        foreach (var branch in Candidates(host))
        {
            try
            {
                return new PullRequestCommits(
                    repository.Root,
                    await repository.MessagesAsync(new Sides<string>(branch, "HEAD"), cancellationToken));
            }
            catch (UserErrorException)
            {
                // That branch is not here; the next one may be.
            }
        }

        return new PullRequestCommits(repository.Root, []);
    }

    private static IEnumerable<string> Candidates(CliHost host)
    {
        var named = BaseVariables
            .Select(name => host.Environment.Variables.GetValueOrDefault(name))
            .OfType<string>()
            .Where(branch => branch.Length > 0)
            .Select(branch => branch.StartsWith("refs/heads/", StringComparison.Ordinal) ? branch["refs/heads/".Length..] : branch)
            .ToList();
        return named.Count > 0 ? named : UsualBranches;
    }
}
