using System.Text.Json;
using CiDiff.Artifacts;

namespace CiDiff.State;

/// <summary>dbt's comparison of configs: as they are written (<c>unrendered_config</c>), key by key.</summary>
/// <remarks>For a key to be the same it is absent on both sides, or present on both with equal values: null is not absent.</remarks>
internal static class ConfigComparer
{
    private static readonly HashSet<string> Nothing = [];

    private static readonly HashSet<string> RelationAndLabels =
        new(["alias", "schema", "database", "tags", "group"], StringComparer.Ordinal);

    private static readonly HashSet<string> GroupOnly = new(["group"], StringComparer.Ordinal);

    private static readonly string[] TestKeys =
        ["severity", "where", "limit", "fail_calc", "warn_if", "error_if", "store_failures", "store_failures_as"];

    private static readonly string[] TestKeysSince112 = [.. TestKeys, "sql_header"];

    /// <summary>The keys that differ, of those that dbt compares for this kind of resource; in no particular order.</summary>
    public static IReadOnlyList<string> DifferingKeys(
        ManifestNode node,
        IReadOnlyDictionary<string, JsonElement> head,
        IReadOnlyDictionary<string, JsonElement> old,
        DbtVersion version)
    {
        var keys = node.ResourceType == "test"
            ? (version >= DbtVersion.ComparesUnrenderedValues ? TestKeysSince112 : TestKeys)
            : head.Keys.Union(old.Keys, StringComparer.Ordinal).Except(Ignored(node.Section), StringComparer.Ordinal);
        return [.. keys.Where(key => !IsSame(head, old, key))];
    }

    /// <summary>The members of a config; empty when it is missing.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Members(JsonFragment config)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in config.Parse().Members())
        {
            members[member.Name] = member.Value;
        }

        return members;
    }

    /// <summary>A config of one of the two sections whose rendered config is compared, with dbt's defaults filled in.</summary>
    public static IReadOnlyDictionary<string, JsonElement> WithDefaults(ManifestNode node)
    {
        var members = new Dictionary<string, JsonElement>(Members(node.Config), StringComparer.Ordinal);
        var defaults = node.Section == ManifestSection.SavedQueries
            ? """{"enabled": true, "group": null, "meta": {}, "export_as": null, "schema": null, "cache": {"enabled": false}}"""
            : """{"enabled": true, "group": null, "meta": {}}""";
        foreach (var member in JsonElement.Parse(defaults).EnumerateObject())
        {
            if (!members.TryGetValue(member.Name, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                members[member.Name] = member.Value;
            }
        }

        return members;
    }

    /// <summary>Whether a key is the same on both sides.</summary>
    public static bool IsSame(
        IReadOnlyDictionary<string, JsonElement> head, IReadOnlyDictionary<string, JsonElement> old, string key) =>
        head.TryGetValue(key, out var now)
            ? old.TryGetValue(key, out var before) && JsonEquality.AreEqual(now, before)
            : !old.ContainsKey(key);

    private static HashSet<string> Ignored(ManifestSection section) => section switch
    {
        ManifestSection.Nodes or ManifestSection.Functions => RelationAndLabels,
        ManifestSection.Metrics => GroupOnly,
        _ => Nothing,
    };
}
