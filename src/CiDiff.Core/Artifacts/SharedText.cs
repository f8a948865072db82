namespace CiDiff.Artifacts;

/// <summary>Keeps one copy of each text and of each piece of JSON, for both sides of a comparison and from several threads.</summary>
/// <remarks>Most of a manifest is repeated: the same names, the same configs, and nearly all code is the same in base and head. Sharing
/// it halves the memory, and makes most comparisons a comparison of references.</remarks>
internal sealed class SharedText
{
    // Two sides are read side by side; the more shards, the seldomer one waits for the other.
    private const int Shards = 64;

    private readonly HashSet<string>[] _texts = new HashSet<string>[Shards];
    private readonly HashSet<byte[]>[] _fragments = new HashSet<byte[]>[Shards];

    public SharedText()
    {
        for (var shard = 0; shard < Shards; shard++)
        {
            _texts[shard] = new HashSet<string>(StringComparer.Ordinal);
            _fragments[shard] = new HashSet<byte[]>(BytesComparer.Instance);
        }
    }

    /// <summary>The shared copy of a text.</summary>
    public string Text(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return "";
        }

        var set = _texts[Shard(text.Length, text[0], text[text.Length / 2], text[^1])];
        lock (set)
        {
            var lookup = set.GetAlternateLookup<ReadOnlySpan<char>>();
            if (!lookup.TryGetValue(text, out var known))
            {
                known = text.ToString();
                set.Add(known);
            }

            return known;
        }
    }

    /// <summary>The shared copy of a piece of JSON.</summary>
    public JsonFragment Fragment(ReadOnlySpan<byte> json)
    {
        var set = _fragments[Shard(json.Length, json[0], json[json.Length / 2], json[^1])];
        lock (set)
        {
            var lookup = set.GetAlternateLookup<ReadOnlySpan<byte>>();
            if (!lookup.TryGetValue(json, out var known))
            {
                known = json.ToArray();
                set.Add(known);
            }

            return new JsonFragment(known);
        }
    }

    private static int Shard(int length, int first, int middle, int last) =>
        ((length * 31) ^ first ^ (middle * 7) ^ (last * 13)) & (Shards - 1);
}
