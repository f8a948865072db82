using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Warehouses;

public sealed class ConnectionUrlTests
{
    public static TheoryData<string, string, int, string?, string?, string> Locations => new()
    {
        // URL, host, port, user, password, database
        { "postgresql://user:password@host:5433/database", "host", 5433, "user", "password", "database" },
        { "postgres://user@host/database", "host", 5432, "user", null, "database" },
        { "POSTGRESQL://host/database", "host", 5432, null, null, "database" },
        { "postgresql://user@host", "host", 5432, "user", null, "user" },
        { "postgresql:///database", "", 5432, null, null, "database" },
        { "postgresql://u%40corp:p%40ss%2Fw%3F%25@host/my%20shop", "host", 5432, "u@corp", "p@ss/w?%", "my shop" },
        { "postgresql://user:p@ss@host/database", "host", 5432, "user", "p@ss", "database" },
        { "postgresql://user:a:b@host/database", "host", 5432, "user", "a:b", "database" },
        { "postgresql://[::1]:5433/database", "::1", 5433, null, null, "database" },
        { "postgresql://[fe80::1]/database", "fe80::1", 5432, null, null, "database" },
        { "postgresql:///database?host=/var/run/postgresql&port=5434", "/var/run/postgresql", 5434, null, null, "database" },
        { "postgresql://%2Ftmp%2Fsockets/database", "/tmp/sockets", 5432, null, null, "database" },
        { "postgresql://?host=h&user=u&password=p&dbname=d", "h", 5432, "u", "p", "d" },
        { "postgresql://host/database?user=name@server", "host", 5432, "name@server", null, "database" },
    };

    [Theory]
    [MemberData(nameof(Locations))]
    public void A_PostgreSQL_URL_is_taken_apart(string url, string host, int port, string? user, string? password, string database)
    {
        var settings = Assert.IsType<ConnectionSettings.Postgres>(ConnectionUrl.Parse(url, "/srv"));

        Assert.Equal((host, port, user, password, database), (settings.Host, settings.Port, settings.User, settings.Password?.Reveal(), settings.Database));
    }

    [Fact]
    public void Every_parameter_of_a_PostgreSQL_URL_is_read()
    {
        var settings = ConnectionUrl.Parse(
            "postgresql://host/database?sslmode=verify-full&sslcert=c&sslkey=k&sslrootcert=system&channel_binding=require&connect_timeout=3"
            + "&keepalives_idle=20&application_name=nightly&retries=0&threads=9&schema=analytics&search_path=a%2C%20b&role=reader",
            "/srv");

        Assert.Equal(
            new ConnectionSettings.Postgres
            {
                Host = "host",
                Database = "database",
                SslMode = "verify-full",
                SslCert = "c",
                SslKey = "k",
                SslRootCert = "system",
                ChannelBinding = "require",
                ConnectTimeoutSeconds = 3,
                KeepalivesIdleSeconds = 20,
                ApplicationName = "nightly",
                Retries = 0,
                Threads = 9,
                Schema = "analytics",
                SearchPath = "a, b",
                Role = "reader",
                Secrets = settings.Secrets,
            },
            settings);
    }

    [Theory]
    [InlineData("duckdb:shop.duckdb", "/srv/shop.duckdb")]
    [InlineData("duckdb:data/shop.duckdb", "/srv/data/shop.duckdb")]
    [InlineData("duckdb:/data/shop.duckdb", "/data/shop.duckdb")]
    [InlineData("duckdb:///data/shop.duckdb", "/data/shop.duckdb")]
    [InlineData("duckdb:my%20shop%3F.duckdb", "/srv/my shop?.duckdb")]
    [InlineData("duckdb:", ":memory:")]
    [InlineData("duckdb::memory:", ":memory:")]
    public void A_DuckDB_URL_names_a_file(string url, string path) =>
        Assert.Equal(path, Assert.IsType<ConnectionSettings.DuckDb>(ConnectionUrl.Parse(url, "/srv")).Path);

    [Fact]
    public void Parameters_of_a_DuckDB_URL_are_its_settings()
    {
        var settings = Assert.IsType<ConnectionSettings.DuckDb>(ConnectionUrl.Parse("duckdb:shop.duckdb?threads=2&memory_limit=1GB&schema=analytics&database=s", "/srv"));

        Assert.Equal(("analytics", "s"), (settings.Schema, settings.Database));
        Assert.Equal([new("memory_limit", "1GB"), new("threads", "2")], settings.Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("snowflake://account/database", "The adapter 'snowflake' is not available in this version.")]
    [InlineData("redshift://host/database", "The adapter 'redshift' is not available in this version.")]
    [InlineData("bigquery://project", "The adapter 'bigquery' is not available in this version.")]
    [InlineData("databricks://host/id", "The adapter 'databricks' is not available in this version.")]
    [InlineData("mysql://host/database", "There is no adapter 'mysql'.")]
    public void Other_warehouses_are_told_from_unknown_ones(string url, string message)
    {
        var error = Assert.Throws<UserErrorException>(() => ConnectionUrl.Parse(url, "/srv"));

        Assert.Equal((ErrorCodes.UnknownAdapter, message), (error.Code, error.Message));
    }

    [Theory]
    [InlineData("", "it does not begin with a scheme such as postgresql: or duckdb:")]
    [InlineData("shop.duckdb", "it does not begin with a scheme such as postgresql: or duckdb:")]
    [InlineData("C:\\shop.duckdb", "it does not begin with a scheme such as postgresql: or duckdb:")]
    [InlineData("host=secret dbname=secret", "it does not begin with a scheme such as postgresql: or duckdb:")]
    [InlineData("postgresql:secret", "postgresql: is not followed by //")]
    [InlineData("postgresql://host", "it names no database")]
    [InlineData("postgresql://host:secret/database", "the port has to be a whole number from 1 to 65535")]
    [InlineData("postgresql://host:70000/database", "the port has to be a whole number from 1 to 65535")]
    [InlineData("postgresql://[::1/database", "a bracket is not closed")]
    [InlineData("postgresql://[::1]secret/database", "behind the host something is wrong")]
    [InlineData("postgresql://host/database?color=red", "the parameter 'color' is not known")]
    [InlineData("postgresql://host/database?sslmode", "the parameter 'sslmode' has no value")]
    [InlineData("postgresql://user:5432/secret@host/database", "a special character in the password is not percent-encoded")]
    [InlineData("postgresql://user:se?cret@host/database", "a special character in the password is not percent-encoded")]
    [InlineData("postgresql://user:secret&a=b?c=d@host/database", "a special character in the password is not percent-encoded")]
    public void What_is_wrong_is_said_without_the_URL(string url, string reason)
    {
        var error = Assert.Throws<UserErrorException>(() => ConnectionUrl.Parse(url, "/srv"));

        Assert.Equal((ErrorCodes.InvalidUrl, $"The connection URL is not understood: {reason}."), (error.Code, error.Message));
        Assert.DoesNotContain("secret", error.Message + error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_of_a_connection_are_masked_wherever_they_occur()
    {
        var settings = new ConnectionSettings.Postgres { Host = "h", Database = "d", Secrets = [new Secret("tom"), new Secret("tomato"), new Secret("")] };

        Assert.Equal("a *** and ***", settings.Mask("a tomato and tom"));
    }
}
