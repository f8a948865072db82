using CiDiff.Artifacts;

namespace CiDiff.State;

/// <summary>Which macros differ between two manifests, and which of them a resource reaches.</summary>
internal sealed class MacroChanges
{
    // What executing a test calls, and parsing it does not: https://github.com/dbt-labs/dbt-adapters, materializations/tests/test.sql
    private static readonly HashSet<string> CalledWhenTestsRun = new(StringComparer.Ordinal)
    {
        "get_limit_subquery_sql", "get_where_subquery", "should_store_failures", "statement",
    };

    // dbt knows what these two do and does not render them while parsing.
    private static readonly HashSet<string> NotRenderedWhenParsed = new(StringComparer.Ordinal)
    {
        "macro.dbt.test_not_null", "macro.dbt.test_unique",
    };

    private readonly IReadOnlyDictionary<UniqueId, ManifestMacro> _macros;
    private readonly bool _ignoresExecution;
    private readonly HashSet<UniqueId> _changed = [];
    private readonly Dictionary<UniqueId, IReadOnlyList<UniqueId>> _reached = [];

    public MacroChanges(Sides<Manifest> manifests)
    {
        _macros = manifests.Head.Macros;
        _ignoresExecution = !HasRun(manifests.Base) && HasRun(manifests.Head);
        var fusionAgainstCore = Dialects.IsFusionAgainstCore(manifests);
        foreach (var macro in manifests.Head.Macros.Values)
        {
            if (!manifests.Base.Macros.TryGetValue(macro.Id, out var old))
            {
                if (!fusionAgainstCore)
                {
                    _changed.Add(macro.Id);
                }
            }
            else if (fusionAgainstCore ? DiffersFromFusion(macro, old) : macro.Sql != old.Sql)
            {
                _changed.Add(macro.Id);
            }
        }

        if (!fusionAgainstCore)
        {
            _changed.UnionWith(manifests.Base.Macros.Keys.Where(id => !manifests.Head.Macros.ContainsKey(id)));
        }
    }

    /// <summary>Macros that were added, changed or removed.</summary>
    public IReadOnlySet<UniqueId> Changed => _changed;

    /// <summary>The changed macros that a resource calls, directly or through other macros of head; in id order.</summary>
    public IReadOnlyList<UniqueId> ReachedBy(ManifestNode node) => ReachedBy(node, _ignoresExecution);

    /// <summary>As <see cref="ReachedBy(ManifestNode)"/>, without what only running it called.</summary>
    public IReadOnlyList<UniqueId> ReachedWhenParsed(ManifestNode node) => ReachedBy(node, ignoresExecution: true);

    private IReadOnlyList<UniqueId> ReachedBy(ManifestNode node, bool ignoresExecution)
    {
        if (_changed.Count == 0 || node.Section == ManifestSection.Sources)
        {
            return [];
        }

        IReadOnlyList<UniqueId> reached = [];
        foreach (var macro in node.DependsOnMacros)
        {
            if (!ignoresExecution || !IsCalledWhenExecutedOnly(node, macro))
            {
                var more = ReachedFrom(macro);
                reached = reached.Count == 0 ? more : more.Count == 0 ? reached : [.. reached.Union(more).Order()];
            }
        }

        return reached;
    }

    // dbt compares what it has just parsed. A manifest that `dbt build` wrote also lists what running its tests and functions called: with
    // such a head against a base that was only parsed, these are no changes.
    private static bool HasRun(Manifest manifest) =>
        manifest.Nodes.Values.Any(node => node.DependsOnMacros.Any(macro => IsCalledWhenExecutedOnly(node, macro)));

    private static bool IsCalledWhenExecutedOnly(ManifestNode node, UniqueId macro)
    {
        var name = macro.Value[(macro.Value.LastIndexOf('.') + 1)..];
        switch (node.ResourceType)
        {
            case "test" when !node.TestMetadata.IsMissing && node.DependsOnMacros.Any(id => NotRenderedWhenParsed.Contains(id.Value)):
                return !NotRenderedWhenParsed.Contains(macro.Value);
            case "test" when !node.TestMetadata.IsMissing && name == "get_where_subquery":
                return false; // part of the `model` argument of every other generic test
            case "test":
                return CalledWhenTestsRun.Contains(name) && !node.RawCode.Contains(name, StringComparison.Ordinal);
            case "function":
                return IsOfDbt(macro) && !node.RawCode.Contains(name, StringComparison.Ordinal);
            default:
                return false;
        }
    }

    private static bool IsOfDbt(UniqueId macro) =>
        macro.Value.StartsWith("macro.dbt.", StringComparison.Ordinal) || macro.Value.StartsWith("macro.dbt_", StringComparison.Ordinal);

    // The engines ship macros of their own under the same ids.
    private static bool DiffersFromFusion(ManifestMacro macro, ManifestMacro old) =>
        !IsOfDbt(macro.Id) && !macro.Sql.AsSpan().Trim().SequenceEqual(old.Sql.AsSpan().Trim());

    private IReadOnlyList<UniqueId> ReachedFrom(UniqueId macro)
    {
        if (_reached.TryGetValue(macro, out var known))
        {
            return known;
        }

        var seen = new HashSet<UniqueId>();
        var found = new SortedSet<UniqueId>();
        var pending = new Stack<UniqueId>([macro]);
        while (pending.TryPop(out var next))
        {
            if (!seen.Add(next))
            {
                continue;
            }

            if (_changed.Contains(next))
            {
                found.Add(next);
            }

            if (_macros.TryGetValue(next, out var called))
            {
                foreach (var id in called.DependsOnMacros)
                {
                    pending.Push(id);
                }
            }
        }

        return _reached[macro] = [.. found];
    }
}
