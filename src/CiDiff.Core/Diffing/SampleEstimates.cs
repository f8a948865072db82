namespace CiDiff.Diffing;

/// <summary>Cells that differ, as <see cref="MatchScore"/> counts them.</summary>
/// <param name="ChangedCells">In rows that both sides have.</param>
/// <param name="ExclusiveRows">Rows that one side has and the other has not.</param>
internal sealed record DifferingCells(long ChangedCells, long ExclusiveRows);

/// <summary>What a sample leads to expect of the whole tables.</summary>
/// <remarks>Removed, changed and same rows are shares of base's rows with a key, added rows of head's, duplicate keys of the distinct ones. What they are
/// shares of was counted, so that only the shares are estimates.</remarks>
/// <param name="Whole">As if the whole tables had been compared.</param>
/// <param name="Columns">The range of each compared column's changed rows.</param>
/// <param name="Sample">The ranges; that of the match score is still to be told.</param>
/// <param name="Cells">The fewest and the most cells that differ.</param>
internal sealed record SampleEstimates(
    JoinResult Whole, IReadOnlyList<CountRange> Columns, DiffSample Sample, (DifferingCells Fewest, DifferingCells Most) Cells)
{
    /// <summary>Estimates.</summary>
    /// <param name="draw">The sample.</param>
    /// <param name="found">What was counted in it.</param>
    /// <param name="confidence">How sure the ranges are to be: above 0, below 1.</param>
    public static SampleEstimates Of(SampleDraw draw, JoinResult found, double confidence)
    {
        var (counts, unchanged) = (found.Counts, found.Matched - found.Counts.Changed);
        var read = counts.Totals.Map(side => side.Rows);
        var (added, removed) = (OfHead(counts.Added), OfBase(counts.Removed));
        var (changed, same) = (OfBase(counts.Changed), OfBase(unchanged));
        var bad = (Removed: OfBase(found.Bad.Removed), Added: OfHead(found.Bad.Added));
        var columns = counts.ChangedColumns.Select(OfBase).ToList();
        var keys = new Sides<(KeyCounts Counts, CountRange Duplicate)>(
            Keys(draw.Totals.Base, read.Base, found.Keys.Base, draw.Key.IsHeldUnique.Base),
            Keys(draw.Totals.Head, read.Head, found.Keys.Head, draw.Key.IsHeldUnique.Head));
        var whole = found with
        {
            Counts = counts with
            {
                Totals = draw.Totals,
                Added = added.Value,
                Removed = removed.Value,
                Changed = changed.Value,
                ChangedColumns = [.. columns.Select(column => column.Value)],
            },
            Matched = changed.Value + same.Value,
            Keys = keys.Map(side => side.Counts),
            Bad = new BadRows(bad.Removed.Value, bad.Added.Value),
        };
        var sample = new DiffSample(
            draw.Share, confidence, draw.Because, new RowCounts(read.Base, read.Head, counts.Added, counts.Removed, counts.Changed, unchanged))
        {
            Added = added.Range,
            Removed = removed.Range,
            Changed = changed.Range,
            Same = same.Range,
            Duplicate = keys.Map(side => side.Duplicate),
            MatchScore = (0, 1),
        };
        return new SampleEstimates(whole, [.. columns.Select(column => column.Range)], sample, (
            new(columns.Sum(column => column.Range.Low), added.Range.Low + removed.Range.Low + bad.Removed.Range.Low + bad.Added.Range.Low),
            new(columns.Sum(column => column.Range.High), added.Range.High + removed.Range.High + bad.Removed.Range.High + bad.Added.Range.High)));

        (long Value, CountRange Range) OfBase(long number) => Proportion.Scale(number, read.Base, draw.Totals.Base.Keyed, confidence);

        (long Value, CountRange Range) OfHead(long number) => Proportion.Scale(number, read.Head, draw.Totals.Head.Keyed, confidence);

        (KeyCounts Counts, CountRange Duplicate) Keys(SideTotals totals, long rows, KeyCounts seen, bool isHeldUnique)
        {
            var nulls = totals.Rows - totals.Keyed;
            if (isHeldUnique)
            {
                return (new KeyCounts(nulls, 0, 0, totals.Keyed), default);
            }

            var distinct = Proportion.Scale(seen.Distinct, rows, totals.Keyed, confidence).Value;
            var (duplicate, range) = Proportion.Scale(seen.Duplicate, seen.Distinct, distinct, confidence);
            return (new KeyCounts(nulls, duplicate, Proportion.Scale(seen.DuplicateRows, rows, totals.Keyed, confidence).Value, distinct), range);
        }
    }
}
