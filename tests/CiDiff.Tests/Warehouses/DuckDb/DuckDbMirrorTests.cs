using CiDiff.Errors;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Tests.Warehouses.DuckDb;

/// <summary>Files that are not attached by the name they had when their views were made.</summary>
public sealed class DuckDbMirrorTests
{
    // As dbt-duckdb makes them: every relation with its database.
    private const string Shop = """"
        create schema analytics;
        create table analytics.orders (id integer primary key, amount decimal(10,2));
        insert into analytics.orders select i, i from range(7) as t(i);
        create macro analytics.band(a) as case when a > 3 then 'large' else 'small' end;
        create macro analytics.above(least := 3) as table (select id from analytics.orders where amount > least);
        create view analytics.stg_orders as select * from "shop"."analytics"."orders";
        create view analytics.a_first as select id from "shop"."analytics"."stg_orders" where exists (select 1 from shop.analytics.orders as o where o.id = stg_orders.id);
        create view analytics."Odd ""name"" AS x" (k, "v AS w") as
            with stg_orders as (select id from shop.analytics.orders)
            select id, shop.analytics.band(amount) from stg_orders join shop.analytics.orders using (id);
        create view analytics.struct_field as select shop.analytics.id as id from (select {'analytics': {'id': 1}} as shop);
        """";

    private static readonly SessionOptions Options = new("run-1", "orders", null, null);

    [Theory]
    [InlineData("shop.duckdb")]
    [InlineData("ci.duckdb")]
    public async Task Views_of_two_files_read_their_own_file_whatever_name_they_know_it_by(string headName)
    {
        using var prod = new DuckDbFile(Shop);
        using var built = new DuckDbFile(Shop + "delete from analytics.orders where id < 5;");
        var headPath = Path.Combine(Path.GetDirectoryName(built.Path)!, headName);
        File.Move(built.Path, headPath);
        var pair = DuckDbWarehouse.OpenPair(new Sides<ConnectionSettings.DuckDb>(prod.Settings, new() { Path = headPath }), DuckDbFile.Dialect);
        await using var warehouse = pair.Warehouse;
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        Assert.Equal(headName == "shop.duckdb" ? new("shop_base", "shop_head") : new Sides<string>("shop", "ci"), pair.Databases);
        foreach (var (database, rows) in new[] { (pair.Databases.Base, 7L), (pair.Databases.Head, 2L) })
        {
            foreach (var relation in new[] { "orders", "stg_orders", "a_first", "\"Odd \"\"name\"\" AS x\"" })
            {
                Assert.Equal(rows, await ScalarAsync(session, $"select count(*) from {database}.analytics.{relation}"));
            }

            Assert.Equal("large", await ScalarAsync(session, $"select \"v AS w\" from {database}.analytics.\"Odd \"\"name\"\" AS x\" where k = 6"));
            Assert.Equal(1L, await ScalarAsync(session, $"select id from {database}.analytics.struct_field"));
        }
    }

    [Fact]
    public async Task The_catalog_of_a_mirror_is_that_of_its_file()
    {
        using var file = new DuckDbFile(Shop);
        var renamed = Path.Combine(Path.GetDirectoryName(file.Path)!, "Prod.duckdb");
        File.Move(file.Path, renamed);
        await using var warehouse = new DuckDbWarehouse(new() { Path = renamed, Schema = "analytics" }, DuckDbFile.Dialect);
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        var table = await session.FindRelationAsync(new RelationName("prod", "analytics", "ORDERS"), default);
        var view = await session.FindRelationAsync(new RelationName(null, null, "stg_orders"), default);

        Assert.Equal(new RelationName("Prod", "analytics", "orders"), table!.Name);
        Assert.Equal(RelationKind.Table, table.Kind);
        Assert.Equal(7, table.EstimatedRows);
        Assert.Equal(["id"], Assert.Single(table.UniqueKeys).Select(column => column.Value));
        Assert.Equal(["id INTEGER", "amount DECIMAL(10,2)"], table.Columns.Select(column => $"{column.Name} {column.Type.Name}"));
        Assert.Equal(new RelationName("Prod", "analytics", "stg_orders"), view!.Name);
        Assert.Equal(RelationKind.View, view.Kind);
        Assert.Equal(7L, await ScalarAsync(session, "select count(*) from stg_orders"));
    }

    [Fact]
    public async Task A_database_that_the_profile_attaches_keeps_its_name_in_views()
    {
        using var lookup = new DuckDbFile("create table t as select 42 as a", "lookup.duckdb");
        using var file = new DuckDbFile($"attach '{lookup.Path}' as lookup; create view v as select a from lookup.main.t; create view w as select a from lookup.t");
        await using var warehouse = new DuckDbWarehouse(file.Settings with { Attach = [new DuckDbAttachment(lookup.Path, null)] }, DuckDbFile.Dialect);
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        Assert.Equal(42L, await ScalarAsync(session, "select a from v"));
        Assert.Equal(42L, await ScalarAsync(session, "select a from w"));
    }

    [Fact]
    public async Task A_view_of_what_is_not_there_is_an_error_only_for_who_reads_it()
    {
        using var lookup = new DuckDbFile("create table t as select 42 as a", "lookup.duckdb");
        using var file = new DuckDbFile($"attach '{lookup.Path}' as lookup; create view v as select a from lookup.main.t; create table good as select 1 as a");
        await using var warehouse = file.Open();
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        Assert.Equal(1L, await ScalarAsync(session, "select a from good"));
        var error = await Assert.ThrowsAsync<UserErrorException>(() => ScalarAsync(session, "select a from v"));
        Assert.Equal(ErrorCodes.RelationNotFound, error.Code);
    }

    private static async Task<object?> ScalarAsync(IWarehouseSession session, string sql)
    {
        object? value = null;
        await foreach (var row in session.QueryAsync(SqlText.FromConfiguration(sql, "a test"), default))
        {
            value = row[0];
        }

        return value;
    }
}
