using CiDiff.Errors;

namespace CiDiff.Git;

/// <summary>Adds to a <see cref="PullRequestContext"/> what the clone tells: where the pull request branched off, its messages and its files.</summary>
/// <remarks>Nothing is fetched. What a shallow clone lacks is named in the notes, with the command that brings it.</remarks>
public sealed class PullRequestHistory
{
    private static readonly string[] UsualBranches = ["main", "master"];

    private readonly GitRepository _repository;
    private readonly PullRequestContext _context;

    private PullRequestHistory(GitRepository repository, PullRequestContext context)
    {
        _repository = repository;
        _context = context;
    }

    /// <summary>Completes a context. A folder outside of git, and a clone that lacks something, are no reason to stop.</summary>
    /// <param name="context">What the host says.</param>
    /// <param name="folder">A folder in the working copy.</param>
    /// <param name="timeout">The longest one git command may take.</param>
    /// <param name="cancellationToken">Stops git.</param>
    public static async Task<PullRequestContext> CompleteAsync(
        PullRequestContext context,
        string folder,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        try
        {
            var repository = await GitRepository.FindAsync(folder, timeout, cancellationToken);
            return repository is null
                ? With(context, context.Host == CiHost.Local ? null : $"'{folder}' is in no git working copy, so changed files and commit messages are not known.")
                : await new PullRequestHistory(repository, context with { Root = repository.Root }).CompleteAsync(cancellationToken);
        }
        catch (UserErrorException error)
        {
            return With(context, $"git could not tell about this pull request: {error.Message}");
        }
    }

    /// <summary>The commits that may stand for the tip of the base branch, the newest first, as far as they are in this clone.</summary>
    internal static async Task<IReadOnlyList<string>> BaseCommitsAsync(
        GitRepository repository,
        PullRequestContext context,
        CancellationToken cancellationToken)
    {
        // A branch of the clone's own may be old: runners keep working copies.
        var branch = context.BaseBranch;
        string?[] names = [branch is null ? null : $"refs/remotes/origin/{branch}", context.BaseCommit, branch is null ? null : $"refs/heads/{branch}"];
        return await ResolveAllAsync(repository, names.OfType<string>(), cancellationToken);
    }

    private static async Task<IReadOnlyList<string>> ResolveAllAsync(GitRepository repository, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var commits = new List<string>();
        foreach (var name in names)
        {
            if (await repository.TryResolveAsync(name, cancellationToken) is { } commit && !commits.Contains(commit))
            {
                commits.Add(commit);
            }
        }

        return commits;
    }

    private async Task<PullRequestContext> CompleteAsync(CancellationToken cancellationToken)
    {
        if (await _repository.HeadCommitAsync(cancellationToken) is not { } checkedOut)
        {
            return _context;
        }

        var isLocal = _context.Host == CiHost.Local;
        var context = isLocal
            ? _context with { HeadCommit = checkedOut, HeadBranch = await _repository.BranchAsync(cancellationToken) }
            : _context;

        // A job of no pull request, or of an event that does not name a commit, is about what is checked out.
        var head = context.HeadCommit is { } named ? await _repository.TryResolveAsync(named, cancellationToken) : checkedOut;
        context = context with
        {
            HeadMessage = context.HeadMessage ?? (head is null ? null : await _repository.MessageAsync(head, cancellationToken)),
            BaseTip = context.BaseBranch is { } name ? await _repository.TryResolveAsync($"refs/remotes/origin/{name}", cancellationToken) : null,
        };

        foreach (var (branch, commit) in head is null ? [] : await BasesAsync(context, cancellationToken))
        {
            if (await _repository.TryMergeBaseAsync(new Sides<string>(commit, head!), cancellationToken) is { } mergeBase)
            {
                return context with
                {
                    BaseBranch = context.BaseBranch ?? (isLocal ? branch : null),
                    BaseTip = context.BaseTip ?? (isLocal ? commit : null),
                    BaseCommit = context.BaseCommit ?? (isLocal || context.BaseBranch is not null ? commit : null),
                    MergeBase = mergeBase,
                    CommitMessages = await _repository.MessagesAsync(new Sides<string>(commit, head!), cancellationToken),
                    ChangedFiles = await _repository.DifferingFilesAsync(new Sides<string?>(mergeBase, isLocal ? null : head), cancellationToken),
                };
            }
        }

        return await WithoutBaseAsync(context, checkedOut, cancellationToken);
    }

