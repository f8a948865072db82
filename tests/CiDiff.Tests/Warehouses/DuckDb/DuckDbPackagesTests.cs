using System.Text.Json;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Warehouses.DuckDb;

/// <summary>The npm packages that carry DuckDB's library: pinned by digest, the same version for every platform.</summary>
public sealed class DuckDbPackagesTests
{
    private static readonly string[] Platforms =
    [
        "darwin-arm64", "darwin-x64", "linux-arm64", "linux-arm64-musl", "linux-x64", "linux-x64-musl", "win32-arm64", "win32-x64",
    ];

    [Fact]
    public void Every_platform_has_its_package_and_all_have_the_version_that_is_tested()
    {
        var tested = Assert.Single(Dependencies(Read("package.json")));
        var all = Dependencies(Read("all", "package.json"));

        Assert.Equal("@duckdb/node-bindings-linux-x64", tested.Name);
        Assert.Equal(Platforms.Select(platform => $"@duckdb/node-bindings-{platform}"), all.Select(package => package.Name));
        Assert.All(all, package => Assert.Equal(tested.Version, package.Version));
    }

    [Theory]
    [InlineData("package-lock.json")]
    [InlineData("all/package-lock.json")]
    public void Every_locked_package_has_a_digest_is_not_optional_and_names_no_host(string path)
    {
        var packages = Read(path.Split('/')).GetProperty("packages").EnumerateObject().Where(package => package.Name.Length > 0).ToList();

        Assert.NotEmpty(packages);
        Assert.All(packages, package =>
        {
            Assert.StartsWith("sha512-", package.Value.GetProperty("integrity").GetString(), StringComparison.Ordinal);
            Assert.False(package.Value.TryGetProperty("optional", out _), "npm leaves out an optional package without a word");
            Assert.False(package.Value.TryGetProperty("resolved", out _), "a registry's address has no place in a lock file");
        });
    }

    private static List<(string Name, string? Version)> Dependencies(JsonElement package) =>
        [.. package.GetProperty("dependencies").EnumerateObject().Select(entry => (entry.Name, entry.Value.GetString()))];

    private static JsonElement Read(params string[] path) =>
        JsonDocument.Parse(File.ReadAllBytes(Repository.PathTo(["native", .. path]))).RootElement;
}
