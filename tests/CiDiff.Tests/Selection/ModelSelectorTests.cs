using CiDiff.Artifacts;
using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Selection;
using CiDiff.State;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Selection;

public sealed class ModelSelectorTests
{
    private const string Edited = """{"raw_code": "select 2"}""";
    private const string Ephemeral = """{"config": {"materialized": "ephemeral"}, "relation_name": null}""";
    private const string EditedEphemeral = """{"raw_code": "select 2", "config": {"materialized": "ephemeral"}, "relation_name": null}""";

    [Fact]
    public void New_and_modified_models_are_selected_and_the_rest_of_the_reach_is_told()
    {
        var state = Compare(
            shop => shop.Model("a").Model("b", ["a"]).Model("c", ["b"]).Model("other"),
            shop => shop.Model("a", [], Edited).Model("b", ["a"]).Model("c", ["b", "fresh"]).Model("fresh").Model("other"));

        AssertSelection(state, Options(), """
            + a: modified: body
            - b: downstream of a (slim)
            - c: downstream of a, fresh (slim)
            + fresh: new
            """);
    }

    [Fact]
    public void Without_slim_everything_downstream_is_selected()
    {
        var state = Compare(
            shop => shop.Model("a").Model("b", ["a"]).Model("c", ["b"]).Model("other"),
            shop => shop.Model("a", [], Edited).Model("b", ["a"]).Model("c", ["b"], Edited).Model("other"));

        AssertSelection(state, Options() with { Slim = false }, """
            + a: modified: body
            + b: downstream of a
            + c: modified: body
            """);
    }

    [Fact]
    public void A_model_below_many_changes_names_the_first_few()
    {
        var state = Compare(
            shop => shop.Model("a").Model("b").Model("c").Model("d").Model("z", ["a", "b", "c", "d"]),
            shop => shop.Model("a", [], Edited).Model("b", [], Edited).Model("c", [], Edited).Model("d", [], Edited).Model("z", ["a", "b", "c", "d"]));

        Assert.Equal("downstream of a, b, c and 1 more (slim)", ModelSelector.Select(state, Options()).Skipped[0].Reason);
    }

    [Fact]
    public void The_nearest_change_is_the_reason()
    {
        var state = Compare(
            shop => shop.Model("a").Model("b", ["a"]).Model("c", ["b"]),
            shop => shop.Model("a", [], Edited).Model("b", ["a"], Edited).Model("c", ["b"]));

        Assert.Equal("downstream of b (slim)", ModelSelector.Select(state, Options()).Skipped[0].Reason);
    }

    [Fact]
    public void The_children_of_a_changed_ephemeral_model_are_selected_in_its_place()
    {
        var state = Compare(
            shop => shop.Model("e", [], Ephemeral).Model("f", ["e"], Ephemeral).Model("g", ["f"]).Model("h", ["g"]),
            shop => shop.Model("e", [], EditedEphemeral).Model("f", ["e"], Ephemeral).Model("g", ["f"]).Model("h", ["g"]));

        AssertSelection(state, Options(), """
            - e: ephemeral: what it feeds is compared in its place
            - f: ephemeral: it has no table
            + g: contains the changed ephemeral model e
            - h: downstream of e (slim)
            """);
    }

    [Fact]
    public void An_ephemeral_model_below_a_table_passes_only_the_way_on()
    {
        var state = Compare(
            shop => shop.Model("a").Model("e", ["a"], Ephemeral).Model("f", ["e"]),
            shop => shop.Model("a", [], Edited).Model("e", ["a"], Ephemeral).Model("f", ["e"]));

        AssertSelection(state, Options(), """
            + a: modified: body
            - e: ephemeral: it has no table
            - f: downstream of a (slim)
            """);
    }

