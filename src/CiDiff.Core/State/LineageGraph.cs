using CiDiff.Artifacts;

namespace CiDiff.State;

/// <summary>Which resource is made from which, as dbt sees it: the enabled ones only, so an edge to or from a disabled one is gone.</summary>
/// <remarks>Nodes are numbered in the order of their ids, so that a set of numbers is already sorted. The graph is built in one pass
/// over the manifest, and every question is one walk over arrays.</remarks>
internal sealed class LineageGraph
{
    private readonly Dictionary<UniqueId, int> _numbers;
    private readonly Edges _parents;
    private readonly Edges _children;

    private LineageGraph(ManifestNode[] nodes, Dictionary<UniqueId, int> numbers, Edges parents, Edges children)
    {
        Nodes = nodes;
        _numbers = numbers;
        _parents = parents;
        _children = children;
    }

    /// <summary>The nodes by their numbers, in the order of their ids.</summary>
    public IReadOnlyList<ManifestNode> Nodes { get; }

    /// <summary>The graph of a manifest.</summary>
    public static LineageGraph Of(Manifest manifest)
    {
        var nodes = manifest.Nodes.Values.Where(node => node.IsEnabled).ToArray();
        Array.Sort(nodes, (left, right) => left.Id.CompareTo(right.Id));
        var numbers = new Dictionary<UniqueId, int>(nodes.Length);
        for (var number = 0; number < nodes.Length; number++)
        {
            numbers[nodes[number].Id] = number;
        }

        var edges = new List<(int Parent, int Child)>(nodes.Length * 2);
        for (var child = 0; child < nodes.Length; child++)
        {
            foreach (var parent in nodes[child].DependsOnNodes)
            {
                if (numbers.TryGetValue(parent, out var number))
                {
                    edges.Add((number, child));
                }
            }
        }

        var parents = Edges.From(nodes.Length, edges.Select(edge => (edge.Child, edge.Parent)));
        var children = Edges.From(nodes.Length, edges.Select(edge => (edge.Parent, edge.Child)));
        return new LineageGraph(nodes, numbers, parents, children);
    }

    /// <summary>The number of a resource; null when it is not in the graph.</summary>
    public int? NumberOf(UniqueId id) => _numbers.TryGetValue(id, out var number) ? number : null;

    /// <summary>The numbers of what a node is made from.</summary>
    public ReadOnlySpan<int> ParentsOf(int node) => _parents.Of(node);

    /// <summary>The numbers of what is made from a node.</summary>
    public ReadOnlySpan<int> ChildrenOf(int node) => _children.Of(node);

    /// <summary>An empty set of this graph's nodes.</summary>
    public NodeSet NoNodes() => new(Nodes.Count);

    /// <summary>The nodes that fulfil a condition.</summary>
    public NodeSet Where(Func<ManifestNode, bool> condition)
    {
        var set = NoNodes();
        for (var number = 0; number < Nodes.Count; number++)
        {
            if (condition(Nodes[number]))
            {
                set.Add(number);
            }
        }

        return set;
    }

    /// <summary>What is made from the given nodes, directly or through others.</summary>
    /// <param name="nodes">Where to start; each is in the result only when it is made from another one.</param>
    /// <param name="levels">How many steps to go; null for all.</param>
    public NodeSet Descendants(NodeSet nodes, int? levels = null) => Walk(nodes, _children, levels);

    /// <summary>What the given nodes are made from, directly or through others.</summary>
    /// <param name="nodes">Where to start; each is in the result only when another one is made from it.</param>
    /// <param name="levels">How many steps to go; null for all.</param>
    public NodeSet Ancestors(NodeSet nodes, int? levels = null) => Walk(nodes, _parents, levels);

    /// <summary>All numbers, each after those of its parents.</summary>
    /// <remarks>dbt makes no cycles; what a broken file puts into one comes last, in the order of the numbers.</remarks>
    public IReadOnlyList<int> ParentsFirst()
    {
        var order = new List<int>(Nodes.Count);
        var missing = new int[Nodes.Count];
        for (var node = 0; node < missing.Length; node++)
        {
            missing[node] = _parents.Of(node).Length;
            if (missing[node] == 0)
            {
                order.Add(node);
            }
        }

        for (var done = 0; done < order.Count; done++)
        {
            foreach (var child in _children.Of(order[done]))
            {
                if (--missing[child] == 0)
                {
                    order.Add(child);
                }
            }
        }

        order.AddRange(Enumerable.Range(0, missing.Length).Where(node => missing[node] > 0));
        return order;
    }

    private NodeSet Walk(NodeSet start, Edges edges, int? levels)
    {
        var reached = NoNodes();
        var layer = start.Nodes().ToList();
        for (var level = 0; layer.Count > 0 && (levels is null || level < levels); level++)
        {
            var next = new List<int>();
            foreach (var node in layer)
            {
                foreach (var neighbour in edges.Of(node))
                {
                    if (reached.Add(neighbour))
                    {
                        next.Add(neighbour);
                    }
                }
            }

            layer = next;
        }

        return reached;
    }

    // The neighbours of node n are Targets[Starts[n]..Starts[n + 1]].
    private sealed record Edges(int[] Starts, int[] Targets)
    {
        public static Edges From(int nodeCount, IEnumerable<(int From, int To)> edges)
        {
            var list = edges.ToArray();
            var starts = new int[nodeCount + 1];
            foreach (var (from, _) in list)
            {
                starts[from + 1]++;
            }

            for (var node = 0; node < nodeCount; node++)
            {
                starts[node + 1] += starts[node];
            }

            var targets = new int[list.Length];
            var filled = starts[..nodeCount];
            foreach (var (from, to) in list)
            {
                targets[filled[from]++] = to;
            }

            return new Edges(starts, targets);
        }

        public ReadOnlySpan<int> Of(int node) => Targets.AsSpan(Starts[node]..Starts[node + 1]);
    }
}
