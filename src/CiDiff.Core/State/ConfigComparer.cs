using System.Text.Json;
using CiDiff.Artifacts;
using CiDiff.State.Code;

namespace CiDiff.State;

/// <summary>dbt's comparison of configs: as they are written (<c>unrendered_config</c>), key by key.</summary>
/// <remarks>For a key to be the same it is absent on both sides, or present on both with equal values: null is not absent. The
/// two manifests may spell the same config differently; what dbt then takes for a change is a change here too, with an excuse.</remarks>
internal sealed class ConfigComparer(Sides<Manifest> manifests)
{
    private static readonly HashSet<string> Nothing = [];

    private static readonly HashSet<string> RelationAndLabels =
        new(["alias", "schema", "database", "tags", "group"], StringComparer.Ordinal);

    private static readonly HashSet<string> GroupOnly = new(["group"], StringComparer.Ordinal);

    private static readonly string[] RelationKeys = ["database", "schema", "alias"];

    private static readonly string[] TestKeys =
        ["severity", "where", "limit", "fail_calc", "warn_if", "error_if", "store_failures", "store_failures_as"];

    private static readonly string[] TestKeysSince112 = [.. TestKeys, "sql_header"];

    private readonly DbtVersion _head = DbtVersion.Of(manifests.Head.Metadata);
    private readonly DbtVersion _base = DbtVersion.Of(manifests.Base.Metadata);
    private readonly bool _isFusionAgainstCore = Dialects.IsFusionAgainstCore(manifests);

    /// <summary>Compares the configs of two versions of a resource.</summary>
    public Result Compare(ManifestNode head, ManifestNode old)
    {
        if (head.Section is ManifestSection.SemanticModels or ManifestSection.SavedQueries)
        {
            var now = WithDefaults(head);
            var before = WithDefaults(old);
            return new Result([.. now.Keys.Union(before.Keys, StringComparer.Ordinal).Where(key => !IsSame(now, before, key)).Order(StringComparer.Ordinal)], [], null);
        }

        return head.UnrenderedConfig.Utf8.Span.SequenceEqual(old.UnrenderedConfig.Utf8.Span)
            ? Result.Same
            : CompareUnrendered(new Pair(head, old, _head));
    }

    private Result CompareUnrendered(Pair pair)
    {
        var keys = pair.HeadNode.ResourceType == "test"
            ? (_head >= DbtVersion.ComparesUnrenderedValues ? TestKeysSince112 : TestKeys)
            : pair.Head.Keys.Union(pair.Old.Keys, StringComparer.Ordinal).Except(Ignored(pair.HeadNode.Section), StringComparer.Ordinal);
        var differing = keys.Where(key => !IsSame(pair.Head, pair.Old, key) && !IsSameToFusion(pair, key)).Order(StringComparer.Ordinal).ToList();
        var relation = pair.HeadNode.Section is ManifestSection.Nodes or ManifestSection.Functions
            ? RelationKeys.Where(key => !IsSameOrNull(pair.Head, pair.Old, key)).ToList()
            : [];
        var excuses = differing.Union(relation, StringComparer.Ordinal).Select(key => Excuse(pair, key)).ToList();
        return new Result(differing, relation, excuses.Count == 0 || excuses.Contains(null) ? null : string.Join(" ", excuses.Distinct()));
    }

    // Why a key differs although nobody changed it; null when somebody may have.
    private string? Excuse(Pair pair, string key)
    {
        var now = pair.Head.GetValueOrDefault(key);
        var before = pair.Written.GetValueOrDefault(key);
        var speakDifferently = (_head >= DbtVersion.ComparesUnrenderedValues) != (_base >= DbtVersion.ComparesUnrenderedValues)
            || IsSyntaxTree(now) != IsSyntaxTree(before);
        if (pair.HeadCall.HasSame(key, pair.OldCall))
        {
            return speakDifferently
                ? $"Config '{key}' is written the same in both files; dbt {_base} and dbt {_head} note it differently."
                : $"Config '{key}' is written the same in both files and rendered differently: it depends on the target, the environment or a variable.";
        }

        if (!pair.HeadCall.Has(key) && !pair.OldCall.Has(key) && (IsTwice(now, before) || IsTwice(before, now)))
        {
            return $"Config '{key}' is the same list; one of the two manifests has it twice, as dbt 1.12 writes it.";
        }

        if (speakDifferently && IsRenderedAlike(pair, key))
        {
            return $"Config '{key}' has the same value on both sides; dbt {_base} and dbt {_head} note it differently.";
        }

        return _base < DbtVersion.FillsSourceConfigs && _head >= DbtVersion.FillsSourceConfigs && IsNewlyNoted(pair, key)
            ? $"Config '{key}' of {pair.HeadNode.ResourceType}s is noted since dbt 1.10; its value is the same."
            : null;
    }

    private static bool IsRenderedAlike(Pair pair, string key)
    {
        var now = pair.HeadNode.Config.Parse().Member(key);
        var before = pair.OldNode.Config.Parse().Member(key);
        return now is not null && JsonEquality.AreEqual(now, before);
    }

    // Up to 1.9 these were beside the config only.
    private static bool IsNewlyNoted(Pair pair, string key) =>
        pair.HeadNode.Section is ManifestSection.Sources or ManifestSection.Exposures
        && !pair.Old.ContainsKey(key)
        && key switch
        {
            "meta" => pair.HeadNode.Meta.DeepEqualsOrNull(pair.OldNode.Meta),
            "tags" => pair.HeadNode.Tags.SequenceEqual(pair.OldNode.Tags, StringComparer.Ordinal),
            "enabled" => pair.HeadNode.IsEnabled == pair.OldNode.IsEnabled,
            _ => pair.HeadNode.Other.GetValueOrDefault(key).DeepEqualsOrNull(pair.OldNode.Other.GetValueOrDefault(key)),
        };

