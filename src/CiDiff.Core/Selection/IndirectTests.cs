using CiDiff.Artifacts;
using CiDiff.State;

namespace CiDiff.Selection;

/// <summary>A selection, and the tests that may still come along.</summary>
/// <param name="Direct">What is selected.</param>
/// <param name="WithIndirect">The same, and tests of it that lack one of their other parents so far.</param>
internal sealed record TestedSelection(NodeSet Direct, NodeSet WithIndirect);

/// <summary>Brings the tests of selected resources along, as dbt does: a criterion at a time, then again for each union and
/// intersection of criteria.</summary>
internal sealed class IndirectTests(LineageGraph graph, IndirectSelection mode)
{
    private readonly NodeSet _sources = graph.Where(node => node.Section == ManifestSection.Sources);

    /// <summary>Adds the tests of what one criterion names.</summary>
    public TestedSelection Expand(NodeSet selected)
    {
        if (mode == IndirectSelection.Empty)
        {
            return new TestedSelection(selected, selected);
        }

        var available = mode == IndirectSelection.Buildable ? selected.Union(graph.Ancestors(selected)).Union(_sources) : selected;
        var (direct, all) = (selected.Copy(), selected.Copy());
        foreach (var node in selected.Nodes())
        {
            foreach (var child in graph.ChildrenOf(node))
            {
                if (!graph.Nodes[child].IsTest())
                {
                    continue;
                }

                all.Add(child);
                if (mode == IndirectSelection.Eager || HasParentsIn(child, available))
                {
                    direct.Add(child);
                }
            }
        }

        return new TestedSelection(direct, all);
    }

    /// <summary>Adds the tests that a combination of criteria has completed.</summary>
    public TestedSelection Complete(TestedSelection combined)
    {
        if (mode is IndirectSelection.Eager or IndirectSelection.Empty)
        {
            return combined;
        }

        var available = mode == IndirectSelection.Buildable
            ? combined.Direct.Union(graph.Ancestors(combined.Direct))
            : combined.Direct;
        var direct = combined.Direct.Copy();
        foreach (var test in combined.WithIndirect.Except(combined.Direct).Nodes())
        {
            if (graph.Nodes[test].ResourceType == "test" && HasParentsIn(test, available))
            {
                direct.Add(test);
            }
        }

        return combined with { Direct = direct };
    }

    // By what the test names, not by the graph: a disabled parent is never available.
    private bool HasParentsIn(int test, NodeSet available) =>
        graph.Nodes[test].DependsOnNodes.All(parent => graph.NumberOf(parent) is { } number && available.Contains(number));
}
