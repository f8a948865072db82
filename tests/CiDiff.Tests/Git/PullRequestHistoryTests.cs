using System.Diagnostics;
using CiDiff.Git;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Git;

/// <summary>What a clone adds to what the host says; each in a real repository, cloned as the hosts do it.</summary>
public sealed class PullRequestHistoryTests : IDisposable
{
    private readonly TemporaryRepository _origin = new();
    private readonly TemporaryRepository _clone = new(initialize: false);
    private readonly string _head;
    private readonly string _start;
    private readonly string _merge;

    /// <summary>main: start, meanwhile. orders, from start: one, two. merge: what GitHub makes of both.</summary>
    public PullRequestHistoryTests()
    {
        _origin.Git("config", "uploadpack.allowAnySHA1InWant", "true");
        _origin.Commit("long ago", "README.md");
        _start = _origin.Commit("start", "models/a.sql");
        _origin.Git("switch", "--quiet", "--create", "orders");
        _origin.Commit("one", "models/b.sql");
        _head = _origin.Commit("two\n\ncidiff expect changed_rows <= 5% in orders", "models/c d.sql");
        _origin.Git("switch", "--quiet", "main");
        BaseTip = _origin.Commit("meanwhile", "models/z.sql");
        _origin.Git("switch", "--quiet", "--detach");
        _origin.Git("merge", "--quiet", "--no-ff", "--message", "Merge two into main", "orders");
        _merge = _origin.Git("rev-parse", "HEAD").Trim();
        _origin.Git("update-ref", "refs/pull/42/merge", _merge);
        _origin.Git("switch", "--quiet", "main");
    }

    private string BaseTip { get; }

    private PullRequestContext OnGitHub => new()
    {
        Host = CiHost.GitHub,
        Number = 42,
        BaseBranch = "main",
        BaseCommit = BaseTip,
        HeadBranch = "orders",
        HeadCommit = _head,
    };

    public void Dispose()
    {
        _origin.Dispose();
        _clone.Dispose();
    }

    [Fact]
    public async Task A_whole_clone_tells_everything()
    {
        CheckOut("refs/pull/42/merge", depth: null);

        var context = await CompleteAsync(OnGitHub);

        AssertWhole(context);
        Assert.Equal(BaseTip, context.BaseTip);
        Assert.Empty(context.Notes);
    }

    [Fact]
    public async Task A_clone_one_commit_deep_tells_nothing_and_says_what_to_fetch()
    {
        CheckOut("refs/pull/42/merge", depth: 1);

        var context = await CompleteAsync(OnGitHub);

        Assert.Equal((null, null, null), (context.MergeBase, context.ChangedFiles, context.HeadMessage));
        Assert.Empty(context.CommitMessages);
        var note = Assert.Single(context.Notes);
        Assert.Contains("neither changed files nor commit messages are known", note, StringComparison.Ordinal);
        Assert.Contains("fetch-depth: 0", note, StringComparison.Ordinal);

        // The command is meant to be pasted.
        RunCommandOf(note);
        AssertWhole(await CompleteAsync(OnGitHub));
    }

