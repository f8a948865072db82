using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace CiDiff.Artifacts;

/// <summary>Turns JSON texts into shared strings, forgiving what Python writes and .NET refuses.</summary>
/// <remarks>Not for several threads at once: it reuses one buffer.</remarks>
internal sealed class JsonText(SharedText shared)
{
    private char[] _scratch = new char[4096];

    /// <summary>The text of the reader's token; null for null. A number or boolean is given as written; a list or object is stepped
    /// over and is null.</summary>
    public string? Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String or JsonTokenType.PropertyName:
                return shared.Text(Decode(ref reader));
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                return shared.Text(Encoding.UTF8.GetString(reader.ValueSpan));
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                reader.Skip();
                return null;
            default:
                return null;
        }
    }

    /// <summary>The text of a member's name as the scanner gives it: without quotes, escapes still in it.</summary>
    public string Name(ReadOnlySpan<byte> written)
    {
        EnsureScratch(written.Length);
        var length = written.Contains((byte)'\\')
            ? DecodeLeniently(written)
            : Encoding.UTF8.GetChars(written, _scratch);
        return shared.Text(_scratch.AsSpan(0, length));
    }

    /// <summary>A list of texts; a single text is a list of one, and everything else is empty.</summary>
    public IReadOnlyList<string> ReadList(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return Read(ref reader) is { } single ? [single] : [];
        }

        List<string>? list = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (Read(ref reader) is { } item)
            {
                (list ??= []).Add(item);
            }
        }

        return list is null ? [] : list.ToArray();
    }

    /// <summary>The value at the reader's token as it is written; the reader ends on its last token.</summary>
    /// <param name="reader">Over <paramref name="json"/>, from its first byte.</param>
    /// <param name="json">What the reader reads.</param>
    public JsonFragment Fragment(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return shared.Fragment(json[start..(int)reader.BytesConsumed]);
    }

    /// <summary>The shared copy of a piece of JSON.</summary>
    public JsonFragment Fragment(ReadOnlySpan<byte> json) => shared.Fragment(json);

    private ReadOnlySpan<char> Decode(ref Utf8JsonReader reader)
    {
        // The decoded text never has more characters than the written one has bytes.
        EnsureScratch(reader.ValueSpan.Length);
        try
        {
            return _scratch.AsSpan(0, reader.CopyString(_scratch));
        }
        catch (InvalidOperationException)
        {
            return _scratch.AsSpan(0, DecodeLeniently(reader.ValueSpan));
        }
    }

    // Half of a surrogate pair stays half, as in Python; bytes that are no UTF-8 become U+FFFD.
    private int DecodeLeniently(ReadOnlySpan<byte> written)
    {
        var text = Encoding.UTF8.GetString(written);
        var length = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var next = text[at];
            if (next == '\\' && at + 1 < text.Length)
            {
                at++;
                next = text[at] switch
                {
                    'b' => '\b',
                    'f' => '\f',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' when at + 4 < text.Length
                        && ushort.TryParse(text.AsSpan(at + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code)
                        => (char)code,
                    var other => other,
                };
                if (text[at] == 'u')
                {
                    at += 4;
                }
            }

            _scratch[length++] = next;
        }

        return length;
    }

    private void EnsureScratch(int length)
    {
        if (_scratch.Length < length)
        {
            _scratch = new char[BitOperations.RoundUpToPowerOf2((uint)length)];
        }
    }
}
