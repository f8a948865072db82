using CiDiff.Artifacts;
using CiDiff.State.Code;

namespace CiDiff.State;

/// <summary>Tells resources that got another name, version or package from deleted ones.</summary>
internal static class Renames
{
    // `select 1` and the like say nothing about where they come from.
    private const int ShortestCode = 20;

    /// <summary>Sets <see cref="NodeChange.MovedFromOrTo"/> of each new and deleted resource that are the same.</summary>
    public static void Mark(Sides<Manifest> manifests, Dictionary<UniqueId, NodeChange> changes)
    {
        var deleted = Of(ChangeKind.Deleted, manifests.Base);
        var created = Of(ChangeKind.New, manifests.Head);
        foreach (var (content, old) in deleted)
        {
            if (old is [var from] && created.TryGetValue(content, out var nodes) && nodes is [var to])
            {
                changes[from] = changes[from] with { MovedFromOrTo = to };
                changes[to] = changes[to] with { MovedFromOrTo = from };
            }
        }

        Dictionary<(string, string), List<UniqueId>> Of(ChangeKind kind, Manifest manifest)
        {
            var byContent = new Dictionary<(string, string), List<UniqueId>>();
            foreach (var node in changes.Values.Where(change => change.Kind == kind).Select(change => manifest.Nodes[change.Id]))
            {
                if (Content(node) is { } content)
                {
                    var key = (node.ResourceType, content);
                    if (!byContent.TryGetValue(key, out var ids))
                    {
                        byContent[key] = ids = [];
                    }

                    ids.Add(node.Id);
                }
            }

            return byContent;
        }
    }

    // Generic tests are left out: they are made anew for whatever they are attached to.
    private static string? Content(ManifestNode node)
    {
        if (node.ResourceType == "seed")
        {
            return node.Other.GetValueOrDefault("checksum").Parse().Member("checksum")?.ToString();
        }

        if (!node.TestMetadata.IsMissing || node.Section is not (ManifestSection.Nodes or ManifestSection.Functions)
            || node.RawCode.Length < ShortestCode)
        {
            return null;
        }

        return CosmeticChange.Essence(node.RawCode);
    }
}
