using CiDiff.Errors;

namespace CiDiff.Git;

/// <summary>What CiDiff wants to know of a repository. Nothing is ever written to it, and nothing is fetched.</summary>
public sealed class GitRepository
{
    private static readonly string[] LogMessages = ["log", "--no-show-signature", "--encoding=UTF-8", "--format=%B"];

    private readonly GitCli _git;

    private GitRepository(GitCli git, string root)
    {
        _git = git;
        Root = root;
    }

    /// <summary>The folder of the working copy, with the system's separators.</summary>
    public string Root { get; }

    /// <summary>Finds the repository that a folder is in.</summary>
    /// <returns>Null when the folder is in none, or in a bare one.</returns>
    /// <exception cref="UserErrorException">git is missing, or refuses to work in this repository.</exception>
    public static async Task<GitRepository?> FindAsync(string folder, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var answer = await new GitCli(folder, timeout).TryRunAsync(["rev-parse", "--show-toplevel"], cancellationToken);
        if (answer.ExitCode == 0)
        {
            var root = Path.GetFullPath(answer.Output.TrimEnd('\n', '\r'));
            return new GitRepository(new GitCli(root, timeout), root);
        }

        // A repository of somebody else, as in containers: https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory
        return answer.Error.Contains("dubious ownership", StringComparison.Ordinal)
            ? throw new UserErrorException(
                ErrorCodes.GitFailed,
                $"git refuses to read the repository at '{folder}', because it belongs to another user.",
                hint: $"git config --global --add safe.directory '{Path.GetFullPath(folder)}'")
            : null;
    }

    /// <summary>The folder where git looks for this repository's hooks, and whether other repositories use the same one (<c>core.hooksPath</c> in the
    /// user's or the system's configuration).</summary>
    public async Task<(string Folder, bool IsShared)> HooksFolderAsync(CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath((await _git.RunAsync(["rev-parse", "--git-path", "hooks"], cancellationToken)).TrimEnd('\n', '\r'), Root);
        var elsewhere = await _git.TryRunAsync(["config", "--get", "core.hooksPath"], cancellationToken);
        var own = await _git.TryRunAsync(["config", "--local", "--get", "core.hooksPath"], cancellationToken);
        return (folder, IsShared: elsewhere.ExitCode == 0 && own.ExitCode != 0);
    }

    /// <summary>Where a remote is; null when there is none of that name. May hold credentials.</summary>
    public async Task<string?> RemoteUrlAsync(string remote, CancellationToken cancellationToken) =>
        await _git.TryRunAsync(["config", "--get", $"remote.{remote}.url"], cancellationToken) is { ExitCode: 0 } answer ? answer.Output.Trim() : null;

    /// <summary>The commit that is checked out; null before the first commit.</summary>
    public async Task<string?> HeadCommitAsync(CancellationToken cancellationToken) => await TryResolveAsync("HEAD", cancellationToken);

    /// <summary>Whether history was cut off when it was cloned.</summary>
    public async Task<bool> IsShallowAsync(CancellationToken cancellationToken) =>
        (await _git.RunAsync(["rev-parse", "--is-shallow-repository"], cancellationToken)).Trim() == "true";

    /// <summary>The id of the commit that a branch, tag or id names.</summary>
    /// <param name="revision">As git takes it; a branch that only the remote has is tried as <c>origin/…</c>.</param>
    /// <param name="cancellationToken">Stops git.</param>
    /// <exception cref="UserErrorException">There is no such commit here.</exception>
    public async Task<string> ResolveAsync(string revision, CancellationToken cancellationToken) =>
        await TryResolveAsync(revision, cancellationToken)
        ?? await TryResolveAsync($"origin/{revision}", cancellationToken)
        ?? throw new UserErrorException(
            ErrorCodes.GitHistoryMissing,
            $"The repository has no commit '{revision}'.",
            hint: await IsShallowAsync(cancellationToken)
                ? $"The clone is shallow. Fetch more: `git fetch --unshallow origin {GitText.ShellWord(revision)}`"
                : $"Fetch it first: `git fetch origin {GitText.ShellWord(revision)}`");

    /// <summary>The commit at which head branched off from base.</summary>
    /// <param name="revisions">Branches, tags or ids.</param>
    /// <param name="cancellationToken">Stops git.</param>
    /// <exception cref="UserErrorException">The histories have no commit in common, or it is not in this clone.</exception>
    public async Task<string> MergeBaseAsync(Sides<string> revisions, CancellationToken cancellationToken)
    {
        var commits = await ResolveBothAsync(revisions, cancellationToken);
        var answer = await _git.TryRunAsync(["merge-base", commits.Base, commits.Head], cancellationToken);
        return answer.ExitCode == 0 && answer.Output.Trim() is { Length: > 0 } commit
            ? commit
            : throw new UserErrorException(
                ErrorCodes.GitHistoryMissing,
                $"'{revisions.Base}' and '{revisions.Head}' have no commit in common.",
                hint: await IsShallowAsync(cancellationToken)
                    ? "The clone is shallow. Fetch the whole history: `git fetch --unshallow`; "
                        + "on GitHub Actions set `fetch-depth: 0` in actions/checkout, on GitLab `GIT_DEPTH: 0`."
                    : "Check the two revisions.");
    }

