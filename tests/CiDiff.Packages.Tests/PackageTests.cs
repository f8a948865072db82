using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using CiDiff.Packages.Tests.Support;
using CiDiff.Tests.Support;

namespace CiDiff.Packages.Tests;

/// <summary>What is in the packages, and what happens when they are installed.</summary>
[Collection(PackedToolCollection.Name)]
public sealed class PackageTests(PackedTool packed)
{
    private const long Largest = 40_000_000;
    private static readonly TimeSpan LongestInstall = TimeSpan.FromSeconds(10);

    public static TheoryData<string, string> Libraries => new()
    {
        { "linux-x64", "libduckdb.so" },
        { "linux-arm64", "libduckdb.so" },
        { "linux-musl-x64", "libduckdb.so" },
        { "linux-musl-arm64", "libduckdb.so" },
        { "osx-x64", "libduckdb.dylib" },
        { "osx-arm64", "libduckdb.dylib" },
        { "win-x64", "duckdb.dll" },
        { "win-arm64", "duckdb.dll" },
    };

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_platforms_package_has_its_DuckDB_with_the_licence_and_is_not_too_large(string platform, string library)
    {
        var path = Package($"CiDiff.{platform}");
        var files = Entries(path);

        Assert.Contains($"tools/net10.0/{platform}/{library}", files);
        Assert.Contains($"tools/net10.0/{platform}/duckdb.LICENSE.txt", files);
        Assert.Contains($"tools/net10.0/{platform}/cidiff.dll", files);
        Assert.InRange(new FileInfo(path).Length, 10_000_000, Largest);
    }

    [Fact]
    public void Each_platforms_library_is_one_for_that_platform()
    {
        // ELF's, Mach-O's and PE's word for the processor: the digests of a lock file prove what was asked for, not that it was the right thing.
        Assert.Equal(0x3E, Elf("linux-x64"));
        Assert.Equal(0x3E, Elf("linux-musl-x64"));
        Assert.Equal(0xB7, Elf("linux-arm64"));
        Assert.Equal(0xB7, Elf("linux-musl-arm64"));
        Assert.Equal(0x8664, Pe("win-x64"));
        Assert.Equal(0xAA64, Pe("win-arm64"));
        Assert.Equal((0xFEEDFACF, 0x0100_0007), MachO("osx-x64"));
        Assert.Equal((0xFEEDFACF, 0x0100_000C), MachO("osx-arm64"));

        int Elf(string platform) => BitConverter.ToUInt16(Library(platform, "libduckdb.so"), 18);

        (uint Magic, int Processor) MachO(string platform)
        {
            var library = Library(platform, "libduckdb.dylib");
            return (BitConverter.ToUInt32(library), BitConverter.ToInt32(library, 4));
        }

        int Pe(string platform)
        {
            var library = Library(platform, "duckdb.dll");
            return BitConverter.ToUInt16(library, BitConverter.ToInt32(library, 0x3C) + 4);
        }
    }

    [Theory]
    [InlineData("linux-x64", 500)]
    [InlineData("win-arm64", null)]
    [InlineData("any", null)]
    public void The_runtime_is_set_up_for_a_process_that_lives_for_seconds(string platform, int? delay)
    {
        using var settings = JsonDocument.Parse(Text(Package($"CiDiff.{platform}"), $"tools/net10.0/{platform}/cidiff.runtimeconfig.json"));
        var runtime = settings.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties");

        // Their effect is in docs/benchmarks.md; a name that is misspelt has none, and the runtime says nothing.
        Assert.Equal(delay, runtime.TryGetProperty("System.Runtime.TieredCompilation.CallCountingDelayMs", out var found) ? found.GetInt32() : null);
        Assert.False(runtime.GetProperty("System.Runtime.EnableWriteXorExecute").GetBoolean());
        Assert.False(runtime.GetProperty("System.Runtime.TieredPGO").GetBoolean());
        Assert.False(runtime.GetProperty("System.GC.Concurrent").GetBoolean());
    }

