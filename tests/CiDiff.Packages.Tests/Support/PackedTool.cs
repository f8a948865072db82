using System.Text.RegularExpressions;
using System.Xml.Linq;
using CiDiff.Tests.Support;

namespace CiDiff.Packages.Tests.Support;

/// <summary>Every package of this repository, packed once for all tests, and an installed tool.</summary>
public sealed partial class PackedTool : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The version that is packed.</summary>
    public string Version { get; } = XDocument.Load(Repository.PathTo("Directory.Build.props")).Descendants("VersionPrefix").Single().Value;

    /// <summary>The folder with the packages.</summary>
    public string Packages => Path.Combine(_folder.Path, "packages");

    /// <summary>The installed <c>cidiff</c>.</summary>
    public string Cidiff => Path.Combine(_folder.Path, "tool", "cidiff");

    /// <summary>The folder of the fake hosts, with their npm packages.</summary>
    internal static string Hosts { get; } = Repository.PathTo("tests", "CiDiff.Packages.Tests", "Hosts");

    /// <summary>A NuGet of its own: the version is always the same one, and an older package of it must not be taken from the user's cache.</summary>
    internal Dictionary<string, string?> Environment => new(StringComparer.Ordinal)
    {
        ["NUGET_PACKAGES"] = Path.Combine(_folder.Path, "nuget"),
        ["DOTNET_CLI_HOME"] = Path.Combine(_folder.Path, "home"),
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
        ["MSBUILDDISABLENODEREUSE"] = "1",
    };

    public async Task InitializeAsync()
    {
        // Next to the build's own output, not in it: other test projects run at the same time.
        foreach (var project in (string[])["CiDiff.Cli", "CiDiff.MSBuild"])
        {
            var pack = await Program.RunAsync(
                Repository.Root,
                new Dictionary<string, string?> { ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["MSBUILDDISABLENODEREUSE"] = "1" },
                "dotnet", "pack", $"src/{project}", "--configuration", "Release", "--output", Packages, "--nologo", "--verbosity", "minimal",
                "-p:UseArtifactsOutput=true", $"-p:ArtifactsPath={Repository.PathTo("artifacts", "packages-tests")}", "-p:RunAnalyzers=false");
            pack.Expect();
        }

        await InstallAsync(Path.GetDirectoryName(Cidiff)!);
        await InstallHostsAsync();
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Installs the tool into a folder and asks it for its version.</summary>
    /// <returns>How long both took together.</returns>
    internal async Task<TimeSpan> InstallAsync(string folder)
    {
        var install = await Program.RunAsync(
            _folder.Path, Environment, "dotnet", "tool", "install", "CiDiff", "--version", Version, "--tool-path", folder, "--source", Packages);
        install.Expect();
        var version = await Program.RunAsync(_folder.Path, Environment, Path.Combine(folder, "cidiff"), "--version");
        Assert.Equal(Version, version.Expect().Output.Trim());
        return install.Elapsed + version.Elapsed;
    }

    /// <summary>The flags of <c>cidiff run</c> that a job on a host could set, named as inputs are: without dashes, and <c>slim</c> for <c>--no-slim</c>.</summary>
    internal async Task<HashSet<string>> FlagsOfRunAsync()
    {
        var help = (await Program.RunAsync(_folder.Path, Environment, Cidiff, "run", "--help")).Expect().Output;
        var flags = Flag().Matches(help).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

        // What stdout is like is the host's business.
        flags.ExceptWith(["help", "version", "output", "no-color"]);
        return [.. flags.Select(flag => flag.StartsWith("no-", StringComparison.Ordinal) ? flag["no-".Length..] : flag)];
    }

    /// <summary>The demo's shop in a folder: the verdict of its run is fail.</summary>
    internal async Task MakeShopAsync(string folder)
    {
        (await Program.RunAsync(Path.GetDirectoryName(folder)!, Environment, Cidiff, "demo", folder, "--verbosity", "quiet")).Expect(1);
        Directory.Delete(Path.Combine(folder, "cidiff-report"), recursive: true);

        // As in the README's examples.
        Directory.Move(Path.Combine(folder, "prod"), Path.Combine(folder, "prod-artifacts"));
        var config = Path.Combine(folder, "cidiff.yml");
        await File.WriteAllTextAsync(config, (await File.ReadAllTextAsync(config)).Replace("path: prod}", "path: prod-artifacts}", StringComparison.Ordinal));
    }

    private static async Task InstallHostsAsync()
    {
        var marker = Path.Combine(Hosts, "node_modules", ".installed");
        var wanted = await File.ReadAllTextAsync(Path.Combine(Hosts, "package-lock.json"));
        if (File.Exists(marker) && await File.ReadAllTextAsync(marker) == wanted)
        {
            return;
        }

        (await Program.RunAsync(Hosts, [], "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")).Expect();
        await File.WriteAllTextAsync(marker, wanted);
    }

    [GeneratedRegex(@"^\s+(?:-\w, )?--([a-z-]+)", RegexOptions.Multiline)]
    private static partial Regex Flag();
}

/// <summary>The tests that need packages, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PackedToolCollection : ICollectionFixture<PackedTool>
{
    public const string Name = "packages";
}