    [Fact]
    public void Sources_functions_and_seeds_reach_their_children()
    {
        const string Source = """{"source_name": "landing", "identifier": "raw", "fqn": ["shop", "landing", "raw"], "config": {"enabled": true}, "database": "x"}""";
        const string Function = """{"fqn": ["shop", "band"], "raw_code": "1", "config": {"enabled": true}}""";
        const string Seed = """{"fqn": ["shop", "codes"], "alias": "codes", "checksum": {"name": "sha256", "checksum": "1"}, "relation_name": "codes", "config": {"enabled": true, "materialized": "seed"}}""";
        ManifestBuilder Children(ManifestBuilder shop) => shop
            .Model("of_source", ["source.shop.landing.raw"]).Model("of_function", ["function.shop.band"]).Model("of_seed", ["seed.shop.codes"]);
        var state = Compare(
            shop => Children(shop).Node("sources", "source.shop.landing.raw", "raw", Source)
                .Node("functions", "function.shop.band", "band", Function).Node("nodes", "seed.shop.codes", "codes", Seed),
            shop => Children(shop).Node("sources", "source.shop.landing.raw", "raw", Source, keys: """{"database": "y"}""")
                .Node("functions", "function.shop.band", "band", Function, keys: """{"raw_code": "2"}""")
                .Node("nodes", "seed.shop.codes", "codes", Seed, keys: """{"checksum": {"name": "sha256", "checksum": "2"}}"""));

        AssertSelection(state, Options(), """
            - of_function: downstream of band (slim)
            - of_seed: downstream of codes (slim)
            - of_source: downstream of landing.raw (slim)
            + codes: modified: body
            """);
    }

    [Fact]
    public void Models_that_head_no_longer_has_are_selected_without_a_relation()
    {
        var state = Compare(
            shop => shop.Model("gone", [], """{"relation_name": "\"warehouse\".\"analytics\".\"gone\""}""").Model("off").Model("pasted", [], Ephemeral),
            shop => shop.Model("off", [], """{"config": {"enabled": false}}"""));

        AssertSelection(state, Options(), """
            + gone: deleted
            + off: disabled
            - pasted: deleted; it had no table or view
            """);
        var gone = ModelSelector.Select(state, Options()).Selected[0];
        Assert.Equal(("\"warehouse\".\"analytics\".\"gone\"", null), (gone.Relations.Base?.ToString(), gone.Relations.Head));
    }

    [Fact]
    public void A_new_model_has_a_relation_in_head_only()
    {
        var state = Compare(shop => shop, shop => shop.Model("fresh"));

        var fresh = ModelSelector.Select(state, Options()).Selected[0];

        Assert.Equal((null, "\"warehouse\".\"analytics\".\"fresh\""), (fresh.Relations.Base, fresh.Relations.Head?.ToString()));
    }

    [Fact]
    public void Rules_of_a_model_win_over_what_changed_and_over_slim()
    {
        var state = Compare(
            shop => shop.Model("a").Model("b", ["a"]).Model("c", ["a"]),
            shop => shop.Model("a", [], Edited).Model("b", ["a"]).Model("c", ["a"], Edited));
        var options = Options() with
        {
            Rules = node => new ModelRules { DiffWhenDownstream = node.Name == "b", NeverDiff = node.Name == "c" },
        };

        AssertSelection(state, options, """
            + a: modified: body
            + b: downstream of a, diff_when_downstream
            - c: never_diff
            """);
    }

    [Fact]
    public void Names_restrict_what_is_compared()
    {
        var state = Compare(
            shop => shop.Model("a").Model("b").Model("c").Model("gone"),
            shop => shop.Model("a", [], Edited).Model("b", [], Edited).Model("c", [], Edited));
        var options = Options() with
        {
            Only = new HashSet<string> { "model.shop.a", "model.shop.b" },
            Excluded = new HashSet<string> { "model.shop.b" },
        };

        AssertSelection(state, options, """
            + a: modified: body
            - b: excluded
            - c: not named by select
            - gone: deleted; not named by select
            """);
    }

    [Theory]
    [InlineData("a", "model.shop.a")]
    [InlineData("gone", "model.shop.gone")]
    [InlineData("a gone off", "model.shop.a model.shop.gone model.shop.off")]
    [InlineData("parent+", "model.shop.gone model.shop.parent")]
    [InlineData("state:modified", "model.shop.a")]
    [InlineData("nothing a", "model.shop.a", "The selector 'nothing' does not match any enabled resource.")]
    public void A_name_can_be_that_of_a_removed_model(string selector, string expected, params string[] warnings)
    {
        var state = Compare(
            shop => shop.Model("a").Model("parent").Model("gone", ["parent"]).Model("off"),
            shop => shop.Model("a", [], Edited).Model("parent").Model("off", [], """{"config": {"enabled": false}}"""));
        var told = new List<string>();

        var found = new NamedModels(state).Find(selector, told.Add);

        Assert.Equal(expected, string.Join(' ', found.Order(StringComparer.Ordinal)));
        Assert.Equal(warnings, told);
    }

