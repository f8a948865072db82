using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Tests.Diffing.Support;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Diffing;

/// <summary>Where base and head are in different warehouses and the key is a number that one of them holds unique: a look decides what is asked, never what is
/// answered.</summary>
[Collection("postgres")]
public sealed class SeparateLookTests(PostgresServer server)
{
    private const string Equal = "The sums of the hashes of all rows are equal: no row differs.";
    private const string Most = "In a look at a few thousand rows most differ: everything is read.";
    private const string Groups = "The hashes differ in groups of";
    private const int Rows = 9_000;

    // As PostgreSQL spells it; both have the same functions. Nulls too, and values whose hashes are special: zeros, powers of ten thousand, negative ones.
    private static readonly (string Name, string Type, string Value)[] Columns =
    [
        ("c_small", "smallint", "i % 7 - 3"),
        ("c_integer", "integer", "i - 4000"),
        ("c_big", "bigint", "i::bigint * 1000000007 * case when i % 2 = 0 then 1 else -1 end"),
        ("c_money", "numeric(12,2)", "case i % 5 when 0 then 0 when 1 then -10000 when 2 then 10000.01 else i / 100.0::numeric(12,2) end"),
        ("c_wide", "numeric(38,10)", "i * 1234567890123.0123456789::numeric(38,10)"),
        ("c_tiny", "numeric(4,3)", "case i % 3 when 0 then 1.5 when 1 then -0.001 else 0 end"),
        ("c_float", "double precision", "case i % 4 when 0 then 0 when 1 then -0.0 else i / 8.0::double precision end"),
        ("c_real", "real", "i / 4.0::real"),
        ("c_bool", "boolean", "i % 2 = 0"),
        ("c_text", "text", "repeat('ü', i % 9) || i"),
        ("c_date", "date", "date '1969-12-25' + i::integer"),
        ("c_time", "timestamp", "timestamp '1999-12-31 23:00:00.000001' + i::integer * interval '17 minutes'"),
        ("c_zone", "timestamp with time zone", "timestamptz '2024-03-31 00:00:00+00' + i::integer * interval '1 minute'"),
        ("c_uuid", "uuid", "('00000000-0000-4000-8000-' || right('000000000000' || i, 12))::uuid"),
        ("c_null", "integer", "null"),
    ];

    [PostgresFact]
    public async Task Equal_sums_prove_rows_of_every_type_equal_in_either_direction()
    {
        var postgres = await server.DatabaseAsync(Script("generate_series(1, {0})", Columns.Select(column => column.Value)));
        using var file = new DuckDbFile(Script("range(1, {0} + 1)", Columns.Select(column => column.Value)));
        foreach (var isSwapped in new[] { false, true })
        {
            var reasons = new Reasons();
            await using var pair = Pair(postgres, file, isSwapped);

            var diff = await Diff.TablesAsync(pair, "t", "t", "x", ["id"], new CompareRules { NullRateColumns = ["c_null", "c_text"] }, reasons);

            Assert.StartsWith($"{Rows}/{Rows} rows: +0 -0 ~0 ={Rows}", DiffText.Of(diff), StringComparison.Ordinal);
            Assert.Equal(new Sides<long>(Rows, Rows), diff.Columns.Single(column => column.Head.Name.Value == "c_null").Nulls);
            Assert.Equal(new Sides<long>(Rows / 100, Rows / 100), diff.Columns.Single(column => column.Head.Name.Value == "c_text").Nulls);
            Assert.True(reasons.Contains(Equal), $"{reasons}");
        }
    }

