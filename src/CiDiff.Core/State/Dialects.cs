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
}
