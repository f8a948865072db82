using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Selection;
using CiDiff.Tests.Diffing.Support;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Diffing;

/// <summary>A join in parts says what a join in one piece says.</summary>
[Collection("postgres")]
public sealed partial class SplitJoinTests(PostgresServer server)
{
    private const int Rows = 220_000;
    private const string InParts = "The join ran in 4 parts";

    private static readonly string Script = $"""
        create schema a; create schema b;
        create table a.orders as select i as id, i % 7 as v, 'text ' || i % 11 as t from generate_series(1, {Rows}) as g(i);
        create table b.same as table a.orders;
        create table b.orders as
            select id, case when id in (1, 109999, 110000, 110001, {Rows}) then -1 else v end as v, case when id % 50000 = 0 then null else t end as t
            from a.orders where id not in (2, 110002, 219999)
            union all select -5, 1, 'below' union all select {Rows} + 5, 1, 'above';
        create table b.most as
            select id, case when id % 10 = 0 then v else v + 1 end as v, t from a.orders where id not in (2, 110002, 219999)
            union all select -5, 1, 'below' union all select {Rows} + 5, 1, 'above';
        create table b.unseen as
            select id, case when id between 20000 and 90000 then v + 1 else v end as v, case when id % 3 = 0 and id > 150000 then 'new' else t end as t
            from a.orders where id % 17 <> 3 or id < 130000
            union all select -i, i, 'below' from generate_series(1, 3000) as g(i);
        create table a.named as select md5(id::text)::uuid as id, v, t from a.orders;
        create table b.named as select md5(id::text)::uuid as id, v, t from b.orders;
        create table a.nullable as table a.orders; create table b.nullable as table a.orders;
        insert into a.nullable values (null, 1, 'x'); insert into b.nullable values (null, 2, null), (null, 2, null);
        do $$ declare t text; begin
            foreach t in array array['a.orders', 'b.same', 'b.orders', 'b.most', 'b.unseen', 'a.named', 'b.named', 'a.nullable', 'b.nullable'] loop execute 'create unique index on ' || t || ' (id)'; end loop;
        end $$;
        analyze;
        create role one_connection login password 'alone' connection limit 1;
        grant usage on schema a, b to one_connection; grant select on all tables in schema a, b to one_connection;
        """;

    [PostgresTheory]
    [InlineData("orders", "same", "220000/220000 rows: +0 -0 ~0 =220000; t null 0/0")]
    [InlineData("orders", "orders", "220000/219999 rows: +2 -3 ~9 =219988; v ~5; t ~4; t null 0/4")]
    [InlineData("nullable", "nullable", "220001/220002 rows: +0 -0 ~0 =220000; t null 0/2; null 1/2; distinct 220000/220000; bad rows differ")]
    public async Task Parts_are_the_whole(string ofBase, string ofHead, string answer)
    {
        var reasons = new Reasons();
        await using var warehouse = new PostgresWarehouse(server.Settings(await server.DatabaseAsync(Script)), new PostgresDialect());
        var rules = new CompareRules { Strategy = DiffStrategy.Join, Attribution = false, NullRateColumns = ["t"] };

        var diff = await DiffAsync(warehouse, ofBase, ofHead, rules, reasons);

        Assert.Equal(answer, DiffText.Of(diff));
        Assert.True(reasons.Contains($"{InParts} by key id, "));
        if (ofHead == "orders")
        {
            // Of all parts, in their order.
            Assert.Equal(["-5", "220005"], diff.Samples.Added.Select(row => row.Key[0]));
            Assert.Equal(["2", "110002", "219999"], diff.Samples.Removed.Select(row => row.Key[0]));
            Assert.Equal(["1", "50000", "100000", "109999", "110000", "110001", "150000", "200000", "220000"], diff.Samples.Changed.Select(row => row.Key[0]));
            Assert.Equal(new Sides<long>(0, 4), diff.Columns.Single(column => column.Head.Name.Value == "t").Nulls);
        }
    }

