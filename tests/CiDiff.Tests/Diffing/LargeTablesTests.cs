using System.Collections.Concurrent;
using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Tests.Diffing.Support;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Diffing;

/// <summary>What only shows with many rows or many columns.</summary>
[Collection("postgres")]
public sealed class LargeTablesTests(PostgresServer server)
{
    private const string ManyRows = """
        create schema a; create schema b;
        create table a.once as select i as id, i % 7 as v from {0}(1, 250000) as t(i);
        create table b.once as select i as id, i % 7 as v from {0}(1, 250000) as t(i);
        create table b.matched as select i as id, i % 7 as v from {0}(1, 250000) as t(i) union all select 240000, 240000 % 7;
        create table b.added as select i as id, i % 7 as v from {0}(1, 250000) as t(i) union all select 300000, 1 union all select 300000, 1;
        create table b.nulled as select case when i <> 240000 then i end as id, i % 7 as v from {0}(1, 250000) as t(i);
        create table a.constant as select 1 as id, i % 7 as v from {0}(1, 200000) as t(i);
        create table b.constant as select 1 as id, i % 7 as v from {0}(1, 200000) as t(i);
        create table a.sentinel as select case when i % 100 = 0 then 0 else i end as id, i % 7 as v from {0}(1, 200000) as t(i);
        create table b.sentinel as select case when i % 100 = 0 then 0 else i end as id, i % 7 as v from {0}(1, 200000) as t(i);
        """;