    private static bool IsSyntaxTree(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString()!.StartsWith("Keyword(key=", StringComparison.Ordinal);

    private static bool IsTwice(JsonElement twice, JsonElement once)
    {
        if (twice.ValueKind != JsonValueKind.Array || once.ValueKind != JsonValueKind.Array
            || twice.GetArrayLength() == 0 || twice.GetArrayLength() != 2 * once.GetArrayLength())
        {
            return false;
        }

        return Enumerable.Range(0, twice.GetArrayLength()).All(
            index => JsonEquality.AreEqual(twice[index], once[index % once.GetArrayLength()]));
    }

    private bool IsSameToFusion(Pair pair, string key) =>
        _isFusionAgainstCore
        && (key == "static_analysis" // which dbt 1 does not have
            || FusionConfig.AreSame(key, pair.HeadNode.UnrenderedConfig, pair.OldNode.UnrenderedConfig)
            || (FusionConfig.Value(pair.HeadNode.Config, key) is not null
                && FusionConfig.AreSame(key, pair.HeadNode.Config, pair.OldNode.Config)));

    private static Dictionary<string, JsonElement> Members(JsonFragment config)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in config.Parse().Members())
        {
            members[member.Name] = member.Value;
        }

        return members;
    }

    // These two sections have no unrendered config. A key that is null has its default.
    private static Dictionary<string, JsonElement> WithDefaults(ManifestNode node)
    {
        var members = Members(node.Config);
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

    private static bool IsSame(Dictionary<string, JsonElement> head, Dictionary<string, JsonElement> old, string key) =>
        head.TryGetValue(key, out var now)
            ? old.TryGetValue(key, out var before) && JsonEquality.AreEqual(now, before)
            : !old.ContainsKey(key);

    private static bool IsSameOrNull(Dictionary<string, JsonElement> head, Dictionary<string, JsonElement> old, string key)
    {
        var now = head.GetValueOrDefault(key);
        var before = old.GetValueOrDefault(key);
        return IsNone(now) || IsNone(before) ? IsNone(now) && IsNone(before) : JsonEquality.AreEqual(now, before);

        static bool IsNone(JsonElement value) => value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;
    }

    private static HashSet<string> Ignored(ManifestSection section) => section switch
    {
        ManifestSection.Nodes or ManifestSection.Functions => RelationAndLabels,
        ManifestSection.Metrics => GroupOnly,
        _ => Nothing,
    };

    /// <summary>What differs between two configs.</summary>
    /// <param name="Keys">Keys that make <c>state:modified.configs</c>, sorted.</param>
    /// <param name="RelationKeys">Of database, schema and alias those that make <c>state:modified.relation</c>.</param>
    /// <param name="Excuse">Why all of them differ although nobody changed them; null when somebody may have changed one.</param>
    internal sealed record Result(IReadOnlyList<string> Keys, IReadOnlyList<string> RelationKeys, string? Excuse)
    {
        /// <summary>Nothing differs.</summary>
        public static Result Same { get; } = new([], [], null);
    }

    // Two configs and the calls they come from, each read only when it is needed.
    private sealed class Pair
    {
        private readonly Lazy<ConfigCall> _headCall;
        private readonly Lazy<ConfigCall> _oldCall;

        public Pair(ManifestNode head, ManifestNode old, DbtVersion version)
        {
            HeadNode = head;
            OldNode = old;
            _headCall = new Lazy<ConfigCall>(() => ConfigCall.In(head.RawCode));
            _oldCall = new Lazy<ConfigCall>(() => ConfigCall.In(old.RawCode));
            Head = Members(head.UnrenderedConfig);
            Written = Members(old.UnrenderedConfig);
            Old = version >= DbtVersion.ComparesUnrenderedValues && version < DbtVersion.Fusion ? ReadAnew() : Written;
        }

        public ManifestNode HeadNode { get; }

        public ManifestNode OldNode { get; }

        public ConfigCall HeadCall => _headCall.Value;

        public ConfigCall OldCall => _oldCall.Value;

        public Dictionary<string, JsonElement> Head { get; }

        // As the base manifest has it.
        public Dictionary<string, JsonElement> Written { get; }

        // As dbt compares it.
        public Dictionary<string, JsonElement> Old { get; }

        // When dbt 1.12 loads a state it reads the config() call of the old code anew, since older versions noted what it rendered to.
        private Dictionary<string, JsonElement> ReadAnew()
        {
            if (Written.Count == 0 || OldNode.RawCode.Length == 0)
            {
                return Written;
            }

            var anew = new Dictionary<string, JsonElement>(Written, StringComparer.Ordinal);
            foreach (var (key, value) in Head)
            {
                if (OldCall.HasSame(key, HeadCall) && HeadCall.IsSource(key, value))
                {
                    anew[key] = value;
                }
            }

            foreach (var key in Written.Keys.Where(key => OldCall.TextOf(key) is not null && !OldCall.HasSame(key, HeadCall)))
            {
                anew[key] = JsonElement.Parse($"\"{JsonEncodedText.Encode(OldCall.TextOf(key)!)}\"");
            }

            return anew;
        }
    }
}
