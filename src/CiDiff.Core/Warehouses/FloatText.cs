using System.Globalization;
using System.Numerics;

namespace CiDiff.Warehouses;

/// <summary>Floating point numbers as PostgreSQL writes them: the fewest digits that read back as the same number, with an exponent where it is below
/// -4 or has more digits than the type holds exactly. Negative zero is zero.</summary>
/// <remarks>For a few numbers beyond 2^53 the server takes a digit more.
/// https://github.com/postgres/postgres/blob/REL_15_STABLE/src/common/d2s.c</remarks>
internal static class FloatText
{
    /// <summary>The most bytes that a number takes.</summary>
    public const int MaxLength = 32;

    private const int DoubleDigits = 15;
    private const int SingleDigits = 6;

    /// <summary>Writes a number.</summary>
    /// <returns>How many bytes it took.</returns>
    public static int Write(double number, Span<byte> text) => Write(number, DoubleDigits, text);

    /// <summary>Writes a number.</summary>
    /// <returns>How many bytes it took.</returns>
    public static int Write(float number, Span<byte> text) => Write(number, SingleDigits, text);

    private static int Write<T>(T number, int plainDigits, Span<byte> text)
        where T : IBinaryFloatingPointIeee754<T>
    {
        if (T.IsNaN(number))
        {
            return Copy("NaN"u8, text);
        }

        if (T.IsInfinity(number))
        {
            return Copy(T.IsNegative(number) ? "-Infinity"u8 : "Infinity"u8, text);
        }

        if (T.IsZero(number))
        {
            return Copy("0"u8, text);
        }

        // .NET gives the same digits, but puts the point and the exponent elsewhere.
        Span<byte> shortest = stackalloc byte[MaxLength];
        number.TryFormat(shortest, out var length, "R", CultureInfo.InvariantCulture);
        shortest = shortest[..length];
        var isNegative = shortest[0] == '-';
        Span<byte> digits = stackalloc byte[MaxLength];
        var (count, point, exponent, isBehindPoint) = (0, 0, 0, false);
        for (var place = isNegative ? 1 : 0; place < shortest.Length; place++)
        {
            switch (shortest[place])
            {
                case (byte)'.':
                    isBehindPoint = true;
                    break;
                case (byte)'E':
                    exponent = int.Parse(shortest[(place + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                    place = shortest.Length;
                    break;
                case (byte)'0' when count == 0:
                    point -= isBehindPoint ? 1 : 0;
                    break;
                case var digit:
                    digits[count++] = digit;
                    point += isBehindPoint ? 0 : 1;
                    break;
            }
        }

        while (digits[count - 1] == '0')
        {
            count--;
        }

        return Write(isNegative, digits[..count], point + exponent - 1, plainDigits, text);
    }

    // The exponent is that of the first digit.
    private static int Write(bool isNegative, ReadOnlySpan<byte> digits, int exponent, int plainDigits, Span<byte> text)
    {
        var end = 0;
        if (isNegative)
        {
            text[end++] = (byte)'-';
        }

        if (exponent < -4 || exponent >= plainDigits)
        {
            text[end++] = digits[0];
            if (digits.Length > 1)
            {
                text[end++] = (byte)'.';
                end += Copy(digits[1..], text[end..]);
            }

            text[end++] = (byte)'e';
            text[end++] = exponent < 0 ? (byte)'-' : (byte)'+';
            Math.Abs(exponent).TryFormat(text[end..], out var length, "00", CultureInfo.InvariantCulture);
            return end + length;
        }

        if (exponent < 0)
        {
            end += Copy("0."u8, text[end..]);
            text.Slice(end, -exponent - 1).Fill((byte)'0');
            end += -exponent - 1;
            return end + Copy(digits, text[end..]);
        }

        var whole = Math.Min(exponent + 1, digits.Length);
        end += Copy(digits[..whole], text[end..]);
        text.Slice(end, exponent + 1 - whole).Fill((byte)'0');
        end += exponent + 1 - whole;
        if (whole < digits.Length)
        {
            text[end++] = (byte)'.';
            end += Copy(digits[whole..], text[end..]);
        }

        return end;
    }

    private static int Copy(ReadOnlySpan<byte> bytes, Span<byte> to)
    {
        bytes.CopyTo(to);
        return bytes.Length;
    }
}
