using CiDiff.Artifacts;
using CiDiff.Selection;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Selection;

public sealed class RelationNamingTests
{
    [Theory]
    [InlineData("postgres", "\"shop\".\"analytics\".\"dim_customers\"")]
    [InlineData("redshift", "\"shop\".\"analytics\".\"dim_customers\"")]
    [InlineData("snowflake", "\"SHOP\".\"ANALYTICS\".\"DIM_CUSTOMERS\"")]
    [InlineData("bigquery", "\"shop-prod-1\".\"analytics\".\"dim_customers\"")]
    [InlineData("databricks", "\"shop\".\"analytics\".\"dim_customers\"")]
    [InlineData("spark", "\"analytics\".\"dim_customers\"")]
    [InlineData("duckdb", "\"shop\".\"analytics\".\"dim_customers\"")]
    public void Every_adapters_manifest_gives_the_stored_name(string adapter, string expected)
    {
        var manifest = Fixture.Manifest(adapter == "postgres"
            ? "storefront/main/target/manifest.json"
            : $"storefront_adapters/{adapter}/main/manifest.json");
        var node = manifest.Nodes[new UniqueId("model.storefront.dim_customers")];

        Assert.Equal(expected, RelationNaming.Of(node, manifest.Metadata.AdapterType)?.ToString());
    }

    [Theory]
    [InlineData("snowflake", "Db", "Sch", "Tab", "Db.Sch.Tab", "DB", "SCH", "TAB")]
    [InlineData("snowflake", "Db", "Sch", "Tab", "\"Db\".Sch.\"Tab\"", "Db", "SCH", "Tab")]
    [InlineData("snowflake", "same", "same", "same", "same.\"same\".same", "SAME", "same", "SAME")]
    [InlineData("snowflake", "Db", "Sch", "a.b", "Db.Sch.\"a.b\"", "DB", "SCH", "a.b")]
    [InlineData("postgres", "Db", "Sch", "Tab", "\"Db\".\"Sch\".Tab", "Db", "Sch", "tab")]
    [InlineData("redshift", "Db", "Sch", "Tab", "\"Db\".\"Sch\".\"Tab\"", "db", "sch", "tab")]
    [InlineData("databricks", "Db", "Sch", "Tab", "`Db`.`Sch`.`Tab`", "db", "sch", "tab")]
    [InlineData("databricks", "hive_metastore", "Sch", "Tab", "`Sch`.`Tab`", null, "sch", "tab")]
    [InlineData("bigquery", "Db", "Sch", "Tab", "`Db`.`Sch`.`Tab`", "Db", "Sch", "Tab")]
    [InlineData("duckdb", "Db", "Sch", "Tab", "Db.Sch.Tab", "Db", "Sch", "Tab")]
    [InlineData("sqlserver", "Db", "Sch", "Tab", "[Db].[Sch].[Tab]", "Db", "Sch", "Tab")]
    [InlineData(null, "Db", "Sch", "Tab", "Db.Sch.Tab", "Db", "Sch", "Tab")]
    [InlineData("snowflake", "Db", "Sch", "Tab", "read_parquet('x')", "Db", "Sch", "Tab")]
    public void Names_without_quotes_are_folded_as_the_warehouse_folds_them(
        string? adapter, string database, string schema, string alias, string written, string? storedDatabase, string storedSchema, string storedName)
    {
        var node = Node() with { Database = database, Schema = schema, Alias = alias, RelationName = written };

        Assert.Equal(new RelationName(storedDatabase, storedSchema, storedName), RelationNaming.Of(node, adapter));
    }

    [Fact]
    public void What_has_no_relation_has_no_name()
    {
        Assert.Null(RelationNaming.Of(Node() with { RelationName = null }, "postgres"));
        Assert.Null(RelationNaming.Of(Node() with { RelationName = "x", Materialized = "ephemeral" }, "postgres"));
    }

    private static ManifestNode Node() => new()
    {
        Id = new UniqueId("model.shop.orders"),
        Section = ManifestSection.Nodes,
        ResourceType = "model",
        Name = "orders",
        Materialized = "table",
        Alias = "orders",
    };
}
