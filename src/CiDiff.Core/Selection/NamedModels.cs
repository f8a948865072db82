using CiDiff.Errors;
using CiDiff.State;

namespace CiDiff.Selection;

/// <summary>Which resources a selector of <c>--select</c>, <c>--exclude</c> or <c>cidiff.yml</c> names.</summary>
/// <remarks>As in dbt, they are resources of head. Those that head has deleted or disabled are in reach of the change, too, and are
/// looked for in base.</remarks>
public sealed class NamedModels
{
    private readonly NodeSelector _head;
    private readonly Lazy<NodeSelector> _base;
    private readonly HashSet<string> _removed;

    /// <summary>Prepares the answers.</summary>
    public NamedModels(StateComparison state)
    {
        _head = new NodeSelector(state.Manifests.Head, state);
        _base = new Lazy<NodeSelector>(() => new NodeSelector(state.Manifests.Base, state));
        _removed =
        [
            .. from change in state.Changes.Values
               where change.Kind is ChangeKind.Deleted or ChangeKind.Disabled
               select change.Id.Value,
        ];
    }

    /// <summary>The unique ids that a selector names; tests that only come along are not among them.</summary>
    /// <param name="selector">In dbt's syntax.</param>
    /// <param name="warn">Told each part of the selector that names nothing.</param>
    /// <exception cref="UserErrorException">It is malformed, or asks for what two manifests do not tell.</exception>
    public IReadOnlySet<string> Find(string selector, Action<string> warn)
    {
        var request = new NodeSelectionRequest
        {
            Select = selector,
            ResourceTypes = ["all"],
            IndirectSelection = IndirectSelection.Empty,
        };
        var inHead = _head.Select(request);
        var ids = inHead.Nodes.Select(node => node.Id.Value).ToHashSet(StringComparer.Ordinal);
        IEnumerable<string> warnings = inHead.Warnings;
        if (_removed.Count > 0)
        {
            var inBase = _base.Value.Select(request);
            ids.UnionWith(inBase.Nodes.Select(node => node.Id.Value).Where(_removed.Contains));
            warnings = warnings.Intersect(inBase.Warnings, StringComparer.Ordinal);
        }

        foreach (var warning in warnings)
        {
            warn(warning);
        }

        return ids;
    }
}