    [Fact]
    public async Task A_clone_two_commits_deep_still_knows_the_files()
    {
        CheckOut("refs/pull/42/merge", depth: 2);

        var context = await CompleteAsync(OnGitHub);

        Assert.Equal(["models/b.sql", "models/c d.sql"], context.ChangedFiles);
        Assert.StartsWith("two", context.HeadMessage, StringComparison.Ordinal);
        Assert.Equal([context.HeadMessage!], context.CommitMessages);
        Assert.Contains("only the last commit message is known", Assert.Single(context.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_GitLab_the_commit_that_the_host_names_is_enough()
    {
        // GitLab fetches the merge request's ref alone, 20 commits deep.
        CheckOut("refs/heads/orders", depth: 20);
        var context = await CompleteAsync(OnGitHub with { Host = CiHost.GitLab, BaseCommit = _start });

        AssertWhole(context);
        Assert.Null(context.BaseTip);
        Assert.Empty(context.Notes);
    }

    [Fact]
    public async Task A_base_branch_that_was_never_fetched_is_named()
    {
        CheckOut("refs/heads/orders", depth: null);

        var context = await CompleteAsync(OnGitHub with { Host = CiHost.Bitbucket, BaseCommit = null });

        Assert.Null(context.ChangedFiles);
        Assert.Equal("two\n\ncidiff expect changed_rows <= 5% in orders", context.HeadMessage);
        var note = Assert.Single(context.Notes);
        Assert.Contains($"git fetch --no-tags origin +refs/heads/main:refs/remotes/origin/main {_head}", note, StringComparison.Ordinal);
        Assert.Contains("depth: full", note, StringComparison.Ordinal);
        RunCommandOf(note);
        AssertWhole(await CompleteAsync(OnGitHub with { Host = CiHost.Bitbucket, BaseCommit = null }));
    }

    [Fact]
    public async Task An_old_branch_of_the_clone_stands_behind_the_remote_one()
    {
        CheckOut("refs/pull/42/merge", depth: null);
        _clone.Git("branch", "main", _head);

        AssertWhole(await CompleteAsync(OnGitHub));
    }

    [Fact]
    public async Task Locally_the_branch_is_compared_with_the_main_branch_and_uncommitted_files_count()
    {
        _clone.Git("clone", "--quiet", _origin.Path, ".");
        _clone.Git("switch", "--quiet", "orders");
        File.AppendAllText(Path.Combine(_clone.Path, "models", "a.sql"), "more");
        File.WriteAllText(Path.Combine(_clone.Path, "new.sql"), "select 1");

        var context = await CompleteAsync(new PullRequestContext { Host = CiHost.Local });

        Assert.Equal(("main", "orders", _head, _start), (context.BaseBranch, context.HeadBranch, context.HeadCommit, context.MergeBase));
        Assert.Equal(["models/a.sql", "models/b.sql", "models/c d.sql", "new.sql"], context.ChangedFiles);
        Assert.Equal(2, context.CommitMessages.Count);
        Assert.Empty(context.Notes);
    }

    [Fact]
    public async Task A_detached_head_has_no_branch_and_is_compared_all_the_same()
    {
        _clone.Git("clone", "--quiet", _origin.Path, ".");
        _clone.Git("checkout", "--quiet", "--detach", _head);

        var context = await CompleteAsync(new PullRequestContext { Host = CiHost.Local });

        Assert.Null(context.HeadBranch);
        Assert.Equal((_head, _start), (context.HeadCommit, context.MergeBase));
    }

    [Fact]
    public async Task The_main_branch_itself_changes_nothing()
    {
        _clone.Git("clone", "--quiet", _origin.Path, ".");

        var context = await CompleteAsync(new PullRequestContext { Host = CiHost.Local });

        Assert.Empty(context.ChangedFiles!);
        Assert.Empty(context.CommitMessages);
    }

    [Fact]
    public async Task Without_a_first_commit_there_is_nothing_to_tell()
    {
        _clone.Git("init", "--quiet");

        var context = await CompleteAsync(new PullRequestContext { Host = CiHost.Local });

        Assert.Equal((null, null, null), (context.HeadCommit, context.ChangedFiles, context.HeadMessage));
        Assert.NotNull(context.Root);
    }

    [Fact]
    public async Task A_job_outside_of_a_working_copy_says_so()
    {
        using var folder = new TemporaryFolder();

        var context = await PullRequestHistory.CompleteAsync(OnGitHub, folder.Path, TemporaryRepository.Patience, CancellationToken.None);

        Assert.Null(context.Root);
        Assert.Contains("no git working copy", Assert.Single(context.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_branch_that_is_named_like_an_option_or_a_command_is_only_a_name()
    {
        CheckOut("refs/heads/orders", depth: 1);

        var context = await CompleteAsync(OnGitHub with { BaseBranch = "$(touch x);'--upload-pack=y", BaseCommit = null });

        Assert.Null(context.MergeBase);
        Assert.Contains(@"'+refs/heads/$(touch x);'\''--upload-pack=y:refs/remotes/origin/$(touch x);'\''--upload-pack=y'", Assert.Single(context.Notes), StringComparison.Ordinal);
    }

    // As actions/checkout does it: one ref, detached.
    private void CheckOut(string reference, int? depth)
    {
        var address = new Uri(_origin.Path).AbsoluteUri;
        _clone.Git("init", "--quiet");
        _clone.Git("remote", "add", "origin", address);
        var branches = depth is null && reference.StartsWith("refs/pull", StringComparison.Ordinal) ? "+refs/heads/*:refs/remotes/origin/*" : null;
        _clone.Git([
            "fetch", "--quiet", "--no-tags",
            .. depth is { } commits ? new[] { FormattableString.Invariant($"--depth={commits}") } : [],
            "origin", .. branches is null ? Array.Empty<string>() : [branches], $"+{reference}:refs/remotes/job"]);
        _clone.Git("checkout", "--quiet", "--detach", "refs/remotes/job");
    }

    private void RunCommandOf(string note)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", note[note.IndexOf("git fetch", StringComparison.Ordinal)..].TrimEnd('`')])
        {
            WorkingDirectory = _clone.Path,
            RedirectStandardError = true,
        })!;
        var said = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        Assert.True(shell.ExitCode == 0, said);
    }

    private Task<PullRequestContext> CompleteAsync(PullRequestContext context) =>
        PullRequestHistory.CompleteAsync(context, _clone.Path, TemporaryRepository.Patience, CancellationToken.None);

    private void AssertWhole(PullRequestContext context)
    {
        Assert.Equal((_start, "main"), (context.MergeBase, context.BaseBranch));
        Assert.Equal(["models/b.sql", "models/c d.sql"], context.ChangedFiles);
        Assert.Equal(["one", "two\n\ncidiff expect changed_rows <= 5% in orders"], context.CommitMessages);
        Assert.Equal(context.CommitMessages[^1], context.HeadMessage);
        Assert.NotNull(context.Root);
    }
}
