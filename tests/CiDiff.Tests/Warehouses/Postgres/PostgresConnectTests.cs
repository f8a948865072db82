using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CiDiff.Errors;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Warehouses.Postgres;

/// <summary>Connecting before the first session is opened.</summary>
[Collection("postgres")]
public sealed class PostgresConnectTests(PostgresServer server)
{
    private const string Own = "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'cidiff'";

    [PostgresFact]
    public async Task The_first_session_takes_the_connection_and_the_next_one_its_own()
    {
        await using var warehouse = Open(server.Settings(await server.CreateDatabaseAsync()));

        Assert.True(warehouse.Connect());
        await using var first = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        Assert.Equal(1L, await first.ValueAsync(Own));
        await using var second = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        Assert.Equal(2L, await second.ValueAsync(Own));
    }

    [PostgresFact]
    public async Task What_goes_wrong_is_told_to_the_first_session()
    {
        await using var warehouse = Open(server.Settings("no_such_shop"));

        warehouse.Connect();
        var error = await Assert.ThrowsAsync<UserErrorException>(() => warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default));

        Assert.Equal(ErrorCodes.ConnectionFailed, error.Code);
        Assert.Contains("database \"no_such_shop\" does not exist", error.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_connection_that_nobody_took_is_closed()
    {
        var database = await server.CreateDatabaseAsync();
        var warehouse = Open(server.Settings(database));
        warehouse.Connect();
        await warehouse.DisposeAsync();

        await AssertNobodyElseAsync(database);
    }

    [PostgresFact]
    public async Task The_connections_of_sessions_are_closed_when_the_process_goes_on()
    {
        var database = await server.CreateDatabaseAsync();
        var warehouse = Open(server.Settings(database));
        await (await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default)).DisposeAsync();
        await warehouse.DisposeAsync();

        await AssertNobodyElseAsync(database);
    }

    private async Task AssertNobodyElseAsync(string database)
    {
        await using var other = Open(server.Settings(database));
        await using var session = await other.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        // The server's process may still be ending.
        for (var attempt = 0; attempt < 50 && (long)(await session.ValueAsync($"{Own} and pid <> pg_backend_pid() and pg_stat_clear_snapshot() is not null"))! > 0; attempt++)
        {
            await Task.Delay(100);
        }

        Assert.Equal(0L, await session.ValueAsync($"{Own} and pid <> pg_backend_pid() and pg_stat_clear_snapshot() is not null"));
    }

    [PostgresFact]
    public async Task What_was_begun_is_what_is_opened()
    {
        var url = server.Url(await server.CreateDatabaseAsync());

        WarehouseFactory.Begin(url);
        await using var other = WarehouseFactory.Open(ConnectionUrl.Parse($"{url}?connect_timeout=7", "/"));
        await using var warehouse = WarehouseFactory.Open(ConnectionUrl.Parse(url, "/"));
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        // Neither the one with another setting nor a second connection of this one.
        Assert.Equal(1L, await session.ValueAsync(Own));
        Assert.NotSame(other, warehouse);
    }

    [Fact]
    public void The_network_is_loaded_by_a_byte_that_arrives() =>
        Assert.Equal(OperatingSystem.IsLinux(), Enumerable.Range(0, 50).Any(_ => PostgresConnections.LoadNetwork())); // a busy machine may need longer than one attempt waits

    [Theory]
    [InlineData("", true)]
    [InlineData("/var/run/postgresql", true)]
    [InlineData("LocalHost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("10.0.0.7", false)]
    [InlineData("localhost.example.com", false)]
    public void A_server_is_on_this_machine_or_not(string host, bool isLocal) =>
        Assert.Equal(isLocal, PostgresConnections.IsLocal(new ConnectionSettings.Postgres { Host = host, Database = "shop", User = "reader" }));

    [Theory]
    [InlineData("postgres_orders")]
    [InlineData("postgres://nobody:pass@word@@:port/")]
    [InlineData("duckdb:shop.duckdb")]
    [InlineData("--key")]
    public void What_is_no_server_is_not_begun(string word) => WarehouseFactory.Begin(word);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelling_does_not_wait_for_a_server_that_does_not_answer(bool isBegun)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var warehouse = Open(Silent(silent));
        using var stop = new CancellationTokenSource();
        var watch = Stopwatch.StartNew();
        if (isBegun)
        {
            warehouse.Connect();
        }

        var opening = warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, stop.Token);
        using (await silent.AcceptSocketAsync())
        {
            await Task.Delay(200); // for the handshake to begin
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task Closing_does_not_wait_for_a_server_that_does_not_answer()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var warehouse = Open(Silent(silent));
        var watch = Stopwatch.StartNew();

        warehouse.Connect();
        using (await silent.AcceptSocketAsync())
        {
            await warehouse.DisposeAsync();
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed}");
    }

    private static ConnectionSettings.Postgres Silent(TcpListener server) => new()
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)server.LocalEndpoint).Port,
        Database = "shop",
        User = "reader",
        ConnectTimeoutSeconds = 60,
    };

    private static PostgresWarehouse Open(ConnectionSettings.Postgres settings) => new(settings, new PostgresDialect());
}
