using CiDiff.Errors;
using CiDiff.Git;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Git;

public sealed class GitRepositoryTests
{
    private static readonly Sides<string> MainAndBranch = new("main", "branch");

    [Fact]
    public async Task The_root_is_found_from_a_folder_below_it()
    {
        using var files = new TemporaryRepository();
        var below = Directory.CreateDirectory(Path.Combine(files.Path, "dbt", "models")).FullName;

        var repository = await GitRepository.FindAsync(below, TemporaryRepository.Patience, CancellationToken.None);

        Assert.Equal(new DirectoryInfo(files.Path).Name, new DirectoryInfo(repository!.Root).Name);
        Assert.Null(await repository.HeadCommitAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_folder_outside_of_a_repository_is_in_none()
    {
        using var folder = new TemporaryFolder();

        Assert.Null(await GitRepository.FindAsync(folder.Path, TemporaryRepository.Patience, CancellationToken.None));
    }

    [Fact]
    public async Task Messages_are_those_of_head_alone_whole_and_oldest_first()
    {
        using var files = new TemporaryRepository();
        files.Commit("first");
        files.Git("switch", "--quiet", "--create", "branch");
        files.Commit("second: ümläut\n\ndatafold remap a b\n\nTrailer: x");
        files.Commit("third");
        files.Git("switch", "--quiet", "main");
        files.Commit("on main meanwhile", "other.txt");
        var repository = await Find(files);

        var messages = await repository.MessagesAsync(MainAndBranch, CancellationToken.None);

        Assert.Equal(["second: ümläut\n\ndatafold remap a b\n\nTrailer: x", "third"], messages);
        Assert.Equal("third", await repository.MessageAsync("branch", CancellationToken.None));
    }

    [Fact]
    public async Task A_merged_branch_comes_as_a_whole_right_before_its_merge()
    {
        using var files = new TemporaryRepository();
        files.Commit("start");
        files.Git("switch", "--quiet", "--create", "branch");
        files.Git("switch", "--quiet", "--create", "side");
        files.Commit("side 1", "side.txt");
        files.Git("switch", "--quiet", "branch");
        files.Commit("branch 1");
        files.Git("switch", "--quiet", "side");
        files.Commit("side 2", "side.txt");
        files.Git("switch", "--quiet", "branch");
        files.Commit("branch 2");
        files.Git("merge", "--quiet", "--no-ff", "--message", "merge side", "side");
        files.Commit("branch 3");
        var repository = await Find(files);

        var messages = await repository.MessagesAsync(MainAndBranch, CancellationToken.None);

        Assert.Equal(["branch 1", "branch 2", "side 1", "side 2", "merge side", "branch 3"], messages);
    }

    [Fact]
    public async Task Changed_files_are_those_since_the_branch_began_with_both_names_of_a_renamed_one()
    {
        using var files = new TemporaryRepository();
        files.Commit("start", "models/a b.sql");
        files.Commit("start", "models/old.sql");
        var start = files.Commit("start", "main-only.sql");
        files.Git("switch", "--quiet", "--create", "branch");
        files.Git("mv", "models/old.sql", "models/new.sql");
        files.Commit("more", "models/a b.sql");
        files.Commit("more", "models/ünï\"code.sql");
        files.Git("switch", "--quiet", "main");
        files.Commit("meanwhile", "main-only.sql");
        var repository = await Find(files);

        var changed = await repository.ChangedFilesAsync(MainAndBranch, CancellationToken.None);

        Assert.Equal(["models/a b.sql", "models/new.sql", "models/old.sql", "models/ünï\"code.sql"], changed);
        Assert.Equal(start, await repository.MergeBaseAsync(MainAndBranch, CancellationToken.None));
    }

    [Fact]
    public async Task A_shallow_clone_says_what_to_fetch()
    {
        using var origin = new TemporaryRepository();
        origin.Commit("one");
        origin.Git("switch", "--quiet", "--create", "branch");
        origin.Commit("two");
        using var clone = new TemporaryRepository(initialize: false);
        clone.Git("clone", "--quiet", "--depth", "1", "--branch", "branch", $"file://{origin.Path}", ".");
        var repository = await Find(clone);

        var error = await Assert.ThrowsAsync<UserErrorException>(() => repository.MessagesAsync(MainAndBranch, CancellationToken.None));

        Assert.True(await repository.IsShallowAsync(CancellationToken.None));
        Assert.Equal(ErrorCodes.GitHistoryMissing, error.Code);
        Assert.Equal("The repository has no commit 'main'.", error.Message);
        Assert.Equal("The clone is shallow. Fetch more: `git fetch --unshallow origin main`", error.Hint);
    }

    [Fact]
    public async Task A_branch_that_only_the_remote_has_is_found_there()
    {
        using var origin = new TemporaryRepository();
        var main = origin.Commit("one");
        origin.Git("switch", "--quiet", "--create", "branch");
        origin.Commit("two");
        using var clone = new TemporaryRepository(initialize: false);
        clone.Git("clone", "--quiet", "--branch", "branch", origin.Path, ".");
        var repository = await Find(clone);

        Assert.Equal(main, await repository.ResolveAsync("main", CancellationToken.None));
        Assert.False(await repository.IsShallowAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Histories_without_a_common_commit_are_an_error()
    {
        using var files = new TemporaryRepository();
        files.Commit("one");
        files.Git("switch", "--quiet", "--orphan", "branch");
        files.Commit("two");
        var repository = await Find(files);

        var error = await Assert.ThrowsAsync<UserErrorException>(() => repository.MergeBaseAsync(MainAndBranch, CancellationToken.None));

        Assert.Equal(ErrorCodes.GitHistoryMissing, error.Code);
        Assert.Equal("'main' and 'branch' have no commit in common.", error.Message);
    }

    [Theory]
    [InlineData("--output=owned.txt")]
    [InlineData("-h")]
    [InlineData("nowhere")]
    [InlineData("main; touch owned.txt")]
    [InlineData("")]
    public async Task What_is_no_revision_is_an_error_and_nothing_else(string revision)
    {
        using var files = new TemporaryRepository();
        files.Commit("one");
        var repository = await Find(files);

        var error = await Assert.ThrowsAsync<UserErrorException>(() => repository.ResolveAsync(revision, CancellationToken.None));

        Assert.Equal(ErrorCodes.GitHistoryMissing, error.Code);
        Assert.False(File.Exists(Path.Combine(files.Path, "owned.txt")));
    }

    [Fact]
    public async Task A_failed_command_quotes_git()
    {
        using var folder = new TemporaryFolder();

        var error = await Assert.ThrowsAsync<UserErrorException>(
            () => new GitCli(folder.Path, TemporaryRepository.Patience).RunAsync(["status"], CancellationToken.None));

        Assert.Equal(ErrorCodes.GitFailed, error.Code);
        Assert.Contains("not a git repository", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_program_is_named()
    {
        using var folder = new TemporaryFolder();

        var error = await Assert.ThrowsAsync<UserErrorException>(
            () => new GitCli(folder.Path, TemporaryRepository.Patience, "git-of-nowhere").RunAsync(["status"], CancellationToken.None));

        Assert.Equal(ErrorCodes.GitNotFound, error.Code);
        Assert.Equal("The program 'git-of-nowhere' cannot be started.", error.Message);
    }

    [Fact]
    public async Task A_missing_folder_is_named()
    {
        var error = await Assert.ThrowsAsync<UserErrorException>(
            () => GitRepository.FindAsync(Path.Combine(Path.GetTempPath(), "cidiff-nowhere"), TemporaryRepository.Patience, CancellationToken.None));

        Assert.Equal(ErrorCodes.FileNotFound, error.Code);
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_stopped()
    {
        using var files = new TemporaryRepository();
        var git = new GitCli(files.Path, TimeSpan.FromMilliseconds(300));

        var error = await Assert.ThrowsAsync<UserErrorException>(() => git.RunAsync(["-c", "alias.wait=!sleep 60", "wait"], CancellationToken.None));

        Assert.Equal(ErrorCodes.GitFailed, error.Code);
        Assert.EndsWith("was stopped after 0 seconds.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_command_is_stopped()
    {
        using var files = new TemporaryRepository();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new GitCli(files.Path, TemporaryRepository.Patience).RunAsync(["-c", "alias.wait=!sleep 60", "wait"], cancel.Token));
    }

    private static async Task<GitRepository> Find(TemporaryRepository files) =>
        (await GitRepository.FindAsync(files.Path, TemporaryRepository.Patience, CancellationToken.None))!;
}
