using System.Globalization;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Warehouses.Postgres;

/// <summary>Whatever type a column has, its text arrives as the server sends it.</summary>
[Collection("postgres")]
public sealed class PostgresTextsTests(PostgresServer server)
{
    private static readonly string[] Values =
    [
        "'Grüße, 世界 🦆'::text", "''::text", "'{1,NULL,3}'::integer[]", "'[1,5)'::int4range", "'{[1,5),[7,9)}'::int4multirange", "row(1, 'two', null)",
        "'(1,2)'::point", "'<(1,2),3>'::circle", "'192.168.0.0/16'::cidr", "'08:00:2b:01:02:03'::macaddr", "'a fat cat'::tsvector", "'fat & rat'::tsquery",
        "'{\"b\": [1, null]}'::jsonb", "'<a>b</a>'::xml", "'1010'::bit(4)", "'12.50'::money", "'{\"x y\",\"\"}'::text[]", "'name'::name", "'a cursor'::refcursor",
        "'00000000-0000-0000-0000-000000000001'::uuid", "'1 year 02:00:00'::interval", "'infinity'::timestamptz", "'25:00:00+02'::text::varchar(20)", "'\\x00ff'::bytea",
        "'happy'::mood", "'happy'::moods",
    ];

    private const string Types = "create type mood as enum ('happy', 'sad'); create domain moods as mood;";

    [PostgresFact]
    public async Task Values_of_any_type_are_read_as_the_servers_text()
    {
        await using var warehouse = PostgresTestWarehouse.Open(server.Settings(await server.DatabaseAsync(Types)));
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        foreach (var value in Values)
        {
            var row = await RowAsync(session, $"select v, v::text as t from (select {value} as v) as one");

            Assert.True(row[1] is string, value);
            Assert.Equal(row[1], row[0] is bool flag ? (flag ? "true" : "false") : Convert.ToString(row[0], CultureInfo.InvariantCulture));
        }
    }

    [PostgresFact]
    public async Task Columns_of_any_type_are_described()
    {
        await using var warehouse = PostgresTestWarehouse.Open(server.Settings(await server.DatabaseAsync(Types)));
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        var list = string.Join(", ", Values.Select((value, place) => $"{value} as c{place.ToString(CultureInfo.InvariantCulture)}"));

        var columns = await session.DescribeQueryAsync(SqlText.FromConfiguration($"select {list}", "a test"), default);

        Assert.Equal(Values.Length, columns.Count);
        Assert.Equal(["int4range", "int4multirange", "record", "point"], columns.Skip(3).Take(4).Select(column => column.Type.Name));
        Assert.Equal("character varying(20)", columns[22].Type.Name);
        Assert.Equal("mood", columns[24].Type.Name);
    }

    /// <summary>Longer than everything that the driver holds at once, with characters that lie across its ends.</summary>
    [PostgresTheory]
    [InlineData(1, 65_535)]
    [InlineData(2, 65_536)]
    [InlineData(3, 3_000_000)]
    public async Task A_long_text_arrives_whole(int before, int length)
    {
        await using var warehouse = PostgresTestWarehouse.Open(server.Settings(await server.DatabaseAsync(Types)));
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        var number = length.ToString(CultureInfo.InvariantCulture);

        var row = await RowAsync(session, $"select repeat('x', {before.ToString(CultureInfo.InvariantCulture)}) || repeat('世', {number}), 'after'");

        Assert.Equal(new string('x', before) + new string('世', length), row[0]);
        Assert.Equal("after", row[1]);
    }

    [PostgresTheory]
    [InlineData("UTF8", "…")]
    [InlineData("LATIN1", "...")]
    [InlineData("SQL_ASCII", "...")]
    public async Task A_text_is_cut_in_every_encoding(string encoding, string end)
    {
        var database = $"encoded_{Guid.NewGuid():N}";
        await server.ExecuteScriptAsync(server.Settings("postgres").Database, $"create database {database} template template0 encoding '{encoding}' lc_collate 'C' lc_ctype 'C';");
        try
        {
            await using var warehouse = PostgresTestWarehouse.Open(server.Settings(database));
            await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
            var dialect = warehouse.Dialect;
            var type = new ColumnType("text", TypeFamily.Text);

            var row = await RowAsync(session, $"select {dialect.Display(dialect.Sql($"repeat('x', 20000)"), type).Text}, {dialect.Display(dialect.Sql($"'short'"), type).Text}");

            Assert.Equal("short", row[1]);
            Assert.Equal(new string('x', SqlDialect.DisplayLength - end.Length) + end, row[0]);
        }
        finally
        {
            await server.ExecuteScriptAsync(server.Settings("postgres").Database, $"drop database {database} with (force);");
        }
    }

    private static async Task<IReadOnlyList<object?>> RowAsync(IWarehouseSession session, string sql)
    {
        IReadOnlyList<object?>? found = null;
        await foreach (var row in session.QueryAsync(SqlText.FromConfiguration(sql, "a test"), default))
        {
            Assert.Null(found);
            found = row;
        }

        return found!;
    }
}
