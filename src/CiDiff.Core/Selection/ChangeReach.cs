using CiDiff.Artifacts;
using CiDiff.State;
using CiDiff.Warehouses;

namespace CiDiff.Selection;

/// <summary>The models that a change can have touched: the changed ones, and everything below anything that changed.</summary>
internal sealed class ChangeReach
{
    private readonly StateComparison _state;
    private readonly SelectionOptions _options;
    private readonly LineageGraph _graph;
    private readonly NodeSet _changed;
    private readonly int[] _changedNumbers;
    private readonly Above?[] _above;

    /// <summary>Finds out what is above each resource.</summary>
    public ChangeReach(StateComparison state, SelectionOptions options)
    {
        _state = state;
        _options = options;
        _graph = LineageGraph.Of(state.Manifests.Head);
        _changed = _graph.Where(node => IsChange(ChangeOf(node)));
        _changedNumbers = [.. _changed.Nodes()];
        _above = new Above?[_graph.Nodes.Count];
        foreach (var number in _graph.ParentsFirst())
        {
            _above[number] = Look(number);
        }
    }

    /// <summary>Every model in reach, in id order.</summary>
    public IEnumerable<ModelCandidate> Candidates()
    {
        var reach = _changed.Union(_graph.Descendants(_changed));

        // Cosmetic changes carry nothing downstream, but they are listed themselves.
        var listed = reach.Union(_graph.Where(node => ChangeOf(node).Kind is ChangeKind.Modified or ChangeKind.New));

        var inHead =
            from number in listed.Nodes()
            where _graph.Nodes[number].IsModel()
            select Candidate(_graph.Nodes[number], _above[number]);
        var removed =
            from change in _state.Changes.Values
            where change.Kind is ChangeKind.Deleted or ChangeKind.Disabled
            let node = _state.Manifests.Base.Nodes[change.Id]
            where node.IsModel()
            select Candidate(node, null);

        return inHead.Concat(removed).OrderBy(candidate => candidate.Node.Id);
    }

    private NodeChange ChangeOf(ManifestNode node) => _state.Changes[node.Id];

    private bool IsChange(NodeChange change) =>
        change.Kind is ChangeKind.New || (change.Kind is ChangeKind.Modified && !(change.IsCosmetic && _options.SkipCosmetic));

    private ModelCandidate Candidate(ManifestNode node, Above? above)
    {
        var change = ChangeOf(node);
        var relations = new Sides<RelationName?>(
            change.Kind == ChangeKind.New ? null : RelationIn(_state.Manifests.Base, node.Id),
            change.Kind is ChangeKind.Deleted or ChangeKind.Disabled ? null : RelationIn(_state.Manifests.Head, node.Id));
        var changedAbove = new ChangesAbove(
            above is null ? [] : [.. above.Changed.Nodes().Take(ChangesAbove.MostNamed).Select(index => _graph.Nodes[_changedNumbers[index]])],
            above?.Changed.Count ?? 0,
            above?.Ephemeral);
        return new ModelCandidate(node, change, _options.Rules(node), relations, changedAbove);
    }

    private static RelationName? RelationIn(Manifest manifest, UniqueId id) =>
        manifest.Nodes.TryGetValue(id, out var node) ? RelationNaming.Of(node, manifest.Metadata.AdapterType) : null;

    // A parent that changed is the answer, and what lies above it is its own business; for the others it is what is above them.
    private Above? Look(int number)
    {
        NodeSet? changed = null;
        ManifestNode? ephemeral = null;
        foreach (var parent in _graph.ParentsOf(number))
        {
            var node = _graph.Nodes[parent];
            if (_changed.Contains(parent))
            {
                changed ??= new NodeSet(_changedNumbers.Length);
                changed.Add(Array.BinarySearch(_changedNumbers, parent));
                ephemeral ??= node.IsEphemeral() ? node : null;
            }
            else if (_above[parent] is { } above)
            {
                changed = changed?.Union(above.Changed) ?? above.Changed.Copy();
                ephemeral ??= node.IsEphemeral() ? above.Ephemeral : null;
            }
        }

        return changed is null ? null : new Above(changed, ephemeral);
    }

    // The nearest changed resources, as a set over the changed ones only: there are few of them, and many of these sets.
    private sealed record Above(NodeSet Changed, ManifestNode? Ephemeral);
}
