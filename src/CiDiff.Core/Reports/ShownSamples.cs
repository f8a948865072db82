using CiDiff.Diffing;

namespace CiDiff.Reports;

/// <summary>The example rows of a model as far as <see cref="ValuePrivacy"/> lets a report show them. Every writer gets its values from
/// here and from nowhere else.</summary>
/// <param name="KeyColumns">Names of the key's columns.</param>
/// <param name="Changed">Rows with changed values.</param>
/// <param name="Added">Rows only in head.</param>
/// <param name="Removed">Rows only in base.</param>
/// <param name="DuplicateKeys">Keys that occur more than once.</param>
/// <param name="WithValues">False when only key values are shown; then the values of other columns are all hidden.</param>
internal sealed record ShownSamples(
    IReadOnlyList<string> KeyColumns,
    IReadOnlyList<ShownChange> Changed,
    IReadOnlyList<ShownRow> Added,
    IReadOnlyList<ShownRow> Removed,
    Sides<IReadOnlyList<ShownKey>> DuplicateKeys,
    bool WithValues)
{
    /// <summary>The longest value in <c>run.json</c>, in characters; longer ones are cut to what differs.</summary>
    public const int ValueLength = 1000;

    public bool IsEmpty =>
        Changed.Count == 0 && Added.Count == 0 && Removed.Count == 0 && DuplicateKeys.Base.Count == 0 && DuplicateKeys.Head.Count == 0;

    /// <summary>What may be shown; null when that is nothing.</summary>
    public static ShownSamples? Of(ModelReport report, ValuePrivacy privacy)
    {
        if (privacy == ValuePrivacy.None || report.Outcome is not ModelOutcome.Compared { Diff: var diff })
        {
            return null;
        }

        var keyColumns = diff.Key is { } key ? key.Columns.Select(column => column.Value).ToArray() : [];
        var withValues = privacy == ValuePrivacy.Full;
        if (keyColumns.Length == 0 && !withValues)
        {
            return null;
        }

        var shield = new Shield(new ShownColumns(report.Model, diff, privacy).Private, keyColumns, withValues);
        var shown = new ShownSamples(
            keyColumns,
            [.. diff.Samples.Changed.Select(row => new ShownChange(shield.Key(row.Key), [.. row.Values.Select(shield.Change)]))],
            [.. diff.Samples.Added.Select(shield.Row)],
            [.. diff.Samples.Removed.Select(shield.Row)],
            diff.Samples.DuplicateKeys.Map<IReadOnlyList<ShownKey>>(
                keys => [.. keys.Select(bad => new ShownKey(shield.Key(bad.Key), bad.Occurrences))]),
            withValues);
        return shown.IsEmpty ? null : shown;
    }

    /// <summary>Decides cell by cell.</summary>
    private sealed class Shield(HashSet<string> privateColumns, IReadOnlyList<string> keyColumns, bool withValues)
    {
        public IReadOnlyList<ShownCell> Key(IReadOnlyList<string?> values) =>
            [.. values.Select((value, i) => Cell(i < keyColumns.Count ? keyColumns[i] : "", value, isKey: true))];

        public ShownValue Change(ChangedValue value)
        {
            // The part that differs, so that a cut never hides the difference.
            var (inBase, inHead) = Excerpt.OfDifference(value.Base, value.Head, ValueLength);
            return new ShownValue(value.Column, Cell(value.Column, inBase, isKey: false), Cell(value.Column, inHead, isKey: false));
        }

        public ShownRow Row(SampleRow row) => new(
            Key(row.Key),
            withValues ? [.. row.Values.Select(pair => KeyValuePair.Create(pair.Key, Cell(pair.Key, pair.Value, isKey: false)))] : [],
            row.Occurrences);

        private ShownCell Cell(string column, string? value, bool isKey) =>
            privateColumns.Contains(column) || !(withValues || isKey)
                ? ShownCell.Hidden
                : new ShownCell(value is null ? null : Excerpt.Of(value, ValueLength), IsHidden: false);
    }
}

/// <summary>A value that may be shown, or the fact that it may not.</summary>
/// <param name="Text">Null is SQL's null, and nothing when it is hidden.</param>
/// <param name="IsHidden">It exists and is not shown.</param>
internal readonly record struct ShownCell(string? Text, bool IsHidden)
{
    public static readonly ShownCell Hidden = new(null, IsHidden: true);
}

/// <summary>A changed row.</summary>
internal sealed record ShownChange(IReadOnlyList<ShownCell> Key, IReadOnlyList<ShownValue> Values);

/// <summary>A changed value.</summary>
internal sealed record ShownValue(string Column, ShownCell Base, ShownCell Head);

/// <summary>A row on one side.</summary>
internal sealed record ShownRow(IReadOnlyList<ShownCell> Key, IReadOnlyList<KeyValuePair<string, ShownCell>> Values, long Occurrences);

/// <summary>A key that occurs more than once.</summary>
internal sealed record ShownKey(IReadOnlyList<ShownCell> Key, long Occurrences);
