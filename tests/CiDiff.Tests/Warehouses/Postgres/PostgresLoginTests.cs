using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Warehouses.Postgres;

/// <summary>Every way to log in and every sslmode, against a server with TLS and a rule for each.</summary>
[Collection("postgres")] // because some tests set PGPASSWORD and PGPASSFILE
public sealed class PostgresLoginTests(PostgresLoginTests.Fixture fixture, PostgresServer plainServer) : IClassFixture<PostgresLoginTests.Fixture>
{
    [PostgresTheory]

    // sslmode, host, authority, user => whether TLS is on
    [InlineData("disable", "127.0.0.1", null, "any", false)]
    [InlineData("allow", "127.0.0.1", null, "any", false)]
    [InlineData("prefer", "127.0.0.1", null, "any", true)]
    [InlineData(null, "127.0.0.1", null, "any", true)]
    [InlineData("require", "127.0.0.1", null, "any", true)]
    [InlineData("REQUIRE", "127.0.0.1", null, "any", true)]
    [InlineData("allow", "127.0.0.1", null, "tls_only", true)]
    [InlineData("prefer", "127.0.0.1", null, "tls_only", true)]
    [InlineData("prefer", "127.0.0.1", null, "plain_only", false)]
    [InlineData("allow", "127.0.0.1", null, "plain_only", false)]
    [InlineData("prefer", "127.0.0.1", "other.crt", "any", true)] // libpq checks nothing below require
    [InlineData("require", "127.0.0.1", "root.crt", "any", true)]
    [InlineData("verify-ca", "127.0.0.1", "root.crt", "any", true)]
    [InlineData("verify-full", "localhost", "root.crt", "any", true)]
    public async Task An_sslmode_that_the_server_meets_connects(string? mode, string host, string? authority, string user, bool encrypted)
    {
        await using var warehouse = PostgresTestWarehouse.Open(fixture.Settings(user) with { Host = host, SslMode = mode, SslRootCert = fixture.File(authority) });
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        Assert.Equal(encrypted, await session.ValueAsync("select ssl from pg_stat_ssl where pid = pg_backend_pid()"));
    }

    [PostgresTheory]
    [InlineData("disable", "127.0.0.1", null, "tls_only", "pg_hba.conf rejects connection")]
    [InlineData("require", "127.0.0.1", null, "plain_only", "pg_hba.conf rejects connection")]
    [InlineData("require", "127.0.0.1", "other.crt", "any", "the server's certificate is not accepted")] // as libpq: with an authority, require checks it
    [InlineData("verify-ca", "127.0.0.1", "other.crt", "any", "the server's certificate is not accepted")]
    [InlineData("verify-ca", "127.0.0.1", null, "any", "the server's certificate is not accepted")]
    [InlineData("verify-full", "127.0.0.1", "root.crt", "any", "the server's certificate is not accepted")]
    [InlineData("verify-full", "localhost", "other.crt", "any", "the server's certificate is not accepted")]
    [InlineData("verify-full", "localhost", "system", "any", "the server's certificate is not accepted")]
    [InlineData(null, "localhost", "system", "any", "the server's certificate is not accepted")]
    [InlineData("verify-ca", "127.0.0.1", "missing.crt", "any", "a certificate or key cannot be read")]
    public async Task An_sslmode_that_the_server_does_not_meet_is_refused(string? mode, string host, string? authority, string user, string reason)
    {
        var settings = fixture.Settings(user) with { Host = host, SslMode = mode, SslRootCert = authority == "system" ? authority : fixture.File(authority) };

        var error = await RefusedAsync(settings);

        Assert.StartsWith($"Cannot connect to PostgreSQL, database \"postgres\" at {host}:{settings.Port}: {reason}", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Hint);
    }

    [PostgresTheory]
    [InlineData("disable")]
    [InlineData("allow")]
    [InlineData("prefer")]
    public async Task A_server_without_TLS_is_reached_when_the_sslmode_allows_that(string mode)
    {
        await using var warehouse = PostgresTestWarehouse.Open(plainServer.Settings("postgres") with { SslMode = mode });
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        Assert.Equal(1L, await session.ValueAsync("select 1"));
    }

    [PostgresTheory]
    [InlineData("require")]
    [InlineData("verify-ca")]
    [InlineData("verify-full")]
    public async Task A_server_without_TLS_is_refused_when_the_sslmode_wants_it(string mode)
    {
        if (!plainServer.IsOwn)
        {
            return; // a server that was given to us may well have TLS
        }

        var error = await RefusedAsync(plainServer.Settings("postgres") with { SslMode = mode });

        Assert.Equal("The server offers no TLS: set sslmode to prefer or disable, or turn ssl on in the server.", error.Hint);
    }