    /// <summary>Base, head, the answer. Upper bounds are inclusive in PostgreSQL and not in DuckDB, which all answers leave out.</summary>
    public static TheoryData<string, string, string> Answers { get; } = new()
    {
        { "once", "once", "+0 -0 ~0" },
        { "once", "matched", "+0 -0 ~0 =*; twice 0/1 (0/2 rows); *; bad rows differ" },
        { "once", "added", "+0 -0 ~0 =*; twice 0/1 (0/2 rows); *; bad rows differ" },
        { "once", "nulled", "+0 -1 ~0 =*; null 0/1; *; bad rows differ" },
        { "constant", "constant", "+0 -0 ~0 =0; twice 1/1 (*); distinct 1/1" },
        { "sentinel", "sentinel", "+0 -0 ~0 =*; twice 1/1 (*); distinct *" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task DuckDB_finds_the_one_bad_key_among_many_and_never_multiplies_rows(string ofBase, string ofHead, string answer)
    {
        using var file = new DuckDbFile(ManyRows.Replace("{0}", "range", StringComparison.Ordinal));
        await using var warehouse = file.Open();

        await CheckAsync(warehouse, ofBase, ofHead, answer);
    }

    /// <summary>What the key is made of, what differs, the answer, and what is said of the way there.</summary>
    [Theory]
    [InlineData("i - 2100000", "0", "+0 -0 ~0", "The fingerprints of all groups of rows are equal: no row differs.")]
    [InlineData("i * 1048576 - 7", "case when i % 1000000 = 5 then 1 else 0 end", "+0 -0 ~5", "The fingerprints differ in 5 of 65536 groups of rows.")]
    [InlineData("i", "case when i < 20 or i = 4200000 then null else 0 end", "+0 -0 ~20", "The fingerprints differ in 6 of 1050000 groups of rows.")]
    [InlineData("i", "case when i % 5 = 0 then 0 else 1 end", "+0 -0 ~3360000", "In a thousandth of the key's range most rows differ: everything is joined.")]
    [InlineData("case when i < 10 then 7 else i end", "0", "+0 -0 ~0", "The key repeats: everything is joined.")]
    public async Task DuckDB_scans_millions_of_rows_in_groups_of_neighbours(string id, string change, string answer, string because)
    {
        using var file = new DuckDbFile($"""
            create schema a; create schema b;
            create table a.t as select {id} as id, i % 3 as v, 'x' as t from range(1, 4200001) as r(i);
            create table b.t as select {id} as id, (i % 3) + ({change}) as v, 'x' as t from range(1, 4200001) as r(i);
            """);
        await using var warehouse = file.Open();
        var statements = new Recorder();

        var diff = await Diff.TablesAsync(WarehousePair.Of(warehouse), "a", "b", "t", ["id"], new CompareRules { Attribution = false }, statements);
        var joined = await Diff.TablesAsync(WarehousePair.Of(warehouse), "a", "b", "t", ["id"], new CompareRules { Strategy = DiffStrategy.Join, Attribution = false });

        Assert.StartsWith($"4200000/4200000 rows: {answer} =", DiffText.Of(diff), StringComparison.Ordinal);
        Assert.Equal(DiffText.Of(joined), DiffText.Of(diff));
        Assert.Equal(DiffText.Of(joined.Samples), DiffText.Of(diff.Samples));
        Assert.Contains(because, statements.Reasons);
    }

    [PostgresTheory]
    [MemberData(nameof(Answers))]
    public async Task PostgreSQL_finds_the_one_bad_key_among_many_and_never_multiplies_rows(string ofBase, string ofHead, string answer)
    {
        await using var warehouse = await ManyRowsAsync();

        await CheckAsync(warehouse, ofBase, ofHead, answer);
    }

    [PostgresFact]
    public async Task Tables_with_more_columns_than_a_statement_can_take_are_compared_in_parts()
    {
        var columns = Enumerable.Range(0, 1500).Select(index => $"c{index}").ToList();
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteScriptAsync(database, $"""
            create schema a; create schema b;
            create table a.wide (id int, {string.Join(", ", columns.Select(column => $"{column} int default 1"))});
            create table b.wide (like a.wide including all);
            insert into a.wide (id) values (1), (2), (3), (4);
            insert into b.wide (id) values (1), (2), (3), (5);
            update b.wide set c0 = 2, c1499 = 2 where id = 1;
            update b.wide set c800 = null where id = 3;
            """);
        await using var warehouse = new PostgresWarehouse(server.Settings(database), new PostgresDialect());

        var byKey = await Diff.TablesAsync(warehouse, "a", "b", "wide", ["id"]);
        var byRows = await Diff.TablesAsync(warehouse, "a", "b", "wide", null, new CompareRules { Samples = 0 });

        Assert.Equal("4/4 rows: +1 -1 ~2 =1; c0 ~1; c800 ~1; c1499 ~1", DiffText.Of(byKey));
        Assert.Equal(["c0:1>2 c1499:1>2", "c800:1>"], byKey.Samples.Changed.Select(row => string.Join(" ", row.Values.Select(value => $"{value.Column}:{value.Base}>{value.Head}"))));
        Assert.Equal(1500, Assert.Single(byKey.Samples.Added).Values.Count);
        Assert.Equal("4/4 rows: +3 -3 =1", DiffText.Of(byRows));
    }

    [Theory]
    [InlineData(DiffStrategy.Join)]
    [InlineData(DiffStrategy.Fingerprint)]
    [InlineData(DiffStrategy.Hash)]
    public async Task DuckDB_compares_a_thousand_columns_at_once(DiffStrategy strategy)
    {
        var columns = Enumerable.Range(0, 1000).Select(index => $"c{index}").ToList();
        using var file = new DuckDbFile($"""
            create schema a; create schema b;
            create table a.wide (id int, {string.Join(", ", columns.Select(column => $"{column} int default 1"))});
            create table b.wide (id int, {string.Join(", ", columns.Select(column => $"{column} int default 1"))});
            insert into a.wide (id) values (1), (2);
            insert into b.wide (id) values (1), (2);
            update b.wide set c0 = 2, c999 = null where id = 1;
            """);
        await using var warehouse = file.Open();

        var byKey = await Diff.TablesAsync(warehouse, "a", "b", "wide", ["id"], new CompareRules { Strategy = strategy });
        var byRows = await Diff.TablesAsync(warehouse, "a", "b", "wide", null, new CompareRules { Strategy = strategy });

        Assert.Equal(("2/2 rows: +0 -0 ~1 =1; c0 ~1; c999 ~1", strategy), (DiffText.Of(byKey), byKey.Strategy));
        Assert.Equal("2/2 rows: +1 -1 =1", DiffText.Of(byRows));
    }

    [PostgresTheory]
    [InlineData("", true)]
    [InlineData("analyze;", false)]
    public async Task Tables_of_which_the_planner_knows_nothing_are_not_compared_row_by_row(string analysis, bool isPrepared)
    {
        var statements = new Recorder();
        var database = await server.DatabaseAsync($"""
            create schema a; create schema b;
            create table a.t (id int, v int) with (autovacuum_enabled = off); create table b.t (id int, v int) with (autovacuum_enabled = off);
            insert into a.t values (1, 1); insert into b.t values (1, 2);
            {analysis}
            """);
        await using var warehouse = new PostgresWarehouse(server.Settings(database), new PostgresDialect());

        var diff = await Diff.TablesAsync(WarehousePair.Of(warehouse), "a", "b", "t", ["id"], null, statements);

        Assert.Equal("1/1 rows: +0 -0 ~1 =0; v ~1", DiffText.Of(diff));
        Assert.Equal(isPrepared, statements.Sql.Any(sql => sql.Contains("enable_nestloop", StringComparison.Ordinal)));
    }

    [PostgresFact]
    public async Task Tables_with_a_unique_index_on_the_key_are_merged_in_one_statement()
    {
        var statements = new Recorder();
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteScriptAsync(database, """
            create schema a; create schema b;
            create table a.t (id int primary key, v int); create table b.t (id int primary key, v int);
            insert into a.t select i, i from generate_series(1, 100000) as t(i); insert into b.t select i, i from generate_series(1, 100000) as t(i);
            analyze a.t; analyze b.t;
            """);
        await using var warehouse = new PostgresWarehouse(server.Settings(database), new PostgresDialect());
        var sides = new Sides<RelationName>(new RelationName(null, "a", "t"), new RelationName(null, "b", "t"));

        var diff = await Diff.SourcesAsync(
            warehouse, new DiffSource.Relation(sides.Base), new DiffSource.Relation(sides.Head), [new(["id"], CiDiff.Selection.KeySource.Explicit)], null, statements);

        Assert.True(diff.IsIdentical);
        Assert.Equal(3, diff.Cost.Queries); // both tables looked up, the session prepared, and the join; nothing to sample
        Assert.Contains(statements.Sql, sql => sql.Contains("enable_hashjoin", StringComparison.Ordinal));
        Assert.DoesNotContain(statements.Sql, sql => sql.Contains("limit 100001", StringComparison.Ordinal));
    }

    private async Task<IWarehouse> ManyRowsAsync()
    {
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteScriptAsync(database, ManyRows.Replace("{0}", "generate_series", StringComparison.Ordinal) + "\nanalyze;");
        return new PostgresWarehouse(server.Settings(database), new PostgresDialect());
    }

    private static async Task CheckAsync(IWarehouse warehouse, string ofBase, string ofHead, string answer)
    {
        var diff = await Diff.SourcesAsync(
            warehouse,
            new DiffSource.Relation(new RelationName(null, "a", ofBase)),
            new DiffSource.Relation(new RelationName(null, "b", ofHead)),
            ["id"]);

        Assert.Matches($"^\\d+/\\d+ rows: {System.Text.RegularExpressions.Regex.Escape(answer).Replace("\\*", ".*", StringComparison.Ordinal)}", DiffText.Of(diff));
    }

    private sealed class Recorder : IProgress<RunEvent>
    {
        private readonly ConcurrentQueue<string> _sql = [];

        private readonly ConcurrentQueue<string> _reasons = [];

        public IEnumerable<string> Sql => _sql;

        public IEnumerable<string> Reasons => _reasons;

        public void Report(RunEvent value)
        {
            if (value is RunEvent.QueryStarted started)
            {
                _sql.Enqueue(started.Sql);
            }
            else if (value is RunEvent.Reasoning reasoning)
            {
                _reasons.Enqueue(reasoning.Text);
            }
        }
    }
}
