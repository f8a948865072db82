namespace CiDiff.Warehouses.DuckDb;

/// <summary>How names are written in DuckDB, for what is sent before there is a session.</summary>
internal static class DuckDbSyntax
{
    /// <summary>An identifier in double quotes.</summary>
    internal static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text in single quotes; backslashes are nothing special.</summary>
    internal static string QuoteLiteral(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Whether a path means a database without a file.</summary>
    internal static bool IsInMemory(string path) => path.Length == 0 || path == ":memory:";

    /// <summary>The name DuckDB gives a file's database: <c>build/shop.v2.duckdb</c> is <c>shop</c>, and the names of its own
    /// databases are avoided.</summary>
    internal static string DatabaseName(string path)
    {
        var stem = Path.GetFileName(path).TrimStart('.').Split('.')[0];
        return stem is "main" or "temp" or "system" ? $"{stem}_db" : stem;
    }
}
