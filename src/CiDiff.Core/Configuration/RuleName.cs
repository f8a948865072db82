using System.Diagnostics;

namespace CiDiff.Configuration;

/// <summary>What a rule measures.</summary>
public enum RuleKind
{
    /// <summary>Head rows with a null in the key, and key values that head has more than once.</summary>
    PrimaryKeys,

    /// <summary>Columns that head no longer has.</summary>
    RemovedColumns,

    /// <summary>Columns whose type differs.</summary>
    ChangedTypes,

    /// <summary>Rows only in head, as a count or as a share of base's rows.</summary>
    AddedRows,

    /// <summary>Rows only in base, as a count or as a share of base's rows.</summary>
    RemovedRows,

    /// <summary>Rows on both sides that differ, as a count or as a share of base's rows.</summary>
    ChangedRows,

    /// <summary>How far the number of rows moved, up or down, as a share of base's rows.</summary>
    RowCount,

    /// <summary>Rows in which one column differs, as a share of the rows matched by key.</summary>
    ColumnChanged,

    /// <summary>How much the share of nulls in one column rose, in percentage points. A fall is below every limit.</summary>
    NullRate,

    /// <summary>The match score. Its limit is a floor: less is worse.</summary>
    MatchScore,

    /// <summary>Readers outside of dbt that the change would break.</summary>
    Protected,

    /// <summary>A selected model whose relation is missing on head.</summary>
    NotBuilt,

    /// <summary>A selected model that could not be compared.</summary>
    Errors,
}

/// <summary>A rule as it is named in <c>cidiff.yml</c>, for example <c>changed_rows</c> or <c>column.amount.changed</c>.</summary>
/// <param name="Kind">What it measures.</param>
/// <param name="Column">The column it is about, as written; null for rules that are about no single column.</param>
/// <remarks>Equal when kind and column are, the column's case ignored: its name in the warehouse may be folded.</remarks>
public sealed record RuleName(RuleKind Kind, string? Column = null)
{
    private const string ColumnPrefix = "column.";
    private const string ColumnSuffix = ".changed";
    private const string NullRatePrefix = "null_rate.";

    /// <summary>Every name that stands for itself, and a pattern for the two that carry a column; in the order of <see cref="RuleKind"/>.</summary>
    public static IReadOnlyList<string> Known { get; } =
        [.. Enum.GetValues<RuleKind>().Select(kind => new RuleName(kind, "NAME").ToString())];

    /// <summary>What its limits may be measured in, the usual one first.</summary>
    public IReadOnlyList<ThresholdUnit> Units => Kind switch
    {
        RuleKind.AddedRows or RuleKind.RemovedRows or RuleKind.ChangedRows => [ThresholdUnit.Count, ThresholdUnit.Share],
        RuleKind.RowCount or RuleKind.ColumnChanged or RuleKind.MatchScore => [ThresholdUnit.Share],
        RuleKind.NullRate => [ThresholdUnit.Points],
        RuleKind.PrimaryKeys or RuleKind.RemovedColumns or RuleKind.ChangedTypes or RuleKind.Protected or RuleKind.NotBuilt or RuleKind.Errors =>
            [ThresholdUnit.Count],
        _ => throw new UnreachableException(),
    };

    /// <summary>It holds or not: there is no number to set a limit for.</summary>
    public bool IsYesOrNo => Kind is RuleKind.Protected or RuleKind.NotBuilt or RuleKind.Errors;

    /// <summary>Reads a rule's name; null when there is no such rule.</summary>
    public static RuleName? Find(string text)
    {
        if (text.StartsWith(ColumnPrefix, StringComparison.Ordinal)
            && text.EndsWith(ColumnSuffix, StringComparison.Ordinal)
            && text.Length > ColumnPrefix.Length + ColumnSuffix.Length)
        {
            return new RuleName(RuleKind.ColumnChanged, text[ColumnPrefix.Length..^ColumnSuffix.Length]);
        }

        if (text.StartsWith(NullRatePrefix, StringComparison.Ordinal) && text.Length > NullRatePrefix.Length)
        {
            return new RuleName(RuleKind.NullRate, text[NullRatePrefix.Length..]);
        }

        return Enum.GetValues<RuleKind>()
            .Where(kind => kind is not (RuleKind.ColumnChanged or RuleKind.NullRate))
            .Select(kind => new RuleName(kind))
            .FirstOrDefault(rule => rule.ToString() == text);
    }

    /// <inheritdoc/>
    public bool Equals(RuleName? other) =>
        other is not null && Kind == other.Kind && string.Equals(Column, other.Column, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Kind, Column is null ? 0 : StringComparer.OrdinalIgnoreCase.GetHashCode(Column));

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        RuleKind.PrimaryKeys => "primary_keys",
        RuleKind.RemovedColumns => "removed_columns",
        RuleKind.ChangedTypes => "changed_types",
        RuleKind.AddedRows => "added_rows",
        RuleKind.RemovedRows => "removed_rows",
        RuleKind.ChangedRows => "changed_rows",
        RuleKind.RowCount => "row_count",
        RuleKind.ColumnChanged => $"{ColumnPrefix}{Column}{ColumnSuffix}",
        RuleKind.NullRate => $"{NullRatePrefix}{Column}",
        RuleKind.MatchScore => "match_score",
        RuleKind.Protected => "protected",
        RuleKind.NotBuilt => "not_built",
        RuleKind.Errors => "errors",
        _ => throw new UnreachableException(),
    };
}
