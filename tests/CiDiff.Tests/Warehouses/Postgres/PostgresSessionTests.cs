using CiDiff.Errors;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Warehouses.Postgres;

[Collection("postgres")]
public sealed class PostgresSessionTests(PostgresServer server)
{
    [PostgresTheory]
    [InlineData("1::smallint", 1L)]
    [InlineData("(-2147483648)::integer", -2147483648L)]
    [InlineData("9223372036854775807::bigint", 9223372036854775807L)]
    [InlineData("4294967295::oid", 4294967295L)]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("null::integer", null)]
    [InlineData("0.1::real", 0.1)]
    [InlineData("0.1::double precision", 0.1)]
    [InlineData("'NaN'::double precision", double.NaN)]
    [InlineData("'-Infinity'::real", double.NegativeInfinity)]
    [InlineData("'-0'::double precision", -0.0)]
    [InlineData("'NaN'::numeric", "NaN")]
    [InlineData("''::text", "")]
    [InlineData("'a'::char(3)", "a  ")]
    [InlineData("'null'::varchar", "null")]
    [InlineData("array[1, null, 3]", "{1,NULL,3}")]
    [InlineData("'{\"a\": 1}'::json", "{\"a\": 1}")]
    [InlineData("'\\xCAFE'::bytea", "\\xcafe")]
    [InlineData("'2024-02-29 12:00:00+02'::timestamptz", "2024-02-29 10:00:00+00")]
    [InlineData("'infinity'::date", "infinity")]
    [InlineData("'1 year 2 days'::interval", "1 year 2 days")]
    [InlineData("row(1, 'x')", "(1,x)")]
    [InlineData("'[1,5)'::int4range", "[1,5)")]
    public async Task Values_arrive_as_the_contract_says(string expression, object? expected)
    {
        await using var warehouse = Open();
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        var value = await session.ValueAsync($"select {expression}");

        Assert.Equal(expected, value);
    }

    [PostgresTheory]
    [InlineData("12.30::numeric(10,2)", "12.30")]
    [InlineData("0::numeric", "0")]
    [InlineData("-1234567890123456789.123456789", "-1234567890123456789.123456789")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    public async Task Exact_numbers_that_fit_are_decimals(string expression, string expected)
    {
        await using var warehouse = Open();
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        var value = Assert.IsType<decimal>(await session.ValueAsync($"select {expression}"));

        Assert.Equal(expected, value.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [PostgresTheory]
    [InlineData("0.12345678901234567890123456789012345")]
    [InlineData("79228162514264337593543950336")]
    [InlineData("123456789012345678901234567890.5")]
    public async Task Exact_numbers_that_a_decimal_would_round_stay_text(string number)
    {
        await using var warehouse = Open();
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        Assert.Equal(number, await session.ValueAsync($"select {number}"));
    }

    [PostgresFact]
    public async Task A_session_sees_one_snapshot()
    {
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteScriptAsync(database, "create table t (a integer); insert into t values (1);");
        await using var warehouse = Open(database);
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        await server.ExecuteScriptAsync(database, "insert into t values (2);");

        Assert.Equal(1L, await session.ValueAsync("select count(*) from t"));
    }

    [PostgresTheory]
    [InlineData("create table written (a integer)")]
    [InlineData("commit; create table written (a integer)")]
    [InlineData("select 1; rollback; create table written (a integer)")]
    public async Task Nothing_can_be_written(string sql)
    {
        var database = await server.DatabaseAsync("create table only_so_that_there_is_one ();");
        await using var warehouse = Open(database);
        await using (var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default))
        {
            var error = await Assert.ThrowsAsync<UserErrorException>(() => session.RowsAsync(sql));

            Assert.Equal(ErrorCodes.QueryFailed, error.Code);
        }

        Assert.Equal("0", await server.ExecuteScriptAsync(database, "select count(*) from pg_class where relname = 'written';"));
    }

    [PostgresTheory]
    [InlineData("select 1 where '' = $1")]
    [InlineData("select 1 from (select 'a'::text as t, 1 as i) as x where t = $1")]
    [InlineData("select 1 from (select 'a'::text as t, 1 as i) as x where i = $1")]
    public async Task There_is_no_parameter_to_compare_with(string sql)
    {
        await using var warehouse = Open();
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        var error = await Assert.ThrowsAsync<UserErrorException>(() => session.RowsAsync(sql));

        Assert.Contains("operator does not exist", error.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_session_goes_on_after_a_failed_query()
    {
        await using var warehouse = Open();
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        var error = await Assert.ThrowsAsync<UserErrorException>(() => session.RowsAsync("select 1\n  selectt 2"));

        Assert.Equal(ErrorCodes.QueryFailed, error.Code);
        Assert.Equal("PostgreSQL rejects the SQL of a test: syntax error at or near \"2\" (SQLSTATE 42601), line 2, column 11, at `2`.", error.Message);
        Assert.Equal(2L, await session.ValueAsync("select 2"));
    }

    [PostgresFact]
    public async Task A_sibling_sees_the_same_snapshot_even_after_a_failure()
    {
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteScriptAsync(database, "create table t (a integer); insert into t values (1);");
        await using var warehouse = Open(database);
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        await Assert.ThrowsAsync<UserErrorException>(() => session.RowsAsync("select 1 / 0"));
        await server.ExecuteScriptAsync(database, "insert into t values (2);");

        var open = await session.ShareSnapshotAsync(default);
        await using var sibling = await open!(default);

        Assert.NotNull(sibling);
        Assert.Equal(1L, await sibling.ValueAsync("select count(*) from t"));
        Assert.Equal(1L, await session.ValueAsync("select count(*) from t"));
        Assert.NotEqual(await session.ValueAsync("select pg_backend_pid()"), await sibling.ValueAsync("select pg_backend_pid()"));
        await using var later = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        Assert.Equal(2L, await later.ValueAsync("select count(*) from t"));
    }

    [PostgresFact]
    public async Task Every_query_ends_with_the_run_and_the_model_and_is_told_of()
    {
        var told = new List<RunEvent>();
        var options = new SessionOptions("run-7", "orders */ drop", null, new Listener(told));
        await using var warehouse = Open();
        await using var session = await warehouse.OpenSessionAsync(options, default);

        var text = await session.ValueAsync("select query from pg_stat_activity where pid = pg_backend_pid() -- mine");

        const string Expected = "select query from pg_stat_activity where pid = pg_backend_pid() -- mine\n/* cidiff run-7 orders____drop */";
        Assert.Equal(Expected, text);
        Assert.Equal(new RunEvent.QueryStarted("orders */ drop", Expected), told[0]);
        Assert.Equal("orders */ drop", Assert.IsType<RunEvent.QueryFinished>(told[1]).Model);
        Assert.Equal(2, told.Count);
        Assert.Equal(1, session.QueriesSent);
    }

    [PostgresTheory]
    [InlineData("transaction_isolation", "repeatable read")]
    [InlineData("transaction_read_only", "on")]
    [InlineData("statement_timeout", "1min")]
    [InlineData("idle_in_transaction_session_timeout", "11min")]
    [InlineData("TimeZone", "UTC")]
    [InlineData("DateStyle", "ISO, YMD")]
    [InlineData("IntervalStyle", "postgres")]
    [InlineData("bytea_output", "hex")]
    [InlineData("extra_float_digits", "3")]
    [InlineData("standard_conforming_strings", "on")]
    [InlineData("application_name", "nightly")]
    [InlineData("search_path", "\"A b\", public")]
    [InlineData("role", "cidiff_reader")]
    public async Task A_session_brings_its_settings_whatever_the_database_says(string setting, string expected)
    {
        var database = await server.DatabaseAsync(
            """
            do $$
            begin
                create role cidiff_reader;
            exception when duplicate_object then
                null;
            end $$;
            do $$
            declare
                setting text;
            begin
                foreach setting in array array[
                    'statement_timeout = ''7s''', 'timezone = ''Asia/Kathmandu''', 'datestyle = ''German''', 'intervalstyle = ''iso_8601''',
                    'bytea_output = ''escape''', 'extra_float_digits = -5', 'standard_conforming_strings = off']
                loop
                    execute format('alter database %I set %s', current_database(), setting);
                end loop;
            end $$;
            """);
        var settings = server.Settings(database) with { ApplicationName = "nightly", SearchPath = "\"A b\", public", Role = "cidiff_reader" };
        await using var warehouse = PostgresTestWarehouse.Open(settings);
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        Assert.Equal(expected, await session.ValueAsync($"select current_setting('{setting}')"));
    }

    [PostgresFact]
    public async Task Nothing_of_a_session_is_left_for_the_next_one_on_its_connection()
    {
        var database = await server.DatabaseAsync("create table only_so_that_there_is_one ();");
        await using var warehouse = Open(database);
        long backend;
        await using (var first = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default))
        {
            backend = (long)(await first.ValueAsync("select pg_backend_pid()"))!;
            await Assert.ThrowsAsync<UserErrorException>(() => first.RowsAsync("select 1 / 0"));
        }

        Assert.Equal("idle", await server.ExecuteScriptAsync(database, $"select state from pg_stat_activity where pid = {backend}"));
        await using var second = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options with { StatementTimeout = null }, default);
        Assert.Equal(backend, await second.ValueAsync("select pg_backend_pid()"));
        Assert.Equal("0", await second.ValueAsync("select current_setting('statement_timeout')"));
        Assert.Equal("1h", await second.ValueAsync("select current_setting('idle_in_transaction_session_timeout')"));
    }

    [PostgresFact]
    public async Task Cancelling_stops_the_query_in_the_server()
    {
        var database = await server.DatabaseAsync("create table only_so_that_there_is_one ();");
        await using var warehouse = Open(database);
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        using var cancellation = new CancellationTokenSource();

        var query = session.RowsAsync("select pg_sleep(60)", cancellation.Token);
        await RunningAsync(database, "select pg_sleep", 1);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query);
        await RunningAsync(database, "select pg_sleep", 0);
        Assert.Equal(1L, await session.ValueAsync("select 1"));
    }

    [PostgresTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Cancelling_at_once_leaves_nothing_running_although_the_request_may_overtake_the_query(int milliseconds)
    {
        var database = await server.DatabaseAsync("create table only_so_that_there_is_one ();");
        await using var warehouse = Open(database);
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        using var cancellation = new CancellationTokenSource();

        var query = session.RowsAsync("select pg_sleep(60)", cancellation.Token);
        cancellation.CancelAfter(milliseconds);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query);
        await RunningAsync(database, "select pg_sleep", 0);
    }

    [PostgresFact]
    public async Task A_query_whose_cancellation_gets_lost_is_ended_all_the_same()
    {
        var real = server.Settings(await server.DatabaseAsync("create table only_so_that_there_is_one ();"));
        await using var front = new TcpFront(real.Host, real.Port, connection => connection != 2).Start(); // the second asks to cancel
        await using var warehouse = PostgresTestWarehouse.Open(real with { Host = "127.0.0.1", Port = front.Port, SslMode = "disable" });
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        using var cancellation = new CancellationTokenSource();

        var query = session.RowsAsync("select pg_sleep(60)", cancellation.Token);
        await RunningAsync(real.Database, "select pg_sleep", 1);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query);
        await RunningAsync(real.Database, "select pg_sleep", 0);
        await Assert.ThrowsAsync<UserErrorException>(() => session.RowsAsync("select 1"));
        await using var next = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        Assert.Equal(1L, await next.ValueAsync("select 1"));
    }

    [PostgresFact]
    public async Task Cancelling_between_rows_stops_the_query_in_the_server()
    {
        var database = await server.DatabaseAsync("create table only_so_that_there_is_one ();");
        await using var warehouse = Open(database);
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        using var cancellation = new CancellationTokenSource();
        var query = SqlText.FromConfiguration("select generate_series(1, 100000000), repeat('x', 1000)", "a test");
        var read = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var row in session.QueryAsync(query, cancellation.Token))
            {
                if (++read == 1000)
                {
                    await cancellation.CancelAsync();
                }
            }
        });

        await RunningAsync(database, "generate_series", 0);
        Assert.Equal(1L, await session.ValueAsync("select 1"));
    }

    [PostgresFact]
    public async Task A_client_that_vanishes_does_not_leave_its_query_behind()
    {
        var real = server.Settings(await server.DatabaseAsync("create table only_so_that_there_is_one ();"));
        if (!server.IsOwn || !OperatingSystem.IsLinux())
        {
            return; // a server that was given to us may be too old, or on a system where it cannot look
        }

        await using var front = new TcpFront(real.Host, real.Port, _ => true).Start();
        await using var warehouse = PostgresTestWarehouse.Open(real with { Port = front.Port, SslMode = "disable" });
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        var query = session.RowsAsync("select pg_sleep(60)");
        await RunningAsync(real.Database, "select pg_sleep", 1);
        front.Cut();

        await RunningAsync(real.Database, "select pg_sleep", 0);
        var error = await Assert.ThrowsAsync<UserErrorException>(() => query);
        Assert.Equal(ErrorCodes.ConnectionLost, error.Code);
    }

    [PostgresTheory]
    [InlineData("select 1")]
    [InlineData("select generate_series(1, 100000000), repeat('x', 1000)")]
    [InlineData("select n, repeat('x', 100000), case when n > 2 then pg_sleep(60) end from (select generate_series(1, 3) as n) as s")]
    public async Task A_caller_who_takes_only_the_first_row_leaves_a_usable_session(string sql)
    {
        var database = await server.DatabaseAsync("create table only_so_that_there_is_one ();");
        await using var warehouse = Open(database);
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        await foreach (var row in session.QueryAsync(SqlText.FromConfiguration(sql, "a test"), default))
        {
            Assert.Equal(1L, row[0]);
            break;
        }

        await RunningAsync(database, "generate_series", 0);
        Assert.Equal(2L, await session.ValueAsync("select 2"));
    }

    [PostgresFact]
    public async Task Rows_stream()
    {
        await using var warehouse = Open();
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var rows = 0;
        var most = 0L;

        await foreach (var row in session.QueryAsync(SqlText.FromConfiguration("select generate_series(1, 100000), repeat('x', 1000)", "a test"), default))
        {
            if (++rows % 10_000 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        Assert.Equal(100_000, rows);
        Assert.InRange(most, long.MinValue, 20_000_000); // of 200 MB as strings
    }

    private PostgresWarehouse Open(string database = "postgres") => PostgresTestWarehouse.Open(server.Settings(database));

    /// <summary>Waits until so many other sessions of the database run a query with this text.</summary>
    private async Task RunningAsync(string database, string text, int expected)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(20); ;)
        {
            var count = await server.ExecuteScriptAsync(
                database,
                $"""
                select count(*)
                from pg_stat_activity
                where datname = current_database() and state = 'active' and pid <> pg_backend_pid() and query like '%{text}%'
                """);
            if (count == $"{expected}")
            {
                return;
            }

            Assert.True(DateTime.UtcNow < deadline, $"{count} queries with '{text}' are running, not {expected}.");
        }
    }

    private sealed class Listener(List<RunEvent> told) : IProgress<RunEvent>
    {
        public void Report(RunEvent value) => told.Add(value);
    }
}
