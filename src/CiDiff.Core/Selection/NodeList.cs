using System.Diagnostics;
using CiDiff.Artifacts;

namespace CiDiff.Selection;

/// <summary>Writes a list of resources as <c>dbt ls</c> does: one a line, <c>\n</c> after each.</summary>
public static class NodeList
{
    /// <summary>Writes the list.</summary>
    /// <param name="nodes">In the order in which they are written.</param>
    /// <param name="format">What is written of each.</param>
    /// <param name="writer">Where to.</param>
    public static void Write(IReadOnlyList<ManifestNode> nodes, LsFormat format, TextWriter writer)
    {
        foreach (var node in nodes)
        {
            writer.Write(format switch
            {
                LsFormat.Selector => Selector(node),
                LsFormat.Name => node.DisplayName(),
                LsFormat.Path => node.OriginalFilePath,
                LsFormat.Json => NodeJson.Of(node),
                LsFormat.UniqueId => node.Id.Value,
                _ => throw new UnreachableException(),
            });
            writer.Write('\n');
        }
    }

    private static string Selector(ManifestNode node) => node.Section switch
    {
        ManifestSection.Sources => $"source:{node.PackageName}.{node.SourceName}.{node.Name}",
        ManifestSection.Exposures => $"exposure:{node.PackageName}.{node.Name}",
        ManifestSection.Metrics => $"metric:{node.PackageName}.{node.Name}",
        ManifestSection.SavedQueries => $"saved_query:{node.PackageName}.{node.Name}",
        ManifestSection.SemanticModels => $"semantic_model:{node.PackageName}.{node.Name}",
        ManifestSection.UnitTests when node.Version is { } version => $"unit_test:{node.PackageName}.{node.Name}_v{version}",
        ManifestSection.UnitTests => $"unit_test:{node.PackageName}.{node.Name}",
        _ => string.Join('.', node.Fqn),
    };
}
