using CiDiff.Artifacts;
using CiDiff.Errors;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Artifacts;

/// <summary>Files that are not what they should be.</summary>
public sealed class ArtifactErrorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cidiff-").FullName;

    public static TheoryData<string, string, string, string> Broken() => new()
    {
        { "", "CID2003", "is empty", "dbt parse" },
        { "{\"metadata\": {", "CID2003", "ends in the middle", "cut off" },
        { "{\"metadata\": {\"dbt_schema_version\": \"https://schemas.getdbt.com/dbt/manifest/v12.json\"}, \"nodes\": {\"model.a.b\": {\"raw_code\": \"sel", "CID2003", "ends in the middle", "cut off" },
        { "<!DOCTYPE html><html>", "CID2002", "is not JSON", "web page" },
        { "PK\u0003\u0004", "CID2002", "is not JSON", "zip" },
        { "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a", "CID2002", "is not JSON", "git lfs pull" },
        { "manifest: 1", "CID2002", "is not JSON", "dbt parse" },
        { "{\"metadata\" 1}", "CID2002", "expected a colon at byte 12", "dbt parse" },
        { "{\"metadata\": {\"dbt_schema_version\": \"https://schemas.getdbt.com/dbt/manifest/v12.json\"}, \"nodes\": {\"model.a.b\": {\"raw_code\" \"x\"}}}", "CID2002", "the entry 'model.a.b'", "dbt parse" },
        { "{\"metadata\": {\"dbt_schema_version\": \"https://schemas.getdbt.com/dbt/manifest/v12.json\"}, \"nodes\": {}} {}", "CID2002", "expected the end of the file", "dbt parse" },
        { "[]", "CID2004", "is JSON, but not an object", "manifest.json" },
        { "{}", "CID2004", "has no metadata", "manifest.json" },
        { "{\"metadata\": {}, \"nodes\": {}}", "CID2004", "has no dbt_schema_version", "manifest.json" },
        { "{\"metadata\": null, \"nodes\": {}}", "CID2004", "has no metadata", "manifest.json" },
        { "{\"metadata\": {\"dbt_schema_version\": \"https://schemas.getdbt.com/dbt/manifest/v12.json\"}}", "CID2004", "has no nodes", "manifest.json" },
        { "{\"metadata\": {\"dbt_schema_version\": \"https://schemas.getdbt.com/dbt/catalog/v1.json\"}, \"nodes\": {}}", "CID2004", "it is a catalog.json", "manifest.json" },
        { "{\"metadata\": {\"dbt_schema_version\": \"https://schemas.getdbt.com/dbt/run-results/v6.json\"}, \"results\": []}", "CID2004", "it is a run_results.json", "manifest.json" },
        { "{\"metadata\": {\"dbt_schema_version\": \"https://schemas.getdbt.com/dbt/sources/v3.json\"}, \"results\": []}", "CID2004", "it is a sources.json", "manifest.json" },
        { "{\"metadata\": {\"dbt_schema_version\": \"https://schemas.getdbt.com/dbt/manifest/v3.json\"}, \"nodes\": {}}", "CID2005", "manifest schema v3", "dbt 1.0" },
        { "{\"metadata\": {\"dbt_schema_version\": \"https://schemas.getdbt.com/dbt/manifest/v13.json\"}, \"nodes\": {}}", "CID2006", "manifest schema v13", "Update CiDiff" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_file_that_is_no_manifest_is_told_apart(string content, string code, string message, string hint)
    {
        var path = Path.Combine(_folder, "manifest.json");
        File.WriteAllText(path, content);

        var error = Assert.Throws<UserErrorException>(() => ManifestReader.Read(path, CancellationToken.None));

        Assert.Equal(code, error.Code.Id);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_cut_of_a_manifest_is_called_cut_off()
    {
        const string Whole = """{"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json"}, "nodes": {"model.a.b": {"x": 1}}, "docs": [1, "a"]}""";
        var path = Path.Combine(_folder, "manifest.json");
        for (var length = 0; length < Whole.Length; length++)
        {
            File.WriteAllText(path, Whole[..length]);

            var error = Assert.Throws<UserErrorException>(() => ManifestReader.Read(path, CancellationToken.None));

            Assert.Equal((length, ErrorCodes.ArtifactTruncated), (length, error.Code));
        }
    }

    [Fact]
    public void A_manifest_is_looked_for_in_a_folder_and_in_its_target()
    {
        Assert.Equal(ErrorCodes.ManifestNotFound, Assert.Throws<UserErrorException>(() => ManifestReader.Read(_folder, CancellationToken.None)).Code);
        Assert.Equal(
            ErrorCodes.ManifestNotFound,
            Assert.Throws<UserErrorException>(() => ManifestReader.Read(Path.Combine(_folder, "none.json"), CancellationToken.None)).Code);

        var project = Fixture.PathTo("storefront/main");
        var expected = Path.Combine(project, "target", "manifest.json");

        Assert.Equal(expected, ManifestReader.Read(project, CancellationToken.None).Source);
        Assert.Equal(expected, ManifestReader.Read(Path.Combine(project, "target"), CancellationToken.None).Source);
        Assert.Equal(expected, ManifestReader.Read(expected, CancellationToken.None).Source);
    }

    [Fact]
    public async Task Manifests_of_different_projects_are_refused()
    {
        File.WriteAllText(
            Path.Combine(_folder, "manifest.json"),
            """{"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json", "project_name": "finance"}, "nodes": {}}""");
        var paths = new Sides<string>(_folder, Fixture.PathTo("storefront/main"));

        var error = await Assert.ThrowsAsync<UserErrorException>(
            () => ManifestReader.ReadBothAsync(paths, ManifestReadOptions.Default, CancellationToken.None));

        Assert.Equal(ErrorCodes.DifferentProjects, error.Code);
        Assert.Contains("'finance' in base", error.Message, StringComparison.Ordinal);
        Assert.Contains("'storefront' in head", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_catalog_that_is_something_else_is_told_apart()
    {
        File.Copy(Fixture.PathTo("storefront/main/target/run_results.json"), Path.Combine(_folder, "catalog.json"));

        var error = Assert.Throws<UserErrorException>(() => CatalogReader.Read(_folder, CancellationToken.None));

        Assert.Equal(ErrorCodes.UnexpectedArtifact, error.Code);
        Assert.Contains("is not dbt's catalog.json: it is a run_results.json", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
