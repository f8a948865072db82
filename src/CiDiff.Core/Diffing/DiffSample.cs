namespace CiDiff.Diffing;

/// <summary>A number that was estimated: it lies in here with the confidence of the <see cref="DiffSample"/>.</summary>
/// <param name="Low">At least this.</param>
/// <param name="High">At most this.</param>
public readonly record struct CountRange(long Low, long High)
{
    /// <summary>The number is known after all.</summary>
    public bool IsExact => Low == High;

    /// <summary>An estimate as it is told: three digits, because more would look as if they were known.</summary>
    internal static long Rounded(long value)
    {
        var unit = 1L;
        while (value / unit >= 1000)
        {
            unit *= 10;
        }

        return (long)Math.Round((decimal)value / unit, MidpointRounding.AwayFromZero) * unit;
    }
}

/// <summary>What was read of two tables that were not read whole: a part of the keys, the same ones on both sides.</summary>
/// <remarks>Exact all the same are the schema, the rows of both sides, those with a null in the key, and the nulls of columns. Everything else in the
/// <see cref="TableDiff"/> is what the sample leads to expect of the whole tables, with its range in here or in <see cref="ColumnDiff.ChangedRange"/>.
/// Rows with a null in the key are in no sample, so that nothing is known of their values.</remarks>
/// <param name="Share">Which share of the keys was read: above 0, below 1.</param>
/// <param name="Confidence">How sure the ranges are: above 0, below 1.</param>
/// <param name="Because">Why not everything was read, half a sentence: <c>a sample of 1% was asked for</c>.</param>
/// <param name="Found">What was counted in the sample; its base and head are the rows that were read.</param>
public sealed record DiffSample(double Share, double Confidence, string Because, RowCounts Found)
{
    /// <summary>Of <see cref="RowCounts.Added"/>.</summary>
    public required CountRange Added { get; init; }

    /// <summary>Of <see cref="RowCounts.Removed"/>.</summary>
    public required CountRange Removed { get; init; }

    /// <summary>Of <see cref="RowCounts.Changed"/>.</summary>
    public required CountRange Changed { get; init; }

    /// <summary>Of <see cref="RowCounts.Same"/>.</summary>
    public required CountRange Same { get; init; }

    /// <summary>Of <see cref="KeyCounts.Duplicate"/>; exact where the warehouse holds the key unique.</summary>
    public required Sides<CountRange> Duplicate { get; init; }

    /// <summary>Of <see cref="TableDiff.MatchScore"/>.</summary>
    public required (double Low, double High) MatchScore { get; init; }

    /// <summary>When no row of the sample differs, at most this share of all rows with a key does: 0 to 1.</summary>
    public double MostDiffering => Proportion.MostWhenNone(Math.Min(Found.Base, Found.Head), Confidence);
}
