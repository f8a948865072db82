namespace CiDiff.Warehouses.DuckDb;

/// <summary>Reads DuckDB's type names: https://duckdb.org/docs/stable/sql/data_types/overview</summary>
internal static class DuckDbTypes
{
    /// <summary>A type from its name in the catalog or in <c>describe</c>.</summary>
    internal static ColumnType Parse(string name) => new(name, Family(name));

    private static TypeFamily Family(string name)
    {
        // INTEGER[] and INTEGER[3], also of anything nested. A quoted field name cannot end the text of a type.
        if (name.EndsWith(']'))
        {
            return TypeFamily.Array;
        }

        var parenthesis = name.IndexOf('(', StringComparison.Ordinal);
        return (parenthesis < 0 ? name : name[..parenthesis]).Trim() switch
        {
            "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" or "BIGNUM" => TypeFamily.Integer,
            "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" or "UHUGEINT" => TypeFamily.Integer,
            "DECIMAL" => TypeFamily.Decimal,
            "FLOAT" or "DOUBLE" => TypeFamily.Float,
            "BOOLEAN" => TypeFamily.Boolean,
            "VARCHAR" => TypeFamily.Text,
            "ENUM" => TypeFamily.Enumeration,
            "DATE" => TypeFamily.Date,
            "TIME" or "TIME_NS" or "TIME WITH TIME ZONE" => TypeFamily.Time,
            "TIMESTAMP" or "TIMESTAMP_S" or "TIMESTAMP_MS" or "TIMESTAMP_NS" => TypeFamily.Timestamp,
            "TIMESTAMP WITH TIME ZONE" => TypeFamily.TimestampWithZone,
            "INTERVAL" => TypeFamily.Interval,
            "UUID" => TypeFamily.Uuid,
            "BLOB" => TypeFamily.Binary,
            "JSON" => TypeFamily.Json,
            "STRUCT" or "MAP" or "UNION" => TypeFamily.Composite,
            _ => TypeFamily.Other, // BIT, GEOMETRY, VARIANT, types of extensions
        };
    }
}
