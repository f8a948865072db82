using CiDiff.Artifacts;
using CiDiff.State;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.State;

/// <summary>What dbt takes for a change and is none: kept as dbt has it, and marked.</summary>
public sealed class FalsePositiveTests
{
    private const string Main = "storefront/main/target/manifest.json";

    public static TheoryData<string, string, string> Pairs() => new()
    {
        { Main, "storefront/pr/target/manifest.json", "model.storefront.target_switch" },
        { "storefront/state_flag/main/manifest.json", "storefront/state_flag/pr/manifest.json", "" },
        { "storefront/v1.12.3/main/manifest.json", "storefront/v1.12.3/pr/manifest.json", "" },
        { Main, "storefront/v1.12.3/main/manifest.json", "snapshot.storefront.customers_history" },
        {
            "storefront/v1.12.3/main/manifest.json",
            Main,
            "model.storefront.fct_order_items model.storefront.target_switch snapshot.storefront.customers_history"
        },
        {
            Main,
            "storefront/state_flag/main/manifest.json",
            "model.storefront.best_sellers model.storefront.channel_sessions model.storefront.dim_countries model.storefront.fct_order_items "
                + "model.storefront.int_order_totals model.storefront.order_bands model.storefront.target_switch model.storefront.weekly_orders "
                + "snapshot.storefront.customers_history"
        },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Differences_that_nobody_made_are_marked_and_no_others(string @base, string head, string expected)
    {
        var comparison = StateComparison.Compare(Fixture.Pair(@base, head));

        var marked = comparison.Changes.Values.Where(change => change.FalsePositive is not null).ToList();
        Assert.Equal(expected, string.Join(' ', marked.Select(change => change.Id.Value).Order(StringComparer.Ordinal)));
        Assert.All(marked, change => Assert.True(change.IsStateModified));
        Assert.All(marked, change => Assert.EndsWith(".", change.FalsePositive, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{{ config(a=var('x')) }} select 1", "{{ config(a=var('x')) }} select 1", true)]
    [InlineData("{{ config(a = var( \"x\" )) }} select 1", "{{ config(a=var('x')) }} select 1", false)] // the code differs too, if cosmetically
    [InlineData("{{ config(a=var('x')) }} select 1", "{{ config(a=var('y')) }} select 1", false)]
    [InlineData("select 1", "select 1", false)] // the YAML file may have changed
    [InlineData("{# config(a=1) #} select 1", "{# config(a=1) #} select 1", false)]
    public void A_rendered_config_is_excused_by_the_same_source_only(string head, string old, bool isExcused)
    {
        var change = Compare(Model(head, "'unrendered_config': {'a': 1}"), Model(old, "'unrendered_config': {'a': 2}"));

        Assert.True(change.IsStateModified);
        Assert.Equal(isExcused, change.FalsePositive is not null);
    }

    [Fact]
    public void A_cosmetic_change_beside_a_false_positive_is_cosmetic()
    {
        var change = Compare(
            Model("{{ config(a=var('x')) }} select 1 -- now", "'unrendered_config': {'a': 1}"),
            Model("{{ config(a=var('x')) }} select 1", "'unrendered_config': {'a': 2}"));

        Assert.Equal((true, null), (change.IsCosmetic, change.FalsePositive));
    }

    [Fact]
    public void A_real_change_beside_a_false_positive_is_neither()
    {
        var change = Compare(
            Model("{{ config(a=var('x')) }} select 2", "'unrendered_config': {'a': 1}"),
            Model("{{ config(a=var('x')) }} select 1", "'unrendered_config': {'a': 2}"));

        Assert.Equal((false, null), (change.IsCosmetic, change.FalsePositive));
    }

    [Fact]
    public void A_schema_that_depends_on_the_target_is_excused()
    {
        var change = Compare(
            Model("{{ config(schema=target.name) }} select 1", "'unrendered_config': {'schema': 'ci'}"),
            Model("{{ config(schema=target.name) }} select 1", "'unrendered_config': {'schema': 'prod'}"));

        Assert.Equal([ChangeReason.Relation], change.Changes);
        Assert.NotNull(change.FalsePositive);
    }

    [Fact]
    public void Sources_that_dbt_1_10_notes_more_of_are_excused()
    {
        const string Before = "'sources': {'source.shop.a.b': {'loaded_at_field': 'at', 'meta': {'x': 1}, 'tags': ['t'], 'unrendered_config': {}}}";
        const string After = "'sources': {'source.shop.a.b': {'loaded_at_field': 'at', 'meta': {'x': 1}, 'tags': ['t'], 'unrendered_config': "
            + "{'loaded_at_field': 'at', 'loaded_at_query': null, 'meta': {'x': 1}, 'tags': ['t']}}}";
        var old = ManifestText.Read(Before, dbt: "1.9.4");

        var same = StateComparison.Compare(new Sides<Manifest>(old, ManifestText.Read(After, dbt: "1.11.0")));
        var changed = StateComparison.Compare(new Sides<Manifest>(
            old, ManifestText.Read(After.Replace("'x': 1", "'x': 2", StringComparison.Ordinal), dbt: "1.11.0")));

        Assert.NotNull(same.Changes.Values.Single().FalsePositive);
        Assert.True(changed.Changes.Values.Single() is { IsStateModified: true, FalsePositive: null });
    }

    [Fact]
    public void Macros_that_only_running_a_test_called_are_no_reason()
    {
        const string Code = "'raw_code': 'select 1'";
        const string Tests = "'nodes': {'test.shop.t': {" + Code + ", 'depends_on': {'macros': [MACROS]}}}, "
            + "'macros': {'macro.dbt.statement': {'macro_sql': 'SQL'}, 'macro.shop.mine': {'macro_sql': 'SQL'}}";
        var parsed = Read("'macro.shop.mine'", "old");
        var built = Read("'macro.shop.mine', 'macro.dbt.statement'", "old");
        var changed = Read("'macro.shop.mine', 'macro.dbt.statement'", "new");

        // With both sides built, dbt's own code says so; with base parsed, what building added is left out.
        Assert.Equal(["macro.dbt.statement", "macro.shop.mine"], Macros(built, changed));
        Assert.Equal(["macro.shop.mine"], Macros(parsed, changed));

        Manifest Read(string macros, string sql) => ManifestText.Read(
            Tests.Replace("MACROS", macros, StringComparison.Ordinal).Replace("SQL", sql, StringComparison.Ordinal));

        static IEnumerable<string> Macros(Manifest @base, Manifest head) => StateComparison.Compare(new Sides<Manifest>(@base, head))
            .Changes.Values.Single().Macros.Select(macro => macro.Value);
    }

    [Fact]
    public void A_test_that_only_reaches_such_macros_is_marked()
    {
        var old = Fixture.Manifest(Main);
        var macro = new UniqueId("macro.dbt.should_store_failures");
        var head = old with
        {
            Macros = old.Macros.Values.ToDictionary(other => other.Id, other => other.Id == macro ? other with { Sql = "changed" } : other),
        };

        var comparison = StateComparison.Compare(new Sides<Manifest>(old, head));

        // What not_null itself does depends on it.
        var modified = comparison.Changes.Values.Where(change => change.IsStateModified).ToLookup(
            change => change.Id.Value.Contains("not_null", StringComparison.Ordinal));
        Assert.Equal((11, 23), (modified[true].Count(), modified[false].Count()));
        Assert.All(modified[true], change => Assert.Null(change.FalsePositive));
        Assert.All(modified[false], change => Assert.Contains("dbt parse", change.FalsePositive, StringComparison.Ordinal));
    }

    private static string Model(string code, string rest) => $"'nodes': {{'model.shop.m': {{'raw_code': \"{code.Replace("\"", "\\\"", StringComparison.Ordinal)}\", {rest}}}}}";

    private static NodeChange Compare(string head, string @base) =>
        StateComparison.Compare(new Sides<Manifest>(Read(@base), Read(head))).Changes.Values.Single();

    // Code has quotes of its own.
    private static Manifest Read(string sections)
    {
        var start = sections.IndexOf('"', StringComparison.Ordinal);
        var end = sections.LastIndexOf('"');
        return ManifestText.ReadText(
            $$$"""{"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json", "dbt_version": "1.11.0"}, {{{Quote(sections[..start])}}}{{{sections[start..end]}}}{{{Quote(sections[end..])}}}}""");

        static string Quote(string text) => text.Replace('\'', '"');
    }
}
