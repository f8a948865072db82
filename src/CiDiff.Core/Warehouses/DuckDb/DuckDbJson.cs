using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>JSON in one spelling per value: keys in the order of their bytes, the last of equal keys, no blanks, numbers without needless digits.
/// What <c>cidiff_json</c> does to its argument.</summary>
/// <remarks>DuckDB compares JSON as the text that it is, and has nothing that sorts keys. Numbers are kept exactly, whatever their length.
/// What is no JSON to .NET (half a surrogate pair, NaN) stays as it is.</remarks>
internal static class DuckDbJson
{
    private const int MaxDepth = 1000;

    // Numbers whose point would be further out than this are written with an exponent.
    private const int PlainDigits = 40;

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
                    output.Write(isFirst ? ""u8 : ","u8);
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
        var members = new SortedDictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
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
            output.Write(isFirst ? ""u8 : ","u8);
            WriteText(name, output);
            output.Write(":"u8);
            output.Write(value.Span);
            isFirst = false;
        }

        output.Write("}"u8);
    }

    private static void WriteText(string text, ArrayBufferWriter<byte> output)
    {
        output.Write("\""u8);
        output.Write(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
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