    /// <summary>Where no rate of nulls is wanted, both sides are counted in the pass that joins them.</summary>
    [PostgresTheory]
    [InlineData("orders", "same", "220000/220000 rows: +0 -0 ~0 =220000")]
    [InlineData("orders", "orders", "220000/219999 rows: +2 -3 ~9 =219988; v ~5; t ~4")]
    [InlineData("orders", "unseen", "220000/217705 rows: +3000 -5295 ~91962 =122743; v ~70001; t ~21961")]
    [InlineData("named", "named", "220000/219999 rows: +2 -3 ~9 =219988; v ~5; t ~4")]
    [InlineData("nullable", "nullable", "220001/220002 rows: +0 -0 ~0 =220000; null 1/2; distinct 220000/220000; bad rows differ")]
    public async Task Rows_that_differ_are_gathered_where_few_seem_to(string ofBase, string ofHead, string answer)
    {
        var (gathering, counting) = (new Reasons(), new Reasons());
        await using var warehouse = new PostgresWarehouse(server.Settings(await server.DatabaseAsync(Script)), new PostgresDialect());
        var rules = new CompareRules { Strategy = DiffStrategy.Join };

        var diff = await DiffAsync(warehouse, ofBase, ofHead, rules, gathering);
        var other = await DiffAsync(warehouse, ofBase, ofHead, rules with { NullRateColumns = ["t"] }, counting);

        Assert.Equal(answer, DiffText.Of(diff));
        Assert.Equal(4, gathering.Queries.Count(IsGathering));
        Assert.DoesNotContain(counting.Queries, IsGathering);
        Assert.Equal(Keys(other.Samples), Keys(diff.Samples));
        Assert.Equal(other.Attribution?.ToString(), diff.Attribution?.ToString());

        static bool IsGathering(string sql) => sql.Contains("cidiff_joined", StringComparison.Ordinal);

        static string Keys(DiffSamples samples) =>
            string.Join("; ", new[] { samples.Added.Select(row => row.Key[0]), samples.Removed.Select(row => row.Key[0]), samples.Changed.Select(row => row.Key[0]) }
                .Select(keys => string.Join(" ", keys)));
    }

