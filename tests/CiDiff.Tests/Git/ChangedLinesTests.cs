using CiDiff.Git;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Git;

public sealed class ChangedLinesTests
{
    [Fact]
    public async Task The_first_changed_line_of_each_file_is_found()
    {
        using var repository = new TemporaryRepository();
        Write(repository, "models/orders.sql", "one", "two", "three", "four");
        Write(repository, "models/shortened.sql", "one", "two", "three");
        Write(repository, "models/beheaded.sql", "one", "two");
        Write(repository, "models/deleted.sql", "one");
        Write(repository, "models/same.sql", "one");
        var mergeBase = repository.Commit("base");
        Write(repository, "models/orders.sql", "one", "two", "3", "four", "5");
        Write(repository, "models/shortened.sql", "one", "two");
        Write(repository, "models/beheaded.sql", "two");
        Write(repository, "models/new one.sql", "++ b/models/same.sql", "@@ -1 +9 @@", "two");
        File.Delete(Path.Combine(repository.Path, "models/deleted.sql"));
        var head = repository.Commit("head");
        Write(repository, "models/same.sql", "zero", "one");

        var context = new PullRequestContext { Host = CiHost.GitHub, Root = repository.Path, MergeBase = mergeBase, HeadCommit = head };
        string[] files = ["models/orders.sql", "models/shortened.sql", "models/beheaded.sql", "models/new one.sql", "models/deleted.sql", "models/same.sql", "models/nowhere.sql"];
        var lines = await ChangedLines.FindAsync(context, files, TemporaryRepository.Patience, CancellationToken.None);
        var local = await ChangedLines.FindAsync(context with { Host = CiHost.Local }, files, TemporaryRepository.Patience, CancellationToken.None);

        Assert.Equal(
            ["models/beheaded.sql: 1", "models/new one.sql: 1", "models/orders.sql: 3", "models/shortened.sql: 2"],
            lines.Select(line => $"{line.Key}: {line.Value}").Order(StringComparer.Ordinal));
        Assert.Equal(1, local["models/same.sql"]);
    }

    [Fact]
    public async Task Where_git_cannot_tell_nothing_is_known()
    {
        using var repository = new TemporaryRepository();
        repository.Commit("base");
        var context = new PullRequestContext { Host = CiHost.GitHub, Root = repository.Path, MergeBase = new string('1', 40), HeadCommit = new string('2', 40) };

        Assert.Empty(await ChangedLines.FindAsync(context, ["file.txt"], TemporaryRepository.Patience, CancellationToken.None));
        Assert.Empty(await ChangedLines.FindAsync(context with { MergeBase = null }, ["file.txt"], TemporaryRepository.Patience, CancellationToken.None));
    }

    private static void Write(TemporaryRepository repository, string file, params string[] lines)
    {
        var path = Path.Combine(repository.Path, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllLines(path, lines);
    }
}
