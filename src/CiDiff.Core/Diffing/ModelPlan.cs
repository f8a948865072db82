using CiDiff.Errors;
using CiDiff.Selection;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>What would be compared, as far as the warehouse's catalog tells. No table is read.</summary>
public static class ModelPlan
{
    /// <summary>Looks every model up.</summary>
    /// <param name="models">The selected models.</param>
    /// <param name="warehouse">Where they are.</param>
    /// <param name="runId">The run, for the comment in every query.</param>
    /// <param name="progress">Told of queries; null for nobody.</param>
    /// <param name="cancellationToken">Stops the queries in the warehouse.</param>
    /// <returns>One outcome per model, in their order; <see cref="NotComparedReason.PlanOnly"/> for those that would be compared.</returns>
    public static async Task<IReadOnlyList<ModelOutcome>> MakeAsync(
        IReadOnlyList<SelectedModel> models, IWarehouse warehouse, string runId, IProgress<RunEvent>? progress, CancellationToken cancellationToken)
    {
        await using var session = await warehouse.OpenSessionAsync(new SessionOptions(runId, "plan", TimeSpan.FromMinutes(1), progress), cancellationToken);
        var outcomes = new List<ModelOutcome>(models.Count);
        foreach (var model in models)
        {
            outcomes.Add(await LookUpAsync(model, session, cancellationToken));
        }

        return outcomes;
    }

    private static async Task<ModelOutcome> LookUpAsync(SelectedModel model, IWarehouseSession session, CancellationToken cancellationToken)
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
            return await session.FindRelationAsync(inHead, cancellationToken) is null ? Not(NotComparedReason.NotBuilt)
                : model.Relations.Base is not { } inBase ? Not(NotComparedReason.New)
                : await session.FindRelationAsync(inBase, cancellationToken) is null ? Not(NotComparedReason.NotInBase)
                : Not(NotComparedReason.PlanOnly);
        }
        catch (UserErrorException error)
        {
            return new ModelOutcome.Failed(error);
        }
    }

    private static ModelOutcome.NotCompared Not(NotComparedReason reason) => new(reason, new Sides<long?>(null, null));
}
