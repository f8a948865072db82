using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Selection;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>What differs between two tables. Counts are exact unless <see cref="Sample"/> is set.</summary>
public sealed record TableDiff
{
    /// <summary>The tables' columns compared.</summary>
    public required SchemaDiff Schema { get; init; }

    /// <summary>The key that matched the rows; null when there was none and rows were compared as a multiset.</summary>
    public required DiffKey? Key { get; init; }

    /// <summary>Row counts.</summary>
    public required RowCounts Rows { get; init; }

    /// <summary>How good the key is on each side; null without a key.</summary>
    public required Sides<KeyCounts>? Keys { get; init; }

    /// <summary>Every column that both sides have, in head's order; the key's columns are not in here.</summary>
    public required IReadOnlyList<ColumnDiff> Columns { get; init; }

    /// <summary>0 to 1, see <c>docs/diffing.md</c>; 1 for two empty tables.</summary>
    public required double MatchScore { get; init; }

    /// <summary>Example rows; bounded.</summary>
    public required DiffSamples Samples { get; init; }

    /// <summary>How the rows were compared; never <see cref="DiffStrategy.Auto"/>.</summary>
    public required DiffStrategy Strategy { get; init; }

    /// <summary>Where the changed rows are concentrated; null when that was not looked for.</summary>
    public Attribution? Attribution { get; init; }

    /// <summary>When the rows that differ happened; null when nobody asked, or none differs.</summary>
    public Timeline? Timeline { get; init; }

    /// <summary>What the values of each column are like; empty when nobody asked.</summary>
    public IReadOnlyList<ColumnProfile> Profiles { get; init; } = [];

    /// <summary>What was read, and how sure the counts are that it leads to expect; null: everything was read, and all of them are exact.</summary>
    public DiffSample? Sample { get; init; }

    /// <summary>What it cost.</summary>
    public required DiffCost Cost { get; init; }

    /// <summary>Things the reader has to know, as sentences: a column compared as text, a key guess that was not unique.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Everything was read, and there is no difference in schema, rows or keys.</summary>
    public bool IsIdentical => Sample is null && !HasDifferences;

    /// <summary>A difference in schema, rows or keys was found. Without one, tables of which a sample was read may still differ.</summary>
    public bool HasDifferences => !(
        Schema.IsSame && Rows is { Added: 0, Removed: 0 } && Rows.Changed is null or 0
        && (Keys is not { } keys || (keys.Base.Null == keys.Head.Null && keys.Base.Duplicate == keys.Head.Duplicate
            && keys.Base.DuplicateRows == keys.Head.DuplicateRows))
        && !HasUnmatchedBadKeys && Rows.Base == Rows.Head);

    /// <summary>Rows with null or duplicate keys, which are not matched by key, differ between the sides as a multiset.</summary>
    public bool HasUnmatchedBadKeys { get; init; }
}

/// <summary>The key of a diff.</summary>
/// <param name="Columns">Names on base; the head name differs only when <see cref="SchemaDiff.Renamed"/> says so.</param>
/// <param name="Source">Which rule gave it.</param>
/// <param name="Detail">What exactly; null when the source says it all.</param>
public sealed record DiffKey(IReadOnlyList<ColumnName> Columns, KeySource Source, string? Detail);

/// <summary>Row counts of a diff.</summary>
/// <param name="Base">Rows on base, after the filter.</param>
/// <param name="Head">Rows on head, after the filter.</param>
/// <param name="Added">Rows only in head. With a key: rows with a good key (not null, occurring once on both sides) found only in head.
/// Without: surplus occurrences.</param>
/// <param name="Removed">The same for base.</param>
/// <param name="Changed">Matched by key, some compared column differs; null without a key.</param>
/// <param name="Same">Matched by key, no compared column differs; without a key: occurrences that both sides have.</param>
public sealed record RowCounts(long Base, long Head, long Added, long Removed, long? Changed, long Same);

/// <summary>How good a key is on one side.</summary>
/// <param name="Null">Rows with a null in some part of the key.</param>
/// <param name="Duplicate">Distinct key values (without nulls) that occur more than once.</param>
/// <param name="DuplicateRows">Rows that have such a key value.</param>
/// <param name="Distinct">Distinct key values without nulls.</param>
public sealed record KeyCounts(long Null, long Duplicate, long DuplicateRows, long Distinct);

/// <summary>A column on both sides.</summary>
/// <param name="Base">Base's column.</param>
/// <param name="Head">Head's column.</param>
/// <param name="IsCompared">False when it is excluded, ignored, or its type cannot be compared.</param>
/// <param name="NotComparedBecause">Why not; null when it is compared.</param>
/// <param name="Changed">Matched rows in which it differs; null when it is not compared or there is no key.</param>
/// <param name="ChangedShare">0 to 1, of matched rows; null as <paramref name="Changed"/>; 0 when nothing matched.</param>
/// <param name="Nulls">Rows in which it is null, per side; null unless a rule asked for it.</param>
public sealed record ColumnDiff(
    Column Base,
    Column Head,
    bool IsCompared,
    string? NotComparedBecause,
    long? Changed,
    double? ChangedShare,
    Sides<long>? Nulls)
{
    /// <summary>Where <see cref="Changed"/> lies when only a sample was read; null when it is exact, or null.</summary>
    public CountRange? ChangedRange { get; init; }
}