    /// <summary>The messages of the commits that head has and base has not, oldest first.</summary>
    /// <remarks>A branch that was merged into head comes as a whole right before its merge commit: its changes lie on top of what head had.</remarks>
    /// <param name="revisions">Branches, tags or ids.</param>
    /// <param name="cancellationToken">Stops git.</param>
    public async Task<IReadOnlyList<string>> MessagesAsync(Sides<string> revisions, CancellationToken cancellationToken)
    {
        var commits = await ResolveBothAsync(revisions, cancellationToken);
        var output = await _git.RunAsync(
            [.. LogMessages, "--topo-order", "--reverse", "-z", $"{commits.Base}..{commits.Head}"],
            cancellationToken);

        return [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(message => message.TrimEnd('\n'))];
    }

    /// <summary>The message of one commit.</summary>
    public async Task<string> MessageAsync(string revision, CancellationToken cancellationToken)
    {
        var commit = await ResolveAsync(revision, cancellationToken);
        return (await _git.RunAsync([.. LogMessages, "-1", commit], cancellationToken)).TrimEnd('\n');
    }

    /// <summary>The files that head changed since it branched off from base (git's three-dot difference), relative to <see cref="Root"/>,
    /// with slashes, in git's order. Of a renamed file both names.</summary>
    /// <param name="revisions">Branches, tags or ids.</param>
    /// <param name="cancellationToken">Stops git.</param>
    public async Task<IReadOnlyList<string>> ChangedFilesAsync(Sides<string> revisions, CancellationToken cancellationToken)
    {
        var mergeBase = await MergeBaseAsync(revisions, cancellationToken);
        var head = await ResolveAsync(revisions.Head, cancellationToken);
        return await DifferingFilesAsync(new Sides<string?>(mergeBase, head), cancellationToken);
    }

    private async Task<Sides<string>> ResolveBothAsync(Sides<string> revisions, CancellationToken cancellationToken) =>
        new(await ResolveAsync(revisions.Base, cancellationToken), await ResolveAsync(revisions.Head, cancellationToken));

    /// <summary>The commit at which head branched off from base, if there is one in this clone.</summary>
    /// <param name="commits">Whole ids.</param>
    /// <param name="cancellationToken">Stops git.</param>
    internal async Task<string?> TryMergeBaseAsync(Sides<string> commits, CancellationToken cancellationToken)
    {
        var answer = await _git.TryRunAsync(["merge-base", commits.Base, commits.Head], cancellationToken);
        return answer.ExitCode == 0 && answer.Output.Trim() is { Length: > 0 } commit ? commit : null;
    }

    /// <summary>The files in which two commits differ, as <see cref="ChangedFilesAsync"/> gives them.</summary>
    /// <param name="commits">Whole ids; head null for the working copy with all that is not committed yet, untracked files too.</param>
    /// <param name="cancellationToken">Stops git.</param>
    internal async Task<IReadOnlyList<string>> DifferingFilesAsync(Sides<string?> commits, CancellationToken cancellationToken)
    {
        string[] sides = commits.Head is { } head ? [commits.Base!, head] : [commits.Base!];
        var output = await _git.RunAsync(["diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", .. sides], cancellationToken);
        if (commits.Head is null)
        {
            output += await _git.RunAsync(["ls-files", "--others", "--exclude-standard", "-z"], cancellationToken);
        }

        return [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>The ids of a commit's parents; none when it is the first, or where a shallow clone was cut off.</summary>
    internal async Task<IReadOnlyList<string>> ParentsAsync(string commit, CancellationToken cancellationToken)
    {
        var line = await _git.RunAsync(["rev-list", "--parents", "-n", "1", commit, "--"], cancellationToken);
        return [.. line.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)];
    }

    /// <summary>The branch that is checked out; null for a detached HEAD.</summary>
    internal async Task<string?> BranchAsync(CancellationToken cancellationToken) => await SymbolAsync("HEAD", "refs/heads/", cancellationToken);

    /// <summary>The main branch of <c>origin</c>, as it was when it was cloned; null when the clone does not say.</summary>
    internal async Task<string?> MainBranchAsync(CancellationToken cancellationToken) =>
        await SymbolAsync("refs/remotes/origin/HEAD", "refs/remotes/origin/", cancellationToken);

    /// <summary>The text of a file in a commit.</summary>
    /// <param name="commit">A whole id.</param>
    /// <param name="path">Relative to the root, with slashes.</param>
    /// <param name="cancellationToken">Stops git.</param>
    /// <returns>Null when the commit has no such file.</returns>
    public async Task<string?> FileAsync(string commit, string path, CancellationToken cancellationToken)
    {
        var answer = await _git.TryRunAsync(["cat-file", "blob", $"{commit}:{path}"], cancellationToken);
        return answer.ExitCode == 0 ? answer.Output : null;
    }

    private async Task<string?> SymbolAsync(string name, string prefix, CancellationToken cancellationToken)
    {
        var answer = await _git.TryRunAsync(["symbolic-ref", "--quiet", name], cancellationToken);
        return answer.ExitCode == 0 && answer.Output.Trim() is var target && target.StartsWith(prefix, StringComparison.Ordinal) ? target[prefix.Length..] : null;
    }

    /// <summary>The id of the commit that a branch, tag or id names; null when it is not here.</summary>
    // What begins with a dash would be an option, and `--end-of-options` is younger than some gits in use.
    internal async Task<string?> TryResolveAsync(string revision, CancellationToken cancellationToken)
    {
        if (revision.Length == 0 || revision.StartsWith('-'))
        {
            return null;
        }

        var answer = await _git.TryRunAsync(["rev-parse", "--verify", "--quiet", $"{revision}^{{commit}}"], cancellationToken);
        return answer.ExitCode == 0 ? answer.Output.Trim() : null;
    }
}
