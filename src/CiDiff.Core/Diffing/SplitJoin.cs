using System.Globalization;
using CiDiff.Errors;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>A join in parts, each of the keys between two of them, that two sessions take turns to run at once, for a warehouse that joins on one processor
/// only.</summary>
/// <remarks>Equal keys are in the same part, so that counts add up. A null in the key is in none, and is counted by itself. There are more parts than
/// sessions because processors are rarely equally fast, and nobody knows exactly how many rows are in a part.</remarks>
internal sealed class SplitJoin(JoinQuestion question, DiffSession session)
{
    // Opening the second session costs as much as joining some ten thousand rows.
    private const long FewestRows = 200_000;

    // Where parts end, in percents of the rows. A part costs the server a plan and the client a question, together as much as joining some thousand rows: so
    // there are few, and small ones at the end, for the session that is done first.
    private static readonly int[] EndsOfFew = [30, Middle, 80];
    private static readonly int[] EndsOfMany = [20, 40, Middle, 65, 80, 90, 94, 97];
    private const int Middle = 50;
    private const long FewestRowsOfMany = 500_000;

    // So many rows are looked at to tell what the others are like.
    private const int RowsToLookAt = 1_000;

    // With fewer, setting them aside with their keys costs less than finding them again. Also: who has changed in more than two of three rows is not asked why.
    private const double Mostly = 0.7;

    // With more, gathering the rows that differ costs more than reading both keys once more to count them, and much more memory.
    private const double Few = 0.1;

    private readonly TableKey _key = question.Rows.Key;

    private SqlDialect Dialect => _key.Pair.Dialect;

    private Sides<long?> Estimates => _key.Pair.Sides.Map(side => side.Relation?.EstimatedRows);

    private int[] Ends => Estimates.Base < FewestRowsOfMany || Estimates.Head < FewestRowsOfMany ? EndsOfFew : EndsOfMany;

    /// <summary>Counts.</summary>
    /// <param name="prepare">Prepares the second session as the first one was, and the first one again after a failure.</param>
    /// <param name="cancellationToken">Stops all parts.</param>
    /// <returns>Null when the tables are not split.</returns>
    public async Task<JoinCounts?> CountAsync(Func<DiffSession, CancellationToken, Task> prepare, CancellationToken cancellationToken)
    {
        var look = new Look(_key with { Compared = question.Columns }, session);
        if (question.Rows is not { Quality: RowQuality.All, Only: null }
            || Estimates is not ( > FewestRows and var ofBase, > FewestRows and var ofHead)
            || await look.PartsAsync(Ends, cancellationToken) is not { } parts)
        {
            return null;
        }

        await using var other = await session.BeginSecondAsync(prepare, cancellationToken);
        if (other is null)
        {
            return null;
        }

        var keys = new FirstKeys(question);
        var mostRows = Dialect.MostRowsToGather(question.Columns.Count);
        var likely = question with { IsOfFewDifferences = ofBase <= mostRows - Math.Min(ofHead, mostRows) }; // no row may have a partner where nobody looked
        var writing = Task.Run(() => Statement(likely, parts[0]), CancellationToken.None);

        // While the other session is opened.
        var seen = await look.AtFirstAsync(parts[Math.Min(Ends.IndexOf(Middle) + 1, parts.Count - 1)], RowsToLookAt, cancellationToken);
        var asked = likely with
        {
            IsOfNumbersOnly = seen.Matched > RowsToLookAt / 2 && seen.Changed > Mostly * seen.Matched,
            IsOfFewDifferences = likely.IsOfFewDifferences && seen.Rows - seen.Matched + seen.Changed <= Few * seen.Rows,
        };
        if (asked.IsOfNumbersOnly)
        {
            session.Tell("Most rows behind the key of the middle differ: all are counted without their keys.");
        }

        Found found;
        try
        {
            found = await RunAsync(asked, asked == likely ? await writing : null, other);
        }
        catch (UserErrorException error) when (asked.IsOfFewDifferences && error.Code == ErrorCodes.QueryFailed)
        {
            // Perhaps for what it had to hold: an estimate may be wrong by any factor.
            session.Tell($"The rows that differ could not be gathered, and are set aside: {error.Message}");
            asked = asked with { IsOfFewDifferences = false };
            await other.DisposeAsync();
            await using var another = await session.BeginSecondAsync(prepare, cancellationToken);
            await prepare(session, cancellationToken);
            if (another is null)
            {
                return null;
            }

            found = await RunAsync(asked, null, another);
        }

        session.Tell($"The join ran in {parts.Count} parts by key {_key.Columns[0].Base.Name}, {(found.IsTwoAtOnce ? "two at once" : "one after another")}.");
        var counts = found.Parts.Aggregate(Add);
        counts = counts with { Totals = new(With(counts.Totals.Base, found.Nulls.Base), With(counts.Totals.Head, found.Nulls.Head)) };
        return asked.IsOfNumbersOnly ? counts with { Keys = await keys.FindAsync(counts, session, cancellationToken) } : counts;

        async Task<Found> RunAsync(JoinQuestion asked, JoinStatement? first, SecondSession other)
        {
            var counts = new JoinCounts[parts.Count];
            var nulls = new Sides<long>(0, 0);
            var next = -1;
            var isTwoAtOnce = await session.WithHelpAsync(other, WorkAsync, cancellationToken);
            return new Found(counts, nulls, isTwoAtOnce);

            async Task<bool> WorkAsync(DiffSession where, CancellationToken token)
            {
                var isAnyDone = false;
                while (Interlocked.Increment(ref next) is var part && part <= parts.Count)
                {
                    if (part == parts.Count)
                    {
                        nulls = await NullsAsync(where, token);
                        continue;
                    }

                    var statement = part == 0 && first is not null ? first : Statement(asked, parts[part]);
                    counts[part] = await statement.AskAsync(where, token);
                    isAnyDone = true;
                }

                return isAnyDone;
            }
        }
    }

