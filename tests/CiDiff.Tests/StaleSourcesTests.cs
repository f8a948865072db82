using System.Security.Cryptography;
using System.Text;
using CiDiff.Artifacts;
using CiDiff.Git;
using CiDiff.Tests.Support;

namespace CiDiff.Tests;

public sealed class StaleSourcesTests : IDisposable
{
    private const string Code = "select 1 as id\nfrom source";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A file that changed, its text (null when it is gone), and what is said of it.</summary>
    public static TheoryData<string, string?, bool> Files => new()
    {
        { "dbt/models/orders.sql", Code, false },
        { "dbt/models/orders.sql", "\n" + Code + "\n\n", false },
        { "dbt/models/orders.sql", Code.ReplaceLineEndings("\r\n"), false },
        { "dbt/models/orders.sql", Code + " where true", true },
        { "dbt/models/orders.sql", null, true },
        { "dbt/models/new.sql", Code, true },
        { "dbt/models/off.sql", Code, false },
        { "dbt/models/never_was.sql", null, false },
        { "dbt/macros/cents.sql", "{% macro cents() %}{% endmacro %}", false },
        { "dbt/models/orders.yml", "version: 2", false },
        { "models/orders.sql", "select 2", false },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_changed_model_is_held_against_the_checksum_that_dbt_kept(string file, string? text, bool isStale)
    {
        Write(file, text);

        var note = StaleSources.Note(await ManifestAsync("1.10.0"), Local(file), "dbt");

        Assert.Equal(isStale ? $"{file[4..]} changed since dbt wrote head's manifest, so this is not about it; run `dbt parse`, or build, and try again." : null, note);
    }

    [Fact]
    public async Task Nothing_is_said_of_a_job_and_of_what_dbt_2_wrote()
    {
        const string File = "dbt/models/orders.sql";
        Write(File, "select 2");

        Assert.Null(StaleSources.Note(await ManifestAsync("1.10.0"), Local(File) with { Host = CiHost.GitHub }, "dbt"));
        Assert.Null(StaleSources.Note(await ManifestAsync("2.0.0"), Local(File), "dbt"));
    }

    private PullRequestContext Local(string file) => new() { Host = CiHost.Local, Root = _folder.Path, ChangedFiles = [file] };

    private void Write(string file, string? text)
    {
        if (text is not null)
        {
            var path = Path.Combine(_folder.Path, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }

    private async Task<Manifest> ManifestAsync(string version)
    {
        var file = Path.Combine(_folder.Path, $"manifest-{version}.json");
        var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Code)));
        await File.WriteAllTextAsync(file, $$$"""
            {
              "metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json", "dbt_version": "{{{version}}}", "project_name": "shop", "adapter_type": "duckdb"},
              "nodes": {"model.shop.orders": {
                "unique_id": "model.shop.orders", "resource_type": "model", "name": "orders", "package_name": "shop", "path": "orders.sql",
                "original_file_path": "models/orders.sql", "raw_code": "x", "checksum": {"name": "sha256", "checksum": "{{{checksum}}}"}
                }},
              "disabled": {"model.shop.off": [{
                "unique_id": "model.shop.off", "resource_type": "model", "name": "off", "package_name": "shop", "path": "off.sql",
                "original_file_path": "models/off.sql", "raw_code": "x", "checksum": {"name": "sha256", "checksum": "0"}}]},
              "macros": {}, "sources": {}, "exposures": {}, "metrics": {}, "docs": {}, "groups": {}, "parent_map": {}, "child_map": {}
            }
            """);
        return (await ManifestReader.ReadBothAsync(new Sides<string>(file, file), ManifestReadOptions.Default, CancellationToken.None)).Head;
    }
}
