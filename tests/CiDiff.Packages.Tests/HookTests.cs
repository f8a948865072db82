using CiDiff.Packages.Tests.Support;
using CiDiff.Tests.Support;

namespace CiDiff.Packages.Tests;

/// <summary>Pushes to a real repository, through the hook that the installed tool wrote and that runs the installed tool.</summary>
[Collection(PackedToolCollection.Name)]
public sealed class HookTests(PackedTool packed) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Checkout => Path.Combine(_folder.Path, "checkout");

    private string Shop => Path.Combine(Checkout, "shop");

    [Fact]
    public async Task A_push_that_breaks_a_rule_is_stopped_and_git_can_go_past_it()
    {
        await CheckOutShopAsync();
        (await RunAsync(Shop, InPath, "bash", "-euc", Readme.Block("cidiff hook install\n"))).Expect();

        var stopped = await PushAsync(InPath);
        var refusedBranch = await GitAsync("ls-remote", "origin", "topic");
        var forced = await PushAsync(InPath, "--no-verify");

        Assert.Contains("customer_contacts", stopped.Expect(1).All, StringComparison.Ordinal);
        Assert.Contains("cidiff: the push is stopped.", stopped.Error, StringComparison.Ordinal);
        Assert.Empty(refusedBranch.Output);
        forced.Expect();
        Assert.NotEmpty((await GitAsync("ls-remote", "origin", "topic")).Output);
    }

    [Fact]
    public async Task The_hook_runs_the_version_that_the_repository_pins_and_only_when_it_is_restored()
    {
        await CheckOutShopAsync();
        await File.WriteAllTextAsync(
            Path.Combine(Checkout, "nuget.config"),
            $"<configuration><packageSources><clear /><add key=\"here\" value=\"{packed.Packages}\" /></packageSources></configuration>");
        (await RunAsync(Checkout, [], "dotnet", "new", "tool-manifest")).Expect();
        (await RunAsync(Checkout, [], "dotnet", "tool", "install", "CiDiff", "--version", packed.Version)).Expect();
        (await RunAsync(Shop, [], "dotnet", "cidiff", "hook", "install")).Expect();

        var restored = await PushAsync([]);

        // A NuGet that has nothing yet, as a colleague's after `git pull`.
        var colleague = new Dictionary<string, string?>
        {
            ["NUGET_PACKAGES"] = Path.Combine(_folder.Path, "nuget"),
            ["DOTNET_CLI_HOME"] = Path.Combine(_folder.Path, "home"),
        };
        var unrestored = await PushAsync(colleague);

        Assert.Contains("cidiff: the push is stopped.", restored.Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("dotnet tool restore", unrestored.Expect().Error, StringComparison.Ordinal);
        Assert.Contains("cidiff: could not be run, so nothing was compared", unrestored.Error, StringComparison.Ordinal);
    }

    private Dictionary<string, string?> InPath => new()
    {
        ["PATH"] = $"{Path.GetDirectoryName(packed.Cidiff)}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}",
    };

    // The demo's shop in a folder of a repository whose remote has all but a branch that changes a model.
    private async Task CheckOutShopAsync()
    {
        Directory.CreateDirectory(Checkout);
        await packed.MakeShopAsync(Shop);
        await File.WriteAllTextAsync(Path.Combine(Shop, "dbt_project.yml"), "name: storefront\nprofile: storefront\n");
        await File.WriteAllTextAsync(Path.Combine(Checkout, ".gitignore"), "shop/target/\nshop/cidiff-report/\n*.duckdb\n");
        var remote = Path.Combine(_folder.Path, "remote.git");
        await GitAsync("init", "--quiet", "--bare", remote);
        await GitAsync("init", "--quiet", "--initial-branch", "main");
        await GitAsync("remote", "add", "origin", remote);
        await CommitAsync("the shop");
        await GitAsync("push", "--quiet", "origin", "main");
        await GitAsync("checkout", "--quiet", "-b", "topic");
        Directory.CreateDirectory(Path.Combine(Shop, "models"));
        await File.WriteAllTextAsync(Path.Combine(Shop, "models", "orders.sql"), "select 1 as id\n");
        await CommitAsync("a change");
    }

    private async Task CommitAsync(string message)
    {
        await GitAsync("add", "--all");
        await GitAsync("-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "--quiet", "--message", message);
    }

    private async Task<Ended> GitAsync(params string[] words) => (await RunAsync(Checkout, [], "git", words)).Expect();

    private Task<Ended> PushAsync(Dictionary<string, string?> environment, params string[] words) =>
        RunAsync(Checkout, environment, "git", ["push", .. words, "origin", "topic"]);

    private Task<Ended> RunAsync(string folder, Dictionary<string, string?> environment, string program, params string[] words) =>
        Program.RunAsync(folder, packed.Environment.Where(variable => !environment.ContainsKey(variable.Key)).Concat(environment), program, words);
}
