using System.Numerics;
using System.Text;
using System.Text.Json;

namespace CiDiff.Artifacts;

/// <summary>Turns JSON texts into shared strings.</summary>
/// <remarks>Not for several threads at once: it reuses one buffer. What it reads went through <see cref="JsonRepair.Texts"/>.</remarks>
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
    /// <exception cref="JsonException">It has an escape that JSON does not know.</exception>
    public string Name(ReadOnlySpan<byte> written)
    {
        if (Ascii.IsValid(written) && !written.Contains((byte)'\\'))
        {
            EnsureScratch(written.Length);
            return shared.Text(_scratch.AsSpan(0, Encoding.ASCII.GetChars(written, _scratch)));
        }

        var reader = new Utf8JsonReader(JsonRepair.Texts((byte[])[(byte)'"', .. written, (byte)'"']));
        reader.Read();
        return Read(ref reader)!;
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
        return _scratch.AsSpan(0, reader.CopyString(_scratch));
    }

    private void EnsureScratch(int length)
    {
        if (_scratch.Length < length)
        {
            _scratch = new char[BitOperations.RoundUpToPowerOf2((uint)length)];
        }
    }
}
