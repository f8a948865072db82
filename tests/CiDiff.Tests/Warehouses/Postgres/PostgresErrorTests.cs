using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using Npgsql;

namespace CiDiff.Tests.Warehouses.Postgres;

[Collection("postgres")]
public sealed class PostgresErrorTests(PostgresServer server)
{
    private const string Rights =
        """
        do $$
        begin
            create role cidiff_stranger login password 'stranger';
        exception when duplicate_object then
            null;
        end $$;
        create schema open;
        create schema closed;
        grant usage on schema open to cidiff_stranger;
        create table open.orders (id integer);
        create table closed.orders (id integer);
        create table closed."Odd ""one" (id integer);
        grant select on closed.orders to cidiff_stranger;
        create table open.readable (id integer, secret text);
        create function open.refuse(value text) returns text language plpgsql as $$ begin raise exception 'bad value: %', value; end $$;
        insert into open.readable values (1, 'mail@example.com');
        grant select on open.readable to cidiff_stranger;
        """;

    [PostgresFact]
    public async Task A_wrong_password_is_said_without_it()
    {
        if (!server.IsOwn)
        {
            return; // a server that was given to us may trust everybody
        }

        var error = await ConnectAsync(server.Settings("postgres") with { Password = new Secret("tomato") });

        Assert.Equal(
            $"Cannot connect to PostgreSQL, {Place("postgres")}: password authentication failed for user \"{server.Settings("postgres").User}\" (SQLSTATE 28P01).",
            error.Message);
        Assert.Equal("Check user and password, also those in PGPASSWORD and ~/.pgpass.", error.Hint);
        Assert.DoesNotContain("tomato", error.ToString(), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_missing_database_is_named()
    {
        var error = await ConnectAsync(server.Settings("no_such_shop"));

        Assert.Equal($"Cannot connect to PostgreSQL, {Place("no_such_shop")}: database \"no_such_shop\" does not exist (SQLSTATE 3D000).", error.Message);
        Assert.Equal("Check dbname: the server has no \"no_such_shop\".", error.Hint);
    }

    [PostgresFact]
    public async Task A_role_that_does_not_exist_is_named()
    {
        var error = await ConnectAsync(server.Settings("postgres") with { Role = "nobody here" });

        Assert.Equal($"Cannot connect to PostgreSQL, {Place("postgres")}: role \"nobody here\" does not exist (SQLSTATE 22023).", error.Message);
        Assert.Equal("Check role: it has to exist, and the user has to be a member of \"nobody here\".", error.Hint);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_said()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var error = await ConnectAsync(new ConnectionSettings.Postgres { Host = "127.0.0.1", Port = port, Database = "shop", User = "u", Retries = 0 });

        Assert.Equal($"Cannot connect to PostgreSQL, database \"shop\" at 127.0.0.1:{port}: nothing answers there.", error.Message);
        Assert.Equal("Is the server running, and are host and port right?", error.Hint);
    }

    [Fact]
    public async Task A_missing_socket_is_said()
    {
        var error = await ConnectAsync(new ConnectionSettings.Postgres { Host = "/no/such/folder", Database = "shop", User = "u", Retries = 0 });

        Assert.Equal("Cannot connect to PostgreSQL, database \"shop\" at /no/such/folder:5432: nothing answers there.", error.Message);
    }

    [Fact]
    public async Task An_unknown_host_is_said()
    {
        var error = await ConnectAsync(new ConnectionSettings.Postgres { Host = "no-such-host.invalid", Database = "shop", User = "u", Retries = 0 });

        Assert.Equal("Cannot connect to PostgreSQL, database \"shop\" at no-such-host.invalid:5432: the name 'no-such-host.invalid' is not known.", error.Message);
        Assert.Equal("Is the host right, and can this machine look it up?", error.Hint);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up_after_the_timeout()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        var settings = new ConnectionSettings.Postgres { Host = "127.0.0.1", Port = port, Database = "shop", User = "u", ConnectTimeoutSeconds = 1, Retries = 0 };

        var error = await ConnectAsync(settings);

        Assert.Equal($"Cannot connect to PostgreSQL, database \"shop\" at 127.0.0.1:{port}: no answer within 1 s.", error.Message);
    }

    [Fact]
    public async Task A_host_that_closes_the_connection_is_said()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var closing = Task.Run(async () => (await other.AcceptTcpClientAsync()).Dispose());
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var error = await ConnectAsync(new ConnectionSettings.Postgres { Host = "127.0.0.1", Port = port, Database = "shop", User = "u", SslMode = "disable", Retries = 0 });
        await closing;

        Assert.StartsWith($"Cannot connect to PostgreSQL, database \"shop\" at 127.0.0.1:{port}: ", error.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_failed_attempt_is_repeated_as_often_as_the_settings_say()
    {
        var real = server.Settings("postgres");
        var connections = 0;
        await using var front = new TcpFront(real.Host, real.Port, connection => (connections = connection) > 1).Start();
        await using var warehouse = PostgresTestWarehouse.Open(real with { Host = "127.0.0.1", Port = front.Port, SslMode = "disable", Retries = 1 });
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        Assert.Equal(1L, await session.ValueAsync("select 1"));
        Assert.Equal(2, connections);
    }

    [PostgresFact]
    public async Task A_failed_attempt_is_not_repeated_more_often()
    {
        var real = server.Settings("postgres");
        var connections = 0;
        await using var front = new TcpFront(real.Host, real.Port, connection => (connections = connection) > 10).Start();

        await ConnectAsync(real with { Host = "127.0.0.1", Port = front.Port, SslMode = "disable", Retries = 1 });

        Assert.Equal(2, connections);
    }

    [Fact]
    public async Task Secrets_are_masked_in_messages()
    {
        var settings = new ConnectionSettings.Postgres { Host = "tomato.invalid", Database = "shop", User = "u", Retries = 0, Secrets = [new Secret("tomato")] };
        await using var warehouse = PostgresTestWarehouse.Open(settings);

        var error = await ConnectAsync(settings);

        Assert.Equal("Cannot connect to PostgreSQL, database \"shop\" at ***.invalid:5432: the name '***.invalid' is not known.", error.Message);
        Assert.Equal("PostgreSQL, database \"shop\" at ***.invalid:5432", warehouse.Description);
    }

    [PostgresTheory]
    [InlineData(
        "select * from \"open\".\"orders\"", "\"open\".\"orders\"", "permission denied for table orders",
        "grant select on \"open\".\"orders\" to \"cidiff_stranger\";")]
    [InlineData(
        "select * from \"open\".\"readable\" join \"closed\".\"orders\" using (id)", "\"closed\".\"orders\"", "permission denied for schema closed",
        "grant usage on schema \"closed\" to \"cidiff_stranger\";")]
    [InlineData(
        "select * from closed.\"Odd \"\"one\"", "\"closed\".\"Odd \"\"one\"", "permission denied for schema closed",
        "grant usage on schema \"closed\" to \"cidiff_stranger\"; grant select on \"closed\".\"Odd \"\"one\" to \"cidiff_stranger\";")]
    public async Task What_may_not_be_read_is_named_with_the_grants_it_needs(string sql, string relation, string words, string grants)
    {
        await using var session = await StrangerAsync();

        var error = await Assert.ThrowsAsync<UserErrorException>(() => session.RowsAsync(sql));

        Assert.Equal(ErrorCodes.AccessDenied, error.Code);
        Assert.Equal($"The user \"cidiff_stranger\" may not read {relation}: {words} (SQLSTATE 42501).", error.Message);
        Assert.Equal($"Run as the owner: {grants} Or set the profile's role.", error.Hint);
        Assert.Equal(1L, await session.ValueAsync("select id from open.readable"));
    }

    [PostgresFact]
    public async Task A_relation_that_may_not_be_read_is_found_all_the_same()
    {
        await using var session = await StrangerAsync();

        var relation = await session.FindRelationAsync(new RelationName(null, "closed", "Odd \"one"), default);

        Assert.Equal("id", Assert.Single(relation!.Columns).Name.Value);
    }

    [PostgresTheory]
    [InlineData("select * from missing", "CID4002", "relation \"missing\" does not exist (SQLSTATE 42P01)")]
    [InlineData("select * from nowhere.missing", "CID4002", "relation \"nowhere.missing\" does not exist (SQLSTATE 42P01)")]
    [InlineData("select idd from open.readable", "CID4004", "column \"idd\" does not exist (SQLSTATE 42703), line 1, column 8, at `idd from open.readable`")]
    [InlineData("select 1\n  fromm x", "CID4004", "syntax error at or near \"x\" (SQLSTATE 42601), line 2, column 9, at `x`")]
    [InlineData("select id +", "CID4004", "syntax error at end of input (SQLSTATE 42601)")]
    [InlineData("select id / 0 from open.readable", "CID4004", "division by zero (SQLSTATE 22012)")]
    [InlineData("select secret::integer from open.readable", "CID4004", "invalid input syntax for type integer: \"…\" (SQLSTATE 22P02)")]
    [InlineData("select ('sec' || 'ret')::regproc", "CID4004", "function \"…\" does not exist (SQLSTATE 42883)")]
    [InlineData("select current_setting('sec' || 'ret')", "CID4004", "unrecognized configuration parameter \"…\" (SQLSTATE 42704)")]
    [InlineData("select query_to_xml('sec' || 'ret', true, true, '')", "CID4004", "syntax error at or near \"…\" (SQLSTATE 42601)")]
    [InlineData("select open.refuse('sec' || 'ret')", "CID4004", "a function in the database raised an error, whose text is in the server's log (SQLSTATE P0001)")]
    [InlineData("select current_setting('secret')", "CID4004", "unrecognized configuration parameter \"secret\" (SQLSTATE 42704)")]
    [InlineData("select pg_cancel_backend(pg_backend_pid()), pg_sleep(5)", "CID4004", "canceling statement due to user request (SQLSTATE 57014)")]
    public async Task Errors_of_the_server_keep_their_words_but_no_value(string sql, string code, string message)
    {
        await using var session = await StrangerAsync();

        var error = await Assert.ThrowsAsync<UserErrorException>(() => session.RowsAsync(sql));

        Assert.Equal(code, error.Code.Id);
        Assert.Equal($"PostgreSQL rejects the SQL of a test: {message}.", error.Message);
        Assert.IsType<PostgresException>(error.InnerException);
    }

    [PostgresTheory]
    [InlineData("select * from missing", "Check the schema and the spelling, and whether it was built. A name without a schema is looked for along the user's search_path.")]
    [InlineData("create table written (id integer)", "CiDiff only reads: leave out what writes, such as a function that changes a table or a sequence.")]
    public async Task What_the_server_has_no_hint_for_has_one(string sql, string hint)
    {
        await using var session = await StrangerAsync();

        var error = await Assert.ThrowsAsync<UserErrorException>(() => session.RowsAsync(sql));

        Assert.Equal(hint, error.Hint);
    }

    [PostgresFact]
    public async Task The_servers_own_hint_is_passed_on()
    {
        await using var session = await StrangerAsync();

        var error = await Assert.ThrowsAsync<UserErrorException>(() => session.RowsAsync("select secrett from open.readable"));

        Assert.Equal("Perhaps you meant to reference the column \"readable.secret\".", error.Hint);
    }

    [PostgresFact]
    public async Task A_query_over_its_limit_is_stopped_in_the_server()
    {
        await using var warehouse = PostgresTestWarehouse.Open(server.Settings("postgres"));
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options with { StatementTimeout = TimeSpan.FromSeconds(0.5) }, default);

        var error = await Assert.ThrowsAsync<UserErrorException>(() => session.RowsAsync("select pg_sleep(30)"));

        Assert.Equal(ErrorCodes.QueryTimedOut, error.Code);
        Assert.Equal("A query took longer than 0.5 s: canceling statement due to statement timeout (SQLSTATE 57014).", error.Message);
        Assert.Equal(1L, await session.ValueAsync("select 1"));
    }

    [PostgresFact]
    public async Task A_session_that_somebody_ends_is_lost_and_the_next_one_works()
    {
        await using var warehouse = PostgresTestWarehouse.Open(server.Settings("postgres") with { Retries = 1 });
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        var backend = await session.ValueAsync("select pg_backend_pid()");

        var query = session.RowsAsync("select pg_sleep(60)");
        await server.ExecuteScriptAsync("postgres", $"select pg_terminate_backend({backend});");

        var error = await Assert.ThrowsAsync<UserErrorException>(() => query);
        Assert.Equal(ErrorCodes.ConnectionLost, error.Code);
        Assert.Equal("PostgreSQL ended the session: terminating connection due to administrator command (SQLSTATE 57P01).", error.Message);
        var again = await Assert.ThrowsAsync<UserErrorException>(() => session.RowsAsync("select 1"));
        Assert.Equal(ErrorCodes.ConnectionLost, again.Code);
        await using var next = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        Assert.Equal(1L, await next.ValueAsync("select 1"));
    }

    [PostgresFact]
    public async Task A_kept_connection_that_died_meanwhile_is_replaced()
    {
        await using var warehouse = PostgresTestWarehouse.Open(server.Settings("postgres") with { Retries = 1 });
        object? backend;
        await using (var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default))
        {
            backend = await session.ValueAsync("select pg_backend_pid()");
        }

        await server.ExecuteScriptAsync("postgres", $"select pg_terminate_backend({backend}, 10000);");

        await using var next = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        Assert.Equal(1L, await next.ValueAsync("select 1"));
    }

    [PostgresFact]
    public async Task A_server_that_is_killed_in_the_middle_of_a_result_is_lost()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        var settings = cluster.Settings("postgres");
        await using var warehouse = PostgresTestWarehouse.Open(settings);
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        var server = await cluster.ProcessIdAsync();
        var backend = (int)(long)(await session.ValueAsync("select pg_backend_pid()"))!;
        var query = SqlText.FromConfiguration("select generate_series(1, 100000000), repeat('x', 1000)", "a test");
        var rows = 0;

        var error = await Assert.ThrowsAsync<UserErrorException>(async () =>
        {
            await foreach (var row in session.QueryAsync(query, default))
            {
                if (++rows == 10)
                {
                    Kill(server);
                    Kill(backend);
                }
            }
        });

        Assert.Equal(ErrorCodes.ConnectionLost, error.Code);
        Assert.Equal($"The connection to PostgreSQL, database \"postgres\" at 127.0.0.1:{settings.Port}, broke while it was in use.", error.Message);
        var next = await Assert.ThrowsAsync<UserErrorException>(() => warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default));
        Assert.Equal(ErrorCodes.ConnectionFailed, next.Code);

        static void Kill(int process)
        {
            using var victim = Process.GetProcessById(process);
            victim.Kill();
        }
    }

    private static async Task<UserErrorException> ConnectAsync(ConnectionSettings.Postgres settings)
    {
        await using var warehouse = PostgresTestWarehouse.Open(settings);
        var error = await Assert.ThrowsAsync<UserErrorException>(() => warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default));
        Assert.Equal(ErrorCodes.ConnectionFailed, error.Code);
        return error;
    }

    private string Place(string database) => $"database \"{database}\" at {server.Settings(database).Host}:{server.Settings(database).Port}";

    private async Task<IWarehouseSession> StrangerAsync()
    {
        var database = await server.DatabaseAsync(Rights);
        var settings = server.Settings(database) with { User = "cidiff_stranger", Password = new Secret("stranger") };
        return await PostgresTestWarehouse.Open(settings).OpenSessionAsync(PostgresTestWarehouse.Options, default);
    }
}
