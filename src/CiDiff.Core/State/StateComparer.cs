using System.Diagnostics;
using CiDiff.Artifacts;
using CiDiff.State.Code;

namespace CiDiff.State;

/// <summary>One comparison of two manifests while it is made.</summary>
internal sealed class StateComparer(Sides<Manifest> manifests)
{
    // What dbt's sub-selectors look at, by their names.
    private static readonly (string Name, NodeDifference Difference)[] SubSelectors =
    [
        ("body", NodeDifference.Body),
        ("configs", NodeDifference.Configs),
        ("relation", NodeDifference.Relation),
        ("persisted_descriptions", NodeDifference.PersistedDescriptions),
        ("macros", NodeDifference.Macros),
        ("contract", NodeDifference.Contract),
    ];

    private readonly NodeComparer _nodes = new(manifests);
    private readonly MacroChanges _macros = new(manifests);
    private readonly FusionPairing _pairing = new(manifests);
    private readonly bool _isFusion = DbtVersion.Of(manifests.Head.Metadata) >= DbtVersion.Fusion;

    /// <summary>Makes it.</summary>
    public StateComparison Compare()
    {
        var changes = new Dictionary<UniqueId, NodeChange>(manifests.Head.Nodes.Count);
        var breaking = new List<BreakingContract>();
        var paired = new HashSet<UniqueId>();
        foreach (var node in manifests.Head.Nodes.Values.Where(node => node.IsEnabled))
        {
            var old = manifests.Base.Nodes.GetValueOrDefault(node.Id) ?? _pairing.Find(node);
            changes[node.Id] = old is null ? DescribeNew(node) : CompareNode(node, old, breaking);
            if (old is not null)
            {
                paired.Add(old.Id);
            }
        }

        foreach (var old in manifests.Base.Nodes.Values.Where(old => old.IsEnabled && !paired.Contains(old.Id)))
        {
            var isDisabled = manifests.Head.Disabled.ContainsKey(old.Id) || manifests.Head.Nodes.ContainsKey(old.Id);
            changes[old.Id] = new NodeChange { Id = old.Id, Kind = isDisabled ? ChangeKind.Disabled : ChangeKind.Deleted };
        }

        Renames.Mark(manifests, changes);
        breaking.AddRange(_nodes.RemovedContracts());
        return new StateComparison
        {
            Manifests = manifests,
            Changes = changes,
            ChangedMacros = [.. _macros.Changed.Order()],
            BreakingContracts = [.. breaking.OrderBy(contract => contract.Model)],
        };
    }

    private NodeChange CompareNode(ManifestNode node, ManifestNode old, List<BreakingContract> breaking)
    {
        var result = _nodes.Compare(node, old);
        if (result.Breaking is { } contract)
        {
            breaking.Add(contract);
        }

        var macros = _macros.ReachedBy(node);
        var difference = result.Difference | (macros.Count > 0 ? NodeDifference.Macros : NodeDifference.None);
        var isModified = (difference & Decisive(node)) != NodeDifference.None;
        var excuses = Excuses(node, result, macros).ToList();
        var real = excuses.Aggregate(difference & Decisive(node), (rest, excuse) => rest & ~excuse.Differences);
        return new NodeChange
        {
            Id = node.Id,
            Kind = isModified ? ChangeKind.Modified : ChangeKind.Unmodified,
            IsStateModified = isModified,
            Changes = Reasons(difference),
            ConfigKeys = [.. result.Configs.Keys.Union(result.Configs.RelationKeys, StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Fields = result.Fields,
            SubSelectors = Listing(difference & Selectable(node)),
            Macros = macros,
            IsCosmetic = real == NodeDifference.Body && IsSql(node) && IsSql(old) && CosmeticChange.IsAll(node.RawCode, old.RawCode),
            FalsePositive = isModified && real == NodeDifference.None ? string.Join(" ", excuses.Select(excuse => excuse.Text)) : null,
        };
    }

    private IEnumerable<Excuse> Excuses(ManifestNode node, NodeComparer.Result result, IReadOnlyList<UniqueId> macros)
    {
        if (result.Excuse is { } excuse)
        {
            yield return excuse;
        }

        if (macros.Count > 0 && _macros.ReachedWhenParsed(node).Count == 0)
        {
            yield return new Excuse(
                NodeDifference.Macros,
                $"{string.Join(", ", macros)} changed, which only running it called: a manifest of `dbt parse` would not name it.");
        }
    }

    private static bool IsSql(ManifestNode node) => node.Language is null or "sql"
        && node.ResourceType != "seed"
        && !node.OriginalFilePath.EndsWith(".py", StringComparison.Ordinal);

    // Nothing to compare with fails every comparison, but those kinds that dbt lets stand in for their old version only when there is one.
    private NodeChange DescribeNew(ManifestNode node)
    {
        var macros = _macros.ReachedBy(node);
        var isUnmodified = (node.Section == ManifestSection.Sources && !_isFusion) || node.Section is ManifestSection.Exposures or ManifestSection.Metrics
            or ManifestSection.SemanticModels or ManifestSection.SavedQueries;
        var all = Selectable(node) & ~NodeDifference.Macros;
        return new NodeChange
        {
            Id = node.Id,
            Kind = ChangeKind.New,
            IsStateModified = !isUnmodified || macros.Count > 0,
            SubSelectors = Listing(macros.Count > 0 ? all | NodeDifference.Macros : all),
            Macros = macros,
        };
    }

    // What state:modified asks for this kind of resource.
    private static NodeDifference Decisive(ManifestNode node) => node.Section switch
    {
        // A generic test is what its arguments say, and they are in its id.
        ManifestSection.Nodes when node.ResourceType == "test" && !node.TestMetadata.IsMissing =>
            NodeDifference.Configs | NodeDifference.Path | NodeDifference.Macros,
        ManifestSection.Nodes => ~NodeDifference.Definition,
        _ => ~NodeDifference.None,
    };

    // Which sub-selectors dbt has for this kind of resource.
    private static NodeDifference Selectable(ManifestNode node) => NodeDifference.Macros | node.Section switch
    {
        ManifestSection.Nodes or ManifestSection.Functions => NodeDifference.Body | NodeDifference.Configs | NodeDifference.Relation
            | NodeDifference.PersistedDescriptions | NodeDifference.Contract,
        ManifestSection.Sources => NodeDifference.Configs | NodeDifference.Relation,
        ManifestSection.UnitTests => NodeDifference.None,
        ManifestSection.Exposures or ManifestSection.Metrics or ManifestSection.SemanticModels or ManifestSection.SavedQueries =>
            NodeDifference.Configs,
        _ => throw new UnreachableException(),
    };

    private static IReadOnlyList<ChangeReason> Reasons(NodeDifference difference) => difference == NodeDifference.None
        ? []
        : [.. Enum.GetValues<ChangeReason>().Where(reason => difference.HasFlag((NodeDifference)(1 << (int)reason)))];

    private static IReadOnlyList<string> Listing(NodeDifference difference) => difference == NodeDifference.None
        ? []
        : [.. from selector in SubSelectors where difference.HasFlag(selector.Difference) select selector.Name];
}
