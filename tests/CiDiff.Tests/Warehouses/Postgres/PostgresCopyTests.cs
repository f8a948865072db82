using CiDiff.Errors;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.DuckDb;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Warehouses.Postgres;

/// <summary>Rows of PostgreSQL that go into an embedded DuckDB in binary.</summary>
[Collection("postgres")]
public sealed class PostgresCopyTests(PostgresServer server)
{
    private static readonly RelationName Target = new(null, null, "copied");

    /// <summary>A type in DuckDB, an expression of PostgreSQL's that has it, and what DuckDB shows of it.</summary>
    public static TheoryData<string, string, string?> Values { get; } = new()
    {
        { "SMALLINT", "'-32768'::smallint", "-32768" },
        { "INTEGER", "'-2147483648'::integer", "-2147483648" },
        { "BIGINT", "'-9223372036854775808'::bigint", "-9223372036854775808" },
        { "BIGINT", "null::bigint", null },
        { "BOOLEAN", "true", "true" },
        { "FLOAT", "'-0'::real", "0.0" },
        { "FLOAT", "'1e-45'::real", "1e-45" },
        { "DOUBLE", "'-0'::double precision", "0.0" },
        { "DOUBLE", "'NaN'::double precision", "nan" },
        { "DOUBLE", "'-Infinity'::double precision", "-inf" },
        { "DECIMAL(3,1)", "-99.9::numeric", "-99.9" },
        { "DECIMAL(9,2)", "1234567.89::numeric", "1234567.89" },
        { "DECIMAL(18,6)", "999999999999.000001::numeric", "999999999999.000001" },
        { "DECIMAL(38,10)", "-1234567890123456789012345678.0123456789::numeric", "-1234567890123456789012345678.0123456789" },
        { "DECIMAL(38,38)", "0.00000000000000000000000000000000000001::numeric", ".00000000000000000000000000000000000001" },
        { "DATE", "date '4713-01-01 BC'", "4713-01-01 (BC)" },
        { "DATE", "date '5874897-12-31'", "5874897-12-31" },
        { "DATE", "date '-infinity'", "-infinity" },
        { "TIME", "time '24:00:00'", "24:00:00" },
        { "TIMESTAMP", "timestamp '294246-12-31 23:59:59.999999'", "294246-12-31 23:59:59.999999" },
        { "TIMESTAMP", "timestamp '0044-03-15 12:00:00 BC'", "0044-03-15 (BC) 12:00:00" },
        { "TIMESTAMP", "timestamp '-infinity'", "-infinity" },
        { "TIMESTAMP WITH TIME ZONE", "timestamptz '1969-12-31 23:59:59.999999+01'", "1969-12-31 22:59:59.999999+00" },
        { "TIMESTAMP WITH TIME ZONE", "timestamptz 'infinity'", "infinity" },
        { "UUID", "'00000000-0000-0000-0000-0000000000ff'::uuid", "00000000-0000-0000-0000-0000000000ff" },
        { "UUID", "'f0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid", "f0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11" },
        { "BLOB", "'\\x00ff10'::bytea", "\\x00\\xFF\\x10" },
        { "VARCHAR", "''::text", "" },
        { "VARCHAR", "'0123456789ab'::text", "0123456789ab" },
        { "VARCHAR", "'0123456789abc'::text", "0123456789abc" },
        { "VARCHAR", "'ümlaut, 😀, and more'::text", "ümlaut, 😀, and more" },
    };

    [PostgresTheory]
    [MemberData(nameof(Values))]
    public async Task A_value_arrives_as_it_was(string type, string expression, string? shown)
    {
        await using var warehouse = Open();
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        using var scratch = DuckDbScratch.Open();

        // More rows than a chunk has, and nulls between them.
        await CopyAsync(session, scratch, $"select case when i % 3 = 0 then null else {expression} end from generate_series(1, 5000) as r(i)", type);

        Assert.Equal([shown is null ? 0L : 3334L], (await RowsAsync(scratch, "select count(v) from copied"))[0]);
        Assert.All(await RowsAsync(scratch, "select distinct cast(v as varchar) from copied where v is not null"), row => Assert.Equal(shown, row[0]));
    }

