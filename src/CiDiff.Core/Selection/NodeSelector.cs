using CiDiff.Artifacts;
using CiDiff.Errors;
using CiDiff.State;

namespace CiDiff.Selection;

/// <summary>Answers dbt's selectors on a manifest, as <c>dbt ls</c> does.</summary>
/// <remarks>It does not look at files: a <c>path</c> is looked up among the files that the manifest names. An empty model file is listed,
/// as <c>dbt ls</c> lists it, although <c>dbt run</c> passes over it.</remarks>
public sealed class NodeSelector
{
    private readonly LineageGraph _graph;
    private readonly SelectorMethods _methods;

    /// <summary>Prepares the answers.</summary>
    /// <param name="manifest">The resources to choose from; those that are disabled are never chosen.</param>
    /// <param name="state">What <c>state:</c> asks; null makes such a selector an error.</param>
    public NodeSelector(Manifest manifest, StateComparison? state)
        : this(LineageGraph.Of(manifest), manifest, state)
    {
    }

    internal NodeSelector(LineageGraph graph, Manifest manifest, StateComparison? state)
    {
        _graph = graph;
        _methods = new SelectorMethods(manifest, state);
    }

    /// <summary>Finds what a request names.</summary>
    /// <exception cref="UserErrorException">A selector is malformed, or asks for what two manifests do not tell.</exception>
    public NodeSelection Select(NodeSelectionRequest request)
    {
        var types = ListedResourceTypes.Expand(request.ResourceTypes);
        var warnings = new List<string>();
        var tests = new IndirectTests(_graph, request.IndirectSelection);
        var included = request.Select is null
            ? tests.Expand(_graph.Where(_ => true))
            : Union(request.Select, tests, warnings);

        // dbt takes away a difference eagerly: tests that the exclusion leaves incomplete are not looked for again.
        var selected = request.Exclude is null
            ? included.Direct
            : included.Direct.Except(Union(request.Exclude, tests, warnings).Direct);

        ManifestNode[] nodes = [.. selected.Nodes().Select(node => _graph.Nodes[node]).Where(node => types.Contains(node.ResourceType))];
        return new NodeSelection(nodes, warnings);
    }

    /// <summary>The numbers of what a selector names, without tests that only come along.</summary>
    /// <exception cref="UserErrorException">As <see cref="Select"/>.</exception>
    internal NodeSet SelectExactly(string selector, List<string> warnings) =>
        Union(selector, new IndirectTests(_graph, IndirectSelection.Empty), warnings).Direct;

    private TestedSelection Union(string selector, IndirectTests tests, List<string> warnings)
    {
        var union = new TestedSelection(_graph.NoNodes(), _graph.NoNodes());
        foreach (var part in SelectorSyntax.Parse(selector))
        {
            var selection = Intersection(part, tests);
            if (selection.Direct.Count == 0)
            {
                warnings.Add($"The selector '{part.Raw}' does not match any enabled resource.");
            }

            union = new TestedSelection(union.Direct.Union(selection.Direct), union.WithIndirect.Union(selection.WithIndirect));
        }

        return tests.Complete(union);
    }

    private TestedSelection Intersection(SelectorIntersection part, IndirectTests tests)
    {
        var selections = part.Terms.Select(term => tests.Expand(Named(term)));
        return tests.Complete(selections.Aggregate((left, right) => new TestedSelection(
            left.Direct.Intersect(right.Direct),
            left.WithIndirect.Intersect(right.WithIndirect))));
    }

    private NodeSet Named(SelectorTerm term)
    {
        var named = _graph.Where(_methods.Condition(term));
        var selected = named;
        if (term.WithChildrensParents)
        {
            var children = named.Union(_graph.Descendants(named));
            selected = selected.Union(children).Union(_graph.Ancestors(children));
        }

        if (term.Ancestors is { } up)
        {
            selected = selected.Union(_graph.Ancestors(named, up.Levels));
        }

        if (term.Descendants is { } down)
        {
            selected = selected.Union(_graph.Descendants(named, down.Levels));
        }

        return selected;
    }
}
