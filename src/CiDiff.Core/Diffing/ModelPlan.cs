using CiDiff.Errors;
using CiDiff.Selection;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>What would be compared, as far as the warehouse's catalog tells. No table is read.</summary>
public static class ModelPlan
{
    /// <summary>Looks every model up.</summary>
    /// <param name="models">The selected models.</param>
    /// <param name="warehouses">Where they are.</param>
    /// <param name="runId">The run, for the comment in every query.</param>
    /// <param name="progress">Told of queries; null for nobody.</param>
    /// <param name="cancellationToken">Stops the queries in the warehouse.</param>
    /// <returns>One outcome per model, in their order; <see cref="NotComparedReason.PlanOnly"/> for those that would be compared.</returns>
    public static async Task<IReadOnlyList<ModelOutcome>> MakeAsync(
        IReadOnlyList<SelectedModel> models, WarehousePair warehouses, string runId, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        var options = new SessionOptions(runId, "plan", TimeSpan.FromMinutes(1), progress);
        await using var sessions = await PairSession.OpenAsync(warehouses, options, isSeparate: false, cancellationToken);
        var outcomes = new List<ModelOutcome>(models.Count);
        foreach (var model in models)
        {
            outcomes.Add(await LookUpAsync(model, sessions.Sides, cancellationToken));
        }

        return outcomes;
    }

    private static async Task<ModelOutcome> LookUpAsync(SelectedModel model, Sides<IWarehouseSession> sessions, CancellationToken cancellationToken)
    {
        if (model.Problem is { } problem)
        {
            return new ModelOutcome.Failed(problem);
        }

        if (model.Relations.Head is not { } inHead)
        {
            return Not(NotComparedReason.Removed);
        }

        try
        {
            var @base = model.Relations.Base is { } inBase ? await sessions.Base.FindRelationAsync(inBase, cancellationToken) : null;
            var head = await sessions.Head.FindRelationAsync(inHead, cancellationToken);
            var reason = head is null ? NotComparedReason.NotBuilt
                : model.Relations.Base is null ? NotComparedReason.New
                : @base is null ? NotComparedReason.NotInBase
                : NotComparedReason.PlanOnly;
            return Not(reason) with { EstimatedRows = new Sides<long?>(@base?.EstimatedRows, head?.EstimatedRows) };
        }
        catch (UserErrorException error)
        {
            return new ModelOutcome.Failed(error);
        }
    }

    private static ModelOutcome.NotCompared Not(NotComparedReason reason) => new(reason, new Sides<long?>(null, null));
}