    private async Task<IReadOnlyList<(string? Branch, string Commit)>> BasesAsync(PullRequestContext context, CancellationToken cancellationToken)
    {
        if (context.BaseBranch is not null || context.BaseCommit is not null)
        {
            return [.. (await BaseCommitsAsync(_repository, context, cancellationToken)).Select(commit => (context.BaseBranch, commit))];
        }

        var bases = new List<(string?, string)>();
        foreach (var branch in new[] { await _repository.MainBranchAsync(cancellationToken) }.OfType<string>().Concat(UsualBranches).Distinct(StringComparer.Ordinal))
        {
            var commits = await ResolveAllAsync(_repository, [$"refs/remotes/origin/{branch}", $"refs/heads/{branch}"], cancellationToken);
            bases.AddRange(commits.Select(commit => ((string?)branch, commit)));
        }

        return bases;
    }

    // The host's own merge of both sides, two commits deep, still shows the files: they are what it changes in its first parent.
    private async Task<PullRequestContext> WithoutBaseAsync(PullRequestContext context, string checkedOut, CancellationToken cancellationToken)
    {
        context = context with { CommitMessages = context.HeadMessage is { } message ? [message] : [] };
        var isMerge = await _repository.ParentsAsync(checkedOut, cancellationToken) is [var first, var second]
            && second == context.HeadCommit
            && await _repository.TryResolveAsync(first, cancellationToken) is not null;
        if (isMerge)
        {
            context = context with
            {
                ChangedFiles = await _repository.DifferingFilesAsync(
                    new Sides<string?>((await _repository.ParentsAsync(checkedOut, cancellationToken))[0], checkedOut), cancellationToken),
            };
        }

        // A job that is for no pull request has nothing to compare with, and a first branch has no other.
        if (context.Number is null && context.BaseBranch is null)
        {
            return context;
        }

        var missing = (isMerge, context.HeadMessage) switch
        {
            (true, _) => "only the last commit message is known",
            (_, null) => "neither changed files nor commit messages are known",
            _ => "its changed files and earlier commit messages are not known",
        };
        return With(
            context,
            $"The clone does not reach back to where the pull request branched off, so {missing}; {await RemedyAsync(context, cancellationToken)}");
    }

    private async Task<string> RemedyAsync(PullRequestContext context, CancellationToken cancellationToken)
    {
        var setting = context.Host switch
        {
            CiHost.GitHub => "set `fetch-depth: 0` in actions/checkout, or run: ",
            CiHost.GitLab => "set the variable `GIT_DEPTH` to 0, or run: ",
            CiHost.Bitbucket => "set `clone: {depth: full}`, or run: ",
            CiHost.Azure => "set `fetchDepth: 0` in the checkout step, or run: ",
            _ => "run: ",
        };
        var unshallow = await _repository.IsShallowAsync(cancellationToken) ? " --unshallow" : "";
        var branch = context.BaseBranch is { } name ? $" {GitText.ShellWord($"+refs/heads/{name}:refs/remotes/origin/{name}")}" : "";
        var head = context.HeadCommit is { } commit ? $" {commit}" : "";
        return $"{setting}`git fetch --no-tags{unshallow} origin{branch}{head}`";
    }

    private static PullRequestContext With(PullRequestContext context, string? note) =>
        note is null ? context : context with { Notes = [.. context.Notes, note] };
}
