using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Warehouses.Postgres;

/// <summary>What the planner's statistics say of the order of two tables, and what a session is set to then.</summary>
[Collection("postgres")]
public sealed class KeyOrderTests(PostgresServer server)
{
    // Another schema has a table of the same name in another order, and another column of the same table is in none.
    private const string Script = """
        create schema a; create schema b; create schema c;
        create table a.t as select i as id, md5(i::text) as text_id, (i / 2.0)::numeric(9, 1) as half, timestamp '2026-01-01' + i * interval '1 hour' as at from generate_series(1, 10000) as g(i);
        create table b.t as table a.t;
        create table c.t as select * from a.t order by text_id;
        create table b.renamed as select id as key from a.t;
        create table b.scattered as table c.t;
        create table b.parent as select * from a.t order by text_id; create table b.child () inherits (b.parent); insert into b.child table a.t;
        analyze;
        create table b.unknown as table a.t;
        """;

    [PostgresTheory]
    [InlineData("t", "id", "id", "5000", true)]
    [InlineData("t", "at", "at", "2026-07-28 08:00:00", true)]
    [InlineData("t", "half", "half", "2500.0", true)]
    [InlineData("t", "text_id", "text_id", null, false)]
    [InlineData("renamed", "id", "key", "5000", true)]
    [InlineData("scattered", "id", "id", "5000", false)]
    [InlineData("parent", "id", "id", "5000", false)]
    [InlineData("unknown", "id", "id", "5000", false)]
    [InlineData("absent", "id", "id", "5000", false)]
    public async Task An_order_is_known_of_both_sides_or_not(string head, string inBase, string inHead, string? middle, bool isInOrder)
    {
        var dialect = new PostgresDialect();
        await using var warehouse = new PostgresWarehouse(server.Settings(await server.DatabaseAsync(Script)), dialect);
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        var @base = (await session.FindRelationAsync(new RelationName(null, "a", "t"), default))!;
        var relations = new Sides<RelationInfo>(@base, await session.FindRelationAsync(new RelationName(null, "b", head), default) ?? @base with { Name = new(null, "b", head) });
        var type = @base.Columns.Single(column => column.Name.Value == inBase).Type;

        var row = await RowAsync(session, dialect.PrepareJoin(new KeyOrder(relations, new(new ColumnName(inBase), new ColumnName(inHead)), type, [50]))!);

        Assert.Equal(isInOrder, row[^1] is not null);
        Assert.Equal(isInOrder ? "off" : "on", Assert.Single(await RowAsync(session, dialect.Sql($"select current_setting('enable_hashjoin')"))));
        Assert.Equal(middle, row[^2]);
        Assert.Equal("off", Assert.Single(await RowAsync(session, dialect.Sql($"select current_setting('jit')"))));
    }

    [PostgresFact]
    public async Task Keys_divide_the_rows_as_the_other_query_says()
    {
        var dialect = new PostgresDialect();
        await using var warehouse = new PostgresWarehouse(server.Settings(await server.DatabaseAsync(Script)), dialect);
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        var relations = new Sides<RelationInfo>(
            (await session.FindRelationAsync(new RelationName(null, "a", "t"), default))!, (await session.FindRelationAsync(new RelationName(null, "b", "t"), default))!);
        var (column, type) = (new ColumnName("id"), relations.Base.Columns[0].Type);
        int[] percents = [1, 10, 46, 46, 92, 99];

        var row = await RowAsync(session, dialect.PrepareJoin(new KeyOrder(relations, new(column, column), type, percents))!);
        var rows = new List<object?>();
        await foreach (var each in session.QueryAsync(dialect.DividingKeys(relations.Base.Name, column, type, percents)!, default))
        {
            rows.Add(each[0]);
        }

        Assert.Equal("100,1000,4600,9200,9900", row[^2]);
        Assert.Equal("100,1000,4600,9200,9900", string.Join(",", rows));
    }

    [PostgresFact]
    public async Task A_known_order_is_only_set()
    {
        var dialect = new PostgresDialect();
        await using var warehouse = new PostgresWarehouse(server.Settings(await server.DatabaseAsync(Script)), dialect);
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        await RowAsync(session, dialect.PrepareJoin(new(null, null), isInOrder: false)!);
        Assert.Equal("on", Assert.Single(await RowAsync(session, dialect.Sql($"select current_setting('enable_hashjoin')"))));
        await RowAsync(session, dialect.PrepareJoin(new(null, null), isInOrder: true)!);
        Assert.Equal("off", Assert.Single(await RowAsync(session, dialect.Sql($"select current_setting('enable_hashjoin')"))));
    }

    private static async Task<IReadOnlyList<object?>> RowAsync(IWarehouseSession session, SqlText statement)
    {
        var rows = new List<IReadOnlyList<object?>>();
        await foreach (var row in session.QueryAsync(statement, default))
        {
            rows.Add(row);
        }

        return Assert.Single(rows);
    }
}
