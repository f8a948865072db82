using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>JSON in one spelling per value, that of PostgreSQL's <c>jsonb</c>: keys in the order of their lengths and then of their bytes, the last of
/// equal keys, a blank behind each comma and colon; but numbers without needless digits. What <c>cidiff_json</c> does to its argument.</summary>
/// <remarks>DuckDB compares JSON as the text that it is, and has nothing that sorts keys. Numbers are kept exactly, whatever their length.
/// What is no JSON to .NET (half a surrogate pair, NaN) stays as it is.</remarks>
internal static class DuckDbJson
{
    private const int MaxDepth = 1000;

    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, ' ').Select(code => (char)code), '"', '\\']);

    // Numbers whose point would be further out than this are written with an exponent.
    private const int PlainDigits = 40;

    // Lengths in bytes; the order of UTF-16 is that of the bytes, but for the few characters beyond the surrogates.
    private static readonly Comparer<string> ByLength = Comparer<string>.Create((one, other) =>
        (Encoding.UTF8.GetByteCount(one), Encoding.UTF8.GetByteCount(other)) is var (first, second) && first != second
            ? first.CompareTo(second)
            : string.CompareOrdinal(one, other));

    /// <summary>The value in its one spelling, in UTF-8.</summary>
    public static ReadOnlyMemory<byte> Canonical(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            var output = new ArrayBufferWriter<byte>(json.Length);
            WriteValue(ref reader, output);
            return reader.Read() ? json.ToArray() : output.WrittenMemory;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return json.ToArray();
        }
    }

    private static void WriteValue(ref Utf8JsonReader reader, ArrayBufferWriter<byte> output)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                WriteObject(ref reader, output);
                break;
            case JsonTokenType.StartArray:
                output.Write("["u8);
                for (var isFirst = true; reader.Read() && reader.TokenType != JsonTokenType.EndArray; isFirst = false)
                {
                    output.Write(isFirst ? ""u8 : ", "u8);
                    WriteValue(ref reader, output);
                }

                output.Write("]"u8);
                break;
            case JsonTokenType.String:
                WriteText(reader.GetString()!, output);
                break;
            case JsonTokenType.Number:
                output.Write(Encoding.ASCII.GetBytes(Number(Encoding.ASCII.GetString(reader.ValueSpan))));
                break;
            default:
                output.Write(reader.ValueSpan);
                break;
        }
    }

    private static void WriteObject(ref Utf8JsonReader reader, ArrayBufferWriter<byte> output)
    {
        var members = new SortedDictionary<string, ReadOnlyMemory<byte>>(ByLength);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            var value = new ArrayBufferWriter<byte>();
            WriteValue(ref reader, value);
            members[name] = value.WrittenMemory;
        }

        output.Write("{"u8);
        var isFirst = true;
        foreach (var (name, value) in members)
        {
            output.Write(isFirst ? ""u8 : ", "u8);
            WriteText(name, output);
            output.Write(": "u8);
            output.Write(value.Span);
            isFirst = false;
        }

        output.Write("}"u8);
    }

    private static void WriteText(string text, ArrayBufferWriter<byte> output)
    {
        output.Write("\""u8);
        var rest = text.AsSpan();
        while (rest.IndexOfAny(Escaped) is var place and >= 0)
        {
            Encoding.UTF8.GetBytes(rest[..place], output);
            var escape = rest[place] switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                var other => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)other:x4}"),
            };
            Encoding.UTF8.GetBytes(escape, output);
            rest = rest[(place + 1)..];
        }

        Encoding.UTF8.GetBytes(rest, output);
        output.Write("\""u8);
    }

    /// <summary>1.50, 15e-1 and 0.15E+1 are all 1.5; -0 is 0.</summary>
    private static string Number(string text)
    {
        var isNegative = text[0] == '-';
        var start = isNegative ? 1 : 0;
        var mark = text.AsSpan().IndexOfAny('e', 'E');
        var mantissa = mark < 0 ? text[start..] : text[start..mark];
        if (!int.TryParse(mark < 0 ? "0" : text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent)
            || Math.Abs((long)exponent) > int.MaxValue / 2)
        {
            return text;
        }

        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = (point < 0 ? mantissa : mantissa.Remove(point, 1)).TrimStart('0');
        exponent -= point < 0 ? 0 : mantissa.Length - point - 1;
        var significant = digits.TrimEnd('0');
        exponent += digits.Length - significant.Length;
        if (significant.Length == 0)
        {
            return "0";
        }

        var sign = isNegative ? "-" : "";
        var whole = significant.Length + exponent; // digits before the point
        return whole switch
        {
            > PlainDigits or < -PlainDigits => string.Create(CultureInfo.InvariantCulture, $"{sign}{significant}e{exponent}"),
            _ when exponent >= 0 => sign + significant + new string('0', exponent),
            <= 0 => $"{sign}0.{new string('0', -whole)}{significant}",
            _ => $"{sign}{significant[..whole]}.{significant[whole..]}",
        };
    }
}
