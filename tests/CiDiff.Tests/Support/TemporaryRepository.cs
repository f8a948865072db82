using CiDiff.Git;

namespace CiDiff.Tests.Support;

/// <summary>A real git repository in a folder of its own, on the branch <c>main</c>, independent of the user's git configuration.</summary>
internal sealed class TemporaryRepository : IDisposable
{
    private static readonly string[] Settings =
        ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always"];

    private readonly TemporaryFolder _folder = new();

    public TemporaryRepository(bool initialize = true)
    {
        if (initialize)
        {
            Git("init", "--quiet");
        }
    }

    public string Path => _folder.Path;

    public static TimeSpan Patience => TimeSpan.FromSeconds(30);

    /// <summary>Runs git.</summary>
    public string Git(params string[] arguments) =>
        new GitCli(Path, Patience).RunAsync([.. Settings, .. arguments], CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Commits one file, at a time of its own so that the order of dates is the order of commits.</summary>
    public string Commit(string message, string file = "file.txt")
    {
        var path = System.IO.Path.Combine(Path, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.AppendAllText(path, message + "\n");
        Git("add", "--all");
        Git("commit", "--quiet", "--message", message);
        return Git("rev-parse", "HEAD").Trim();
    }

    public void Dispose()
    {
        // git writes its objects read-only, which keeps Windows from deleting them.
        foreach (var file in Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        _folder.Dispose();
    }
}
