using CiDiff.Artifacts;
using CiDiff.State;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.State;

/// <summary>A manifest of dbt 1 against one of dbt 2, which writes the same things differently.</summary>
public sealed class FusionTests
{
    // section and id, what dbt 2 writes, what dbt 1 wrote, whether it is a change
    public static TheoryData<string, string, string, bool> Pairs() => new()
    {
        { "nodes model.shop.m", "'raw_code': 'select 1\\n'", "'raw_code': 'select 1'", false },
        { "nodes model.shop.m", "'raw_code': 'select 2'", "'raw_code': 'select 1'", true },
        { "nodes model.shop.m", "'raw_code': '--placeholder--', 'checksum': {'name': 'SHA256', 'checksum': 'a'}", "'raw_code': 'x', 'checksum': {'name': 'sha256', 'checksum': 'a'}", false },
        { "nodes model.shop.m", "'raw_code': '--placeholder--', 'checksum': {'name': 'sha256', 'checksum': 'a'}", "'raw_code': 'x', 'checksum': {'name': 'sha256', 'checksum': 'b'}", true },
        { "nodes model.shop.m", "'unrendered_config': {'materialized': 'view'}", "'unrendered_config': {'materialized': 'view', 'tags': ['a'], 'meta': {}, 'full_refresh': null}", false },
        { "nodes model.shop.m", "'unrendered_config': {'pre_hook': ['b', 'a']}", "'unrendered_config': {'pre-hook': [{'sql': 'a', 'transaction': true}, {'sql': 'b'}]}", false },
        { "nodes model.shop.m", "'unrendered_config': {'pre_hook': ['c']}", "'unrendered_config': {'pre-hook': ['a']}", true },
        { "nodes model.shop.m", "'unrendered_config': {'meta': {'owner': 'x'}}", "'unrendered_config': {'owner': 'x'}", false },
        { "nodes model.shop.m", "'unrendered_config': {'meta': {'owner': 'y'}}", "'unrendered_config': {'owner': 'x'}", true },
        { "nodes model.shop.m", "'config': {'meta': {'owner': 'x'}}", "'unrendered_config': {'owner': 'x'}, 'config': {'owner': 'x'}", false },
        { "nodes model.shop.m", "'unrendered_config': {'materialized': 'table'}", "'unrendered_config': {'materialized': 'view'}", true },
        { "nodes model.shop.m", "'unrendered_config': {'materialized': '{{ x }}'}, 'config': {'materialized': 'view'}", "'unrendered_config': {'materialized': 'view'}, 'config': {'materialized': 'view'}", false },
        { "nodes model.shop.m", "'fqn': ['shop', 'm']", "'fqn': ['shop', 'm', 'v1']", false },
        { "nodes model.shop.m", "'fqn': ['shop', 'n', 'm']", "'fqn': ['shop', 'm']", true },
        { "nodes model.shop.m", "'description': 'it’s  one', 'config': {'persist_docs': {'relation': true}}", "'description': 'it\\u0027s one'", false },
        { "nodes model.shop.m", "'contract': {'enforced': true, 'checksum': 'a'}, 'columns': {'x': {'data_type': 'int'}}", "'contract': {'enforced': true, 'checksum': 'b'}, 'columns': {'x': {'data_type': 'INT'}}", false },
        { "nodes model.shop.m", "'contract': {'enforced': true, 'checksum': 'a'}, 'columns': {'x': {'data_type': 'int'}, 'y': {}}", "'contract': {'enforced': true, 'checksum': 'b'}, 'columns': {'x': {'data_type': 'int'}}", true },
        { "unit_tests unit_test.shop.m.u", "'checksum': 'a'", "'checksum': 'b'", false },
        { "exposures exposure.shop.e", "'url': ''", "'url': null", false },
        { "exposures exposure.shop.e", "'url': 'x'", "'url': null", true },
        { "sources source.shop.a.b", "'schema': 's', 'unrendered_schema': '{{ x }}'", "'schema': 's', 'unrendered_schema': 's'", false },
    };

