using System.Text.Json;
using CiDiff.Artifacts;
using CiDiff.Configuration;
using CiDiff.State;

namespace CiDiff.Selection;

/// <summary>Decides for every model in the change's reach whether it is compared, and says why.</summary>
public static class ModelSelector
{
    /// <summary>Selects.</summary>
    /// <param name="state">What changed.</param>
    /// <param name="options">What else decides.</param>
    public static ModelSelection Select(StateComparison state, SelectionOptions options)
    {
        ISelectionStep[] steps =
        [
            new RemovedStep(options), new NeverDiffStep(), new NoRelationStep(), new NamedStep(options), new ChangedStep(options), new EphemeralParentStep(),
            new DownstreamStep(options),
        ];
        var keys = new KeyInference(state.Manifests.Head, options.KeyTag);
        var baseKeys = new KeyInference(state.Manifests.Base, options.KeyTag);
        var selected = new List<SelectedModel>();
        var skipped = new List<SkippedModel>();

        foreach (var candidate in new ChangeReach(state, options).Candidates())
        {
            var decision = steps.Select(step => step.Decide(candidate)).First(decision => decision is not null)!;
            if (decision.IsSelected)
            {
                var inference = candidate.Change.Kind is ChangeKind.Deleted or ChangeKind.Disabled ? baseKeys : keys;
                selected.Add(new SelectedModel
                {
                    Id = candidate.Node.Id,
                    Name = candidate.Node.DisplayName(),
                    ResourceType = candidate.Node.ResourceType,
                    Path = candidate.Node.OriginalFilePath,
                    Change = candidate.Change,
                    Reason = decision.Reason,
                    Relations = candidate.Relations,
                    KeyCandidates = inference.Candidates(candidate.Node, candidate.Rules.Key),
                    Rules = candidate.Rules.Compare,
                    PrivateColumns = PrivateColumnsOf(candidate.Node, state.Manifests.Base.Nodes.GetValueOrDefault(candidate.Node.Id)),
                    Problem = candidate.Rules.Problem,
                });
            }
            else
            {
                skipped.Add(new SkippedModel
                {
                    Id = candidate.Node.Id,
                    Name = candidate.Node.DisplayName(),
                    ResourceType = candidate.Node.ResourceType,
                    Path = candidate.Node.OriginalFilePath,
                    Change = candidate.Change,
                    Reason = decision.Reason,
                    Relations = candidate.Relations,
                });
            }
        }

        return new ModelSelection(selected, skipped);
    }

    /// <summary>The names people use for a model: its name with and without the version, and the name of its table.</summary>
    public static ModelIdentity IdentityOf(ManifestNode node) => new(
        node.Id.Value,
        [.. new[] { node.DisplayName(), node.Name, node.Alias }.OfType<string>().Distinct(StringComparer.Ordinal)]);

    /// <summary>A node's <c>config.meta</c>; null when there is none.</summary>
    public static JsonElement? ConfigMetaOf(ManifestNode node) =>
        node.Config.Parse() is { ValueKind: JsonValueKind.Object } config && config.TryGetProperty("meta", out var meta) ? meta : null;

    // A column is private when its tags or its meta say pii; `pii: false` says that it is not. What production calls private stays so: a
    // pull request cannot make the report of itself tell more.
    private static List<string> PrivateColumnsOf(params IEnumerable<ManifestNode?> sides) =>
    [
        .. (from node in sides
            from column in node?.Columns ?? []
            where column.Tags.Contains("pii", StringComparer.OrdinalIgnoreCase) || MetaFlag.IsSet(column.Meta, "pii")
            select column.Name).Distinct(StringComparer.OrdinalIgnoreCase),
    ];
}
