using System.Diagnostics;
using CiDiff.Artifacts;
using CiDiff.Warehouses;

namespace CiDiff.Selection;

/// <summary>The relation of a node as the warehouse stores its name.</summary>
/// <remarks>dbt writes names with or without quotes, as the project's quoting policy says, and a warehouse folds a name without quotes to one
/// case. The manifest holds the parts as configured and the text as written; both together give the stored name.</remarks>
internal static class RelationNaming
{
    /// <summary>The stored name; null for what has no relation: ephemeral models, and nodes dbt gave none.</summary>
    /// <param name="node">A model, seed or snapshot.</param>
    /// <param name="adapterType">As in the manifest's metadata; null when unknown, then names are taken as they are.</param>
    public static RelationName? Of(ManifestNode node, string? adapterType)
    {
        if (node.Materialized == "ephemeral" || node.RelationName is null || node.Alias is null)
        {
            return null;
        }

        var folding = FoldingOf(adapterType);
        return new RelationName(Stored(node.Database), Stored(node.Schema), Stored(node.Alias)!);

        string? Stored(string? part) => part is null || IsQuoted(part, node.RelationName) ? part : Fold(part, folding);
    }

    private static bool IsQuoted(string part, string written) =>
        written.Contains($"\"{part}\"", StringComparison.Ordinal) || written.Contains($"`{part}`", StringComparison.Ordinal);

    private static string Fold(string part, Folding folding) => folding switch
    {
        Folding.Lower => part.ToLowerInvariant(),
        Folding.Upper => part.ToUpperInvariant(),
        Folding.None => part,
        _ => throw new UnreachableException($"{folding}"),
    };

    private static Folding FoldingOf(string? adapterType) => adapterType switch
    {
        "postgres" or "redshift" or "databricks" or "spark" => Folding.Lower,
        "snowflake" => Folding.Upper,
        _ => Folding.None,
    };

    private enum Folding
    {
        None,
        Lower,
        Upper,
    }
}
