using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Selection;
using CiDiff.Tests.Diffing.Support;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Diffing;

/// <summary>PostgreSQL's sums of hashes: nothing in them cancels, and what is looked at before changes no answer.</summary>
[Collection("postgres")]
public sealed class FingerprintTests(PostgresServer server)
{
    private const int Rows = 220_000;
    private const string AllEqual = "The fingerprints of all columns are equal: no row differs.";
    private const string Seen = "In a look at a few thousand rows some differ: everything is joined.";

    /// <summary>A type, and rows of base and of head, in the order of their keys from 1 on.</summary>
    public static TheoryData<string, string[], string[]> Changes { get; } = new()
    {
        { "numeric", ["1", "1"], ["10000", "10000"] },
        { "numeric", ["1", "1", "1"], ["10000", "10000", "10000"] },
        { "numeric", ["1", "10000"], ["10000", "1"] },
        { "numeric(12,2)", ["0.5", "2.25", "7", "8"], ["5000", "22500", "70000", "80000"] },
        { "numeric(12,2)", ["5", "-5"], ["-5", "5"] },
        { "numeric(12,2)", ["5", "5"], ["-5", "-5"] },
        { "numeric", ["0", "0", "0"], ["'NaN'", "'NaN'", "'NaN'"] },
        { "numeric(12,2)", ["0", "0"], ["'NaN'", "'NaN'"] },
        { "numeric", ["'Infinity'", "'-Infinity'", "'NaN'"], ["'NaN'", "'Infinity'", "'-Infinity'"] },
        { "numeric(10,2)", ["'NaN'", "null"], ["null", "0"] },
        { "numeric(10,2)", ["0", "'NaN'"], ["'NaN'", "0"] },
        { "numeric", ["'Infinity'", "null"], ["null", "0"] },
        { "numeric", ["'-Infinity'", "null"], ["null", "0"] },
        { "numeric", ["'NaN'", "null"], ["null", "0"] },
        { "double precision", ["0", "0", "0"], ["null", "null", "null"] },
        { "double precision", ["0", "0", "null"], ["null", "null", "0"] },
        { "double precision", ["0", "'NaN'"], ["'NaN'", "0"] },
        { "real", ["1.5", "0"], ["0", "1.5"] },
        { "smallint", ["0", "0", "0"], ["null", "null", "null"] },
        { "integer", ["1", "2"], ["2", "1"] },
        { "integer", ["1", "2", "3", "4"], ["null", "null", "null", "null"] },
        { "integer", ["0", "1", "1", "0"], ["null", "null", "null", "null"] },
        { "bigint", ["1", "2", "3", "4"], ["null", "null", "null", "null"] },
        { "boolean", ["true", "false"], ["null", "null"] },
        { "numeric", ["0", "1", "'NaN'"], ["null", "null", "null"] },
        { "bigint", ["1", "1"], ["4294967296", "4294967296"] },
        { "bigint", ["1", "4294967296"], ["4294967296", "1"] },
        { "boolean", ["true", "false"], ["false", "true"] },
        { "text", ["'a'", "'b'"], ["'b'", "'a'"] },
        { "text", ["''", "null"], ["null", "''"] },
        { "date", ["'2024-01-01'", "'2024-01-02'"], ["'2024-01-02'", "'2024-01-01'"] },
        { "timestamp", ["'2024-01-01'", "'2024-01-01'"], ["'2024-01-02'", "'2024-01-02'"] },
        { "timestamp", ["'2024-01-01 00:01:17'"], ["'2023-12-31 22:49:42.032705'"] },
        { "timestamptz", ["'2024-01-01 00:01:17+00'"], ["'2023-12-31 22:49:42.032705+00'"] },
        { "timestamp", ["'infinity'", "'-infinity'"], ["'-infinity'", "'infinity'"] },
        { "timestamptz", ["'2024-01-01'", "'2024-01-02'"], ["'2024-01-02'", "'2024-01-01'"] },
        { "uuid", ["'00000000-0000-0000-0000-000000000001'", "'00000000-0000-0000-0000-000000000002'"], ["'00000000-0000-0000-0000-000000000002'", "'00000000-0000-0000-0000-000000000001'"] },
    };