    [Fact]
    public void A_change_that_only_dbt_sees_is_selected_and_says_so()
    {
        var state = Compare(shop => shop.Model("a"), shop => shop.Model("a"));
        var change = state.Changes[new UniqueId("model.shop.a")];
        state = state with
        {
            Changes = new Dictionary<UniqueId, NodeChange>
            {
                [change.Id] = change with { Kind = ChangeKind.Modified, Changes = [ChangeReason.Configs], FalsePositive = "Made up." },
            },
        };

        AssertSelection(state, Options(), "+ a: modified: configs, to dbt only");
    }

    [Fact]
    public void An_empty_file_is_not_built()
    {
        var state = Compare(shop => shop.Model("a"), shop => shop.Model("a", [], """{"raw_code": " \n"}"""));

        AssertSelection(state, Options(), "- a: its file is empty, so that dbt does not build it");
    }

    [Fact]
    public void Each_version_of_a_model_is_a_model_of_its_own()
    {
        var state = Compare(
            shop => shop.Model("a", [], """{"version": 1}""").Model("a", [], """{"version": 2}"""),
            shop => shop.Model("a", [], """{"version": 1}""").Model("a", [], """{"version": 2, "raw_code": "select 2"}"""));

        AssertSelection(state, Options(), "+ a.v2: modified: body");
    }

    [Fact]
    public void Tests_are_no_models()
    {
        var state = Compare(
            shop => shop.Model("a"),
            shop => shop.Model("a").Test("unique", "a", """{"column_name": "id"}"""));

        AssertSelection(state, Options(), "");
    }

    [Fact]
    public void What_one_side_calls_private_is_private()
    {
        var state = Compare(
            shop => shop.Model("a", [], """{"columns": {"email": {"name": "email", "meta": {"pii": true}}, "phone": {"name": "phone", "tags": ["PII"]}}}"""),
            shop => shop.Model("a", [], """
                {"raw_code": "select 2", "columns": {"Email": {"name": "Email", "meta": {"pii": false}}, "name": {"name": "name", "config": {"meta": {"pii": "yes"}}}}}
                """));

        Assert.Equal(["email", "name", "phone"], ModelSelector.Select(state, Options()).Selected[0].PrivateColumns.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_models_rules_come_with_it()
    {
        var state = Compare(shop => shop.Model("a"), shop => shop.Model("a", [], Edited));
        var problem = new UserErrorException(ErrorCodes.InvalidSelector, "Made up.");
        var rules = new ModelRules { Key = ["x"], Compare = new CompareRules { Samples = 3 }, Problem = problem };

        var selected = ModelSelector.Select(state, Options() with { Rules = _ => rules }).Selected[0];

        Assert.Equal((KeySource.Explicit, 3, problem), (selected.KeyCandidates[0].Source, selected.Rules.Samples, selected.Problem));
    }

    [Fact]
    public void A_circle_in_a_broken_manifest_does_not_hang()
    {
        var state = Compare(
            shop => shop.Model("a", ["c"]).Model("b", ["a"]).Model("c", ["b"]),
            shop => shop.Model("a", ["c"], Edited).Model("b", ["a"]).Model("c", ["b"]));

        Assert.Equal(["model.shop.a"], ModelSelector.Select(state, Options()).Selected.Select(model => model.Id.Value));
    }

    private static SelectionOptions Options() => new() { Rules = _ => new ModelRules() };

    private static StateComparison Compare(Func<ManifestBuilder, ManifestBuilder> @base, Func<ManifestBuilder, ManifestBuilder> head) =>
        StateComparison.Compare(new Sides<Manifest>(@base(new ManifestBuilder()).Build(), head(new ManifestBuilder()).Build()));

    private static void AssertSelection(StateComparison state, SelectionOptions options, string expected)
    {
        var selection = ModelSelector.Select(state, options);
        var actual =
            from model in selection.Selected.Cast<ModelInReach>().Concat(selection.Skipped)
            orderby model.Id
            select $"{(model is SelectedModel ? '+' : '-')} {model.Name}: {model.Reason}";
        Assert.Equal(expected.Trim().ReplaceLineEndings("\n"), string.Join('\n', actual));
    }
}
