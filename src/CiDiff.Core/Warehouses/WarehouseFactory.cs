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

    /// <summary>Opens a warehouse. Nothing is connected until the first session.</summary>
    public static IWarehouse Open(ConnectionSettings settings) => settings switch
    {
        ConnectionSettings.Postgres postgres => new PostgresWarehouse(postgres, new PostgresDialect()),
        ConnectionSettings.DuckDb duckDb => new DuckDbWarehouse(duckDb, new DuckDbDialect()),
        _ => throw new UnreachableException($"{settings.GetType()}"),
    };

    /// <summary>The error for an adapter, or a URL's scheme, that is not one of these.</summary>
    /// <param name="adapter">As the profile or the URL names it.</param>
    internal static UserErrorException UnknownAdapter(string adapter) => new(
        ErrorCodes.UnknownAdapter,
        Planned.Contains(adapter, StringComparer.OrdinalIgnoreCase)
            ? $"The adapter '{adapter}' is not available in this version."
            : $"There is no adapter '{adapter}'.",
        hint: "CiDiff reads PostgreSQL (postgres) and DuckDB (duckdb). State, selection and plan work for every adapter.");
}
