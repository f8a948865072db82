using System.Diagnostics;
using CiDiff.Artifacts;
using CiDiff.Warehouses;

namespace CiDiff.Selection;

/// <summary>Where a model is, by the name under which the warehouse stores it.</summary>
/// <remarks>dbt writes names with or without quotes, as the project's quoting policy says, and a warehouse folds a name without quotes to
/// one case. The manifest holds the parts as configured, which is where they come from, and the text as dbt writes it into SQL, which
/// tells what is quoted.</remarks>
internal static class RelationNaming
{
    private enum Folding
    {
        /// <summary>The name is stored as it is written.</summary>
        None,

        /// <summary>A name without quotes is stored in lower case.</summary>
        Lower,

        /// <summary>A name without quotes is stored in upper case.</summary>
        Upper,

        /// <summary>Every name is stored in lower case, with quotes or without.</summary>
        AlwaysLower,
    }

    /// <summary>The stored name; null for what has no relation: ephemeral models, and nodes that dbt gave none.</summary>
    /// <param name="node">A model, seed or snapshot.</param>
    /// <param name="adapterType">As in the manifest's metadata; null when unknown, then names are taken as they are.</param>
    public static RelationName? Of(ManifestNode node, string? adapterType)
    {
        if (node.IsEphemeral() || node.RelationName is null || node.Alias is null)
        {
            return null;
        }

        var folding = FoldingOf(adapterType);
        var (hasDatabase, unquoted) = Read(node);
        var database = hasDatabase ? node.Database : null;
        return new RelationName(
            Stored(database, folding, unquoted[0]),
            Stored(node.Schema, folding, unquoted[1]),
            Stored(node.Alias, folding, unquoted[2])!);
    }

    // Goes through the text from right to left: what adapters leave out is on the left. A text that is put together in another way
    // than from these parts is as good as quoted: then nothing is folded.
    private static (bool HasDatabase, bool[] Unquoted) Read(ManifestNode node)
    {
        var unquoted = new bool[3];
        var rest = node.RelationName!;
        string?[] parts = [node.Database, node.Schema, node.Alias];
        for (var index = parts.Length - 1; index >= 0 && parts[index] is { } part; index--)
        {
            if (rest.Length == 0)
            {
                return (false, unquoted);
            }

            var isQuoted = rest[^1] is '"' or '`' or ']';
            var written = isQuoted ? part.Length + 2 : part.Length;
            if (rest.Length < written || !rest.AsSpan(rest.Length - written, written).Contains(part, StringComparison.Ordinal))
            {
                break;
            }

            unquoted[index] = !isQuoted;
            rest = rest[..^written].TrimEnd('.');
        }

        return (true, unquoted);
    }

    private static string? Stored(string? part, Folding folding, bool isUnquoted) => folding switch
    {
        Folding.None => part,
        Folding.Lower => isUnquoted ? part?.ToLowerInvariant() : part,
        Folding.Upper => isUnquoted ? part?.ToUpperInvariant() : part,
        Folding.AlwaysLower => part?.ToLowerInvariant(),
        _ => throw new UnreachableException(),
    };

    private static Folding FoldingOf(string? adapterType) => adapterType switch
    {
        "postgres" => Folding.Lower,
        "snowflake" => Folding.Upper,

        // Unless the cluster is set to tell cases apart, which a manifest does not say:
        // https://docs.aws.amazon.com/redshift/latest/dg/r_names.html
        "redshift" or "databricks" or "spark" => Folding.AlwaysLower,
        _ => Folding.None,
    };
}
