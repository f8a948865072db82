using System.Text.Json.Nodes;
using CiDiff.Artifacts;
using CiDiff.Selection;
using CiDiff.State;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Selection;

/// <summary>What real <c>dbt ls</c> listed, against what CiDiff lists from the same manifests.</summary>
public sealed class DbtListTests
{
    private const string Main = "storefront/main/target/manifest.json";
    private const string Pr = "storefront/pr/target/manifest.json";
    private const string PrParsed = "storefront/pr/target/manifest.parse.json";

    private static readonly Dictionary<string, string> Selectors = new()
    {
        ["all"] = "*",
        ["at_state_modified"] = "@state:modified",
        ["plus_state_modified"] = "+state:modified",
        ["state_1_modified_1"] = "1+state:modified+1",
        ["state_modified_body_plus"] = "state:modified.body+",
        ["state_modified_models"] = "state:modified,resource_type:model",
        ["state_modified_plus"] = "state:modified+",
        ["state_modified_plus_exposures"] = "state:modified+,resource_type:exposure",
        ["state_modified_plus_models"] = "state:modified+,resource_type:model",
    };

    public static TheoryData<string, string, string> Pairs() => new()
    {
        { "pr_against_main", Main, Pr },
        { "pr_against_main", Main, PrParsed },
        { "pr_against_main_with_flag", "storefront/state_flag/main/manifest.json", "storefront/state_flag/pr/manifest.json" },
        { "v1.12.3_main_against_v1.11.14_main", Main, "storefront/v1.12.3/main/manifest.json" },
        { "v1.12.3_pr_against_v1.11.14_main", Main, "storefront/v1.12.3/pr/manifest.json" },
        { "v1.12.3_pr_against_v1.12.3_main", "storefront/v1.12.3/main/manifest.json", "storefront/v1.12.3/pr/manifest.json" },
    };

    public static TheoryData<string> Adapters() => ["bigquery", "databricks", "duckdb", "redshift", "snowflake", "spark"];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_selector_lists_what_dbt_lists(string answers, string @base, string head) =>
        AssertAnswers(answers, Fixture.Pair(@base, head));

    [Fact]
    public void Another_target_lists_what_dbt_lists()
    {
        var main = Fixture.Manifest(Main);
        var elsewhere = Fixture.Manifest(Pr).Nodes[new UniqueId("model.storefront.target_switch")];
        var ci = main with
        {
            Nodes = main.Nodes.Values.Select(node => node.Id == elsewhere.Id ? elsewhere : node).ToDictionary(node => node.Id),
        };

        AssertAnswers("main_ci_against_main_prod", new Sides<Manifest>(main, ci));
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Every_adapter_lists_what_dbt_lists(string adapter)
    {
        var folder = $"storefront_adapters/{adapter}";
        var pair = Fixture.Pair($"{folder}/main/manifest.json", $"{folder}/pr/manifest.json");

        foreach (var selector in new[] { "modified", "modified+" })
        {
            Assert.Equal(
                Fixture.Lines($"{folder}/state_{selector}.ids"),
                List(pair, $"state:{selector}", IndirectSelection.Empty));
        }
    }

    [Theory]
    [InlineData("pr_against_main/exact/state_old", "state:old", Main, PrParsed)]
    [InlineData("pr_against_main/exact/state_new", "state:new", Main, PrParsed)]
    [InlineData(
        "v1.12.3_pr_against_v1.12.3_main/exact/state_old", "state:old",
        "storefront/v1.12.3/main/manifest.json", "storefront/v1.12.3/pr/manifest.json")]
    public void The_json_is_what_dbt_writes(string answers, string selector, string @base, string head)
    {
        var pair = Fixture.Pair(@base, head);
        var selected = new NodeSelector(pair.Head, StateComparison.Compare(pair))
            .Select(new NodeSelectionRequest { Select = selector, IndirectSelection = IndirectSelection.Empty });

        var written = new StringWriter();
        NodeList.Write(selected.Nodes, LsFormat.Json, written);

        var actual = written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Parsed(line));
        var expected = Fixture.Lines($"storefront/ls/{answers}.jsonl").Select(line => Parsed(line));
        Assert.Equal(expected.OrderBy(Id), actual.OrderBy(Id), JsonNode.DeepEquals);

        static string Id(JsonObject node) => node["unique_id"]!.GetValue<string>();
    }

    private static JsonObject Parsed(string line)
    {
        var node = JsonNode.Parse(line)!.AsObject();

        // The answers were written with --output-keys, and source_name, which is one of dbt's default keys, was left out.
        node.Remove("source_name");
        return node;
    }

    private static void AssertAnswers(string folder, Sides<Manifest> manifests)
    {
        var directory = $"storefront/ls/{folder}";
        foreach (var (subfolder, mode) in new[] { ("/exact", IndirectSelection.Empty), ("", IndirectSelection.Eager) })
        {
            var files = Directory.GetFiles(Fixture.PathTo(directory + subfolder), "*.ids");
            Assert.NotEmpty(files);
            foreach (var name in files.Select(file => Path.GetFileNameWithoutExtension(file)))
            {
                var selector = Selectors.GetValueOrDefault(name) ?? name.Replace("state_", "state:", StringComparison.Ordinal);
                var expected = Fixture.Lines($"{directory}{subfolder}/{name}.ids");
                Assert.Equal(
                    (selector, mode, string.Join('\n', expected)),
                    (selector, mode, string.Join('\n', List(manifests, selector, mode))));
            }
        }
    }

    private static IEnumerable<string> List(Sides<Manifest> manifests, string selector, IndirectSelection mode)
    {
        var request = new NodeSelectionRequest { Select = selector, IndirectSelection = mode };
        var selection = new NodeSelector(manifests.Head, StateComparison.Compare(manifests)).Select(request);
        return selection.Nodes.Select(node => node.Id.Value);
    }
}
