using CiDiff.Errors;

namespace CiDiff.Git;

/// <summary>A file as it is in another commit.</summary>
/// <param name="Path">Where it is, or would be, in the working copy; a full path.</param>
/// <param name="Text">Its text.</param>
/// <param name="Revision">The branch or commit, for people.</param>
public sealed record RevisionFile(string Path, string Text, string Revision);

/// <summary>Reads files as they are in the branch that the pull request wants into.</summary>
public static class BaseBranchFiles
{
    /// <summary>Finds the first of some files that the base branch has.</summary>
    /// <param name="context">The pull request, completed by <see cref="PullRequestHistory"/>.</param>
    /// <param name="paths">Full paths in the working copy; those outside of it are in no branch.</param>
    /// <param name="timeout">The longest one git command may take.</param>
    /// <param name="cancellationToken">Stops git.</param>
    /// <returns>Null when the base branch has none of them.</returns>
    /// <exception cref="UserErrorException">The base branch is not known, or not in this clone.</exception>
    public static async Task<RevisionFile?> FindAsync(
        PullRequestContext context,
        IReadOnlyList<string> paths,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        var repository = context.Root is { } root ? await GitRepository.FindAsync(root, timeout, cancellationToken) : null;
        if (repository is null)
        {
            throw new UserErrorException(
                ErrorCodes.GitHistoryMissing, "There is no git working copy to read the base branch from.", "Run CiDiff after the checkout step, in the repository.");
        }

        if (await PullRequestHistory.BaseCommitsAsync(repository, context, cancellationToken) is not [var commit, ..])
        {
            throw new UserErrorException(
                ErrorCodes.GitHistoryMissing,
                context.BaseBranch is { } wanted ? $"The clone does not have the base branch {wanted}." : "It is not known which branch is the base.",
                context.BaseBranch is { } branch ? $"`git fetch --no-tags --depth=1 origin {GitText.ShellWord($"+refs/heads/{branch}:refs/remotes/origin/{branch}")}`" : null);
        }

        foreach (var path in paths)
        {
            if (await InRepositoryAsync(path, timeout, cancellationToken) is { } inRepository
                && await repository.FileAsync(commit, inRepository, cancellationToken) is { } text)
            {
                return new RevisionFile(path, text, context.BaseBranch ?? commit[..8]);
            }
        }

        return null;
    }

    // git's own answer: it sees through links, which a comparison of paths does not.
    private static async Task<string?> InRepositoryAsync(string path, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            return null;
        }

        var answer = await new GitCli(folder, timeout).TryRunAsync(["rev-parse", "--show-prefix"], cancellationToken);
        return answer.ExitCode == 0 ? answer.Output.TrimEnd('\n', '\r') + Path.GetFileName(path) : null;
    }
}
