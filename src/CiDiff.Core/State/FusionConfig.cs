using System.Text.Json;
using CiDiff.Artifacts;

namespace CiDiff.State;

/// <summary>How configs compare when one of two manifests was written by dbt 2 and the other by dbt 1.</summary>
/// <remarks>dbt 2 leaves out what is empty, writes hooks with an underscore, and moves keys it does not know into <c>meta</c>.</remarks>
internal static class FusionConfig
{
    /// <summary>A config's value, wherever it was put; null when it is absent, null or empty.</summary>
    public static JsonElement? Value(JsonFragment config, string key)
    {
        var parsed = config.Parse();
        return NamesOf(key).Select(name => Filled(parsed.Member(name))).FirstOrDefault(value => value is not null)
            ?? Filled(parsed.Member("meta").Member(key));
    }

    /// <summary>Whether two configs have the same value for a key.</summary>
    public static bool AreSame(string key, JsonFragment head, JsonFragment old)
    {
        if (key == "meta")
        {
            var keys = head.Parse().Member("meta").Members().Concat(old.Parse().Member("meta").Members()).Select(member => member.Name);
            return keys.All(name => AreSame(name, head, old));
        }

        var (now, before) = (Value(head, key), Value(old, key));
        return NamesOf(key).Count == 1
            ? JsonEquality.AreEqual(now, before)
            : Hooks(now).Order(StringComparer.Ordinal).SequenceEqual(Hooks(before).Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static IReadOnlyList<string> NamesOf(string key) => key switch
    {
        "pre-hook" or "pre_hook" => ["pre-hook", "pre_hook"],
        "post-hook" or "post_hook" => ["post-hook", "post_hook"],
        _ => [key],
    };

    // A hook is a text or an object; several are a list, of which the order does not matter here.
    private static IEnumerable<string> Hooks(JsonElement? value) => value switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().SelectMany(item => Hooks(item)),
        { ValueKind: JsonValueKind.Object } hook => [hook.Member("sql")?.ToString() ?? hook.GetRawText()],
        { } text => [text.ToString()],
    };

    private static JsonElement? Filled(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!.Length == 0 ? null : text,
        { ValueKind: JsonValueKind.Array } list => list.GetArrayLength() == 0 ? null : list,
        { ValueKind: JsonValueKind.Object } members => members.EnumerateObject().Any() ? members : null,
        _ => value,
    };
}