    [PostgresFact]
    public async Task A_single_cell_that_differs_where_nobody_looked_is_found_in_every_type()
    {
        var postgres = await server.DatabaseAsync(Script("generate_series(1, {0})", Columns.Select(column => column.Value)));

        // The next row's value, and no value.
        using var file = new DuckDbFile(Script("range(1, {0} + 1)", Columns.Select((column, index) =>
            $"case when i = {101 + index} then null when i = {201 + index} then (select {column.Value} from (select r.i + 1) as n(i)) else ({column.Value}) end")));
        var reasons = new Reasons();
        await using var pair = Pair(postgres, file, isSwapped: false);

        var diff = await Diff.TablesAsync(pair, "t", "t", "x", ["id"], new CompareRules { Samples = 100 }, reasons);

        foreach (var (name, _, _) in Columns)
        {
            Assert.Equal((name, name == "c_null" ? 0 : 2), (name, diff.Columns.Single(column => column.Head.Name.Value == name).Changed));
        }

        Assert.Equal((0, 0, 2 * (Columns.Length - 1)), (diff.Rows.Added, diff.Rows.Removed, diff.Rows.Changed));
        Assert.True(reasons.Contains(Groups), $"{reasons}");
        Assert.False(reasons.Contains(Equal), $"{reasons}");
    }

    // Head's rows, the answer, and why.
    [PostgresTheory]
    [InlineData("select i as id, i % 5 as v from range(1, 9001) as t(i)", "9000/9000 rows: +0 -0 ~0 =9000", Equal)]
    [InlineData("select i as id, i % 5 + 1 as v from range(1, 9001) as t(i)", "9000/9000 rows: +0 -0 ~9000 =0; v ~9000", Most)]
    [InlineData("select i as id, case when i = 5000 then 7 else i % 5 end as v from range(1, 9001) as t(i)", "9000/9000 rows: +0 -0 ~1 =8999; v ~1", Groups)]
    [InlineData("select i as id, i % 5 as v from range(1, 9001) as t(i) where i <> 3", "9000/8999 rows: +0 -1 ~0 =8999", Groups)]
    [InlineData("select case when i = 3 then 4 else i end as id, i % 5 as v from range(1, 9001) as t(i)", "9000/9000 rows: +0 -1 ~0 =8998; twice 0/1 (0/2 rows)", "The key repeats")]
    [InlineData("select case when i <> 3 then i end as id, i % 5 as v from range(1, 9001) as t(i)", "9000/9000 rows: +0 -1 ~0 =8999; null 0/1", "There are nulls in the key")]
    [InlineData("select i + 1000000 as id, i % 5 as v from range(1, 9001) as t(i)", "9000/9000 rows: +9000 -9000 ~0 =0", "everything is read")]
    public async Task The_answer_is_that_of_a_join(string head, string answer, string because)
    {
        var postgres = await server.DatabaseAsync(
            $"create schema t; create table t.x as select i as id, i % 5 as v from generate_series(1, {Rows}) as t(i); alter table t.x add primary key (id); analyze t.x;");
        using var file = new DuckDbFile($"create schema t; create table t.x as {head};");
        var reasons = new Reasons();
        await using var pair = Pair(postgres, file, isSwapped: false);

        var diff = await Diff.TablesAsync(pair, "t", "t", "x", ["id"], new CompareRules(), reasons);

        Assert.StartsWith(answer, DiffText.Of(diff), StringComparison.Ordinal);
        Assert.True(reasons.Contains(because), $"{reasons}");
    }

    [Fact]
    public void A_part_of_the_widest_range_is_in_it()
    {
        Assert.Equal(new KeySpan(0, 4), new KeySpan(-500, 500).Middle(4, 1000));
        Assert.Equal(new KeySpan(7, 7), new KeySpan(7, 7).Middle(4000, 5000));
        Assert.Equal(new KeySpan(-1, long.MaxValue), new KeySpan(long.MinValue, long.MaxValue).Middle(4000, 4001));
    }

    private static string Script(string range, IEnumerable<string> values) => $"""
        create schema t;
        create table t.x (id bigint not null primary key, {string.Join(", ", Columns.Select(column => $"{column.Name} {column.Type}"))});
        insert into t.x select i, {string.Join(", ", values.Select((value, index) => Columns[index].Name == "c_text" ? $"case when i % 100 = 0 then null else {value} end" : value))}
        from {range.Replace("{0}", $"{Rows}", StringComparison.Ordinal)} as r(i);
        analyze t.x;
        """;

    private WarehousePair Pair(string database, DuckDbFile file, bool isSwapped)
    {
        var postgres = new PostgresWarehouse(server.Settings(database), new PostgresDialect());
        return isSwapped ? WarehousePair.Of(file.Open(), postgres) : WarehousePair.Of(postgres, file.Open());
    }
}
