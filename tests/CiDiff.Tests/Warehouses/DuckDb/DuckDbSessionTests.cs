using System.Diagnostics;
using CiDiff.Errors;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Tests.Warehouses.DuckDb;

public sealed class DuckDbSessionTests
{
    // Hours of work for any machine, in no memory.
    private const string Endless = "select count(*) from range(100000000) as a(x), range(100000000) as b(y) where (x * y) % 7 = 3";

    private static readonly SessionOptions Options = new("run-1", "orders", null, null);

    public static TheoryData<string, object?> Values => new()
    {
        { "null", null },
        { "true", true },
        { "(-128)::tinyint", -128L },
        { "(-32768)::smallint", -32768L },
        { "(-2147483648)::integer", -2147483648L },
        { "9223372036854775807::bigint", 9223372036854775807L },
        { "255::utinyint", 255L },
        { "65535::usmallint", 65535L },
        { "4294967295::uinteger", 4294967295L },
        { "7::ubigint", 7L },
        { "18446744073709551615::ubigint", 18446744073709551615m },
        { "sum(1::bigint)", 1L },
        { "(-5)::hugeint", -5L },
        { "(-9223372036854775809)::hugeint", -9223372036854775809m },
        { "170141183460469231731687303715884105727::hugeint", "170141183460469231731687303715884105727" },
        { "340282366920938463463374607431768211455::uhugeint", "340282366920938463463374607431768211455" },
        { "12::bignum", 12L },
        { "'-123456789012345678901234567890123456789012'::bignum", "-123456789012345678901234567890123456789012" },
        { "1.5::float", 1.5 },
        { "'nan'::double", double.NaN },
        { "'-infinity'::double", double.NegativeInfinity },
        { "12.30::decimal(4,2)", 12.30m },
        { "(-0.05)::decimal(9,4)", -0.0500m },
        { "12345678901.123456789::decimal(20,9)", 12345678901.123456789m },
        { "(-1234567890123456789012345678)::decimal(38,0)", -1234567890123456789012345678m },
        { "(-12345678901234567890123456789012345.678)::decimal(38,3)", "-12345678901234567890123456789012345.678" },
        { "0.00000000000000000000000000000000000001::decimal(38,38)", "0.00000000000000000000000000000000000001" },
        { "''", "" },
        { "'twelve bytes'", "twelve bytes" },
        { "'thirteen chars'", "thirteen chars" },
        { "'käse ' || chr(128512)", "käse 😀" },
        { "'{\"a\": 1}'::json", "{\"a\": 1}" },
    };

    public static TheoryData<string> ValuesThatAreText => new(
        "date '2026-02-03'",
        "date '0044-03-15 (BC)'",
        "date 'infinity'",
        "date '12345-01-02'",
        "time '04:05:06.000001'",
        "'04:05:06.123456789'::time_ns",
        "'04:05:06+02:30'::timetz",
        "'2026-02-03 04:05:06.789012'::timestamp",
        "'-infinity'::timestamp",
        "'2026-02-03 04:05:06'::timestamp_s",
        "'2026-02-03 04:05:06.123'::timestamp_ms",
        "'2026-02-03 04:05:06.123456789'::timestamp_ns",
        "interval '14 months 3 days 04:05:06.5'",
        "interval '-1 second'",
        "'\\xDE\\xAD'::blob",
        "'0101'::bit",
        "'00112233-4455-6677-8899-aabbccddeeff'::uuid",
        "'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid",
        "'sad'::enum('happy', 'sad')",
        "[]::integer[]",
        "[1, null, 3]",
        "[[1], [], null, [2, 3]]",
        "['a,b', '', ' x', null, 'null', 'O''Brien', 'the sixteenth letter']",
        "[1, 2, 3]::integer[3]",
        "[[1, 2], [3, 4]]::integer[2][2]",
        "{'a': 1, 'b c': 'x', 'd': null, 'e': [1.5::decimal(3,1)]}",
        "map {'a': 1, 'b': null}",
        "map()::map(varchar, integer)",
        "map {{'k': 1}: [date '2026-01-01', null]}",
        "union_value(num := 2::tinyint)",
        "[union_value(n := 2)::union(s varchar, n integer), 'x'::union(s varchar, n integer)]",
        "[union_value(n := null::integer), union_value(n := 3)]",
        "union_value(n := '99999999999999999999999'::bignum)",
        "['-12345678901234567890123'::bignum, '255'::bignum, '256'::bignum, '0'::bignum]",
        "[(-7)::tinyint, 7::smallint, 7::uinteger, 7::usmallint]",
        "[7::ubigint]",
        "[7::bigint, (-7)::bigint]",
        "[(-7)::tinyint]",
        "[(-7)::smallint]",
        "[7::usmallint]",
        "[7::uinteger]",
        "['04:05:06.123456789'::time_ns]",
        "['2026-02-03 04:05:06'::timestamp_s]",
        "[time '04:05:06']",
        "[timestamp '2026-02-03 04:05:06.5']",
        "[true, false]",
        "[1::utinyint, 255]",
        "[(-1)::hugeint, 170141183460469231731687303715884105727]",
        "[340282366920938463463374607431768211455::uhugeint]",
        "[1.5::float]",
        "['nan'::double, 0.1]",
        "[12.30::decimal(38,2)]",
        "['\\x00'::blob]",
        "['1'::bit]",
        "['00112233-4455-6677-8899-aabbccddeeff'::uuid]",
        "['sad'::enum('happy', 'sad')]",
        "[interval '1 day']",
        "['04:05:06+02:30'::timetz]",
        "['2026-02-03 04:05:06'::timestamp_ns]");

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_value_has_the_type_that_the_interface_promises(string expression, object? expected)
    {
        await using var warehouse = DuckDbFile.InMemory();
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        var row = Assert.Single(await RowsAsync(session, $"select {expression}"));

        Assert.Equal(expected, Assert.Single(row));
    }

