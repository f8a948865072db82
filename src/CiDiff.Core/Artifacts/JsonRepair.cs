using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace CiDiff.Artifacts;

/// <summary>Mends what Python writes and no JSON reader takes.</summary>
internal static class JsonRepair
{
    private static readonly byte[][] Words = ["NaN"u8.ToArray(), "-Infinity"u8.ToArray(), "Infinity"u8.ToArray()];

    /// <summary>Puts U+FFFD where a text holds half of a surrogate pair, or bytes that are no UTF-8; the same bytes when there is
    /// nothing to mend.</summary>
    public static ReadOnlySpan<byte> Texts(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        }

        return json.IndexOf("\\ud"u8) >= 0 || json.IndexOf("\\uD"u8) >= 0 ? Surrogates(json.ToArray()) : json;
    }

    /// <summary>Puts quotes around <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> where they stand as values.</summary>
    public static byte[] Numbers(ReadOnlySpan<byte> json)
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

    // An emoji is a high half followed by a low one, and stays.
    private static byte[] Surrogates(byte[] json)
    {
        for (var at = 0; at < json.Length; at++)
        {
            if (json[at] != (byte)'\\')
            {
                continue;
            }

            if (Escape(json, at) is not { } first || !char.IsSurrogate(first))
            {
                at++;
            }
            else if (char.IsHighSurrogate(first) && Escape(json, at + 6) is { } second && char.IsLowSurrogate(second))
            {
                at += 11;
            }
            else
            {
                "fffd"u8.CopyTo(json.AsSpan(at + 2));
                at += 5;
            }
        }

        return json;
    }

    private static char? Escape(byte[] json, int at) =>
        at + 6 <= json.Length && json[at] == (byte)'\\' && json[at + 1] == (byte)'u'
        && ushort.TryParse(json.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            ? (char)code
            : null;
}