    /// <summary>Whatever changed, and wherever, what is gathered is what is counted.</summary>
    [PostgresTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Random_changes_are_gathered(int seed)
    {
        const int Draws = 5;
        var random = new Random(seed);
        var script = new StringBuilder($"""
            create schema a; create schema b;
            create table a.t as select
                3 * i - 1000 as id, case when i % 7 = 0 then null else i % 11 end as n, case when i % 5 = 0 then null else 'text ' || i % 13 end as t,
                (i % 1000 / 100.0)::numeric(10, 2) as d, i % 3 = 0 as f, timestamptz '2026-01-01' + i * interval '1 minute' as m
            from generate_series(1, {Rows}) as g(i);
            create unique index on a.t (id);

            """);
        for (var draw = 0; draw < Draws; draw++)
        {
            script.AppendLine(CultureInfo.InvariantCulture, $"create table b.t{draw} as table a.t;");
            for (var change = random.Next(4); change >= 0; change--)
            {
                var (from, to) = (random.Next(3 * Rows), random.Next(3 * Rows));
                string[] places = [$"id % {random.Next(3, 60_000)} = 0", $"id between {from} and {to}", $"id > {to}", $"id < {(from % 5_000) - 1_000}", $"id = {(3 * (from / 3)) - 1_000}"];
                string[] changes =
                [
                    "delete from b.t{0}", "update b.t{0} set n = null, t = coalesce(t, '') || '.'", "update b.t{0} set d = -d", "update b.t{0} set f = not f, n = coalesce(n, 0)",
                    "update b.t{0} set m = m + interval '1 us'", "insert into b.t{0} (id, n) select id + 1, n from a.t",
                ];
                script.AppendLine(CultureInfo.InvariantCulture, $"{string.Format(CultureInfo.InvariantCulture, changes[random.Next(changes.Length)], draw)} where {places[random.Next(places.Length)]};");
            }

            script.AppendLine(CultureInfo.InvariantCulture, $"delete from b.t{draw} where ctid not in (select min(ctid) from b.t{draw} group by id); create unique index on b.t{draw} (id);");
        }

        await using var warehouse = new PostgresWarehouse(server.Settings(await server.DatabaseAsync(script.Append("analyze;").ToString())), new PostgresDialect());
        for (var draw = 0; draw < Draws; draw++)
        {
            var rules = new CompareRules { Strategy = DiffStrategy.Join, Attribution = false };

            var diff = await DiffAsync(warehouse, "t", $"t{draw}", rules, new Reasons());
            var other = await DiffAsync(warehouse, "t", $"t{draw}", rules with { NullRateColumns = ["f"] }, new Reasons());

            Assert.True(DiffText.Of(other).StartsWith(DiffText.Of(diff), StringComparison.Ordinal), $"seed {seed}, t{draw}:\n{DiffText.Of(diff)}\ninstead of\n{DiffText.Of(other)}\nof\n{script}");
        }
    }

    [PostgresFact]
    public async Task Where_the_server_cannot_hold_them_they_are_set_aside()
    {
        var reasons = new Reasons();
        var settings = server.Settings(await server.DatabaseAsync(Script)) with { Threads = 1 }; // two connections, and no third
        await using var warehouse = new Forgetful(new PostgresWarehouse(settings, new PostgresDialect()));

        var diff = await DiffAsync(warehouse, "orders", "unseen", new CompareRules { Strategy = DiffStrategy.Join }, reasons);

        Assert.Equal("220000/217705 rows: +3000 -5295 ~91962 =122743; v ~70001; t ~21961", DiffText.Of(diff));
        Assert.True(warehouse.Refused > 0);
        Assert.True(reasons.Contains("could not be gathered, and are set aside: PostgreSQL"));

        // What was set for the first attempt is gone with it. The second session is a new one.
        Assert.Equal(2, warehouse.Prepared);
        Assert.True(reasons.Contains("The join ran in 4 parts by key id, two at once."));
    }

    [PostgresFact]
    public async Task Where_most_rows_differ_they_are_counted_first_and_some_are_looked_for_then()
    {
        var reasons = new Reasons();
        await using var warehouse = new PostgresWarehouse(server.Settings(await server.DatabaseAsync(Script)), new PostgresDialect());

        var diff = await DiffAsync(warehouse, "orders", "most", new CompareRules { Strategy = DiffStrategy.Join, NullRateColumns = ["t"], Samples = 4 }, reasons);
        var numbers = await DiffAsync(warehouse, "orders", "most", new CompareRules { Strategy = DiffStrategy.Join, NullRateColumns = ["t"], Samples = 0 }, reasons);

        Assert.Equal("220000/219999 rows: +2 -3 ~197997 =22000; v ~197997; t null 0/0", DiffText.Of(diff));
        Assert.Equal(DiffText.Of(diff), DiffText.Of(numbers));
        Assert.Contains("Most rows behind a key near the middle differ: all are counted without their keys.", reasons.All);
        Assert.Equal(["-5", "220005"], diff.Samples.Added.Select(row => row.Key[0]));
        Assert.Equal(["2", "110002", "219999"], diff.Samples.Removed.Select(row => row.Key[0]));
        Assert.Equal(["1", "3", "4", "5"], diff.Samples.Changed.Select(row => row.Key[0]));
        Assert.Equal(new ChangedValue("v", "1", "2"), Assert.Single(diff.Samples.Changed[0].Values));
        Assert.Equal(0, numbers.Samples.Changed.Count + numbers.Samples.Added.Count + numbers.Samples.Removed.Count);
        Assert.Null(diff.Attribution);
    }

    [PostgresFact]
    public async Task Without_a_second_connection_one_session_joins_all_parts()
    {
        var reasons = new Reasons();
        var settings = server.Settings(await server.DatabaseAsync(Script)) with { User = "one_connection", Password = new Secret("alone"), Retries = 0 };
        await using var warehouse = new PostgresWarehouse(settings, new PostgresDialect());

        var diff = await DiffAsync(warehouse, "orders", "orders", new CompareRules { Strategy = DiffStrategy.Join, Attribution = false }, reasons);

        Assert.Equal("220000/219999 rows: +2 -3 ~9 =219988; v ~5; t ~4", DiffText.Of(diff));
        Assert.Contains(reasons.All, reason => reason.StartsWith("There is no second connection", StringComparison.Ordinal));
        Assert.True(reasons.Contains("The join ran in 4 parts by key id, one after another."));
    }

    [PostgresFact]
    public async Task Who_may_not_share_a_snapshot_compares_alone()
    {
        var reasons = new Reasons();
        var database = await server.CreateDatabaseAsync();
        var role = $"alone_{database}";
        await server.ExecuteScriptAsync(database, $"""
            {Script.Replace("one_connection", role, StringComparison.Ordinal)}
            alter role "{role}" connection limit 5;
            revoke execute on function pg_export_snapshot() from public;
            """);
        var settings = server.Settings(database) with { User = role, Password = new Secret("alone"), Retries = 0 };
        await using var warehouse = new PostgresWarehouse(settings, new PostgresDialect());

        foreach (var strategy in new[] { DiffStrategy.Join, DiffStrategy.Fingerprint, DiffStrategy.Hash })
        {
            var diff = await DiffAsync(warehouse, "orders", "orders", new CompareRules { Strategy = strategy, Attribution = false }, reasons);

            Assert.Equal("220000/219999 rows: +2 -3 ~9 =219988; v ~5; t ~4", DiffText.Of(diff));
        }

        Assert.DoesNotContain(reasons.All, reason => reason.StartsWith("The join ran in", StringComparison.Ordinal));
    }

    /// <summary>Nobody knows keys that divide a partitioned table: the second connection is given back before the join begins.</summary>
    [PostgresFact]
    public async Task Where_nothing_divides_the_rows_no_second_connection_is_kept()
    {
        var reasons = new Reasons();
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteScriptAsync(database, $"""
            create schema a; create schema b;
            create table a.t as select i as id, i % 7 as v from generate_series(1, {Rows}) as g(i); create table b.t as table a.t;
            create unique index on a.t (id); create unique index on b.t (id);
            alter table a.t alter column id set statistics 0; alter table b.t alter column id set statistics 0;
            analyze;
            """);
        await using var warehouse = new Reluctant(new PostgresWarehouse(server.Settings(database), new PostgresDialect()));

        var diff = await DiffAsync(warehouse, "t", "t", new CompareRules { Strategy = DiffStrategy.Join, Attribution = false }, reasons);

        Assert.True(diff.IsIdentical);
        Assert.True(warehouse.IsGivenUp);
        Assert.False(warehouse.HasJoinedBefore);
    }

    [PostgresFact]
    public async Task A_second_connection_that_is_not_ready_in_time_is_not_waited_for()
    {
        var reasons = new Reasons();
        await using var warehouse = new Reluctant(new PostgresWarehouse(server.Settings(await server.DatabaseAsync(Script)), new PostgresDialect()));

        var diff = await DiffAsync(warehouse, "orders", "orders", new CompareRules { Strategy = DiffStrategy.Join, Attribution = false }, reasons);

        Assert.Equal("220000/219999 rows: +2 -3 ~9 =219988; v ~5; t ~4", DiffText.Of(diff));
        Assert.True(reasons.Contains("The join ran in 4 parts by key id, one after another."));
        Assert.True(warehouse.IsGivenUp);
    }

    /// <summary>PostgreSQL with one connection: the second is not there until nobody wants it any more.</summary>
    private sealed class Reluctant(IWarehouse warehouse) : IWarehouse
    {
        public bool IsGivenUp { get; private set; }

        public bool HasJoinedBefore { get; private set; }

        public SqlDialect Dialect => warehouse.Dialect;

        public string AdapterType => warehouse.AdapterType;

        public string Description => warehouse.Description;

        public int Concurrency => warehouse.Concurrency;

        public async Task<IWarehouseSession> OpenSessionAsync(SessionOptions options, CancellationToken cancellationToken) =>
            new Session(this, await warehouse.OpenSessionAsync(options, cancellationToken));

        public ValueTask DisposeAsync() => warehouse.DisposeAsync();

        private sealed class Session(Reluctant owner, IWarehouseSession session) : IWarehouseSession
        {
            public int QueriesSent => session.QueriesSent;

            public Task<RelationInfo?> FindRelationAsync(RelationName relation, CancellationToken cancellationToken) => session.FindRelationAsync(relation, cancellationToken);

            public Task<IReadOnlyList<Column>> DescribeQueryAsync(SqlText query, CancellationToken cancellationToken) => session.DescribeQueryAsync(query, cancellationToken);

            public IAsyncEnumerable<IReadOnlyList<object?>> QueryAsync(SqlText query, CancellationToken cancellationToken)
            {
                owner.HasJoinedBefore |= !owner.IsGivenUp && query.Text.Contains("full outer join", StringComparison.Ordinal);
                return session.QueryAsync(query, cancellationToken);
            }

            public Task<Func<CancellationToken, Task<IWarehouseSession>>?> ShareSnapshotAsync(CancellationToken cancellationToken) =>
                Task.FromResult<Func<CancellationToken, Task<IWarehouseSession>>?>(async token =>
                {
                    try
                    {
                        await Task.Delay(Timeout.Infinite, token);
                    }
                    finally
                    {
                        owner.IsGivenUp = true;
                    }

                    return this;
                });

            public ValueTask DisposeAsync() => session.DisposeAsync();
        }
    }

    /// <summary>PostgreSQL that fails, in earnest, when it shall gather rows.</summary>
    private sealed class Forgetful(IWarehouse warehouse) : IWarehouse
    {
        private int _refused;

        public int Refused => _refused;

        /// <summary>How often the first session was prepared for a join.</summary>
        public int Prepared { get; private set; }

        public SqlDialect Dialect => warehouse.Dialect;

        public string AdapterType => warehouse.AdapterType;

        public string Description => warehouse.Description;

        public int Concurrency => warehouse.Concurrency;

        public async Task<IWarehouseSession> OpenSessionAsync(SessionOptions options, CancellationToken cancellationToken) =>
            new Session(this, await warehouse.OpenSessionAsync(options, cancellationToken), isFirst: true);

        public ValueTask DisposeAsync() => warehouse.DisposeAsync();

        private sealed class Session(Forgetful owner, IWarehouseSession session, bool isFirst) : IWarehouseSession
        {
            public int QueriesSent => session.QueriesSent;

            public Task<RelationInfo?> FindRelationAsync(RelationName relation, CancellationToken cancellationToken) => session.FindRelationAsync(relation, cancellationToken);

            public Task<IReadOnlyList<Column>> DescribeQueryAsync(SqlText query, CancellationToken cancellationToken) => session.DescribeQueryAsync(query, cancellationToken);

            public IAsyncEnumerable<IReadOnlyList<object?>> QueryAsync(SqlText query, CancellationToken cancellationToken)
            {
                if (!query.Text.Contains("cidiff_joined", StringComparison.Ordinal))
                {
                    if (isFirst && query.Text.Contains("set_config('jit', 'off', true)", StringComparison.Ordinal))
                    {
                        owner.Prepared++;
                    }

                    return session.QueryAsync(query, cancellationToken);
                }

                Interlocked.Increment(ref owner._refused);
                return session.QueryAsync(new SqlText("select array_fill(0, array[2000000000])::text"), cancellationToken);
            }

            public async Task<Func<CancellationToken, Task<IWarehouseSession>>?> ShareSnapshotAsync(CancellationToken cancellationToken) =>
                await session.ShareSnapshotAsync(cancellationToken) is { } open ? async token => new Session(owner, await open(token), isFirst: false) : null;

            public ValueTask DisposeAsync() => session.DisposeAsync();
        }
    }

    [PostgresTheory]
    [InlineData("orders", DiffStrategy.Join)]
    [InlineData("orders", DiffStrategy.Fingerprint)]
    [InlineData("named", DiffStrategy.Join)]
    public async Task No_key_is_in_what_the_log_shows_of_queries(string table, DiffStrategy strategy)
    {
        var reasons = new Reasons();
        await using var warehouse = new PostgresWarehouse(server.Settings(await server.DatabaseAsync(Script)), new PostgresDialect());

        await DiffAsync(warehouse, table, table, new CompareRules { Strategy = strategy }, reasons);

        Assert.Contains(reasons.Queries, query => query.Contains("\"id\" in ('…', '…'", StringComparison.Ordinal));
        Assert.DoesNotContain(reasons.Queries, query => Key().IsMatch(query));
    }

    // Those of the orders have six digits where something differs.
    [GeneratedRegex("'[0-9]{5,}'|between [0-9]{5,}|'[0-9a-f]{8}-[0-9a-f]{4}-")]
    private static partial Regex Key();

    private static Task<TableDiff> DiffAsync(IWarehouse warehouse, string ofBase, string ofHead, CompareRules rules, Reasons reasons) => Diff.SourcesAsync(
        warehouse,
        new DiffSource.Relation(new RelationName(null, "a", ofBase)),
        new DiffSource.Relation(new RelationName(null, "b", ofHead)),
        [new(["id"], KeySource.Explicit)],
        rules,
        reasons);
}
