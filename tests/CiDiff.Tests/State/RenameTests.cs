using CiDiff.Artifacts;
using CiDiff.State;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.State;

public sealed class RenameTests
{
    private const string Code = "select order_id, amount from orders";

    // base's nodes and head's nodes, each "id=code", and what became of the one of base
    public static TheoryData<string, string, string?> Renames() => new()
    {
        { $"model.shop.a={Code}", $"model.shop.b={Code}", "model.shop.b" },
        { $"model.shop.a={Code}", $"model.shop.a.v1={Code}", "model.shop.a.v1" },
        { $"model.shop.a={Code}", $"model.finance.a={Code}", "model.finance.a" },
        { $"model.shop.a={Code}", $"model.shop.b=-- moved\nSELECT order_id, amount\nfrom orders", "model.shop.b" },
        { $"model.shop.a={Code}", $"model.shop.b={{{{ config(alias=\"a\") }}}} {Code}", "model.shop.b" },
        { $"model.shop.a={Code}", $"model.shop.b={Code} where true", null },
        { $"model.shop.a={Code}", $"snapshot.shop.a={Code}", null },
        { "model.shop.a=select 1", "model.shop.b=select 1", null }, // says nothing
        { $"model.shop.a={Code}", $"model.shop.b={Code}|model.shop.c={Code}", null }, // which one?
    };

    [Theory]
    [MemberData(nameof(Renames))]
    public void A_model_with_the_same_code_is_the_same_model(string before, string after, string? expected)
    {
        var comparison = StateComparison.Compare(new Sides<Manifest>(Read(before), Read(after)));

        var old = comparison.Changes[new UniqueId(before.Split('=')[0])];
        Assert.Equal((ChangeKind.Deleted, expected), (old.Kind, old.MovedFromOrTo?.Value));
        if (expected is not null)
        {
            Assert.Equal((ChangeKind.New, old.Id), (comparison.Changes[new UniqueId(expected)].Kind, comparison.Changes[new UniqueId(expected)].MovedFromOrTo));
        }
    }

    [Fact]
    public void A_seed_is_known_by_its_content()
    {
        var comparison = StateComparison.Compare(new Sides<Manifest>(
            ManifestText.Read("'nodes': {'seed.shop.a': {'checksum': {'name': 'sha256', 'checksum': 'x'}}}"),
            ManifestText.Read("'nodes': {'seed.shop.b': {'checksum': {'name': 'sha256', 'checksum': 'x'}}}")));

        Assert.Equal("seed.shop.b", comparison.Changes[new UniqueId("seed.shop.a")].MovedFromOrTo?.Value);
    }

    [Theory]
    [InlineData("'nodes': {}, 'disabled': {'model.shop.m': [{}]}", ChangeKind.Disabled)]
    [InlineData("'nodes': {'model.shop.m': {'config': {'enabled': false}}}", ChangeKind.Disabled)]
    [InlineData("'nodes': {}", ChangeKind.Deleted)]
    public void A_disabled_resource_is_told_from_a_deleted_one(string head, ChangeKind expected)
    {
        var comparison = StateComparison.Compare(new Sides<Manifest>(
            ManifestText.Read("'nodes': {'model.shop.m': {}, 'model.shop.off': {'config': {'enabled': false}}}"), ManifestText.Read(head)));

        var change = Assert.Single(comparison.Changes.Values);
        Assert.Equal(("model.shop.m", expected), (change.Id.Value, change.Kind));
        Assert.All(StateSelectors.All, selector => Assert.Empty(comparison.Select(selector)));
    }

    [Fact]
    public void What_was_disabled_and_is_enabled_now_is_new()
    {
        var comparison = StateComparison.Compare(new Sides<Manifest>(
            ManifestText.Read("'nodes': {}, 'disabled': {'model.shop.m': [{}]}"), ManifestText.Read("'nodes': {'model.shop.m': {}}")));

        Assert.Equal(ChangeKind.New, comparison.Changes.Values.Single().Kind);
    }

    private static Manifest Read(string nodes)
    {
        var entries = nodes.Split('|').Select(node => node.Split('=', 2))
            .Select(node => $"\"{node[0]}\": {{\"raw_code\": {System.Text.Json.JsonSerializer.Serialize(node[1])}}}");
        return ManifestText.ReadText(
            $$$"""{"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json"}, "nodes": {{{{string.Join(", ", entries)}}}}}""");
    }
}
