using System.Diagnostics;
using System.Globalization;
using CiDiff.Errors;
using CiDiff.Selection;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Finds out what became of one selected model.</summary>
/// <param name="warehouses">Where base and head are.</param>
/// <param name="runId">The run, for the comment in every query.</param>
/// <param name="progress">Told of models and queries; null for nobody.</param>
public sealed class ModelRunner(WarehousePair warehouses, string runId, IProgress<RunEvent>? progress)
{
    /// <summary>Compares the model's relations, or looks at the one that exists.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cancellationToken">Stops the queries in the warehouse.</param>
    /// <returns>An outcome also for what the user can mend; a bug and a cancellation are thrown.</returns>
    public async Task<ModelOutcome> RunAsync(SelectedModel model, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        progress?.Report(new RunEvent.ModelStarted(model.Name));
        var summary = "stopped";
        try
        {
            var outcome = await OutcomeAsync(model, cancellationToken);
            summary = Summary(outcome);
            return outcome;
        }
        finally
        {
            progress?.Report(new RunEvent.ModelFinished(model.Name, summary, watch.Elapsed));
        }
    }

    private async Task<ModelOutcome> OutcomeAsync(SelectedModel model, CancellationToken cancellationToken)
    {
        if (model.Problem is { } problem)
        {
            return new ModelOutcome.Failed(problem);
        }

        try
        {
            var (outcome, isSecond) = await LostConnection.RetryAsync(
                model.Name,
                () => TimeBudget.KeepAsync(model.Name, model.Rules, (rules, token) => AttemptAsync(model with { Rules = rules }, token), progress, cancellationToken),
                progress,
                cancellationToken);
            return isSecond && outcome is ModelOutcome.Compared { Diff: var diff }
                ? new ModelOutcome.Compared(diff with { Notes = [.. diff.Notes, LostConnection.Note] })
                : outcome;
        }
        catch (UserErrorException error)
        {
            return new ModelOutcome.Failed(error);
        }
    }

    private async Task<ModelOutcome> AttemptAsync(SelectedModel model, CancellationToken cancellationToken)
    {
        var options = new SessionOptions(runId, model.Name, model.Rules.Timeout, progress);
        await using var sessions = await PairSession.OpenAsync(warehouses, options, TableDiffer.IsSeparate(model.Rules), cancellationToken);
        var (@base, head) = await sessions.FindAsync(model.Relations, cancellationToken);
        if (head is null && model.Relations.Head is not null)
        {
            return new ModelOutcome.NotCompared(NotComparedReason.NotBuilt, new Sides<long?>(null, null));
        }

        if (@base is null || head is null)
        {
            return await StatementHint.AddAsync(
                model.Rules, [], () => AloneAsync(model, new Sides<RelationInfo?>(@base, head), sessions, cancellationToken));
        }

        var request = new TableDiffRequest(
            model.Name,
            new Sides<DiffSource>(new DiffSource.Relation(@base.Name), new DiffSource.Relation(head.Name)),
            model.KeyCandidates,
            model.Rules);
        return new ModelOutcome.Compared(
            await TableDiffer.DiffAsync(request, new Sides<RelationInfo?>(@base, head), sessions, cancellationToken));
    }

    private static async Task<ModelOutcome> AloneAsync(
        SelectedModel model, Sides<RelationInfo?> relations, PairSession sessions, CancellationToken cancellationToken)
    {
        var dialects = sessions.Warehouses.Warehouses.Map(warehouse => warehouse.Dialect);
        if (relations.Head is { } head)
        {
            var (rows, keys) = await new LoneTable(head, dialects.Head, model).CountAsync(new DiffSession(sessions.Sides.Head), cancellationToken);
            var reason = model.Relations.Base is null ? NotComparedReason.New : NotComparedReason.NotInBase;
            return new ModelOutcome.NotCompared(reason, new Sides<long?>(null, rows), keys);
        }

        long? removed = relations.Base is { } @base
            ? (await new LoneTable(@base, dialects.Base, model).CountAsync(new DiffSession(sessions.Sides.Base), cancellationToken)).Rows
            : null;
        return new ModelOutcome.NotCompared(NotComparedReason.Removed, new Sides<long?>(removed, null));
    }

    private static string Summary(ModelOutcome outcome) => outcome switch
    {
        ModelOutcome.Compared { Diff.IsIdentical: true } => "identical",
        ModelOutcome.Compared { Diff: { Sample: not null, HasDifferences: false } } => "no difference in a sample",
        ModelOutcome.Compared compared => Summary(compared.Diff),
        ModelOutcome.NotCompared { Reason: NotComparedReason.New or NotComparedReason.NotInBase, Rows.Head: { } rows } =>
            string.Create(CultureInfo.InvariantCulture, $"new, {rows:#,0} rows"),
        ModelOutcome.NotCompared { Reason: NotComparedReason.Removed } => "removed",
        ModelOutcome.NotCompared { Reason: NotComparedReason.NotBuilt } => "not built",
        ModelOutcome.NotCompared => "not compared",
        ModelOutcome.Failed failed => $"failed: {failed.Error.Code}",
        _ => throw new UnreachableException(),
    };

    private static string Summary(TableDiff diff)
    {
        var (rows, sample) = (diff.Rows, diff.Sample);
        var counts = new[] { (rows.Changed ?? 0, sample?.Changed, "changed"), (rows.Added, sample?.Added, "added"), (rows.Removed, sample?.Removed, "removed") }
            .Where(count => count.Item1 > 0)
            .Select(count => $"{Say(count.Item1, count.Item2)} {count.Item3}")
            .ToList();
        var badKeys = diff.Keys is { } keys && (keys.Base != keys.Head || diff.HasUnmatchedBadKeys) && keys.Head is not { Null: 0, Duplicate: 0 }
            ? ["bad keys"]
            : Array.Empty<string>();
        return string.Join(", ", counts.Concat(badKeys).DefaultIfEmpty("other columns"));
    }

    // As the reports write them.
    private static string Say(long count, CountRange? range) => range is { IsExact: false }
        ? string.Create(CultureInfo.InvariantCulture, $"about {CountRange.Rounded(count):#,0}")
        : string.Create(CultureInfo.InvariantCulture, $"{count:#,0}");
}