    private static JoinStatement Statement(JoinQuestion asked, Sides<SqlText> only) => new(asked with { Rows = asked.Rows with { Only = only } });

    private async Task<Sides<long>> NullsAsync(DiffSession where, CancellationToken cancellationToken)
    {
        var row = await where.RowAsync(
            Dialect.Sql($"select {Nulls(_key.Pair.Sides.Base)} as base_nulls, {Nulls(_key.Pair.Sides.Head)} as head_nulls"), cancellationToken);
        return new(Row.Count(row, 0), Row.Count(row, 1));
    }

    private SqlText Nulls(DiffSide side)
    {
        var column = _key.Of(side).First();
        return Dialect.Sql($"(\nselect count(*) from (\n{side.RowsOnce([column])}\n) as {side.Row} where {side.Value(column)} is null\n)");
    }

    private JoinCounts Add(JoinCounts below, JoinCounts above) => new(
        new Sides<SideTotals>(Add(below.Totals.Base, above.Totals.Base), Add(below.Totals.Head, above.Totals.Head)),
        below.Matched + above.Matched,
        below.Added + above.Added,
        below.Removed + above.Removed,
        below.Changed + above.Changed,
        below.DistinctAdded + above.DistinctAdded,
        below.DistinctRemoved + above.DistinctRemoved,
        Add(below.ChangedColumns, above.ChangedColumns),
        new JoinKeys(First(below.Keys.Added, above.Keys.Added), First(below.Keys.Removed, above.Keys.Removed), First(below.Keys.Changed, above.Keys.Changed))
        {
            SomeChanged = below.Keys.SomeChanged.Count + above.Keys.SomeChanged.Count == 0 ? [] :
            [
                .. below.Keys.SomeChanged.Concat(above.Keys.SomeChanged)
                    .OrderBy(texts => decimal.Parse(texts[0]!, CultureInfo.InvariantCulture))
                    .Take(ChangeAttribution.MostKeys),
            ],
        });

    private static SideTotals Add(SideTotals below, SideTotals above) => new(
        below.Rows + above.Rows, below.Keyed + above.Keyed, Add(below.Nulls, above.Nulls));

    private static SideTotals With(SideTotals totals, long nulls) => totals with { Rows = totals.Rows + nulls };

    private static long[] Add(IReadOnlyList<long> below, IReadOnlyList<long> above)
    {
        var sums = new long[below.Count];
        for (var place = 0; place < sums.Length; place++)
        {
            sums[place] = below[place] + above[place];
        }

        return sums;
    }

    // Keys in order, those below first.
    private List<IReadOnlyList<string?>> First(IReadOnlyList<IReadOnlyList<string?>> below, IReadOnlyList<IReadOnlyList<string?>> above) =>
        [.. below.Concat(above).Take(question.Samples)];

    // Of every part; rows with a null in the key; whether two sessions took part.
    private sealed record Found(IReadOnlyList<JoinCounts> Parts, Sides<long> Nulls, bool IsTwoAtOnce);
}
