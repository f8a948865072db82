using System.Diagnostics;
using CiDiff.Configuration;
using CiDiff.Selection;

namespace CiDiff.Diffing;

/// <summary>Chooses the key and the strategy, and puts the answer together.</summary>
internal sealed class PairDiffer(TablePair pair, ColumnMatching matching, DiffSession session)
{
    /// <summary>Compares by the first candidate that proves good, or as multisets when there is none.</summary>
    /// <returns>Everything but the cost.</returns>
    public async Task<TableDiff> CompareAsync(IReadOnlyList<KeyCandidate> candidates, CancellationToken cancellationToken)
    {
        var notes = new List<string>(matching.Notes);
        foreach (var key in KeyResolution.Usable(pair, candidates, notes))
        {
            var choice = StrategyChoice.Of(key);
            session.Tell($"Rows are compared by {choice.Strategy.ToString().ToLowerInvariant()}: {choice.Because}.");
            if (await Differ(key, choice.Strategy).CompareAsync(cancellationToken) is { } result)
            {
                return await WithRenamesAsync(ByKey(key, result, choice.Strategy, notes), key, cancellationToken);
            }

            notes.Add($"The key {KeyResolution.Words(key.Candidate)} was not used: it has nulls or repeats.");
        }

        var compared = pair.Columns.Where(column => column.NotComparedBecause is null).ToList();
        if (compared.Count == 0)
        {
            notes.Add("No column is compared: only the numbers of rows are.");
        }
        else if (compared.Any(column => column.Tolerance is { Amount: > 0 }))
        {
            notes.Add("Without a key, tolerances have no effect: whole rows are compared.");
        }

        var rows = await new MultisetQuery(pair, compared.Select(column => column.Pair), rows: null, pair.Rules.Samples).RunAsync(session, cancellationToken);
        return Keyless(rows, notes);
    }

    private async Task<TableDiff> WithRenamesAsync(TableDiff diff, TableKey key, CancellationToken cancellationToken)
    {
        if (diff is not { Schema: { Removed.Count: > 0, Added.Count: > 0 } schema, Keys: { } keys })
        {
            return diff;
        }

        var isGood = keys is { Base: { Null: 0, Duplicate: 0 }, Head: { Null: 0, Duplicate: 0 } };
        var found = await new RenameDetector(key, session).FindAsync(schema, isGood ? RowQuality.All : RowQuality.Matchable, cancellationToken);
        return found.Count == 0 ? diff : diff with { Schema = schema with { Renamed = [.. schema.Renamed, .. found] } };
    }

    private IKeyedDiffer Differ(TableKey key, DiffStrategy strategy) => strategy switch
    {
        DiffStrategy.Join => new JoinDiffer(key, session),
        DiffStrategy.Fingerprint => new FingerprintDiffer(key, session),
        _ => throw new UnreachableException($"{strategy}"),
    };

    private TableDiff ByKey(TableKey key, JoinResult result, DiffStrategy strategy, List<string> notes)
    {
        var (counts, totals) = (result.Counts, result.Counts.Totals);
        var matched = result.Matched;
        var changed = key.Compared.Zip(counts.ChangedColumns).ToDictionary(entry => entry.First.Pair, entry => entry.Second);
        return new TableDiff
        {
            Schema = matching.Schema,
            Key = new DiffKey([.. key.Columns.Select(column => column.Base.Name)], key.Candidate.Source, key.Candidate.Detail),
            Rows = new RowCounts(totals.Base.Rows, totals.Head.Rows, counts.Added, counts.Removed, counts.Changed, matched - counts.Changed),
            Keys = result.Keys,
            Columns = [.. pair.Columns.Where(column => !key.Columns.Contains(column.Pair)).Select(column => Column(column, totals, changed, matched))],
            MatchScore = Score(totals, counts.ChangedColumns.Sum(), counts.Added + counts.Removed + result.Bad.Added + result.Bad.Removed),
            Samples = result.Samples,
            Strategy = strategy,
            Cost = new DiffCost(TimeSpan.Zero, 0, null),
            Notes = notes,
            HasUnmatchedBadKeys = result.Bad != BadRows.None,
        };
    }

    private TableDiff Keyless(MultisetResult rows, List<string> notes)
    {
        var totals = rows.Totals;
        return new TableDiff
        {
            Schema = matching.Schema,
            Key = null,
            Rows = new RowCounts(totals.Base.Rows, totals.Head.Rows, rows.Added, rows.Removed, null, totals.Base.Rows - rows.Removed),
            Keys = null,
            Columns = [.. pair.Columns.Select(column => Column(column, totals, changed: null, matched: 0))],
            MatchScore = Score(totals, 0, rows.Added + rows.Removed),
            Samples = new DiffSamples { Added = rows.FirstAdded, Removed = rows.FirstRemoved },
            Strategy = DiffStrategy.Keyless,
            Cost = new DiffCost(TimeSpan.Zero, 0, null),
            Notes = notes,
        };
    }

    private ColumnDiff Column(ColumnPlan column, Sides<SideTotals> totals, Dictionary<ColumnPair, long>? changed, long matched)
    {
        long? differing = changed is not null && changed.TryGetValue(column.Pair, out var count) ? count : null;
        var place = pair.NullRateColumns.ToList().IndexOf(column.Pair);
        return new ColumnDiff(
            column.Pair.Base,
            column.Pair.Head,
            IsCompared: column.NotComparedBecause is null,
            column.NotComparedBecause,
            differing,
            differing is null ? null : matched == 0 ? 0 : (double)differing.Value / matched,
            place < 0 ? null : totals.Map(side => side.Nulls[place]));
    }

    private double Score(Sides<SideTotals> totals, long changedCells, long exclusiveRows) => MatchScore.Of(
        totals.Map(side => side.Rows), pair.Sides.Map(side => side.Columns.Count), pair.Columns.Count, changedCells, exclusiveRows);
}