    [Theory]
    [InlineData("verify_full", null, "There is no sslmode 'verify_full'.")]
    [InlineData("require", "system", "sslmode 'require' is too weak for sslrootcert 'system'.")]
    public void An_sslmode_that_makes_no_sense_is_refused_at_once(string mode, string? authority, string message)
    {
        var settings = new ConnectionSettings.Postgres { Host = "h", Database = "d", SslMode = mode, SslRootCert = authority };

        var error = Assert.Throws<UserErrorException>(() => PostgresTestWarehouse.Open(settings));

        Assert.Equal((ErrorCodes.ConnectionFailed, message), (error.Code, error.Message));
    }

    [PostgresTheory]
    [InlineData("md5_user")]
    [InlineData("any")] // scram
    [InlineData("clear_user")]
    [InlineData("trusted")]
    public async Task Every_kind_of_password_logs_in(string user)
    {
        await using var warehouse = PostgresTestWarehouse.Open(fixture.Settings(user));
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        Assert.Equal(user, await session.ValueAsync("select session_user::text"));
    }

    [PostgresTheory]
    [InlineData("md5_user")]
    [InlineData("any")]
    [InlineData("clear_user")]
    public async Task Every_kind_of_password_is_checked(string user)
    {
        var wrong = await RefusedAsync(fixture.Settings(user) with { Password = new Secret("potato") });
        var missing = await RefusedAsync(fixture.Settings(user) with { Password = null });

        Assert.EndsWith($"password authentication failed for user \"{user}\" (SQLSTATE 28P01).", wrong.Message, StringComparison.Ordinal);
        Assert.Equal("Set the password in the profile or the URL, in PGPASSWORD, or in ~/.pgpass.", missing.Hint);
    }

    [PostgresFact]
    public async Task A_client_certificate_logs_in()
    {
        var settings = fixture.Settings("cert_user") with { Password = null, SslMode = "verify-full", Host = "localhost", SslRootCert = fixture.File("root.crt") };
        await using var warehouse = PostgresTestWarehouse.Open(settings with { SslCert = fixture.File("cert_user.crt"), SslKey = fixture.File("cert_user.key") });
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        Assert.Equal("cert_user", await session.ValueAsync("select session_user::text"));

        var without = await RefusedAsync(settings);
        Assert.Contains("SQLSTATE 28000", without.Message, StringComparison.Ordinal);
        var missing = await RefusedAsync(settings with { SslCert = fixture.File("missing.crt"), SslKey = fixture.File("missing.key") });
        Assert.Equal("Check sslcert, sslkey and sslrootcert.", missing.Hint);
        var broken = await RefusedAsync(settings with { SslCert = fixture.File("broken.crt"), SslKey = fixture.File("broken.crt") });
        Assert.Equal("Check sslcert, sslkey and sslrootcert.", broken.Hint);
    }

    [PostgresFact]
    public async Task A_user_of_the_operating_system_logs_in_through_the_socket()
    {
        await using var warehouse = PostgresTestWarehouse.Open(fixture.Settings("peer_user") with { Password = null, Host = fixture.SocketFolder });
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        Assert.Equal("peer_user", await session.ValueAsync("select session_user::text"));
        Assert.Null(await session.ValueAsync("select inet_server_addr()"));
    }

    [PostgresFact]
    public async Task A_password_logs_in_through_the_socket()
    {
        await using var warehouse = PostgresTestWarehouse.Open(fixture.Settings("any") with { Host = fixture.SocketFolder, KeepalivesIdleSeconds = 30 });
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);

