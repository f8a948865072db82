using System.Globalization;
using CiDiff.Errors;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>A join in two halves that run at once, below a key and from it on, for a warehouse that joins on one processor only.</summary>
/// <remarks>Equal keys are in the same half, so that counts add up. A null in the key is in neither, and is counted by itself.</remarks>
internal sealed class SplitJoin(JoinQuestion question, DiffSession session)
{
    // Opening the second session costs as much as joining some ten thousand rows.
    private const long FewestRows = 200_000;

    // So many rows are looked at to tell what the others are like.
    private const int RowsToLookAt = 1_000;

    // With fewer, setting them aside with their keys costs less than finding them again. Also: who has changed in more than two of three rows is not asked why.
    private const double Mostly = 0.7;

    // With more, gathering the rows that differ costs more than reading both keys once more to count them, and much more memory.
    private const double Few = 0.1;

    private readonly TableKey _key = question.Rows.Key;

    private SqlDialect Dialect => _key.Pair.Dialect;

    /// <summary>Counts.</summary>
    /// <param name="prepare">Prepares the second session as the first one was, and the first one again after a failure.</param>
    /// <param name="cancellationToken">Stops both halves.</param>
    /// <returns>Null when the tables are not split.</returns>
    public async Task<JoinCounts?> CountAsync(Func<DiffSession, CancellationToken, Task> prepare, CancellationToken cancellationToken)
    {
        var look = new Look(_key with { Compared = question.Columns }, session);
        if (question.Rows is not { Quality: RowQuality.All, Only: null }
            || _key.Pair.Sides is not { Base.Relation.EstimatedRows: > FewestRows and var ofBase, Head.Relation.EstimatedRows: > FewestRows and var ofHead }
            || await look.HalvesAsync(cancellationToken) is not var (first, second))
        {
            return null;
        }

        var keys = new FirstKeys(question);
        var mostRows = Dialect.MostRowsToGather(question.Columns.Count);
        var seen = await look.AtFirstAsync(second, RowsToLookAt, cancellationToken);
        var asked = question with
        {
            IsOfNumbersOnly = seen.Matched > RowsToLookAt / 2 && seen.Changed > Mostly * seen.Matched,
            IsOfFewDifferences = seen.Rows - seen.Matched + seen.Changed <= Few * seen.Rows
                && ofBase <= mostRows - Math.Min(ofHead, mostRows), // no row may have a partner where nobody looked
        };
        if (asked.IsOfNumbersOnly)
        {
            session.Tell("Most rows behind the key of the middle differ: all are counted without their keys.");
        }

        (JoinCounts Below, JoinCounts Above)? halves;
        try
        {
            halves = await BothAsync();
        }
        catch (UserErrorException error) when (asked.IsOfFewDifferences && error.Code == ErrorCodes.QueryFailed)
        {
            // Perhaps for what it had to hold: an estimate may be wrong by any factor.
            session.Tell($"The rows that differ could not be gathered, and are set aside: {error.Message}");
            asked = asked with { IsOfFewDifferences = false };
            await prepare(session, cancellationToken);
            halves = await BothAsync();
        }

        if (halves is not var (below, above))
        {
            return null;
        }

        session.Tell($"The join ran in two halves, below and from key {_key.Columns[0].Base.Name} of the middle on.");
        var nulls = await session.RowAsync(Dialect.Sql($"select {Nulls(_key.Pair.Sides.Base)} as base_nulls, {Nulls(_key.Pair.Sides.Head)} as head_nulls"), cancellationToken);
        var counts = Add(below, above, new Sides<long>(Row.Count(nulls, 0), Row.Count(nulls, 1)));
        return asked.IsOfNumbersOnly ? counts with { Keys = await keys.FindAsync(counts, session, cancellationToken) } : counts;

        Task<(JoinCounts Below, JoinCounts Above)?> BothAsync() => session.BothAsync(
            (here, token) => HalfAsync(asked, here, first, token),
            async (there, token) =>
            {
                await prepare(there, token);
                return await HalfAsync(asked, there, second, token);
            },
            cancellationToken);
    }

    private static Task<JoinCounts> HalfAsync(JoinQuestion asked, DiffSession where, Sides<SqlText> only, CancellationToken cancellationToken) =>
        new JoinStatement(asked with { Rows = asked.Rows with { Only = only } }).AskAsync(where, cancellationToken);

    private SqlText Nulls(DiffSide side)
    {
        var column = _key.Of(side).First();
        return Dialect.Sql($"(\nselect count(*) from (\n{side.RowsOnce([column])}\n) as {side.Row} where {side.Value(column)} is null\n)");
    }

    private JoinCounts Add(JoinCounts below, JoinCounts above, Sides<long> nulls) => new(
        new Sides<SideTotals>(
            Add(below.Totals.Base, above.Totals.Base, nulls.Base),
            Add(below.Totals.Head, above.Totals.Head, nulls.Head)),
        below.Matched + above.Matched,
        below.Added + above.Added,
        below.Removed + above.Removed,
        below.Changed + above.Changed,
        below.DistinctAdded + above.DistinctAdded,
        below.DistinctRemoved + above.DistinctRemoved,
        [.. below.ChangedColumns.Zip(above.ChangedColumns, (first, second) => first + second)],
        new JoinKeys(First(below.Keys.Added, above.Keys.Added), First(below.Keys.Removed, above.Keys.Removed), First(below.Keys.Changed, above.Keys.Changed))
        {
            SomeChanged =
            [
                .. below.Keys.SomeChanged.Concat(above.Keys.SomeChanged)
                    .OrderBy(texts => decimal.Parse(texts[0]!, CultureInfo.InvariantCulture))
                    .Take(ChangeAttribution.MostKeys),
            ],
        });

    private static SideTotals Add(SideTotals below, SideTotals above, long nulls) => new(
        below.Rows + above.Rows + nulls,
        below.Keyed + above.Keyed,
        [.. below.Nulls.Zip(above.Nulls, (first, second) => first + second)]);

    // Keys in order, those below first.
    private List<IReadOnlyList<string?>> First(IReadOnlyList<IReadOnlyList<string?>> below, IReadOnlyList<IReadOnlyList<string?>> above) =>
        [.. below.Concat(above).Take(question.Samples)];
}
