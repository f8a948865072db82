using System.Diagnostics;
using CiDiff.Errors;
using CiDiff.Warehouses.DuckDb;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Warehouses;

/// <summary>The adapters there are.</summary>
public static class WarehouseFactory
{
    // What dbt calls them; in the order in which they are likely to come.
    private static readonly string[] Planned = ["redshift", "snowflake", "bigquery", "databricks", "spark"];

    // What was begun, by URL, and nobody has opened yet.
    private static readonly Dictionary<string, Task<PostgresWarehouse?>> Begun = new(StringComparer.Ordinal);

    /// <summary>Opens a warehouse. Nothing is connected until the first session.</summary>
    public static IWarehouse Open(ConnectionSettings settings) => settings switch
    {
        ConnectionSettings.Postgres postgres => Take(postgres) ?? new PostgresWarehouse(postgres, new PostgresDialect()),
        ConnectionSettings.DuckDb duckDb => new DuckDbWarehouse(duckDb, new DuckDbDialect()),
        _ => throw new UnreachableException($"{settings.GetType()}"),
    };

    /// <summary>Whether a URL is one of a server, to which <see cref="Begin"/> connects.</summary>
    /// <param name="url">The URL; null for none.</param>
    public static bool IsOfServer(string? url) =>
        url is not null && url.StartsWith("postgres", StringComparison.OrdinalIgnoreCase) && url.Contains("://", StringComparison.Ordinal);

    /// <summary>Begins to connect to a server, for whoever will open the same warehouse a little later and has other work to do until then.</summary>
    /// <param name="url">Its URL. What is wrong with it is told to whoever opens it.</param>
    public static void Begin(string url)
    {
        lock (Begun)
        {
            if (!IsOfServer(url) || Begun.ContainsKey(url))
            {
                return;
            }

            var made = new TaskCompletionSource<PostgresWarehouse?>(TaskCreationOptions.RunContinuationsAsynchronously);
            Begun[url] = made.Task;
            _ = Task.Run(() => BeginPostgres(url, made));
        }

        // The driver, which is being loaded, needs it next; the caller has little to do and would have to wait for it.
        PostgresConnections.LoadNetwork();
    }

    // Who waits for the warehouse need not wait until it has begun to connect.
    private static void BeginPostgres(string url, TaskCompletionSource<PostgresWarehouse?> made)
    {
        try
        {
            var warehouse = ServerAt(url);
            var connecting = warehouse?.PrepareToConnect();
            made.SetResult(warehouse);
            connecting?.RunSynchronously();
        }
#pragma warning disable CA1031 // whatever it is, whoever opens the warehouse meets it again, and is told
        catch
#pragma warning restore CA1031
        {
            made.TrySetResult(null);
        }
    }

    private static PostgresWarehouse? ServerAt(string url) =>
        ConnectionUrl.Parse(url, Path.GetTempPath()) is ConnectionSettings.Postgres settings ? new PostgresWarehouse(settings, new PostgresDialect()) : null;

    // Waits for the little that is done before connecting, so that nothing is connected in vain.
    private static PostgresWarehouse? Take(ConnectionSettings.Postgres settings)
    {
        lock (Begun)
        {
            foreach (var (url, begun) in Begun)
            {
                if (begun.Result is { } warehouse && warehouse.Settings == settings)
                {
                    Begun.Remove(url);
                    return warehouse;
                }
            }

            return null;
        }
    }

    /// <summary>The error for an adapter, or a URL's scheme, that is not one of these.</summary>
    /// <param name="adapter">As the profile or the URL names it.</param>
    internal static UserErrorException UnknownAdapter(string adapter) => new(
        ErrorCodes.UnknownAdapter,
        Planned.Contains(adapter, StringComparer.OrdinalIgnoreCase)
            ? $"The adapter '{adapter}' is not available in this version."
            : $"There is no adapter '{adapter}'.",
        hint: "CiDiff reads PostgreSQL (postgres) and DuckDB (duckdb). State, selection and plan work for every adapter.");
}
