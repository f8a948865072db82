using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>How long a bucket of time is. In UTC; weeks begin on Monday.</summary>
public enum TimeUnit
{
    /// <summary>An hour.</summary>
    Hour,

    /// <summary>A day.</summary>
    Day,

    /// <summary>A week.</summary>
    Week,

    /// <summary>A month.</summary>
    Month,

    /// <summary>A year.</summary>
    Year,
}

/// <summary>Dates and timestamps by bucket.</summary>
internal static class TimeBucket
{
    /// <summary>Whether values of a type lie in buckets.</summary>
    public static bool IsTime(ColumnType type) => type.Family is TypeFamily.Date or TypeFamily.Timestamp or TypeFamily.TimestampWithZone;

    /// <summary>The beginning of the bucket that a value is in, as text; null for a null.</summary>
    public static SqlText Of(SqlDialect dialect, SqlText value, TimeUnit unit) =>
        dialect.Text(dialect.Sql($"cast(date_trunc({new SqlLiteral(unit.ToString().ToLowerInvariant())}, cast({value} as timestamp)) as timestamp)"));

    /// <summary>What a bucket is called: <c>2024</c>, <c>2024-03</c>, <c>2024-03-04</c>, <c>2024-03-04 17:00</c>.</summary>
    /// <param name="beginning">What <see cref="Of"/> gave.</param>
    /// <param name="unit">The unit.</param>
    public static string Name(string beginning, TimeUnit unit)
    {
        var length = unit switch
        {
            TimeUnit.Year => 4,
            TimeUnit.Month => 7,
            TimeUnit.Day or TimeUnit.Week => 10,
            TimeUnit.Hour => 16,
            _ => throw new System.Diagnostics.UnreachableException($"{unit}"),
        };

        // Infinity, and years of more than four digits or before Christ, stay as they are.
        return beginning is [_, _, _, _, '-', _, _, '-', _, _, ' ', _, _, ':', _, _, ':', _, _] ? beginning[..length] : beginning;
    }
}
