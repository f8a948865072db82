using System.Globalization;
using CiDiff.Configuration;
using CiDiff.Selection;

namespace CiDiff.Diffing;

/// <summary>Chooses the key and the strategy, and puts the answer together.</summary>
internal sealed class PairDiffer(TablePair pair, ColumnMatching matching, IRowComparer rows)
{
    /// <summary>Compares by the first candidate that proves good, or as multisets when there is none.</summary>
    /// <returns>Everything but the cost.</returns>
    public async Task<TableDiff> CompareAsync(IReadOnlyList<KeyCandidate> candidates, CancellationToken cancellationToken)
    {
        var notes = new List<string>(matching.Notes);
        foreach (var key in KeyResolution.Usable(pair, candidates, notes))
        {
            if (await rows.DrawAsync(key, notes, cancellationToken) is { } draw)
            {
                // Rows with a null in the key are in no sample.
                var (sample, strategy) = key.Candidate.MustBeProven && draw.HasNullKeys ? default : await CompareAsync(draw.Key, cancellationToken);
                if (sample is not null && Trusted(draw, sample, notes))
                {
                    var estimated = await WithRenamesAsync(OfSample(key, draw, sample, strategy, notes), draw.Key, cancellationToken);
                    return await WithInsightsAsync(estimated, draw.Key, sample, draw.Share, cancellationToken);
                }

                if (sample is null)
                {
                    notes.Add($"The key {KeyResolution.Words(key.Candidate)} was not used: it has nulls or repeats.");
                    continue;
                }
            }

            var (result, taken) = await CompareAsync(key, cancellationToken);
            if (result is not null)
            {
                var diff = await WithRenamesAsync(ByKey(key, result, taken, notes), key, cancellationToken);
                return await WithInsightsAsync(diff, key, result, share: 1, cancellationToken);
            }

            notes.Add($"The key {KeyResolution.Words(key.Candidate)} was not used: it has nulls or repeats.");
        }

        if (pair.Rules.IsOverBudget)
        {
            throw TimeBudget.Exceeded(pair.Rules, "Without a key there is no sample of it.");
        }

        if (pair.Rules.Sampling is not Sampling.Off)
        {
            notes.Add("Everything was read, and no sample: without a key, a changed row would be in it on one side only.");
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

        if (pair.Rules.TimeColumn is not null)
        {
            notes.Add($"{pair.Rules.Written("time_column")} has no effect without a key.");
        }

        return Keyless(await rows.WithoutKeyAsync(compared, cancellationToken), notes);
    }

    private async Task<(JoinResult? Result, DiffStrategy Strategy)> CompareAsync(TableKey key, CancellationToken cancellationToken)
    {
        var (choice, differ) = rows.ByKey(key);
        rows.Tell($"Rows are compared by {choice.Strategy.ToString().ToLowerInvariant()}: {choice.Because}.");
        return (await differ.CompareAsync(cancellationToken), choice.Strategy);
    }

    private bool Trusted(SampleDraw draw, JoinResult sample, List<string> notes)
    {
        var doubt = Sampler.Doubt(draw, sample, pair.Rules.Sampling);
        if (doubt is not null)
        {
            notes.Add(pair.Rules.IsOverBudget ? $"The sample says little: {doubt}." : $"Everything was read, and no sample: {doubt}.");
        }

        return doubt is null || pair.Rules.IsOverBudget;
    }

    private TableDiff OfSample(TableKey key, SampleDraw draw, JoinResult sample, DiffStrategy strategy, List<string> notes)
    {
        if (draw.HasNullKeys)
        {
            var (inBase, inHead) = draw.Totals.Map(side => side.Rows - side.Keyed);
            notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"Rows with a null in the key, {inBase:#,0} of base and {inHead:#,0} of head, are in no sample: nothing is known of their values."));
        }

        var estimates = SampleEstimates.Of(draw, sample, (double)pair.Rules.Sampling.Confidence);
        var diff = ByKey(key, estimates.Whole, strategy, notes);
        var ranges = key.Compared.Select(column => column.Pair.Head).Zip(estimates.Columns).ToDictionary(entry => entry.First, entry => entry.Second);
        return diff with
        {
            Columns = [.. diff.Columns.Select(column => ranges.TryGetValue(column.Head, out var range) ? column with { ChangedRange = range } : column)],
            Sample = estimates.Sample with { MatchScore = (Score(estimates.Cells.Most), Score(estimates.Cells.Fewest)) },
        };