    public static TheoryData<string, string, string> Renamed() => new()
    {
        {
            "'nodes': {'test.shop.not_null_m_id.1111111111': {'package_name': 'shop', 'column_name': 'id', 'attached_node': 'model.shop.m', 'test_metadata': {'name': 'not_null', 'kwargs': {'column_name': 'id'}}}}",
            "'nodes': {'test.shop.not_null_m_id.2222222222': {'package_name': 'shop', 'column_name': 'id', 'attached_node': 'model.shop.m', 'test_metadata': {'name': 'not_null', 'namespace': null, 'kwargs': {'model': 'x', 'column_name': 'id'}}}}",
            "test.shop.not_null_m_id.1111111111"
        },
        {
            "'nodes': {'test.shop.no_orphans.1a2b3c': {'package_name': 'shop', 'name': 'no_orphans'}}",
            "'nodes': {'test.shop.no_orphans': {'package_name': 'shop', 'name': 'no_orphans'}}",
            "test.shop.no_orphans.1a2b3c"
        },
        {
            "'sources': {'source.shop.raw.a__b': {'package_name': 'shop', 'source_name': 'raw', 'name': 'a-b'}}",
            "'sources': {'source.shop.raw.a-b': {'package_name': 'shop', 'source_name': 'raw', 'name': 'a-b'}}",
            "source.shop.raw.a__b"
        },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void What_the_engines_write_differently_is_no_change(string resource, string fusion, string core, bool isModified)
    {
        var place = resource.Split(' ');
        var two = Read($"'{place[0]}': {{'{place[1]}': {{{fusion}}}}}", "2.0.0-beta.2");
        var one = Read($"'{place[0]}': {{'{place[1]}': {{{core}}}}}", "1.11.14");

        var upgrade = StateComparison.Compare(new Sides<Manifest>(one, two));
        var downgrade = StateComparison.Compare(new Sides<Manifest>(two, one));

        Assert.Equal(isModified, upgrade.Changes.Values.Single().IsStateModified);
        Assert.Equal(isModified, downgrade.Changes.Values.Single().IsStateModified);
    }

    [Theory]
    [MemberData(nameof(Renamed))]
    public void Resources_that_the_engines_name_differently_are_found(string fusion, string core, string id)
    {
        var comparison = StateComparison.Compare(new Sides<Manifest>(Read(core, "1.11.14"), Read(fusion, "2.0.0-beta.2")));

        var change = Assert.Single(comparison.Changes.Values);
        Assert.Equal((id, ChangeKind.Unmodified), (change.Id.Value, change.Kind));
    }

    [Fact]
    public void Macros_that_the_engines_ship_are_not_compared()
    {
        const string Sections = "'nodes': {'model.shop.m': {'depends_on': {'macros': ['macro.dbt.a', 'macro.dbt_postgres.b', 'macro.shop.c']}}}, "
            + "'macros': {'macro.dbt.a': {'macro_sql': 'ENGINE'}, 'macro.dbt_postgres.b': {'macro_sql': 'ENGINE'}, 'macro.shop.c': {'macro_sql': 'OURS'}}";
        var old = Read(Text("core", "x"), "1.11.14");

        Assert.Empty(StateComparison.Compare(new Sides<Manifest>(old, Read(Text("fusion", " x "), "2.0.0"))).Select("modified"));
        Assert.Single(StateComparison.Compare(new Sides<Manifest>(old, Read(Text("fusion", "y"), "2.0.0"))).Select("modified.macros"));

        static string Text(string engine, string ours) =>
            Sections.Replace("ENGINE", engine, StringComparison.Ordinal).Replace("OURS", ours, StringComparison.Ordinal);
    }

    [Fact]
    public void The_previews_had_a_schema_of_their_own()
    {
        var preview = ManifestText.Read("'unit_tests': {'unit_test.shop.m.u': {'checksum': 'a'}}", dbt: "1.10.0", schema: 20);
        var core = ManifestText.Read("'unit_tests': {'unit_test.shop.m.u': {'checksum': 'b'}}", dbt: "1.10.0");

        Assert.Empty(StateComparison.Compare(new Sides<Manifest>(core, preview)).Select("modified"));
    }

    [Fact]
    public void A_new_source_is_modified_to_dbt_2_only()
    {
        const string Source = "'sources': {'source.shop.a.b': {}}, 'exposures': {'exposure.shop.e': {}}";

        Assert.Equal(
            ["source.shop.a.b"],
            StateComparison.Compare(new Sides<Manifest>(Read("", "2.0.0"), Read(Source, "2.0.0"))).Select("modified").Select(id => id.Value));
        Assert.Empty(StateComparison.Compare(new Sides<Manifest>(Read("", "1.11.14"), Read(Source, "1.11.14"))).Select("modified"));
    }

    private static Manifest Read(string sections, string dbt) => ManifestText.Read(sections, dbt);
}
