using CiDiff.Artifacts;
using CiDiff.State;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.State;

/// <summary>dbt's rules for what the storefront project does not have: metrics, semantic models, saved queries, contracts elsewhere.</summary>
public sealed class NodeRuleTests
{
    // section and id, head's entry, base's entry, the reasons
    public static TheoryData<string, string, string, string> Rules() => new()
    {
        { "metrics metric.shop.m", "'type': 'simple', 'label': 'a', 'type_params': {'a': 1}", "'type': 'simple', 'label': 'a', 'type_params': {'a': 2}", "" },
        { "metrics metric.shop.m", "'label': 'a'", "'label': 'b'", "Definition label" },
        { "metrics metric.shop.m", "'description': ''", "'description': null", "Definition description" },
        { "metrics metric.shop.m", "'description': null", "'x': 1", "" },
        { "metrics metric.shop.m", "'unrendered_config': {'group': 'a', 'tags': ['a']}", "'unrendered_config': {'tags': ['b']}", "Configs" },
        { "metrics metric.shop.m", "'unrendered_config': {'group': 'a'}", "'unrendered_config': {'group': 'b'}", "" },
        { "semantic_models semantic_model.shop.s", "'entities': [], 'model': 'a'", "'model': 'a'", "" },
        { "semantic_models semantic_model.shop.s", "'entities': [{'name': 'a'}], 'group': 'g'", "'group': null", "Definition entities group" },
        { "semantic_models semantic_model.shop.s", "'config': {'enabled': true, 'meta': {}}", "'config': {'group': null}", "" },
        { "semantic_models semantic_model.shop.s", "'config': {'meta': {'a': 1}}", "'config': {}", "Configs" },
        { "semantic_models semantic_model.shop.s", "'unrendered_config': {'a': 1}", "'unrendered_config': {}", "" },
        { "saved_queries saved_query.shop.q", "'query_params': {'metrics': ['a'], 'order_by': ['a']}", "'query_params': {'metrics': ['a']}", "" },
        { "saved_queries saved_query.shop.q", "'query_params': {'metrics': ['a', 'b']}", "'query_params': {'metrics': ['b', 'a']}", "Definition query_params" },
        { "saved_queries saved_query.shop.q", "'tags': ['a']", "'tags': []", "Definition tags" },
        { "saved_queries saved_query.shop.q", "'exports': [{'name': 'e', 'config': {'schema': 'a'}, 'unrendered_config': {'schema': 's'}}]", "'exports': [{'name': 'e', 'config': {'schema': 'b'}, 'unrendered_config': {'schema': 's'}}]", "" },
        { "saved_queries saved_query.shop.q", "'exports': [{'name': 'e', 'unrendered_config': {'alias': 'a'}}]", "'exports': [{'name': 'e', 'unrendered_config': {'alias': 'b'}}]", "Definition exports" },
        { "saved_queries saved_query.shop.q", "'config': {'cache': {'enabled': false}}", "'config': {}", "" },
        { "functions function.shop.f", "'arguments': [{'name': 'a'}], 'returns': {'data_type': 'int'}", "'arguments': [{'name': 'b'}], 'returns': {'data_type': 'text'}", "Definition arguments returns" },
        { "functions function.shop.f", "'overloads': [{'name': 'a'}]", "'overloads': []", "Definition overloads" },
        { "sources source.shop.a.b", "'freshness': {'warn_after': {'count': null, 'period': null}}", "'freshness': {}", "" },
        { "sources source.shop.a.b", "'freshness': {}", "'freshness': null", "Definition freshness" },
        { "sources source.shop.a.b", "'external': {'location': 'x', 'file_format': null}", "'external': {'location': 'x'}", "" },
        { "sources source.shop.a.b", "'identifier': 'b2'", "'identifier': 'b'", "Relation" },
        { "sources source.shop.a.b", "'fqn': ['shop', 'x', 'b']", "'fqn': ['shop', 'b']", "Path" },
        { "exposures exposure.shop.e", "'owner': {'name': 'a', 'email': null}", "'owner': {'name': 'a'}", "" },
        { "exposures exposure.shop.e", "'depends_on': {'nodes': ['model.a.b', 'model.a.c']}", "'depends_on': {'nodes': ['model.a.c', 'model.a.b']}", "" },
        { "unit_tests unit_test.shop.m.u", "'checksum': 'a', 'description': 'x'", "'checksum': 'a'", "" },
        { "unit_tests unit_test.shop.m.u", "'checksum': 'a'", "'checksum': 'b'", "Definition checksum" },
        { "nodes seed.shop.s", "'checksum': {'name': 'sha256', 'checksum': 'a'}, 'raw_code': 'x'", "'checksum': {'name': 'sha256', 'checksum': 'a'}", "" },
        { "nodes seed.shop.s", "'checksum': {'name': 'path', 'checksum': 's.csv'}", "'checksum': {'name': 'sha256', 'checksum': 's.csv'}", "Body" },
        { "nodes seed.shop.s", "'checksum': {'name': 'none', 'checksum': ''}", "'checksum': {'name': 'none', 'checksum': ''}", "Body" },
        { "nodes seed.shop.s", "'checksum': 'a'", "'checksum': {'name': 'sha256', 'checksum': 'a'}", "" },
        { "nodes model.shop.m", "'latest_version': 2", "'latest_version': 2.0", "" },
        { "nodes model.shop.m", "'access': null", "'access': 'protected'", "" },
        { "nodes model.shop.m", "'deprecation_date': '2027-01-01', 'access': 'public'", "'x': 1", "Reference access deprecation_date" },
        { "nodes model.shop.m", "'unrendered_config': {'pre-hook': 'a'}", "'unrendered_config': {'pre_hook': 'a'}", "Configs" },
        { "nodes model.shop.m", "'unrendered_config': {'schema': null}", "'unrendered_config': {}", "" },
        { "nodes model.shop.m", "'unrendered_config': {'schema': 'a', 'x': true}", "'unrendered_config': {'schema': 'b', 'x': 1}", "Relation" },
        { "nodes model.shop.m", "'description': 'a', 'config': {'persist_docs': {'relation': false, 'columns': true}}", "'description': 'b'", "" },
        { "nodes model.shop.m", "'columns': {'a': {'description': 'x'}}, 'config': {'persist_docs': {'columns': true}}", "'columns': {'a': {}}", "PersistedDescriptions" },
        { "nodes model.shop.m", "'columns': {'a': {}, 'b': {}}, 'config': {'persist_docs': {'columns': true}}", "'columns': {'b': {}, 'a': {}}", "" },
        { "nodes snapshot.shop.s", "'raw_code': 'a', 'access': 'public'", "'raw_code': 'b'", "Body" },
    };

