using CiDiff.Configuration;
using CiDiff.Selection;
using CiDiff.State;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Selection;

public sealed class PrivateColumnsTests
{
    [Theory]
    [InlineData("""{"name": "email", "tags": ["pii"]}""", true)]
    [InlineData("""{"name": "email", "tags": ["PII", "crm"]}""", true)]
    [InlineData("""{"name": "email", "meta": {"pii": true}}""", true)]
    [InlineData("""{"name": "email", "config": {"meta": {"pii": true}, "tags": []}, "meta": {"pii": true}}""", true)]
    [InlineData("""{"name": "email", "meta": {"pii": false}}""", false)]
    [InlineData("""{"name": "email", "meta": {"owner": "crm"}}""", false)]
    [InlineData("""{"name": "email"}""", false)]
    public void A_column_is_private_when_its_tags_or_meta_say_pii(string column, bool isPrivate) =>
        Assert.Equal(isPrivate ? ["email"] : Array.Empty<string>(), PrivateColumns(inBase: column, inHead: column));

    [Fact]
    public void What_production_calls_private_stays_so_when_a_pull_request_does_not() =>
        Assert.Equal(["email"], PrivateColumns("""{"name": "email", "tags": ["pii"]}""", """{"name": "EMAIL"}"""));

    [Fact]
    public void What_a_pull_request_calls_private_is_so_at_once() =>
        Assert.Equal(["email"], PrivateColumns("""{"name": "email"}""", """{"name": "email", "tags": ["pii"]}"""));

    private static IReadOnlyList<string> PrivateColumns(string inBase, string inHead)
    {
        var state = StateComparison.Compare(new(Shop("select 1", inBase).Build(), Shop("select 2", inHead).Build()));

        var selection = ModelSelector.Select(state, new SelectionOptions { Rules = _ => new ModelRules() });

        return Assert.Single(selection.Selected).PrivateColumns;
    }

    private static ManifestBuilder Shop(string code, string column) => new ManifestBuilder().Model(
        "customers",
        keys: $$"""
            {
                "relation_name": "\"warehouse\".\"analytics\".\"customers\"",
                "raw_code": "{{code}}", "checksum": { "name": "sha256", "checksum": "{{code}}" },
                "columns": { "email": {{column}} }
            }
            """);
}