        double Score(DifferingCells cells) => this.Score(draw.Totals, cells.ChangedCells, cells.ExclusiveRows);
    }

    private async Task<TableDiff> WithRenamesAsync(TableDiff diff, TableKey key, CancellationToken cancellationToken)
    {
        if (diff.Schema is not { Removed.Count: > 0, Added.Count: > 0 } schema)
        {
            return diff;
        }

        var found = await rows.FindRenamesAsync(key, schema, Matchable(diff), cancellationToken);
        return found.Count == 0 ? diff : diff with { Schema = schema with { Renamed = [.. schema.Renamed, .. found] } };
    }

    private async Task<TableDiff> WithInsightsAsync(TableDiff diff, TableKey key, JoinResult result, double share, CancellationToken cancellationToken)
    {
        // Who is out of time gets what was asked for, and no more.
        var attribution = pair.Rules is { Attribution: true, IsOverBudget: false }
            ? await rows.AttributeAsync(key, result, cancellationToken)
            : null;
        var notes = new List<string>();
        var timeline = await rows.ReadTimelineAsync(key, result, Matchable(diff), notes, cancellationToken);
        return diff with
        {
            Attribution = attribution is null ? null : attribution with { IsEstimate = attribution.IsEstimate || share < 1 },
            Timeline = timeline is null ? null : timeline with { KeyShare = share },
            Notes = [.. diff.Notes, .. notes],
        };
    }

    private static RowQuality Matchable(TableDiff diff) =>
        diff.Keys is { Base: { Null: 0, Duplicate: 0 }, Head: { Null: 0, Duplicate: 0 } } ? RowQuality.All : RowQuality.Matchable;

    private TableDiff ByKey(TableKey key, JoinResult result, DiffStrategy strategy, List<string> notes)
    {
        var (counts, totals) = (result.Counts, result.Counts.Totals);
        var matched = result.Matched;
        notes.AddRange(
            from column in key.Columns
            where pair.Rules.Tolerances.Keys.Any(name => !ColumnTolerance.IsType(name) && column.IsNamed(name, StringComparison.OrdinalIgnoreCase))
            select $"The tolerance of column '{column.Head.Name}' has no effect: it is part of the key, by which rows are matched exactly.");
        if (key.Compared.Count == 0 && pair.Columns.Count > key.Columns.Count)
        {
            notes.Add("No column but the key is compared: only which keys there are.");
        }

        var changed = new Dictionary<ColumnPair, long>();
        var changedValues = 0L;
        for (var place = 0; place < key.Compared.Count; place++)
        {
            changed[key.Compared[place].Pair] = counts.ChangedColumns[place];
            changedValues += counts.ChangedColumns[place];
        }

        return new TableDiff
        {
            Schema = matching.Schema,
            Key = new DiffKey([.. key.Columns.Select(column => column.Base.Name)], key.Candidate.Source, key.Candidate.Detail),
            Rows = new RowCounts(totals.Base.Rows, totals.Head.Rows, counts.Added, counts.Removed, counts.Changed, matched - counts.Changed),
            Keys = result.Keys,
            Columns = [.. pair.Columns.Where(column => !key.Columns.Contains(column.Pair)).Select(column => Column(column, totals, changed, matched))],
            MatchScore = Score(totals, changedValues, counts.Added + counts.Removed + result.Bad.Added + result.Bad.Removed),
            Samples = result.Samples,
            Strategy = strategy,
            Cost = new DiffCost(TimeSpan.Zero, 0, null),
            Notes = notes,
            HasUnmatchedBadKeys = result.Bad != BadRows.None,
        };
    }

    private TableDiff Keyless(MultisetResult found, List<string> notes)
    {
        var totals = found.Totals;
        return new TableDiff
        {
            Schema = matching.Schema,
            Key = null,
            Rows = new RowCounts(totals.Base.Rows, totals.Head.Rows, found.Added, found.Removed, null, totals.Base.Rows - found.Removed),
            Keys = null,
            Columns = [.. pair.Columns.Select(column => Column(column, totals, changed: null, matched: 0))],
            MatchScore = Score(totals, 0, found.Added + found.Removed),
            Samples = new DiffSamples { Added = found.FirstAdded, Removed = found.FirstRemoved },
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
