namespace CiDiff.Configuration;

/// <summary>Which part of the rows is read. Closed: every case is in this file.</summary>
public abstract record Sampling
{
    /// <summary>How sure an interval is when nobody said how sure it has to be.</summary>
    public const decimal DefaultConfidence = 0.95m;

    private Sampling()
    {
    }

    /// <summary>How sure the intervals of estimates are: above 0, below 1.</summary>
    public decimal Confidence { get; init; } = DefaultConfidence;

    /// <summary>Tables of fewer rows, the larger one of base and head, are read whole; null for the warehouse's own limit.</summary>
    public long? Threshold { get; init; }

    /// <summary>The largest share of rows whose key is null or repeats with which a sample still counts: 0 to 1. Beyond it the tables are read whole.</summary>
    public decimal KeyErrors { get; init; } = 0.01m;

    /// <summary>Every row.</summary>
    public sealed record Off : Sampling;

    /// <summary>A share of the keys, the same ones on both sides.</summary>
    /// <param name="Fraction">Above 0, up to 1.</param>
    public sealed record Share(decimal Fraction) : Sampling;

    /// <summary>About this many rows.</summary>
    /// <param name="Count">At least 1.</param>
    public sealed record Rows(long Count) : Sampling;

    /// <summary>As many rows as it takes to be as sure as <see cref="Confidence"/> that, when no row of the sample differs, at most this share of all rows
    /// does.</summary>
    /// <remarks>Datafold's defaults: https://docs.datafold.com/data-diff/in-database-diffing/creating-a-new-data-diff.</remarks>
    /// <param name="Most">Above 0, below 1.</param>
    public sealed record ForTolerance(decimal Most) : Sampling
    {
        /// <summary>0.001 %, with a confidence of 99 %.</summary>
        public static readonly ForTolerance Default = new(0.00001m) { Confidence = 0.99m };
    }
}

/// <summary>What becomes of a model that takes longer than its time budget.</summary>
public enum OverBudget
{
    /// <summary>A sample of it is read instead.</summary>
    Sample,

    /// <summary>It counts as a model that could not be compared.</summary>
    Fail,
}
