using System.Text.Json;
using CiDiff.Configuration;
using CiDiff.Selection;
using CiDiff.State;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Selection;

/// <summary>The selection of a pull request that real dbt compared: see <c>Fixtures/README.md</c>.</summary>
public sealed class StorefrontSelectionTests
{
    private static readonly StateComparison State = StateComparison.Compare(
        Fixture.Pair("storefront/main/target/manifest.json", "storefront/pr/target/manifest.json"));

    [Fact]
    public void Slim_selects_new_modified_and_removed_models_and_no_others()
    {
        var selection = ModelSelector.Select(State, Options());

        Assert.Equal(
            [
                "channel_sessions: modified: body, configs",
                "customer_contacts: modified: body",
                "customer_scores.v1: modified: latest version, access or deprecation",
                "customer_scores.v2: modified: latest version, access or deprecation",
                "dim_customers: modified: body, contract",
                "dim_products: modified: body",
                "fct_order_items: modified: body",
                "fct_orders: modified: body",
                "fct_refunds: new",
                "legacy_discounts: deleted",
                "stg_legacy_carts: disabled",
                "stg_order_items: modified: macro cents_to_amount",
                "stg_payments: modified: macro cents_to_amount",
                "stg_web_sessions: modified: persisted descriptions",
                "weekly_orders: modified: body, relation",
                "country_names: modified: body",
                "customers_history: modified: configs",
            ],
            selection.Selected.Where(model => model.Name != "target_switch").Select(model => $"{model.Name}: {model.Reason}"));
    }

    [Fact]
    public void Every_other_model_in_reach_is_skipped_with_a_reason()
    {
        var selection = ModelSelector.Select(State, Options());

        var reasons = selection.Skipped.ToDictionary(model => model.Name, model => model.Reason, StringComparer.Ordinal);
        Assert.Equal("cosmetic: only comments, whitespace or keyword case changed", reasons["stg_orders"]);
        Assert.Equal("downstream of country_names (slim)", reasons["dim_countries"]);
        Assert.Contains("downstream of ", reasons["fct_daily_revenue"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_that_a_project_declares_is_the_first_candidate()
    {
        var selection = ModelSelector.Select(State, Options() with { Slim = false, SkipCosmetic = false });
        using var expected = JsonDocument.Parse(Fixture.Text("storefront/expected.json"));

        var declared = selection.Selected.Where(model => model.KeyCandidates[0].Source != KeySource.NameGuess).ToList();
        Assert.Equal(18, declared.Count);
        foreach (var model in declared)
        {
            var relation = model.Id.Value.Contains("customer_scores", StringComparison.Ordinal) ? model.Name.Replace(".v", "_v", StringComparison.Ordinal) : model.Name;
            var key = expected.RootElement.GetProperty("models").GetProperty(relation).GetProperty("key");

            Assert.Equal(
                key.EnumerateArray().Select(column => column.GetString()!).Prepend(model.Name),
                model.KeyCandidates[0].Columns.Prepend(model.Name));
        }
    }

    private static SelectionOptions Options() => new() { Rules = _ => new ModelRules() };
}
