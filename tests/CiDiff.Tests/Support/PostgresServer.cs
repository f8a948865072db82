using System.IO.Compression;
using CiDiff.Configuration;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Support;

/// <summary>The PostgreSQL server that the tests share: the one that <c>CIDIFF_TEST_POSTGRES</c> names, or one of our own.</summary>
/// <remarks><c>CIDIFF_TEST_POSTGRES</c> is a URL, <c>postgresql://user:password@host:port/database</c>, of a user who may create
/// databases and roles. Own databases are dropped at the end.</remarks>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string Remark = "made by the tests of CiDiff";

    private readonly List<string> _databases = [];
    private readonly Dictionary<string, string> _made = new(StringComparer.Ordinal); // the tests of one collection do not overlap
    private PostgresCluster? _cluster;
    private ConnectionSettings.Postgres? _settings;

    /// <summary>Why tests that need PostgreSQL cannot run here; null when they can, and null on CI, where they must.</summary>
    public static string? WhyMissing { get; } =
        GivenUrl is not null || PostgresCluster.FindBinaries() is not null || IsCi
            ? null
            : "No PostgreSQL: set CIDIFF_TEST_POSTGRES or install the server.";

    /// <summary>Whether the server is one of our own, so that a test may stop it or read its files.</summary>
    public bool IsOwn => _cluster is not null;

    private static string? GivenUrl => Environment.GetEnvironmentVariable("CIDIFF_TEST_POSTGRES") is { Length: > 0 } url ? url : null;

    private static bool IsCi => Environment.GetEnvironmentVariable("CI") is { Length: > 0 } value && value != "false";

    /// <summary>How to reach a database, as the superuser or as another user.</summary>
    public ConnectionSettings.Postgres Settings(string database) =>
        (_settings ?? throw new InvalidOperationException("The server was not started.")) with { Database = database };

    /// <summary>The same as a URL, with the password.</summary>
    public string Url(string database)
    {
        var settings = Settings(database);
        return $"postgresql://{Uri.EscapeDataString(settings.User!)}:{Uri.EscapeDataString(settings.Password?.Reveal() ?? "")}@{settings.Host}:{settings.Port}/{Uri.EscapeDataString(database)}";
    }

    /// <summary>Makes an empty database that is dropped at the end.</summary>
    /// <param name="name">Its name; null for a new one.</param>
    public async Task<string> CreateDatabaseAsync(string? name = null)
    {
        name ??= $"cidiff_{Guid.NewGuid():N}";
        var old = await ExecuteScriptAsync(
            _settings!.Database,
            $"select shobj_description(oid, 'pg_database') from pg_database where datname = '{name}';");
        if (old == Remark)
        {
            await DropDatabaseAsync(name); // left by a run that was killed, on a server that was not
        }

        await ExecuteScriptAsync(
            _settings.Database,
            $"""
            create database "{name}" template template0 encoding 'UTF8';
            comment on database "{name}" is '{Remark}';
            """);
        _databases.Add(name);
        return name;
    }

    /// <summary>A database that a script made, once per test run and script; for tests that only read.</summary>
    public async Task<string> DatabaseAsync(string script)
    {
        if (!_made.TryGetValue(script, out var database))
        {
            database = await CreateDatabaseAsync();
            await ExecuteScriptAsync(database, script);
            _made[script] = database;
        }

        return database;
    }

    /// <summary>Runs SQL, also <c>copy … from stdin</c> with its data, as <c>psql</c> does; fails at the first error.</summary>
    /// <returns>What <c>psql</c> printed: rows without header, columns separated by <c>|</c>.</returns>
    public Task<string> ExecuteScriptAsync(string database, string sql) =>
        RunPsqlAsync(database, async input => await input.WriteAsync(sql));

    /// <summary>Runs a file of SQL; <c>.gz</c> is unpacked.</summary>
    public Task<string> ExecuteFileAsync(string database, string path) =>
        RunPsqlAsync(database, async input =>
        {
            await using var file = File.OpenRead(path);
            await using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
            await content.CopyToAsync(input.BaseStream);
        });

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (GivenUrl is { } url)
        {
            _settings = FromUrl(new Uri(url));
        }
        else if (WhyMissing is null)
        {
            _cluster = await PostgresCluster.StartAsync();
            _settings = _cluster.Settings("postgres");
        }
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
            return;
        }

        foreach (var database in _databases)
        {
            await DropDatabaseAsync(database);
        }
    }

    private static ConnectionSettings.Postgres FromUrl(Uri url)
    {
        var user = url.UserInfo.Split(':', 2);
        return new ConnectionSettings.Postgres
        {
            Host = url.Host.Trim('[', ']'),
            Port = url.Port > 0 ? url.Port : 5432,
            User = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : "postgres",
            Password = user.Length > 1 ? new Secret(Uri.UnescapeDataString(user[1])) : null,
            Database = url.AbsolutePath.Trim('/') is { Length: > 0 } database ? Uri.UnescapeDataString(database) : "postgres",
            Retries = 0,
        };
    }

    private Task<string> DropDatabaseAsync(string name) =>
        ExecuteScriptAsync(_settings!.Database, $"drop database if exists \"{name}\" with (force);");

    private Task<string> RunPsqlAsync(string database, Func<StreamWriter, Task> write) =>
        Psql.RunAsync(_cluster?.Psql ?? "psql", Settings(database), write);
}

/// <summary>The tests that share one server.</summary>
[CollectionDefinition("postgres")]
public sealed class PostgresGroup : ICollectionFixture<PostgresServer>;

/// <summary>A test that needs PostgreSQL: skipped on a laptop without, failed on CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.WhyMissing;
}

/// <summary>Cases that need PostgreSQL: skipped on a laptop without, failed on CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PostgresServer.WhyMissing;
}
