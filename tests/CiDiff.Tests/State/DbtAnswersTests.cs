using CiDiff.Artifacts;
using CiDiff.State;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.State;

/// <summary>What real dbt answered, against what CiDiff answers on the same manifests.</summary>
public sealed class DbtAnswersTests
{
    private const string Main = "storefront/main/target/manifest.json";
    private const string Pr = "storefront/pr/target/manifest.json";

    public static TheoryData<string, string, string> Pairs() => new()
    {
        // dbt parses anew, so its answers are about manifest.parse.json; those that other commands leave must give the same.
        { "pr_against_main", Main, Pr },
        { "pr_against_main", Main, "storefront/pr/target/manifest.parse.json" },
        { "pr_against_main", Main, "storefront/pr/target/manifest.docs.json" },
        { "pr_against_main", Main, "storefront/pr_slim/target/manifest.json" },
        { "pr_against_main", "storefront/main/target/manifest.parse.json", Pr },
        { "pr_against_main", "storefront/main/target/manifest.docs.json", "storefront/pr/target/manifest.parse.json" },
        { "pr_against_main_with_flag", "storefront/state_flag/main/manifest.json", "storefront/state_flag/pr/manifest.json" },
        { "v1.12.3_pr_against_v1.12.3_main", "storefront/v1.12.3/main/manifest.json", "storefront/v1.12.3/pr/manifest.json" },
        { "v1.12.3_pr_against_v1.11.14_main", Main, "storefront/v1.12.3/pr/manifest.json" },
        { "v1.12.3_main_against_v1.11.14_main", Main, "storefront/v1.12.3/main/manifest.json" },
    };

    public static TheoryData<string> Adapters() => ["bigquery", "databricks", "duckdb", "redshift", "snowflake", "spark"];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_selector_lists_what_dbt_lists(string answers, string @base, string head)
    {
        var comparison = StateComparison.Compare(Fixture.Pair(@base, head));

        AssertAnswers(answers, comparison);
    }

    [Fact]
    public void Another_target_changes_what_dbt_changes()
    {
        var main = Fixture.Manifest(Main);
        var elsewhere = Fixture.Manifest(Pr).Nodes[new UniqueId("model.storefront.target_switch")];
        var ci = main with
        {
            Nodes = main.Nodes.Values.Select(node => node.Id == elsewhere.Id ? elsewhere : node).ToDictionary(node => node.Id),
        };

        var comparison = StateComparison.Compare(new Sides<Manifest>(main, ci));

        AssertAnswers("main_ci_against_main_prod", comparison);
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Every_adapter_gives_what_dbt_gives(string adapter)
    {
        var folder = $"storefront_adapters/{adapter}";

        var comparison = StateComparison.Compare(Fixture.Pair($"{folder}/main/manifest.json", $"{folder}/pr/manifest.json"));

        Assert.Equal(Fixture.Lines($"{folder}/state_modified.ids"), comparison.Select("modified").Select(id => id.Value));
    }

    private static void AssertAnswers(string folder, StateComparison comparison)
    {
        foreach (var selector in StateSelectors.All)
        {
            var expected = Fixture.Lines($"storefront/ls/{folder}/exact/state_{selector}.ids");
            var listed = comparison.Select(selector).Select(id => id.Value)
                .Where(id => !id.StartsWith("analysis.", StringComparison.Ordinal)); // `dbt ls` does not list these by default
            Assert.Equal((selector, string.Join('\n', expected)), (selector, string.Join('\n', listed)));
        }
    }
}
