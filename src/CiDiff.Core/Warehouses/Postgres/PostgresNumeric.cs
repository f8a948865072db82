using System.Buffers.Binary;

namespace CiDiff.Warehouses.Postgres;

/// <summary>Reads what <c>numeric_send</c> writes: how many digits to the base 10,000, the power of the first one, the sign, how many decimals are shown, and
/// the digits, all in 16 bits each.</summary>
internal static class PostgresNumeric
{
    private const int DigitsAt = 8;
    private const int DecimalsOfDigit = 4;
    private const ushort Positive = 0;
    private const ushort Negative = 0x4000;

    // More have no place in 128 bits.
    private const int MostDecimals = 38;

    // As many decimals as 64 bits always hold, so that most numbers need no more.
    private const int FewDecimals = 18;

    private static readonly Int128[] Powers = Enumerable.Range(0, MostDecimals + 1)
        .Select(power => Enumerable.Repeat((Int128)10, power).Aggregate(Int128.One, (product, ten) => product * ten))
        .ToArray();

    private static readonly long[] SmallPowers = [.. Powers[..(FewDecimals + 1)].Select(power => (long)power)];

    /// <summary>A power of ten, up to 10^38.</summary>
    public static Int128 PowerOfTen(int power) => Powers[power];

    /// <summary>Whether it is a number, and neither NaN nor infinite.</summary>
    public static bool IsFinite(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadUInt16BigEndian(value[4..]) is Positive or Negative;

    /// <summary>A number times a power of ten.</summary>
    /// <param name="value">As the server sent it.</param>
    /// <param name="scale">The power, up to 38.</param>
    /// <param name="number">The product.</param>
    /// <returns>False when it is no whole number, or has more than 38 digits: also for NaN and infinities.</returns>
    public static bool TryScale(ReadOnlySpan<byte> value, int scale, out Int128 number)
    {
        number = 0;
        var digits = BinaryPrimitives.ReadInt16BigEndian(value);
        var weight = BinaryPrimitives.ReadInt16BigEndian(value[2..]);
        var sign = BinaryPrimitives.ReadUInt16BigEndian(value[4..]);
        if (sign is not (Positive or Negative))
        {
            return false;
        }

        // Of a digit's unit. No later digit has a greater one.
        var power = (weight * DecimalsOfDigit) + scale;
        var isSmall = power + DecimalsOfDigit <= FewDecimals;
        var small = 0L;
        for (var index = 0; index < digits; index++, power -= DecimalsOfDigit)
        {
            var digit = BinaryPrimitives.ReadInt16BigEndian(value[(DigitsAt + (2 * index))..]);
            if (power < 0)
            {
                // Decimals beyond the last one that counts must be zeros.
                var beyond = SmallPowers[Math.Min(-power, DecimalsOfDigit)];
                if (digit % beyond != 0)
                {
                    return false;
                }

                small += digit / beyond;
            }
            else if (isSmall)
            {
                small += digit * SmallPowers[power];
            }
            else if (digit >= Powers[Math.Max(0, MostDecimals - power)])
            {
                return false;
            }
            else
            {
                number += digit * Powers[power];
            }
        }

        number += small;
        number = sign == Negative ? -number : number;
        return true;
    }
}
