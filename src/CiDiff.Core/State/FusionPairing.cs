using System.Text.Json;
using CiDiff.Artifacts;

namespace CiDiff.State;

/// <summary>Finds the old version of resources whose unique ids the two engines make differently.</summary>
internal sealed class FusionPairing
{
    private readonly Dictionary<string, ManifestNode> _unpaired = new(StringComparer.Ordinal);

    public FusionPairing(Sides<Manifest> manifests)
    {
        if (!Dialects.IsFusionAgainstCore(manifests))
        {
            return;
        }

        foreach (var old in manifests.Base.Nodes.Values.Where(old => !manifests.Head.Nodes.ContainsKey(old.Id)))
        {
            foreach (var key in Keys(old))
            {
                _unpaired.TryAdd(key, old);
            }
        }
    }

    /// <summary>The old version of a resource whose unique id base does not have; null when it is new.</summary>
    public ManifestNode? Find(ManifestNode node) =>
        _unpaired.Count == 0 ? null : Keys(node).Select(key => _unpaired.GetValueOrDefault(key)).FirstOrDefault(old => old is not null);

    private static IEnumerable<string> Keys(ManifestNode node)
    {
        switch (node.ResourceType)
        {
            case "source":
                yield return Key("source", node.PackageName, node.SourceName, node.Name);
                break;
            case "test" when node.TestMetadata.Parse() is { } metadata:
                yield return Key(
                    "generic",
                    node.PackageName,
                    metadata.Member("name")?.ToString(),
                    metadata.Member("namespace")?.ToString(),
                    node.AttachedNode?.Value,
                    node.TestColumnName,
                    Arguments(metadata.Member("kwargs")));
                break;
            case "test":
                // test.shop.no_orphans.1a2b3c4d5e and test.shop.no_orphans
                yield return Key("singular", node.PackageName, node.Name);
                break;
        }
    }

    // dbt 2 truncates no argument and writes no `model`; the order of keys is not the same either.
    private static string Arguments(JsonElement? arguments) => string.Join(
        '\n',
        from argument in arguments.Members()
        where argument.Name is not ("model" or "column_name") && argument.Value.ValueKind != JsonValueKind.Null
        orderby argument.Name
        select $"{argument.Name}={argument.Value.GetRawText()}");

    private static string Key(params ReadOnlySpan<string?> parts) => string.Join('\0', parts);
}
