using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>When the rows happened that differ, by a date or timestamp.</summary>
/// <param name="Column">Its name in head.</param>
/// <param name="Unit">How long a bucket is.</param>
/// <param name="KeyShare">Above 0, up to 1: which share of the keys was counted. Below 1 the counts are of a sample, and shares are estimates.</param>
/// <param name="Buckets">Those that have rows, in their order; rows without a time come last.</param>
public sealed record Timeline(ColumnName Column, TimeUnit Unit, double KeyShare, IReadOnlyList<TimelineBucket> Buckets);

/// <summary>The rows of a bucket of time. Rows that base has are in the bucket of base's time, added rows in that of head's.</summary>
/// <param name="Start">Its name, such as <c>2024-03</c>; null for rows without a time.</param>
/// <param name="Matched">Rows that both sides have.</param>
/// <param name="Changed">Those of them that differ.</param>
/// <param name="Added">Rows only in head.</param>
/// <param name="Removed">Rows only in base.</param>
public sealed record TimelineBucket(string? Start, long Matched, long Changed, long Added, long Removed)
{
    /// <summary>0 to 1, of the rows that both sides have; null when there are none.</summary>
    public double? ChangedShare => Share(Changed, Matched);

    /// <summary>0 to 1, of head's rows; null when it has none.</summary>
    public double? AddedShare => Share(Added, Matched + Added);

    /// <summary>0 to 1, of base's rows; null when it has none.</summary>
    public double? RemovedShare => Share(Removed, Matched + Removed);

    /// <summary>How many rows differ.</summary>
    internal long Differing => Changed + Added + Removed;

    private static double? Share(long count, long of) => of == 0 ? null : (double)count / of;
}
