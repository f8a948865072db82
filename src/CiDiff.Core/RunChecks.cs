using System.Globalization;
using CiDiff.Artifacts;
using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Errors;
using CiDiff.Selection;
using CiDiff.State;
using CiDiff.Warehouses;

namespace CiDiff;

/// <summary>Mistakes of a pipeline that would make every model look fine, or every model look wrong: each is told once and stops the run.</summary>
internal static class RunChecks
{
    /// <summary>Refuses one build for both sides: production's artifacts downloaded over the pull request's, or the other way round.</summary>
    public static void OfManifests(Sides<Manifest> manifests)
    {
        var (inBase, inHead) = manifests;
        if (inBase.Source == inHead.Source || (inBase.Metadata.InvocationId is { } build && build == inHead.Metadata.InvocationId))
        {
            throw new UserErrorException(
                ErrorCodes.SameManifest,
                $"Base and head are the same manifest: '{inBase.Source}' and '{inHead.Source}' come from one run of dbt.",
                hint: "Keep production's artifacts in a folder of their own: dbt writes the pull request's over whatever is in `target`.");
        }
    }

    /// <summary>Told when base and head have every model at the same place, though there is one connection only.</summary>
    public static string? NoteOnPlaces(Sides<Manifest> manifests, Sides<ConfiguredSecret?> connections)
    {
        var (inBase, inHead) = manifests;
        var places = inHead.Nodes.Values
            .Where(node => node.RelationName is not null && inBase.Nodes.ContainsKey(node.Id))
            .Select(node => inBase.Nodes[node.Id].RelationName == node.RelationName)
            .ToList();
        return places.Count > 0 && places.TrueForAll(isSame => isSame) && connections.Base == connections.Head
            ? "Base and head have every model at the same place: the pull request's manifest was made for production's target, or production's for this one."
            : null;
    }

    /// <summary>Refuses a pull request of which nothing is built. A single model is a matter of the rule <c>not_built</c>; none at all means that nothing was
    /// looked at.</summary>
    public static void OfBuilt(IReadOnlyList<SelectedModel> selected, IReadOnlyDictionary<UniqueId, ModelOutcome> outcomes)
    {
        var inHead = selected.Where(model => model.Relations.Head is not null).ToList();
        if (inHead.Count > 1 && inHead.TrueForAll(model => outcomes[model.Id] is ModelOutcome.NotCompared { Reason: NotComparedReason.NotBuilt }))
        {
            throw new UserErrorException(
                ErrorCodes.NothingBuilt,
                $"None of the {inHead.Count} selected models is built on head; {inHead[0].Relations.Head}, for example, does not exist.",
                hint: "Run `dbt build --select state:modified+` before CiDiff, with the target whose manifest is head, and let the connection's user see its schemas.");
        }
    }

    /// <summary>Refuses a run in which one and the same error kept every model from being compared, so that no table was looked at.</summary>
    public static void OfFailed(IReadOnlyList<SelectedModel> selected, IReadOnlyDictionary<UniqueId, ModelOutcome> outcomes)
    {
        var errors = selected.Select(model => outcomes[model.Id]).OfType<ModelOutcome.Failed>().Select(failed => failed.Error).ToList();
        if (errors.Count > 1 && errors.Count == selected.Count && errors.TrueForAll(error => error.Code == errors[0].Code && error.Hint == errors[0].Hint))
        {
            throw new UserErrorException(
                errors[0].Code, $"None of the {errors.Count} selected models could be compared; {selected[0].Name}, for example: {errors[0].Message}", errors[0].Hint, errors[0]);
        }
    }

    /// <summary>Refuses a manifest that dbt made for another kind of warehouse.</summary>
    public static void OfAdapter(string? adapterType, Sides<ConnectionSettings> connections)
    {
        var known = ConnectionSettings.AdapterTypes;
        if (adapterType is not null && known.Contains(adapterType) && connections.Head.AdapterType != adapterType && connections.Base.AdapterType != adapterType)
        {
            throw new UserErrorException(
                ErrorCodes.OtherAdapter,
                $"Head's manifest was made for {adapterType}, and the connection is {connections.Head.AdapterType}.",
                hint: "Name the profile and target that dbt built with (--profile, --target), or the connection itself (--url).");
        }
    }

    /// <summary>Refuses a pull request that was built into production's schemas.</summary>
    public static void OfRelations(IReadOnlyList<SelectedModel> models)
    {
        var onBoth = models.Where(model => model.Relations is { Base: not null, Head: not null }).ToList();
        if (onBoth.Count > 1 && onBoth.TrueForAll(model => model.Relations.Base == model.Relations.Head))
        {
            throw new UserErrorException(
                ErrorCodes.SameRelation,
                $"Base and head of every selected model are the same relation, such as {onBoth[0].Relations.Head}.",
                hint: "Build the pull request into a schema of its own, or check which manifest is base and which is head.");
        }
    }

    /// <summary>What to say when the configuration leaves nothing of what would be compared; null when something is left, or there was nothing.</summary>
    public static string? NothingLeft(StateComparison state, ModelSelection selection, SelectionOptions options, SelectionSettings settings)
    {
        if (selection.Selected.Count > 0 || (options.Only is null && options.Excluded.Count == 0))
        {
            return null;
        }

        var all = ModelSelector.Select(state, options with { Only = null, Excluded = new HashSet<string>(StringComparer.Ordinal) }).Selected;
        var keys = string.Join(" and ", new[] { settings.Select.Count > 0 ? "selection.select" : null, settings.Exclude.Count > 0 ? "selection.exclude" : null }.OfType<string>());
        return all.Count == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{(all.Count == 1 ? "1 model" : $"{all.Count} models")} would be compared, and {keys} {(keys.Contains(' ', StringComparison.Ordinal) ? "leave" : "leaves")} none: nothing is known of what this changes.");
    }
}
