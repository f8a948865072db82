using System.Text.Json;
using CiDiff.Artifacts;

namespace CiDiff.Selection;

/// <summary>dbt's <c>config</c> method: <c>config.materialized:view</c>, <c>config.meta.owner:finance</c>.</summary>
/// <remarks>As in dbt, a value in the configuration must be that very text, or a list that holds it; <c>true</c> and <c>false</c> also
/// mean the booleans, in any case. A number is never the same as a text.</remarks>
internal static class ConfigCondition
{
    /// <summary>The condition.</summary>
    /// <param name="path">The configuration's name, then the keys within it; at least one.</param>
    /// <param name="value">What it must be.</param>
    public static Func<ManifestNode, bool> Create(IReadOnlyList<string> path, string value)
    {
        // How a test's severity is written makes no difference to dbt.
        var comparison = path is ["severity"] ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        bool? wanted = bool.TryParse(value, out var parsed) ? parsed : null;
        return node => node.Section is ManifestSection.Nodes or ManifestSection.Functions or ManifestSection.Sources
            && path.Aggregate(node.Config.Parse(), (element, key) => element.Member(key)) is { } found
            && (found.ValueKind == JsonValueKind.Array ? found.EnumerateArray().Any(IsValue) : IsValue(found));

        bool IsValue(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.String => string.Equals(element.GetString(), value, comparison),
            JsonValueKind.True => wanted == true,
            JsonValueKind.False => wanted == false,
            _ => false,
        };
    }
}
