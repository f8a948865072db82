using CiDiff.Selection;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Runs the diffs of many models side by side, as many as the warehouse runs well.</summary>
public static class DiffScheduler
{
    /// <summary>Runs every model. One that fails does not stop the others.</summary>
    /// <param name="models">The models.</param>
    /// <param name="warehouses">Where they are.</param>
    /// <param name="runId">The run, for the comment in every query.</param>
    /// <param name="progress">Told of models and queries, from several threads; null for nobody.</param>
    /// <param name="cancellationToken">Stops the queries in the warehouse; what was not finished then is <see cref="NotComparedReason.NotReached"/>.</param>
    /// <returns>One outcome per model, in their order, also after a cancellation.</returns>
    public static async Task<IReadOnlyList<ModelOutcome>> RunAsync(
        IReadOnlyList<SelectedModel> models, WarehousePair warehouses, string runId, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        var notReached = new ModelOutcome.NotCompared(NotComparedReason.NotReached, new Sides<long?>(null, null));
        var outcomes = new ModelOutcome[models.Count];
        Array.Fill(outcomes, notReached);
        var runner = new ModelRunner(warehouses, runId, progress);
        var options = new ParallelOptions { MaxDegreeOfParallelism = warehouses.Concurrency, CancellationToken = cancellationToken };
        try
        {
            await Parallel.ForEachAsync(
                models.Index(),
                options,
                async (model, token) => outcomes[model.Index] = await runner.RunAsync(model.Item, token));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What was finished is kept.
        }

        return outcomes;
    }
}