    [PostgresTheory]
    [MemberData(nameof(Changes))]
    public async Task Changes_do_not_cancel(string type, string[] before, string[] after)
    {
        var database = await server.DatabaseAsync($"""
            create schema a; create schema b;
            {Table("a.t", before)} {Table("b.t", after)} {Table("a.keyed", before, "text")} {Table("b.keyed", after, "text")}
            """);
        await using var warehouse = new PostgresWarehouse(server.Settings(database), new PostgresDialect());
        foreach (var table in new[] { "t", "keyed" })
        {
            var found = await Diff.TablesAsync(warehouse, "a", "b", table, ["id"], new CompareRules { Strategy = DiffStrategy.Fingerprint });

            Assert.Equal(DiffStrategy.Fingerprint, found.Strategy);
            Assert.Equal((0, 0, (long)before.Length), (found.Rows.Added, found.Rows.Removed, found.Rows.Changed));
        }

        string Table(string name, string[] values, string key = "bigint") =>
            $"create table {name} (id {key} primary key, v {type}, w integer); insert into {name} values {string.Join(", ", values.Select((value, index) => $"('{index + 1}', {value}, 1)"))};";
    }

    [PostgresTheory]
    [InlineData("oid", "integer")]
    [InlineData("smallint", "bigint")]
    [InlineData("oid", "oid")]
    public async Task Keys_are_whole_numbers_of_any_type(string ofBase, string ofHead)
    {
        var database = await server.DatabaseAsync($"""
            create schema a; create schema b;
            create table a.t (id {ofBase} primary key, v integer); create table b.t (id {ofHead} primary key, v integer);
            insert into a.t select i, i % 7 from generate_series(1, 30) as g(i); insert into b.t select i, case i when 9 then -1 else i % 7 end from generate_series(1, 30) as g(i);
            """);
        await using var warehouse = new PostgresWarehouse(server.Settings(database), new PostgresDialect());

        var diff = await Diff.TablesAsync(warehouse, "a", "b", "t", ["id"], new CompareRules { Strategy = DiffStrategy.Fingerprint });

        Assert.StartsWith("30/30 rows: +0 -0 ~1 =29", DiffText.Of(diff), StringComparison.Ordinal);
    }

    // DuckDB's hash of several values is the exclusive or of the last one's with something else: rows and values are chosen so that a sum of two such hashes stays
    // the same when the rows swap their last values.
    [Fact]
    public async Task In_DuckDB_rows_that_swap_their_last_values_do_not_cancel()
    {
        using var file = new DuckDbFile("""
            create schema a; create schema b;
            create table pair as select x, y, xor(hash(x::integer), hash(y::integer)) & 9223372036854775807::ubigint as bits
            from range(0, 1000) as one(x), range(0, 1000) as two(y) where x < y order by bit_count(xor(hash(x::integer), hash(y::integer)) & 9223372036854775807::ubigint) limit 1;
            create table swapped as select i from range(1, 1000000) as r(i), pair where (i - 1) % 4 = 0 and (xor(hash(i, 0::integer), hash(i + 1, 0::integer)) & bits) = 0::ubigint;
            create table a.t as select i as id, (case when i in (from swapped) then (select x from pair) when i - 1 in (from swapped) then (select y from pair) else i % 100 end)::integer as v from range(1, 1000001) as r(i);
            create table b.t as select i as id, (case when i in (from swapped) then (select y from pair) when i - 1 in (from swapped) then (select x from pair) else i % 100 end)::integer as v from range(1, 1000001) as r(i);
            """);
        await using var warehouse = file.Open();

        var found = await Diff.TablesAsync(warehouse, "a", "b", "t", ["id"], new CompareRules { Strategy = DiffStrategy.Fingerprint, Attribution = false });
        var joined = await Diff.TablesAsync(warehouse, "a", "b", "t", ["id"], new CompareRules { Strategy = DiffStrategy.Join, Attribution = false });

        Assert.Equal(DiffText.Of(joined), DiffText.Of(found));
        Assert.True(found.Rows.Changed > 1);
    }

    // A look by a join would make 110,000 times 110,000 pairs of each key.
    [Fact]
    public async Task In_DuckDB_a_key_that_repeats_often_ends_soon()
    {
        using var file = new DuckDbFile("""
            create schema a; create schema b;
            create table a.t as select i % 10 as id, i as v from range(1100000) as r(i); create table b.t as from a.t;
            """);
        await using var warehouse = file.Open();
        var reasons = new Reasons();

        var diff = await Diff.TablesAsync(WarehousePair.Of(warehouse), "a", "b", "t", ["id"], new CompareRules { Attribution = false }, reasons);

        Assert.Equal((10L, 1_100_000L), (diff.Keys!.Head.Duplicate, diff.Rows.Head));
        Assert.True(reasons.Contains("The key repeats: everything is joined."), $"{reasons}");
    }