/// <summary>Columns compared by name.</summary>
/// <param name="Added">Only in head, in its order.</param>
/// <param name="Removed">Only in base, in its order.</param>
/// <param name="Retyped">On both, with another type.</param>
/// <param name="Renamed">Followed renames; and those that the values tell of, whose columns are among <paramref name="Added"/> and
/// <paramref name="Removed"/> all the same, since nobody said that they were meant.</param>
/// <param name="IsReordered">The common columns stand in another order.</param>
public sealed record SchemaDiff(
    IReadOnlyList<Column> Added,
    IReadOnlyList<Column> Removed,
    IReadOnlyList<RetypedColumn> Retyped,
    IReadOnlyList<RenamedColumn> Renamed,
    bool IsReordered)
{
    /// <summary>No difference. Another order of the same columns is no difference.</summary>
    public bool IsSame => Added.Count == 0 && Removed.Count == 0 && Retyped.Count == 0 && Renamed.Count == 0;

    /// <summary>As reports tell it: columns of a likely rename are told as such, not as added and removed.</summary>
    internal SchemaDiff Told => this with
    {
        Added = [.. Added.Where(column => !Renamed.Any(renamed => renamed.Head == column.Name))],
        Removed = [.. Removed.Where(column => !Renamed.Any(renamed => renamed.Base == column.Name))],
    };
}

/// <summary>A column whose type differs.</summary>
public sealed record RetypedColumn(ColumnName Name, ColumnType Base, ColumnType Head);

/// <summary>A column followed under another name.</summary>
/// <param name="Base">Name on base.</param>
/// <param name="Head">Name on head.</param>
/// <param name="By"><c>remap</c>: somebody said so; <c>detected</c>: the values say so.</param>
public sealed record RenamedColumn(ColumnName Base, ColumnName Head, string By)
{
    /// <summary>In which share of the rows that both sides have, and in which either has a value, the values agree: 0 to 1; null unless detected.</summary>
    public double? Share { get; init; }
}

/// <summary>Example rows: the first ones in key order, bounded by <c>samples</c>, so that the same tables give the same examples.</summary>
public sealed record DiffSamples
{
    /// <summary>None.</summary>
    public static readonly DiffSamples None = new();

    /// <summary>Rows only in head.</summary>
    public IReadOnlyList<SampleRow> Added { get; init; } = [];

    /// <summary>Rows only in base.</summary>
    public IReadOnlyList<SampleRow> Removed { get; init; } = [];

    /// <summary>Rows with changed values.</summary>
    public IReadOnlyList<ChangedRow> Changed { get; init; } = [];

    /// <summary>Keys that occur more than once, per side, most frequent first.</summary>
    public Sides<IReadOnlyList<BadKey>> DuplicateKeys { get; init; } = new([], []);
}

/// <summary>A row that is on one side only.</summary>
/// <param name="Key">The key's values as text, in key order; empty without a key.</param>
/// <param name="Values">Name and text of the other compared columns; null is SQL's null.</param>
/// <param name="Occurrences">How many surplus rows like it; 1 with a key.</param>
public sealed record SampleRow(IReadOnlyList<string?> Key, IReadOnlyList<KeyValuePair<string, string?>> Values, long Occurrences);

/// <summary>A row with changed values; only the columns that differ.</summary>
public sealed record ChangedRow(IReadOnlyList<string?> Key, IReadOnlyList<ChangedValue> Values);

/// <summary>A value on both sides, as text; null is SQL's null.</summary>
public sealed record ChangedValue(string Column, string? Base, string? Head);

/// <summary>A key value that occurs more than once.</summary>
public sealed record BadKey(IReadOnlyList<string?> Key, long Occurrences);

/// <summary>What a diff cost.</summary>
/// <param name="Elapsed">Wall time.</param>
/// <param name="Queries">Statements sent, catalog look-ups included.</param>
/// <param name="Bytes">Bytes read or billed, where the warehouse tells; null otherwise.</param>
public sealed record DiffCost(TimeSpan Elapsed, int Queries, long? Bytes);

/// <summary>What became of one selected model. Closed: every case is in this file.</summary>
public abstract record ModelOutcome
{
    private ModelOutcome()
    {
    }

    /// <summary>Both sides were read to the end.</summary>
    public sealed record Compared(TableDiff Diff) : ModelOutcome;

    /// <summary>The diff was not started: there is nothing to compare with.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Rows">The row count of the side that exists, where it was counted; null on the other.</param>
    /// <param name="Keys">The key's quality on head, where it was looked at; null otherwise.</param>
    public sealed record NotCompared(NotComparedReason Reason, Sides<long?> Rows, KeyCounts? Keys = null) : ModelOutcome
    {
        /// <summary>What the warehouse's catalog thinks that each side has, when only a plan was made; null where it does not know. Never a
        /// count.</summary>
        public Sides<long?> EstimatedRows { get; init; } = new(null, null);
    }

    /// <summary>The diff was started and did not finish.</summary>
    public sealed record Failed(UserErrorException Error) : ModelOutcome;
}

/// <summary>Why a selected model was not compared.</summary>
public enum NotComparedReason
{
    /// <summary>New: base has no such model.</summary>
    New,

    /// <summary>Deleted or disabled: head has no such model.</summary>
    Removed,

    /// <summary>The pull request did not build it: its relation is missing on head.</summary>
    NotBuilt,

    /// <summary>Production has not built it: its relation is missing on base.</summary>
    NotInBase,

    /// <summary>The run was cancelled or over its limit before this model's turn.</summary>
    NotReached,

    /// <summary>Only a plan was made; no table was read.</summary>
    PlanOnly,
}