    public static TheoryData<string, string, string, string> Contracts() => new()
    {
        // adapter, head's model, base's model, what is broken
        { "postgres", "'contract': {'enforced': true, 'checksum': 'a'}", "'contract': {'enforced': false}", "" },
        { "postgres", "'contract': {'enforced': false}", "'contract': {'enforced': true, 'checksum': 'a'}", "the contract is no longer enforced" },
        { "postgres", "'contract': {'enforced': true, 'checksum': 'a'}, 'columns': {'x': {'data_type': 'numeric(12,2)'}}", "'contract': {'enforced': true, 'checksum': 'b'}, 'columns': {'x': {'data_type': 'NUMERIC (10,2)'}}", "" },
        { "postgres", "'contract': {'enforced': true, 'checksum': 'a'}, 'columns': {'x': {'data_type': 'text'}}", "'contract': {'enforced': true, 'checksum': 'b'}, 'columns': {'x': {'data_type': 'int'}, 'y': {}}", "column 'x' changed from int to text; column 'y' was removed" },
        { "postgres", "'contract': {'enforced': true, 'checksum': 'a'}, 'config': {'materialized': 'table'}, 'columns': {'x': {}}", "'contract': {'enforced': true, 'checksum': 'b'}, 'config': {'materialized': 'table'}, 'columns': {'x': {'constraints': [{'type': 'unique'}]}}", "column 'x' lost its unique constraint" },
        { "snowflake", "'contract': {'enforced': true, 'checksum': 'a'}, 'config': {'materialized': 'table'}, 'columns': {'x': {}}", "'contract': {'enforced': true, 'checksum': 'b'}, 'config': {'materialized': 'table'}, 'columns': {'x': {'constraints': [{'type': 'unique'}]}}", "" },
        { "databricks", "'contract': {'enforced': true, 'checksum': 'a'}, 'config': {'materialized': 'incremental'}", "'contract': {'enforced': true, 'checksum': 'b'}, 'config': {'materialized': 'incremental'}, 'constraints': [{'type': 'check', 'expression': 'a > 0'}]", "the model lost its check constraint" },
        { "spark", "'contract': {'enforced': true, 'checksum': 'a'}, 'config': {'materialized': 'table'}", "'contract': {'enforced': true, 'checksum': 'b'}, 'config': {'materialized': 'table'}, 'constraints': [{'type': 'check'}]", "" },
        { "postgres", "'contract': {'enforced': true, 'checksum': 'a'}, 'config': {'materialized': 'view'}, 'constraints': [{'type': 'check', 'warn_unenforced': true}]", "'contract': {'enforced': true, 'checksum': 'b'}, 'config': {'materialized': 'table'}, 'constraints': [{'type': 'check', 'name': null}]", "constraints do not hold for a view" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void What_differs_is_what_dbt_compares(string resource, string head, string @base, string expected)
    {
        var place = resource.Split(' ');

        var comparison = Compare(Section(place[0], place[1], head), Section(place[0], place[1], @base));

        var change = Assert.Single(comparison.Changes.Values);
        var reasons = change.Changes.Select(reason => reason.ToString()).Concat(change.Fields);
        Assert.Equal(expected, string.Join(' ', reasons));
        Assert.Equal(expected.Length > 0, change.IsStateModified);
        Assert.Equal(change.IsStateModified ? ChangeKind.Modified : ChangeKind.Unmodified, change.Kind);
    }

    [Theory]
    [MemberData(nameof(Contracts))]
    public void A_contract_is_broken_as_the_platform_enforces_it(string adapter, string head, string @base, string expected)
    {
        var comparison = Compare(
            Section("nodes", "model.shop.m", head), Section("nodes", "model.shop.m", @base), adapter: adapter);

        Assert.Contains(ChangeReason.Contract, comparison.Changes.Values.Single().Changes);
        Assert.Equal(expected, string.Join("; ", comparison.BreakingContracts.SelectMany(contract => contract.Breaks)));
    }

    [Theory]
    [InlineData("'nodes': {}", "", "the model was deleted or renamed")]
    [InlineData("'nodes': {}, 'disabled': {'model.shop.m': [{'contract': {'enforced': true}, 'version': 1}]}", "", "the model was disabled")]
    [InlineData("'nodes': {}, 'disabled': {'model.shop.m': [{'contract': {'enforced': false}}]}", "", "")]
    [InlineData("'nodes': {}", ", 'deprecation_date': '2026-01-01'", "")]
    [InlineData("'nodes': {}", ", 'deprecation_date': '2027-01-01'", "the model was deleted or renamed")]
    public void A_contracted_model_that_is_gone_breaks_its_contract_until_it_is_deprecated(string head, string date, string expected)
    {
        var comparison = Compare(head, Section("nodes", "model.shop.m", $"'contract': {{'enforced': true}}, 'version': 1{date}"));

        Assert.Equal(expected, string.Join("; ", comparison.BreakingContracts.SelectMany(contract => contract.Breaks)));
        Assert.All(comparison.BreakingContracts, contract => Assert.True(contract.IsVersioned));
    }

    [Fact]
    public void Sources_are_compared_by_their_unrendered_names_from_dbt_1_12_on()
    {
        var head = Section("sources", "source.shop.a.b", "'schema': 'ci', 'unrendered_schema': '{{ x }}', 'unrendered_database': null");
        var old = Section("sources", "source.shop.a.b", "'schema': 'prod', 'unrendered_schema': '{{ x }}'");

        Assert.Empty(Compare(head, old, dbt: "1.12.0").Select("modified"));
        Assert.Single(Compare(head, old, dbt: "1.11.0").Select("modified.relation"));
    }

    [Theory]
    [InlineData("1.11.0", 0)]
    [InlineData("1.12.0", 1)]
    public void Tests_compare_sql_header_from_dbt_1_12_on(string dbt, int modified)
    {
        const string Test = "'test_metadata': {'name': 'unique'}, 'unrendered_config': {'sql_header': '";

        var comparison = Compare(Section("nodes", "test.shop.t", Test + "a'}"), Section("nodes", "test.shop.t", Test + "b'}"), dbt: dbt);

        Assert.Equal(modified, comparison.Select("modified").Count);
    }

    private static string Section(string section, string id, string entry) => $"'{section}': {{'{id}': {{{entry}}}}}";

    private static StateComparison Compare(string head, string @base, string dbt = "1.11.14", string adapter = "postgres") =>
        StateComparison.Compare(new Sides<Manifest>(
            ManifestText.Read(@base, dbt, adapter: adapter), ManifestText.Read(head, dbt, adapter: adapter)));
}