    [Fact]
    public void The_package_that_people_install_points_to_one_for_every_platform()
    {
        var settings = Text(Package("CiDiff"), "tools/any/any/DotnetToolSettings.xml");
        var platforms = Regex.Matches(settings, "RuntimeIdentifier=\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToList();

        Assert.Equal([.. Libraries.Select(row => (string)row[0]).Order(StringComparer.Ordinal), "any"], platforms.Order(StringComparer.Ordinal).Order(LastAny));
        Assert.All(platforms, platform => Assert.True(File.Exists(Package($"CiDiff.{platform}"))));
        Assert.DoesNotContain(Entries(Package("CiDiff")), name => name.EndsWith(".dll", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_package_for_any_platform_has_no_DuckDB_and_says_so()
    {
        using var folder = new TemporaryFolder();
        await ZipFile.ExtractToDirectoryAsync(Package("CiDiff.any"), folder.Path);
        var tool = Path.Combine(folder.Path, "tools", "net10.0", "any", "cidiff.dll");

        var version = await Program.RunAsync(folder.Path, packed.Environment, "dotnet", tool, "--version");
        var demo = await Program.RunAsync(folder.Path, packed.Environment, "dotnet", tool, "demo");

        Assert.Equal(packed.Version, version.Expect().Output.Trim());
        Assert.Contains("error CID4020: This build of CiDiff is the one for any platform and has no DuckDB", demo.Expect(2).Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(folder.Path, "*duckdb*", SearchOption.AllDirectories), path => !path.EndsWith(".xml", StringComparison.Ordinal));
    }

    [Fact]
    public void On_x64_Linux_the_tool_is_compiled_ahead_of_time()
    {
        var plain = Length("any");
        var compiled = Length("linux-x64");

        Assert.True(compiled > plain * 1.5, $"{compiled} bytes and {plain} bytes");

        long Length(string platform)
        {
            using var package = ZipFile.OpenRead(Package($"CiDiff.{platform}"));
            return package.GetEntry($"tools/net10.0/{platform}/CiDiff.Core.dll")!.Length;
        }
    }

    [Fact]
    public async Task Installing_and_asking_for_the_version_is_quick()
    {
        using var folder = new TemporaryFolder();

        // The quickest of three: other tests run at the same time.
        var times = new List<TimeSpan>();
        while (times.Count < 3 && (times.Count == 0 || times.Min() > LongestInstall))
        {
            times.Add(await packed.InstallAsync(Path.Combine(folder.Path, $"{times.Count}")));
        }

        Assert.InRange(times.Min(), TimeSpan.Zero, LongestInstall);
    }

    [Fact]
    public async Task The_installed_tool_runs_the_demo()
    {
        using var folder = new TemporaryFolder();

        var demo = await Program.RunAsync(folder.Path, packed.Environment, packed.Cidiff, "demo");

        Assert.StartsWith("fail: 1 rule failed: primary_keys on customer_contacts", demo.Expect(1).Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder.Path, "cidiff-demo", "cidiff-report", "report.md")));
    }

    [Theory]
    [InlineData("dotnet tool install --global CiDiff")]
    [InlineData("dotnet new tool-manifest")]
    public async Task The_readme_tells_how_to_install_it(string text)
    {
        using var folder = new TemporaryFolder();
        await WriteNuGetConfigAsync(folder.Path);
        var home = packed.Environment["DOTNET_CLI_HOME"];
        var environment = new Dictionary<string, string?>(packed.Environment)
        {
            ["PATH"] = $"{home}/.dotnet/tools:{System.Environment.GetEnvironmentVariable("PATH")}",
        };

        var ended = await Program.RunAsync(folder.Path, environment, "bash", "-euc", Readme.Block(text));

        Assert.EndsWith($"\n{packed.Version}\n", ended.Expect().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_release_packs_the_version_that_the_pipelines_install()
    {
        foreach (var path in (string[])["gitlab-ci-template.yml", "templates/cidiff.yml"])
        {
            Assert.Contains($"\"{packed.Version}\"", File.ReadAllText(Repository.PathTo(path)), StringComparison.Ordinal);
        }

        Assert.Contains($"Version=\"{packed.Version}\"", File.ReadAllText(Repository.PathTo("src", "CiDiff.MSBuild", "README.md")), StringComparison.Ordinal);
    }

    private static Comparer<string> LastAny { get; } = Comparer<string>.Create((left, right) => (left == "any").CompareTo(right == "any"));

    private Task WriteNuGetConfigAsync(string folder) => File.WriteAllTextAsync(
        Path.Combine(folder, "nuget.config"),
        $"<configuration><packageSources><clear /><add key=\"here\" value=\"{packed.Packages}\" /></packageSources></configuration>");

    private string Package(string id) => Path.Combine(packed.Packages, $"{id}.{packed.Version}.nupkg");

    private static List<string> Entries(string package)
    {
        using var zip = ZipFile.OpenRead(package);
        return [.. zip.Entries.Select(entry => entry.FullName)];
    }

    private static string Text(string package, string path)
    {
        using var zip = ZipFile.OpenRead(package);
        using var reader = new StreamReader(zip.GetEntry(path)!.Open());
        return reader.ReadToEnd();
    }

    private byte[] Library(string platform, string name)
    {
        using var zip = ZipFile.OpenRead(Package($"CiDiff.{platform}"));
        using var library = zip.GetEntry($"tools/net10.0/{platform}/{name}")!.Open();
        var start = new byte[4096];
        library.ReadExactly(start);
        return start;
    }
}
