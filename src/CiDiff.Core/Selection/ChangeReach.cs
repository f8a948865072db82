using CiDiff.Artifacts;
using CiDiff.State;
using CiDiff.Warehouses;

namespace CiDiff.Selection;

/// <summary>The models that a change can have touched: the changed ones, and everything below anything that changed.</summary>
internal sealed class ChangeReach(StateComparison state, SelectionOptions options)
{
    private static readonly string[] ModelTypes = ["model", "seed", "snapshot"];

    private readonly LineageGraph _graph = LineageGraph.Of(state.Manifests.Head);
    private readonly Dictionary<int, (IReadOnlyList<ManifestNode> Changed, ManifestNode? Ephemeral)> _above = [];

    /// <summary>Every model in reach, in id order.</summary>
    public IEnumerable<ModelCandidate> Candidates()
    {
        var changed = _graph.Where(node => IsChange(state.Changes[node.Id]));
        var reach = changed.Union(_graph.Descendants(changed));

        // Cosmetic changes carry nothing downstream, but they are listed themselves.
        var listed = reach.Union(_graph.Where(node => state.Changes[node.Id].Kind is ChangeKind.Modified or ChangeKind.New));

        var inHead = listed.Nodes()
            .Where(number => ModelTypes.Contains(_graph.Nodes[number].ResourceType))
            .Select(number => Candidate(_graph.Nodes[number], Above(number)));
        var removed =
            from change in state.Changes.Values
            where change.Kind is ChangeKind.Deleted or ChangeKind.Disabled && ModelTypes.Contains(change.Id.ResourceType)
            select Candidate(state.Manifests.Base.Nodes[change.Id], ([], null));

        return inHead.Concat(removed).OrderBy(candidate => candidate.Node.Id);
    }

    private bool IsChange(NodeChange change) =>
        change.Kind is ChangeKind.New || (change.Kind is ChangeKind.Modified && !(change.IsCosmetic && options.SkipCosmetic));

    private ModelCandidate Candidate(ManifestNode node, (IReadOnlyList<ManifestNode> Changed, ManifestNode? Ephemeral) above)
    {
        var manifests = state.Manifests;
        var change = state.Changes[node.Id];
        var relations = new Sides<RelationName?>(
            change.Kind == ChangeKind.New ? null : RelationIn(manifests.Base, node.Id),
            change.Kind is ChangeKind.Deleted or ChangeKind.Disabled ? null : RelationIn(manifests.Head, node.Id));
        return new ModelCandidate(node, change, options.Rules(node), relations, above.Changed, above.Ephemeral);
    }

    private static RelationName? RelationIn(Manifest manifest, UniqueId id) =>
        manifest.Nodes.TryGetValue(id, out var node) ? RelationNaming.Of(node, manifest.Metadata.AdapterType) : null;

    // Walks up until something changed; what lies above that is its business.
    private (IReadOnlyList<ManifestNode> Changed, ManifestNode? Ephemeral) Above(int number)
    {
        if (_above.TryGetValue(number, out var known))
        {
            return known;
        }

        var changed = new SortedDictionary<UniqueId, ManifestNode>();
        ManifestNode? ephemeral = null;
        foreach (var parent in _graph.ParentsOf(number).ToArray())
        {
            var node = _graph.Nodes[parent];
            var isEphemeral = node.Materialized == "ephemeral";
            if (IsChange(state.Changes[node.Id]))
            {
                changed[node.Id] = node;
                ephemeral ??= isEphemeral ? node : null;
            }
            else
            {
                var (above, within) = Above(parent);
                foreach (var ancestor in above)
                {
                    changed[ancestor.Id] = ancestor;
                }

                ephemeral ??= isEphemeral ? within : null;
            }
        }

        return _above[number] = ([.. changed.Values], ephemeral);
    }
}
