using System.Diagnostics;
using System.IO.Compression;
using CiDiff.Configuration;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Support;

/// <summary>The PostgreSQL server that the tests share: the one that <c>CIDIFF_TEST_POSTGRES</c> names, or one of our own.</summary>
/// <remarks><c>CIDIFF_TEST_POSTGRES</c> is a URL, <c>postgresql://user:password@host:port/database</c>, of a user who may create
/// databases and roles. Own databases are dropped at the end.</remarks>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly List<string> _databases = [];
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
        await ExecuteScriptAsync(_settings!.Database, $"create database \"{name}\" template template0 encoding 'UTF8';");
        _databases.Add(name);
        return name;
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
            _settings = new ConnectionSettings.Postgres
            {
                Host = "127.0.0.1",
                Port = _cluster.Port,
                User = "postgres",
                Password = new Secret(_cluster.Password),
                Database = "postgres",
                Retries = 0,
            };
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
            await ExecuteScriptAsync(_settings!.Database, $"drop database if exists \"{database}\" with (force);");
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

    private async Task<string> RunPsqlAsync(string database, Func<StreamWriter, Task> write)
    {
        var settings = Settings(database);
        var start = new ProcessStartInfo(_cluster is null ? "psql" : Path.Combine(_cluster.Binaries, "psql"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1" },
        };
        start.Environment["PGHOST"] = settings.Host;
        start.Environment["PGPORT"] = $"{settings.Port}";
        start.Environment["PGUSER"] = settings.User;
        start.Environment["PGPASSWORD"] = settings.Password?.Reveal();
        start.Environment["PGDATABASE"] = database;
        start.Environment["PGTZ"] = "UTC";
        start.Environment["PGCLIENTENCODING"] = "UTF8";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await write(process.StandardInput);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // psql ended early; its exit code says so
        }

        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? (await output).TrimEnd('\n') : throw new InvalidOperationException($"psql failed: {await errors}");
    }
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
