namespace CiDiff.Artifacts;

/// <summary>Mends the three words that Python writes for numbers and JSON does not have.</summary>
internal static class PythonNumbers
{
    private static readonly byte[][] Words = ["NaN"u8.ToArray(), "-Infinity"u8.ToArray(), "Infinity"u8.ToArray()];

    /// <summary>Puts quotes around <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> where they stand as values.</summary>
    public static byte[] Quote(ReadOnlySpan<byte> json)
    {
        var quoted = new List<byte>(json.Length + 16);
        var inText = false;
        for (var at = 0; at < json.Length; at++)
        {
            var next = json[at];
            if (inText)
            {
                quoted.Add(next);
                if (next == (byte)'\\' && at + 1 < json.Length)
                {
                    quoted.Add(json[++at]);
                }
                else if (next == (byte)'"')
                {
                    inText = false;
                }

                continue;
            }

            if (WordAt(json[at..]) is { } word)
            {
                quoted.Add((byte)'"');
                quoted.AddRange(word);
                quoted.Add((byte)'"');
                at += word.Length - 1;
                continue;
            }

            inText = next == (byte)'"';
            quoted.Add(next);
        }

        return [.. quoted];
    }

    private static byte[]? WordAt(ReadOnlySpan<byte> json)
    {
        foreach (var word in Words)
        {
            if (json.StartsWith(word))
            {
                return word;
            }
        }

        return null;
    }
}
