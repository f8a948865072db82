using System.Text.Json;
using System.Text.Json.Nodes;
using CiDiff.Reports;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Reports;

public sealed class RunSchemaTests
{
    private static readonly JsonSchema Schema = JsonSchema.Load("schemas", "run.schema.json");

    public static TheoryData<string> ScenarioNames => [.. Scenarios.All.Keys];

    /// <summary>A place in the run file of the rich scenario, and what is put there.</summary>
    public static TheoryData<string, string?> Damages => new()
    {
        { "schema_version", "2" },
        { "verdict", "\"maybe\"" },
        { "reason", "null" },
        { "reason", null },
        { "base", "\"prod-artifacts\"" },
        { "models", "{}" },
        { "rules[0].outcome", "\"red\"" },
        { "rules[0].model", "7" },
        { "models[0].state.kind", "\"changed\"" },
        { "models[0].state.changes[0]", "\"sql\"" },
        { "models[0].rows.added", "-1" },
        { "models[0].rows.added", "1.5" },
        { "models[0].rows.changed", "\"unknown\"" },
        { "models[0].key", "[]" },
        { "models[0].key.source", "\"a test\"" },
        { "models[0].columns[0].changed_share", "1.01" },
        { "models[0].columns[0].name", null },
        { "models[0].match_score", "-0.1" },
        { "models[0].outcome", "null" },
        { "models[7].error.code", "\"4003\"" },
        { "artifacts.json", "3" },
    };

    [Theory]
    [MemberData(nameof(ScenarioNames))]
    public void A_run_file_fits_the_schema_and_has_no_field_that_is_not_in_it(string scenario)
    {
        var document = JsonDocument.Parse(ReportBuilder.Render(new JsonReport(), Scenarios.All[scenario]()));

        Assert.Empty(Schema.Errors(document.RootElement, closed: true));
    }

    [Fact]
    public void A_plan_fits_the_schema()
    {
        var document = JsonDocument.Parse(ReportBuilder.Render(new JsonReport(), Scenarios.Plan()));

        Assert.Empty(Schema.Errors(document.RootElement, closed: true));
    }

    [Fact]
    public void A_comparison_without_dbt_fits_the_schema_of_a_model()
    {
        var golden = File.ReadAllText(Repository.PathTo("tests", "CiDiff.Tests", "Golden", "Reports", "compare.json"));

        Assert.Empty(Schema.Errors(JsonDocument.Parse(golden).RootElement, "model", closed: true));
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_broken_document_does_not_fit(string path, string? value)
    {
        var document = JsonNode.Parse(ReportBuilder.Render(new JsonReport(), Scenarios.Rich()))!;
        Damage(document, path, value);

        Assert.NotEmpty(Schema.Errors(JsonSerializer.SerializeToElement(document)));
    }

    [Fact]
    public void A_field_that_is_not_in_the_schema_is_allowed_to_readers_and_found_by_these_tests()
    {
        var document = JsonNode.Parse(ReportBuilder.Render(new JsonReport(), Scenarios.Skip()))!;
        document["tool"]!["url"] = "https://example.org";
        var element = JsonSerializer.SerializeToElement(document);

        Assert.Empty(Schema.Errors(element));
        Assert.NotEmpty(Schema.Errors(element, closed: true));
    }

    // "models[0].rows.added": null takes the member away.
    private static void Damage(JsonNode document, string path, string? value)
    {
        var names = path.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.');
        var parent = names[..^1].Aggregate(document, (node, name) => (node is JsonArray list ? list[int.Parse(name, null)] : node[name])!);
        var replacement = value is null ? null : JsonNode.Parse(value);
        if (parent is JsonArray array)
        {
            array[int.Parse(names[^1], null)] = replacement;
        }
        else
        {
            Assert.True(parent.AsObject().ContainsKey(names[^1]), $"There is no {path}.");
            parent.AsObject().Remove(names[^1]);
            if (value is not null)
            {
                parent[names[^1]] = replacement;
            }
        }
    }
}