    [PostgresTheory]
    [InlineData("DECIMAL(12,2)", "'NaN'::numeric(12,2)", "NaN or an infinite number")]
    [InlineData("DECIMAL(12,2)", "0.001::numeric", "a number")]
    [InlineData("DECIMAL(12,2)", "10000000000::numeric", "a number")]
    [InlineData("TIMESTAMP", "timestamp '294276-01-01'", "a time after the year 294246")]
    public async Task A_value_that_has_no_place_is_an_error(string type, string expression, string what)
    {
        await using var warehouse = Open();
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        using var scratch = DuckDbScratch.Open();

        var error = await Assert.ThrowsAsync<UserErrorException>(() => CopyAsync(session, scratch, $"select {expression} from generate_series(1, 100000)", type));

        Assert.Equal(ErrorCodes.QueryFailed, error.Code);
        Assert.Equal($"Column 'v' has {what}, which has no place in {type}, as which it is compared.", error.Message);
        Assert.Equal(1L, await session.ValueAsync("select 1"));
    }

    [PostgresFact]
    public async Task A_row_may_be_longer_than_what_is_read_at_once()
    {
        await using var warehouse = Open();
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        using var scratch = DuckDbScratch.Open();

        await CopyAsync(session, scratch, "select repeat('é', i * 200000) from generate_series(1, 5) as r(i)", "VARCHAR");

        Assert.Equal([[200000L], [400000L], [600000L], [800000L], [1000000L]], await RowsAsync(scratch, "select length(v) from copied where v like 'é%' order by 1"));
    }

    [PostgresTheory]
    [InlineData("select 1::bigint where true) to stdout; commit; create table written (a integer); copy (select 1::bigint")]
    [InlineData("select 1::bigint; commit; create table written (a integer)")]
    [InlineData("select 1::bigint /*")]
    public async Task Nothing_but_one_query_is_run(string query)
    {
        await using var warehouse = Open();
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        using var scratch = DuckDbScratch.Open();

        await Assert.ThrowsAsync<UserErrorException>(() => CopyAsync(session, scratch, query, "BIGINT"));

        Assert.Equal(0L, await session.ValueAsync("select count(*) from pg_class where relname = 'written'"));
    }

    [PostgresTheory]
    [InlineData("select 1 / (50000 - i) from generate_series(1, 100000) as r(i)", "CID4004", "division by zero")]
    [InlineData("select i from nowhere", "CID4002", "nowhere")]
    public async Task What_the_server_says_is_told_and_the_session_goes_on(string query, string code, string words)
    {
        await using var warehouse = Open();
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        using var scratch = DuckDbScratch.Open();

        var error = await Assert.ThrowsAsync<UserErrorException>(() => CopyAsync(session, scratch, query, "INTEGER"));

        Assert.Equal((code, true), (error.Code.Id, error.Message.Contains(words, StringComparison.Ordinal)));
        Assert.Equal(1L, await session.ValueAsync("select 1"));
    }

    [PostgresFact]
    public async Task A_copy_has_the_time_limit_of_every_statement()
    {
        await using var warehouse = Open();
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options with { StatementTimeout = TimeSpan.FromMilliseconds(300) }, default);
        using var scratch = DuckDbScratch.Open();

        var error = await Assert.ThrowsAsync<UserErrorException>(() => CopyAsync(session, scratch, "select i from generate_series(1, 3) as r(i), pg_sleep(20)", "INTEGER"));