    [Theory]
    [MemberData(nameof(ValuesThatAreText))]
    public async Task Any_other_value_is_the_text_that_DuckDB_itself_casts_it_to(string expression)
    {
        await using var warehouse = DuckDbFile.InMemory();
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        var row = Assert.Single(await RowsAsync(session, $"select x, x::varchar from (select {expression} as x)"));

        Assert.NotNull(row[1]);
        Assert.Equal(row[1], row[0]);
    }

    [Fact]
    public async Task An_instant_is_text_in_UTC_whatever_zone_the_profile_sets()
    {
        await using var warehouse = new DuckDbWarehouse(new()
        {
            Path = ":memory:",
            Settings = new Dictionary<string, string> { ["timezone"] = "America/New_York" },
        }, DuckDbFile.Dialect);
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        var row = Assert.Single(await RowsAsync(session, "select t, [t], t::varchar from (select timestamptz '2026-07-01 12:00:00+02' as t)"));

        Assert.Equal(["2026-07-01 10:00:00+00", "['2026-07-01 10:00:00+00']", "2026-07-01 10:00:00+00"], row);
    }

    [Fact]
    public async Task A_type_that_cannot_be_read_is_an_error_that_says_to_cast_it()
    {
        await using var warehouse = DuckDbFile.InMemory();
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        var error = await Assert.ThrowsAsync<UserErrorException>(() => RowsAsync(session, "select 1::variant as v"));

        Assert.Equal(ErrorCodes.QueryFailed, error.Code);
        Assert.Contains("Column v", error.Message, StringComparison.Ordinal);
        Assert.Contains("Cast it to varchar", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_arrive_in_order_across_chunks_with_their_nulls()
    {
        await using var warehouse = DuckDbFile.InMemory();
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        var rows = await RowsAsync(session, "select i, case when i % 3 = 0 then null else i || ' as a longer text' end from range(10000) as t(i) order by i desc");

        Assert.Equal(Enumerable.Range(0, 10000).Reverse().Select(i => (long)i), rows.Select(row => (long)row[0]!));
        Assert.All(rows, row => Assert.Equal((long)row[0]! % 3 == 0 ? null : $"{row[0]} as a longer text", row[1]));
    }

    [Fact]
    public async Task A_result_of_many_rows_is_not_held_in_memory()
    {
        await using var warehouse = new DuckDbWarehouse(new()
        {
            Path = ":memory:",
            Settings = new Dictionary<string, string> { ["memory_limit"] = "100MB", ["max_temp_directory_size"] = "0KB" },
        }, DuckDbFile.Dialect);
        await using var session = await warehouse.OpenSessionAsync(Options, default);
        var count = 0L;

        // 3 GB of text
        await foreach (var row in session.QueryAsync(Sql("select repeat('x', 3000) || i from range(1000000) as t(i)"), default))
        {
            count++;
        }

        Assert.Equal(1000000, count);
    }

    [Fact]
    public async Task A_query_can_be_left_half_read()
    {
        await using var warehouse = DuckDbFile.InMemory();
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        await foreach (var row in session.QueryAsync(Sql("select i from range(1000000000000) as t(i)"), default))
        {
            Assert.Equal([0L], row);
            break;
        }

        Assert.Equal(2L, Assert.Single(await RowsAsync(session, "select 2"))[0]);
    }

    [Fact]
    public async Task Cancelling_stops_the_query_in_the_engine_and_the_session_goes_on()
    {
        await using var warehouse = DuckDbFile.InMemory();
        await using var session = await warehouse.OpenSessionAsync(Options, default);
        using var cancellation = new CancellationTokenSource();

        var running = RowsAsync(session, Endless, cancellation.Token);
        await WaitUntilAsync(() => CpuTime() > TimeSpan.FromSeconds(0.3)); // it is at work
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(1L, Assert.Single(await RowsAsync(session, "select 1"))[0]);

        TimeSpan CpuTime() => Process.GetCurrentProcess().TotalProcessorTime - _cpuAtStart;
    }

    [Fact]
    public async Task Cancelling_between_two_rows_ends_the_query()
    {
        await using var warehouse = DuckDbFile.InMemory();
        await using var session = await warehouse.OpenSessionAsync(Options, default);
        using var cancellation = new CancellationTokenSource();
        var seen = 0L;

        var reading = async () =>
        {
            await foreach (var row in session.QueryAsync(Sql("select i from range(1000000000000) as t(i)"), cancellation.Token))
            {
                seen++;
                await cancellation.CancelAsync();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(reading);
        Assert.InRange(seen, 1, 2048);
        Assert.Equal(1L, Assert.Single(await RowsAsync(session, "select 1"))[0]);
    }

    [Fact]
    public async Task A_query_that_was_cancelled_before_it_began_does_not_begin()
    {
        await using var warehouse = DuckDbFile.InMemory();
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => RowsAsync(session, Endless, new CancellationToken(canceled: true)).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_query_over_its_time_limit_is_stopped_and_the_session_goes_on()
    {
        await using var warehouse = DuckDbFile.InMemory();
        await using var session = await warehouse.OpenSessionAsync(Options with { StatementTimeout = TimeSpan.FromSeconds(0.2) }, default);

        var error = await Assert.ThrowsAsync<UserErrorException>(
            () => RowsAsync(session, Endless).WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Equal(ErrorCodes.QueryTimedOut, error.Code);
        Assert.Contains("0.2 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(1L, Assert.Single(await RowsAsync(session, "select 1"))[0]);
    }

    [Fact]
    public async Task A_query_says_what_it_is_for_and_that_it_started_and_ended()
    {
        var events = new List<RunEvent>();
        await using var warehouse = DuckDbFile.InMemory();
        await using var session = await warehouse.OpenSessionAsync(
            Options with { Model = "a */ drop /* b", Progress = new Recorder(events) }, default);

        await RowsAsync(session, "select 1 -- the user's own remark");

        var started = Assert.IsType<RunEvent.QueryStarted>(events[0]);
        Assert.EndsWith("\n/* cidiff run-1 a * / drop / * b */", started.Sql, StringComparison.Ordinal);
        Assert.IsType<RunEvent.QueryFinished>(events[1]);
        Assert.Equal(2, events.Count);
        Assert.Equal(1, session.QueriesSent);
    }

    [Theory]
    [InlineData("copy (select 1) to 'stolen.csv'")]
    [InlineData("insert into t values (2)")]
    [InlineData("create temp table x as select 1")]
    [InlineData("attach ':memory:' as other")]
    [InlineData("set memory_limit = '1GB'")]
    [InlineData("install httpfs")]
    [InlineData("select 1; drop table t")]
    public async Task Nothing_but_a_query_is_run(string statement)
    {
        using var file = new DuckDbFile("create table t as select 1 as a");
        await using var warehouse = file.Open();
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        await Assert.ThrowsAsync<UserErrorException>(() => RowsAsync(session, statement));

        Assert.Equal([1L], Assert.Single(await RowsAsync(session, "select a from t")));
        Assert.False(File.Exists("stolen.csv"));
    }

    [Fact]
    public async Task A_described_query_gives_its_columns_without_running()
    {
        await using var warehouse = DuckDbFile.InMemory();
        await using var session = await warehouse.OpenSessionAsync(Options, default);

        var columns = await session.DescribeQueryAsync(
            Sql($"select 1::decimal(10,2) as \"A b\", ({Endless}) as n, [1] as l -- ends with a remark"), default);

        Assert.Equal(["A b: DECIMAL(10,2) Decimal", "n: BIGINT Integer", "l: INTEGER[] Array"],
            columns.Select(column => $"{column.Name}: {column.Type.Name} {column.Type.Family}"));
    }

    private readonly TimeSpan _cpuAtStart = Process.GetCurrentProcess().TotalProcessorTime;

    // The thread that fails is not always the one that the library reports: the others only know that they had to stop.
    [Fact]
    public async Task A_query_that_fails_on_the_way_says_why_each_time()
    {
        await using var warehouse = DuckDbFile.InMemory();
        await using var session = await warehouse.OpenSessionAsync(Options, default);
        for (var time = 0; time < 60; time++)
        {
            var error = await Assert.ThrowsAsync<UserErrorException>(
                () => RowsAsync(session, "select case when i = 500000 then error('too far') else i end as v from range(1000000) as t(i)"));

            Assert.Contains("too far", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal([1L], Assert.Single(await RowsAsync(session, "select 1")));
    }

    private static SqlText Sql(string text) => SqlText.FromConfiguration(text, "a test");

    private static async Task<List<IReadOnlyList<object?>>> RowsAsync(
        IWarehouseSession session, string sql, CancellationToken cancellationToken = default)
    {
        var rows = new List<IReadOnlyList<object?>>();
        await foreach (var row in session.QueryAsync(Sql(sql), cancellationToken))
        {
            rows.Add(row);
        }

        return rows;
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        var deadline = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(deadline.Elapsed < TimeSpan.FromSeconds(30));
            await Task.Delay(10);
        }
    }

    private sealed class Recorder(List<RunEvent> events) : IProgress<RunEvent>
    {
        public void Report(RunEvent value) => events.Add(value);
    }
}
