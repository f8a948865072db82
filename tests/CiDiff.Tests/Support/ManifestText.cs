using System.Text;
using System.Text.Json.Nodes;
using CiDiff.Artifacts;

namespace CiDiff.Tests.Support;

/// <summary>Small manifests written by hand, for what the storefront project does not have.</summary>
internal static class ManifestText
{
    /// <summary>Reads a manifest with the given sections, written as JSON with single quotes.</summary>
    /// <param name="sections">For example <c>'nodes': {'model.shop.a': {'raw_code': 'select 1'}}</c>; a section that is absent is empty.</param>
    /// <param name="dbt">The version of dbt that wrote it.</param>
    /// <param name="schema">The version of its schema.</param>
    /// <param name="adapter">The adapter's type.</param>
    public static Manifest Read(string sections, string dbt = "1.11.14", int schema = 12, string adapter = "postgres")
    {
        var document = JsonNode.Parse($"{{{sections.Replace('\'', '"')}}}")!.AsObject();
        document["metadata"] = new JsonObject
        {
            ["dbt_schema_version"] = $"https://schemas.getdbt.com/dbt/manifest/v{schema}.json",
            ["dbt_version"] = dbt,
            ["generated_at"] = "2026-11-20T20:00:00Z",
            ["project_name"] = "shop",
            ["adapter_type"] = adapter,
        };
        document.TryAdd("nodes", new JsonObject());
        return ReadText(document.ToJsonString());
    }

    /// <summary>Reads a whole file's text.</summary>
    public static Manifest ReadText(string json) => ReadBytes(Encoding.UTF8.GetBytes(json));

    /// <summary>Reads a whole file.</summary>
    public static Manifest ReadBytes(byte[] json) =>
        ManifestReader.Read(new MemoryStream(json), "manifest.json", ManifestReadOptions.Default, new SharedText(), CancellationToken.None);
}
