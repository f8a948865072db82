using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace CiDiff.Artifacts;

/// <summary>A handful of named pieces of JSON: smaller than a dictionary, of which there would be one for each node.</summary>
internal sealed class JsonFragmentMap(KeyValuePair<string, JsonFragment>[] members) : IReadOnlyDictionary<string, JsonFragment>
{
    public static JsonFragmentMap Empty { get; } = new([]);

    public IEnumerable<string> Keys => members.Select(member => member.Key);

    public IEnumerable<JsonFragment> Values => members.Select(member => member.Value);

    public int Count => members.Length;

    public JsonFragment this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out JsonFragment value)
    {
        // The last of two equal names wins, as in Python.
        for (var index = members.Length - 1; index >= 0; index--)
        {
            if (members[index].Key == key)
            {
                value = members[index].Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    public IEnumerator<KeyValuePair<string, JsonFragment>> GetEnumerator() => members.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