    // Head's values, whether it has other rows, the answer and why.
    [PostgresTheory]
    [InlineData("v", "true", "+0 -0 ~0 =220000", AllEqual)]
    [InlineData("case when id = 5 then -1 else v end", "true", "+0 -0 ~1 =219999; v ~1", "The fingerprints differ in 1 of 2 columns: only these are joined.")]
    [InlineData("v", "id <> 5", "+0 -1 ~0 =219999", "The fingerprints found rows on one side only: everything is joined.")]
    [InlineData("case when id = 219999 then -1 else v end", "true", "+0 -0 ~1 =219999; v ~1", Seen)]
    [InlineData("case when id % 1000 = 0 then -1 else v end", "true", "+0 -0 ~220 =219780; v ~220", Seen)]
    [InlineData("v", "id < 219990", "+0 -11 ~0 =219989", "The fingerprints found rows on one side only: everything is joined.")]
    public async Task Where_both_have_an_index_a_look_decides_between_scans_and_a_join(string value, string condition, string answer, string because)
    {
        var database = await server.DatabaseAsync($"""
            create schema a; create schema b;
            create table a.t as select i as id, i % 7 as v, 'text ' || i % 11 as t from generate_series(1, {Rows}) as g(i);
            create table b.t as select id, {value} as v, t from a.t where {condition};
            alter table a.t add primary key (id); alter table b.t add primary key (id);
            analyze a.t; analyze b.t;

            -- As many as it takes for scans to be thought of.
            update pg_class set reltuples = 4000000 where oid in ('a.t'::regclass, 'b.t'::regclass);
            """);
        await using var warehouse = new PostgresWarehouse(server.Settings(database), new PostgresDialect());
        var reasons = new Reasons();

        var diff = await Diff.SourcesAsync(warehouse, Relation("a"), Relation("b"), [new(["id"], KeySource.Explicit)], new CompareRules { Attribution = false }, reasons);

        Assert.Equal(answer, DiffText.Of(diff)[(DiffText.Of(diff).IndexOf(':', StringComparison.Ordinal) + 2)..]);
        Assert.Equal(DiffStrategy.Fingerprint, diff.Strategy);
        Assert.True(reasons.Contains(because), $"{reasons}");

        static DiffSource.Relation Relation(string schema) => new(new RelationName(null, schema, "t"));
    }

    // Rows, and what is set while a table of as many is scanned.
    [PostgresTheory]
    [InlineData(2_999_999, "off", "100000", "2")]
    [InlineData(3_000_000, "on", "0", "0")]
    [InlineData(30_000_000, "on", "0", "2")]
    public async Task Expressions_are_compiled_where_that_pays_and_only_for_the_scan(long rows, string jit, string cost, string workers)
    {
        var dialect = new PostgresDialect();
        await using var warehouse = new PostgresWarehouse(server.Settings(await server.CreateDatabaseAsync()), dialect);
        await using var session = await warehouse.OpenSessionAsync(new SessionOptions("test", "test", null, null), default);
        var before = await SettingsAsync();

        var prepared = await RowAsync(dialect.PrepareScan(rows)!);
        var during = await SettingsAsync();
        if (dialect.EndScan(rows) is { } end)
        {
            await RowAsync(end);
        }

        Assert.Equal([jit, cost, workers], during);
        Assert.Equal(true, prepared[^1]);
        Assert.Equal(rows < 3_000_000 ? ["off", before[1], before[2]] : before, await SettingsAsync());

        Task<IReadOnlyList<object?>> SettingsAsync() => RowAsync(dialect.Sql(
            $"select current_setting('jit') as jit, current_setting('jit_above_cost') as cost, current_setting('max_parallel_workers_per_gather') as workers"));

        async Task<IReadOnlyList<object?>> RowAsync(SqlText query)
        {
            IReadOnlyList<object?> last = [];
            await foreach (var row in session.QueryAsync(query, default))
            {
                last = row;
            }

            return last;
        }
    }
}
