using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>What the values of a column are like, base beside head.</summary>
/// <param name="Name">In head; in base where head has no such column.</param>
/// <param name="Sides">Each side's values; null on a side that has no such column.</param>
public sealed record ColumnProfile(ColumnName Name, Sides<ColumnStatistics?> Sides);

/// <summary>What the values of a column are like on one side, after the filter.</summary>
/// <param name="Rows">All rows.</param>
/// <param name="Nulls">Those in which it is null.</param>
/// <param name="Distinct">How many different values it has, as values are compared; null does not count.</param>
public sealed record ColumnStatistics(long Rows, long Nulls, long Distinct)
{
    /// <summary>The shares of <see cref="Quantiles"/>, 0 to 1.</summary>
    public static readonly IReadOnlyList<decimal> QuantileShares = [0.05m, 0.25m, 0.5m, 0.75m, 0.95m];

    /// <summary>0 to 1; null when there are no rows.</summary>
    public double? NullShare => Rows == 0 ? null : (double)Nulls / Rows;

    /// <summary>The mean of a number; null for other types, for no values, and for values such as NaN that have none.</summary>
    public double? Mean { get; init; }

    /// <summary>The least value as text; texts by their bytes. Null for types without an order, for no values, and when <see cref="AreValuesHidden"/>.</summary>
    public string? Least { get; init; }

    /// <summary>The greatest value, likewise.</summary>
    public string? Greatest { get; init; }

    /// <summary>The values at <see cref="QuantileShares"/> of the sorted values, as texts; empty for what is no number, date or timestamp.</summary>
    public IReadOnlyList<string> Quantiles { get; init; } = [];

    /// <summary>The most frequent values that occur more than once, the most frequent one first; bounded.</summary>
    public IReadOnlyList<FrequentValue> Frequent { get; init; } = [];

    /// <summary>The values may not be told.</summary>
    public bool AreValuesHidden { get; init; }
}

/// <summary>A value and how many rows have it.</summary>
/// <param name="Value">As text; null when it may not be told.</param>
/// <param name="Rows">How many.</param>
public sealed record FrequentValue(string? Value, long Rows);
