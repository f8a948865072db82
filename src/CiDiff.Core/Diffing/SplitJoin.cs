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

    // Where parts end, in percents of the rows. After a part the server waits for the next question and makes a plan, together as long as joining some
    // thousand rows: so there are few, a large one for each session and small ones for the one that is done first.
    private static readonly int[] EndsOfFew = [46, 92, 97];
    private static readonly int[] EndsOfMany = [20, 40, Middle, 65, 80, 90, 94, 97];
    private const int Middle = 50;
    private const long FewestRowsOfMany = 3_000_000;

    // So many rows are looked at to tell what the others are like.
    private const int RowsToLookAt = 1_000;

    // With fewer, setting them aside with their keys costs less than finding them again. Also: who has changed in more than two of three rows is not asked why.
    private const double Mostly = 0.7;

    // With more, gathering the rows that differ costs more than reading both keys once more to count them, and much more memory.
    private const double Few = 0.1;

    private readonly TableKey _key = question.Rows.Key;

    private SqlDialect Dialect => _key.Pair.Dialect;

    private Sides<long?> Estimates => _key.Pair.Sides.Map(side => side.Relation?.EstimatedRows);

    /// <summary>Where parts end, in percents of the rows.</summary>
    public IReadOnlyList<int> Ends => Estimates.Base < FewestRowsOfMany || Estimates.Head < FewestRowsOfMany ? EndsOfFew : EndsOfMany;

    private Look Look => new(_key with { Compared = question.Columns }, session);

    /// <summary>Whether it is worth a second session, as far as anybody knows before the warehouse is asked.</summary>
    public bool IsLikely =>
        question.Rows is { Quality: RowQuality.All, Only: null } && Estimates is ( > FewestRows, > FewestRows) && Look.CanDivide(Ends);

    /// <summary>Counts.</summary>
    /// <param name="keys">What lies at <see cref="Ends"/>, as far as the warehouse knows.</param>
    /// <param name="other">The second session.</param>
    /// <param name="prepare">Prepares the sessions again after a failure.</param>
    /// <param name="cancellationToken">Stops all parts.</param>
    /// <returns>Null when the tables are not split.</returns>
    public async Task<JoinCounts?> CountAsync(
        IReadOnlyList<string> keys, SecondSession other, Func<DiffSession, CancellationToken, Task> prepare, CancellationToken cancellationToken)
    {
        var look = Look;
        if (Estimates is not ({ } ofBase, { } ofHead) || look.Parts(keys) is not { } parts)
        {
            return null;
        }

        var firstKeys = new FirstKeys(question);
        var mostRows = Dialect.MostRowsToGather(question.Columns.Count);
        var likely = question with { IsOfFewDifferences = ofBase <= mostRows - Math.Min(ofHead, mostRows) }; // no row may have a partner where nobody looked
        var writing = Task.Run(() => Statement(likely, parts[0]), CancellationToken.None);

        // While the other session is opened: at the beginning of the part that has the middle in it.
        var seen = await look.AtFirstAsync(parts[Math.Min(Ends.Count(end => end <= Middle), parts.Count - 1)], RowsToLookAt, cancellationToken);
        var asked = likely with
        {
            IsOfNumbersOnly = seen.Matched > RowsToLookAt / 2 && seen.Changed > Mostly * seen.Matched,
            IsOfFewDifferences = likely.IsOfFewDifferences && seen.Rows - seen.Matched + seen.Changed <= Few * seen.Rows,
        };
        if (asked.IsOfNumbersOnly)
        {
            session.Tell("Most rows behind a key near the middle differ: all are counted without their keys.");
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
        return asked.IsOfNumbersOnly ? counts with { Keys = await firstKeys.FindAsync(counts, session, cancellationToken) } : counts;

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
