using System.Text.Json.Nodes;
using CiDiff.Artifacts;
using CiDiff.State;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.State;

/// <summary>The storefront project as older versions of dbt would have written it.</summary>
public sealed class OlderSchemaTests
{
    // What the later schemas brought: sections, and keys of nodes.
    private static readonly (int Since, string[] Sections, string[] Keys)[] News =
    [
        (7, [], ["language"]),
        (9, ["groups"], ["access", "version", "latest_version", "constraints", "contract", "group", "attached_node"]),
        (10, ["semantic_models"], ["deprecation_date"]),
        (11, ["saved_queries"], []),
        (12, ["unit_tests", "functions"], ["primary_key", "time_spine"]),
    ];

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    public void What_an_old_schema_has_is_compared_as_ever(int schema)
    {
        var today = StateComparison.Compare(Fixture.Pair("storefront/main/target/manifest.json", "storefront/pr/target/manifest.json"));

        var then = StateComparison.Compare(new Sides<Manifest>(
            Older("storefront/main/target/manifest.json", schema), Older("storefront/pr/target/manifest.json", schema)));

        foreach (var selector in new[] { "new", "old", "modified.body", "modified.configs", "modified.relation", "modified.persisted_descriptions" })
        {
            Assert.Equal(today.Select(selector).Where(then.Changes.ContainsKey), then.Select(selector));
        }

        Assert.Equal(schema >= 9 ? ["body", "configs", "contract"] : ["body", "configs"], then.Changes.Values
            .Where(change => change.Kind == ChangeKind.Modified && change.Id.Value is "model.storefront.dim_customers" or "model.storefront.channel_sessions")
            .SelectMany(change => change.SubSelectors).Distinct().Order(StringComparer.Ordinal));
    }

    private static Manifest Older(string path, int schema)
    {
        var document = JsonNode.Parse(Fixture.Text(path))!.AsObject();
        var metadata = document["metadata"]!.AsObject();
        metadata["dbt_schema_version"] = $"https://schemas.getdbt.com/dbt/manifest/v{schema}.json";
        if (schema < 10)
        {
            metadata.Remove("project_name");
        }

        foreach (var (_, sections, keys) in News.Where(news => news.Since > schema))
        {
            foreach (var section in sections)
            {
                document.Remove(section);
            }

            foreach (var node in document["nodes"]!.AsObject())
            {
                foreach (var key in keys)
                {
                    node.Value!.AsObject().Remove(key);
                }
            }
        }

        foreach (var node in document["nodes"]!.AsObject().Select(node => node.Value!.AsObject()).Where(_ => schema < 7))
        {
            node["root_path"] = "/home/ci/storefront";
            Rename(node, "raw_code", "raw_sql");
            Rename(node, "compiled_code", "compiled_sql");
        }

        return ManifestText.ReadText(document.ToJsonString());
    }

    private static void Rename(JsonObject node, string from, string to)
    {
        if (node.Remove(from, out var value))
        {
            node[to] = value;
        }
    }
}