        Assert.Equal(ErrorCodes.QueryTimedOut, error.Code);
    }

    [PostgresTheory]
    [InlineData("select i from generate_series(1, 3) as r(i), pg_sleep(60)")] // before the first row
    [InlineData("select i from generate_series(1, 2000000000) as r(i)")] // between rows
    public async Task Cancelling_stops_it_in_the_server(string query)
    {
        await using var warehouse = Open();
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        await using var other = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        using var scratch = DuckDbScratch.Open();
        using var cancellation = new CancellationTokenSource();

        var cancelling = CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CopyAsync(session, scratch, query, "INTEGER", cancellation.Token));

        await cancelling;
        await RunningAsync(other, 0);

        async Task CancelAsync()
        {
            await RunningAsync(other, 1);
            await cancellation.CancelAsync();
        }
    }

    [PostgresFact]
    public async Task A_server_that_does_not_answer_is_not_waited_for_forever()
    {
        using var scratch = DuckDbScratch.Open();
        await using var source = Npgsql.NpgsqlDataSource.Create(
            new Npgsql.NpgsqlConnectionStringBuilder { Host = Settings.Host, Port = Settings.Port, Username = Settings.User, Password = Settings.Password?.Reveal(), Database = Settings.Database });
        await using var connection = await source.OpenConnectionAsync();
        var copy = new PostgresCopy(connection, SqlText.FromConfiguration("select i from generate_series(1, 3) as r(i), pg_sleep(2)", "a test"), "", null, TimeSpan.FromMilliseconds(300));

        var error = await Assert.ThrowsAsync<Npgsql.NpgsqlException>(() => scratch.LoadAsync(Target, [Column("INTEGER")], table => copy.RunAsync(table, default)));

        Assert.IsType<TimeoutException>(error.InnerException);
    }

    [PostgresFact]
    public async Task A_connection_that_breaks_between_rows_is_lost()
    {
        await using var front = new TcpFront(Settings.Host, Settings.Port, _ => true).Start();
        await using var warehouse = PostgresTestWarehouse.Open(Settings with { Host = "127.0.0.1", Port = front.Port, SslMode = "disable" });
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        await using var direct = Open();
        await using var other = await direct.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        using var scratch = DuckDbScratch.Open();

        var cutting = CutAsync();
        var error = await Assert.ThrowsAsync<UserErrorException>(() => CopyAsync(session, scratch, "select i from generate_series(1, 2000000000) as r(i)", "INTEGER"));

        await cutting;
        Assert.Equal(ErrorCodes.ConnectionLost, error.Code);

        async Task CutAsync()
        {
            await RunningAsync(other, 1);
            front.Cut();
        }
    }

    private static async Task CopyAsync(
        IWarehouseSession session, DuckDbScratch scratch, string query, string type, CancellationToken cancellationToken = default) =>
        await scratch.LoadAsync(
            Target,
            [Column(type)],
            table => ((IBulkSession)session).LoadAsync(SqlText.FromConfiguration(query, "a test"), table, cancellationToken));

    private static ScratchColumn Column(string type) => new(new ColumnName("v"), PortableTypes.Of(type), IsTyped: true);

    private static async Task<IReadOnlyList<IReadOnlyList<object?>>> RowsAsync(DuckDbScratch scratch, string query)
    {
        await using var session = scratch.OpenSession(PostgresTestWarehouse.Options);
        return await session.RowsAsync(query);
    }

    // What another session sees is a snapshot, but not of this view.
    private static async Task RunningAsync(IWarehouseSession other, long expected)
    {
        const string Question = """
            select count(*) from pg_stat_activity
            where datname = current_database() and state = 'active' and query like 'copy %' and pid <> pg_backend_pid()
            """;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!Equals(await other.ValueAsync(Question), expected))
        {
            await other.ValueAsync("select pg_stat_clear_snapshot()::text");
            await Task.Delay(20, limit.Token);
        }
    }

    private ConnectionSettings.Postgres Settings => server.Settings("postgres");

    private PostgresWarehouse Open() => PostgresTestWarehouse.Open(Settings);
}
