namespace CiDiff.Configuration;

/// <summary>How one model is compared: defaults, <c>cidiff.yml</c>, its <c>models:</c> entries, <c>meta.datafold.datadiff</c> and
/// <c>meta.cidiff</c>, already merged.</summary>
public sealed record CompareRules
{
    /// <summary>An SQL condition for both sides, without <c>where</c>; null for none.</summary>
    public ConfiguredSql? Filter { get; init; }

    /// <summary>Only these columns (and the key); null for all. Names ignore case.</summary>
    public IReadOnlyList<string>? IncludeColumns { get; init; }

    /// <summary>Not these columns; without effect when <see cref="IncludeColumns"/> is set. Never the key.</summary>
    public IReadOnlyList<string> ExcludeColumns { get; init; } = [];

    /// <summary>gitignore patterns of column names never to compare, last match wins. Never the key.</summary>
    public IReadOnlyList<string> IgnoreColumns { get; init; } = [];

    /// <summary>Tolerances by column name, ignoring case.</summary>
    public IReadOnlyDictionary<string, Tolerance> Tolerances { get; init; } =
        new Dictionary<string, Tolerance>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Renamed columns to follow.</summary>
    public IReadOnlyList<ColumnRename> Renames { get; init; } = [];

    /// <summary>How rows are compared; never <see cref="DiffStrategy.Keyless"/>. Without effect on tables without a key.</summary>
    public DiffStrategy Strategy { get; init; }

    /// <summary>Which part of the rows is read. Without effect on tables without a key.</summary>
    public Sampling Sampling { get; init; } = new Sampling.Off();

    /// <summary>How many example rows of each kind are read; 0 for none.</summary>
    public int Samples { get; init; } = 10;

    /// <summary>The longest one statement may take; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest the model may take; null for no limit.</summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>What becomes of it when it takes longer than <see cref="TimeBudget"/>.</summary>
    public OverBudget OverBudget { get; init; }

    /// <summary>Whether that is said of this model, and not by <c>compare.over_budget</c>.</summary>
    public bool IsOwnOverBudget { get; init; }

    /// <summary>It took longer, so that nothing but a sample is to be read.</summary>
    public bool IsOverBudget { get; init; }

    /// <summary>The column that limits the comparison to the time that both sides have; null for no limit.</summary>
    public string? EventTime { get; init; }

    /// <summary>Whether it is looked for where changed rows are concentrated.</summary>
    public bool Attribution { get; init; } = true;

    /// <summary>Whether the values of each column are looked at, base beside head.</summary>
    public bool ColumnProfiles { get; init; }

    /// <summary>The date or timestamp by which rows that differ are counted; null for none.</summary>
    public string? TimeColumn { get; init; }

    /// <summary>The points in time at which the tables are to be read, as written; null for now.</summary>
    public Sides<string?> TimeTravel { get; init; } = new(null, null);

    /// <summary>Columns whose share of nulls a rule wants to know.</summary>
    public IReadOnlyList<string> NullRateColumns { get; init; } = [];

    /// <summary>They were given as options of <c>compare</c>, for two tables alone, so that a column which neither has is a mistake.</summary>
    public bool IsOfOptions { get; init; }

    /// <summary>A setting as the user wrote it.</summary>
    /// <param name="setting">Its name in <c>cidiff.yml</c>.</param>
    public string Written(string setting) => (IsOfOptions, setting) switch
    {
        (true, "include_columns") => "--columns",
        (true, "exclude_columns") => "--exclude-columns",
        (true, "time_column") => "--time-column",
        (true, "tolerance") => "--tolerance",
        _ => setting,
    };
}

/// <summary>SQL that a user wrote, and where.</summary>
/// <param name="Text">The SQL.</param>
/// <param name="Origin">For messages: "cidiff.yml, line 12" or "meta.datafold.datadiff.filter of model.shop.orders".</param>
public sealed record ConfiguredSql(string Text, string Origin);

/// <summary>A column that changed its name.</summary>
/// <param name="Base">Its name in production.</param>
/// <param name="Head">Its name in the pull request.</param>
public sealed record ColumnRename(string Base, string Head)
{
    /// <summary>Joins two lists: where a rename of <paramref name="later"/> names the same column of base or of head, it replaces the one of
    /// <paramref name="earlier"/>. Case does not count.</summary>
    public static IReadOnlyList<ColumnRename> Merge(IReadOnlyList<ColumnRename> earlier, IReadOnlyList<ColumnRename> later) =>
        [.. earlier.Where(rename => !later.Any(rename.Collides)), .. later];

    private bool Collides(ColumnRename other) =>
        string.Equals(Base, other.Base, StringComparison.OrdinalIgnoreCase) || string.Equals(Head, other.Head, StringComparison.OrdinalIgnoreCase);
}