        Assert.Null(await session.ValueAsync("select inet_server_addr()"));
    }

    [PostgresTheory]
    [InlineData("require", true)]
    [InlineData("prefer", true)]
    [InlineData("require", false)]
    public async Task A_password_can_be_bound_to_the_channel(string binding, bool encrypted)
    {
        var settings = fixture.Settings("any") with { ChannelBinding = binding, SslMode = encrypted ? "require" : "disable" };
        if (binding == "require" && !encrypted)
        {
            await RefusedAsync(settings);
            return;
        }

        await using var warehouse = PostgresTestWarehouse.Open(settings);
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        Assert.Equal(1L, await session.ValueAsync("select 1"));
    }

    [PostgresTheory]
    [InlineData("127.0.0.1:{port}:postgres:any:tomato")]
    [InlineData("*:*:*:any:tomato")]
    [InlineData("# a remark\nelsewhere:*:*:*:potato\n127.0.0.1:*:*:*:tomato")]
    public async Task A_password_is_found_in_the_password_file(string lines)
    {
        var file = fixture.File("pgpass");
        await File.WriteAllTextAsync(file!, lines.Replace("{port}", $"{fixture.Settings("any").Port}", StringComparison.Ordinal) + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file!, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await LogsInWithAsync("PGPASSFILE", file!);
    }

    [PostgresFact]
    public Task A_password_is_found_in_the_environment() => LogsInWithAsync("PGPASSWORD", "tomato");

    [PostgresFact]
    public async Task A_session_through_TLS_is_cancelled_in_the_server()
    {
        await using var warehouse = PostgresTestWarehouse.Open(fixture.Settings("tls_only") with { SslMode = "require" });
        await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
        var backend = await session.ValueAsync("select pg_backend_pid()");
        using var cancellation = new CancellationTokenSource();

        var query = session.RowsAsync("select pg_sleep(60)", cancellation.Token);
        while (await StateAsync() != "active")
        {
            Assert.False(query.IsCompleted);
        }

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query);
        Assert.Equal("idle in transaction (aborted)", await StateAsync());

        Task<string> StateAsync() => fixture.ExecuteAsync($"select state from pg_stat_activity where pid = {backend}");
    }

    private static async Task<UserErrorException> RefusedAsync(ConnectionSettings.Postgres settings)
    {
        await using var warehouse = PostgresTestWarehouse.Open(settings);
        var error = await Assert.ThrowsAsync<UserErrorException>(() => warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default));
        Assert.Equal(ErrorCodes.ConnectionFailed, error.Code);
        Assert.DoesNotContain("tomato", error.Message + error.Hint, StringComparison.Ordinal);
        return error;
    }

    private async Task LogsInWithAsync(string variable, string value)
    {
        var before = Environment.GetEnvironmentVariable(variable);
        Environment.SetEnvironmentVariable(variable, value);
        try
        {
            await using var warehouse = PostgresTestWarehouse.Open(fixture.Settings("any") with { Password = null });
            await using var session = await warehouse.OpenSessionAsync(PostgresTestWarehouse.Options, default);
            Assert.Equal("any", await session.ValueAsync("select session_user::text"));
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, before);
        }
    }

    public sealed class Fixture : IAsyncLifetime
    {
        private const string Rules =
            """
            local   all  peer_user                 peer map=os
            local   all  any                       scram-sha-256
            hostssl all  tls_only    127.0.0.1/32  scram-sha-256
            host    all  tls_only    127.0.0.1/32  reject
            hostssl all  plain_only  127.0.0.1/32  reject
            host    all  plain_only  127.0.0.1/32  scram-sha-256
            host    all  any         127.0.0.1/32  scram-sha-256
            host    all  md5_user    127.0.0.1/32  md5
            host    all  clear_user  127.0.0.1/32  password
            host    all  trusted     127.0.0.1/32  trust
            hostssl all  cert_user   127.0.0.1/32  cert
            """;

        private readonly string _folder = Directory.CreateTempSubdirectory("cidiff-tls-").FullName;
        private PostgresCluster? _cluster;

        public string SocketFolder => _cluster!.Folder;

        public string? File(string? name) => name is null ? null : Path.Combine(_folder, name);

        public Task<string> ExecuteAsync(string sql) => _cluster!.ExecuteScriptAsync("postgres", sql);

        public ConnectionSettings.Postgres Settings(string user) =>
            _cluster!.Settings("postgres") with { User = user, Password = new Secret("tomato") };

        public async Task InitializeAsync()
        {
            if (PostgresServer.WhyMissing is not null)
            {
                return;
            }

            using var authority = new TestCertificates("CiDiff tests");
            using var other = new TestCertificates("Somebody else");
            var server = authority.Sign("localhost", "localhost");
            var client = authority.Sign("cert_user");
            await Write("root.crt", authority.Authority);
            await Write("other.crt", other.Authority);
            await Write("cert_user.crt", client.Certificate);
            await Write("cert_user.key", client.Key);
            await Write("broken.crt", "this is no certificate");

            _cluster = await PostgresCluster.StartAsync(
                ("server.crt", server.Certificate),
                ("server.key", server.Key),
                ("root.crt", authority.Authority),
                ("postgresql.conf", "ssl = on\nssl_ca_file = 'root.crt'"),
                ("pg_ident.conf", $"os {Environment.UserName} peer_user"),
                ("pg_hba.conf", Rules));
            await ExecuteAsync(
                """
                create role tls_only login password 'tomato';
                create role plain_only login password 'tomato';
                create role "any" login password 'tomato';
                create role clear_user login password 'tomato';
                create role trusted login;
                create role cert_user login;
                create role peer_user login;
                set password_encryption = md5;
                create role md5_user login password 'tomato';
                """);

            Task Write(string name, string content) => System.IO.File.WriteAllTextAsync(File(name)!, content);
        }

        public async Task DisposeAsync()
        {
            if (_cluster is not null)
            {
                await _cluster.DisposeAsync();
            }

            Directory.Delete(_folder, recursive: true);
        }
    }
}
