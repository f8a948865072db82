using CiDiff.Artifacts;

namespace CiDiff.State;

/// <summary>In which ways the two manifests were written differently.</summary>
internal static class Dialects
{
    /// <summary>Whether exactly one side was written by dbt 2 or its previews.</summary>
    public static bool IsFusionAgainstCore(Sides<Manifest> manifests)
    {
        var isFusion = manifests.Map(manifest => DbtVersion.Of(manifest.Metadata) >= DbtVersion.Fusion);
        return isFusion.Base != isFusion.Head;
    }

    /// <summary>Whether a manifest was written with the flag <c>state_modified_compare_more_unrendered_values</c>: the default since 1.12, and
    /// before that to be told by the syntax trees in its configs.</summary>
    public static bool NotesUnrenderedValues(Manifest manifest) =>
        DbtVersion.Of(manifest.Metadata) >= DbtVersion.ComparesUnrenderedValues
        || manifest.Nodes.Values.Any(node => node.UnrenderedConfig.Utf8.Span.IndexOf("\"Keyword(key="u8) >= 0);
}
