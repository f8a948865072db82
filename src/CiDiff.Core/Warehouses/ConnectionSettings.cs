using CiDiff.Configuration;

namespace CiDiff.Warehouses;

/// <summary>How to reach a warehouse. Closed: one case per adapter.</summary>
public abstract record ConnectionSettings
{
    private ConnectionSettings()
    {
    }

    /// <summary>The adapters of dbt that CiDiff knows, as manifests call them; not all of them can be connected to.</summary>
    public static IReadOnlySet<string> AdapterTypes { get; } =
        new HashSet<string>(["postgres", "redshift", "duckdb", "snowflake", "bigquery", "databricks", "spark"], StringComparer.Ordinal);

    /// <summary>What dbt calls the adapter, as in a manifest's <c>adapter_type</c>.</summary>
    public abstract string AdapterType { get; }

    /// <summary>How many sessions may run at once (dbt's <c>threads</c>); at least 1.</summary>
    public int Threads { get; init; } = 4;

    /// <summary>Texts that must not be shown wherever they occur: what came from variables named <c>DBT_ENV_SECRET…</c>.</summary>
    public IReadOnlyList<Secret> Secrets { get; init; } = [];

    /// <summary>The text with every secret of these settings replaced by <c>***</c>, for messages.</summary>
    public string Mask(string text) =>
        Secrets.Select(secret => secret.Reveal())
            .Where(secret => secret.Length > 0)
            .OrderByDescending(secret => secret.Length) // one secret may be part of another
            .Aggregate(text, (masked, secret) => masked.Replace(secret, "***", StringComparison.Ordinal));

    /// <summary>PostgreSQL, with the fields of a dbt profile.</summary>
    public sealed record Postgres : ConnectionSettings
    {
        /// <inheritdoc/>
        public override string AdapterType => "postgres";

        /// <summary>Host name, address, or the directory of a Unix socket; empty for the local server's usual socket.</summary>
        public required string Host { get; init; }

        /// <summary>1 to 65535.</summary>
        public int Port { get; init; } = 5432;

        /// <summary>The role that logs in; null leaves it to the driver (PGUSER, then the operating system's user).</summary>
        public string? User { get; init; }

        /// <summary>Null for none: then PGPASSFILE, ~/.pgpass, certificates or trust.</summary>
        public Secret? Password { get; init; }

        /// <summary>The database.</summary>
        public required string Database { get; init; }

        /// <summary>The profile's schema; only used to resolve names without a schema.</summary>
        public string? Schema { get; init; }

        /// <summary>disable, allow, prefer, require, verify-ca or verify-full; null is libpq's default, prefer.</summary>
        public string? SslMode { get; init; }

        /// <summary>The client's certificate file.</summary>
        public string? SslCert { get; init; }

        /// <summary>The client's key file.</summary>
        public string? SslKey { get; init; }

        /// <summary>The authorities' file, or <c>system</c>.</summary>
        public string? SslRootCert { get; init; }

        /// <summary>disable, prefer or require: whether the password exchange is tied to the TLS channel; null is prefer.</summary>
        public string? ChannelBinding { get; init; }

        /// <summary>A role to switch to after login (<c>set role</c>).</summary>
        public string? Role { get; init; }

        /// <summary>The session's search path.</summary>
        public string? SearchPath { get; init; }

        /// <summary>Seconds to wait for a connection.</summary>
        public int ConnectTimeoutSeconds { get; init; } = 10;

        /// <summary>Seconds of idleness before a keepalive probe; 0 is the system's default.</summary>
        public int KeepalivesIdleSeconds { get; init; }

        /// <summary>How the session names itself in <c>pg_stat_activity</c>.</summary>
        public string ApplicationName { get; init; } = "cidiff";

        /// <summary>How often a failed attempt to connect is repeated.</summary>
        public int Retries { get; init; } = 1;
    }

    /// <summary>DuckDB: a file, or several attached to one in memory.</summary>
    public sealed record DuckDb : ConnectionSettings
    {
        /// <inheritdoc/>
        public override string AdapterType => "duckdb";

        /// <summary>The database file, or <c>:memory:</c>.</summary>
        public required string Path { get; init; }

        /// <summary>The profile's schema; only used to resolve names without a schema.</summary>
        public string? Schema { get; init; }

        /// <summary>The name under which the file is known in SQL; null is the file's name without extension.</summary>
        public string? Database { get; init; }

        /// <summary>More files, attached read-only.</summary>
        public IReadOnlyList<DuckDbAttachment> Attach { get; init; } = [];

        /// <summary>DuckDB settings from the profile, name to value.</summary>
        public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

        /// <summary>Extensions to load; they must be installed already, nothing is downloaded.</summary>
        public IReadOnlyList<string> Extensions { get; init; } = [];
    }
}

/// <summary>A file attached to a DuckDB session.</summary>
/// <param name="Path">The file.</param>
/// <param name="Alias">Its name in SQL; null is the file's name without extension.</param>
public sealed record DuckDbAttachment(string Path, string? Alias);
