using System.Numerics;
using System.Runtime.CompilerServices;

namespace CiDiff.Warehouses;

/// <summary>A hash of 64 bits that PostgreSQL has built in and every other warehouse gets from us: Bob Jenkins' lookup3 with a seed, as in
/// <c>hashtextextended</c>.</summary>
/// <remarks>There are no spans and tuples within: what the framework does with them is inlined only once the process has run for a while, and most runs are shorter than that.
/// It spreads well and is not made against attackers. Numbers are taken as this machine stores them, lowest byte first. On a server whose processor stores numbers the other way round, or that keeps text in
/// another encoding than UTF-8, equal values have other hashes, and more rows are read than necessary; no answer changes.
/// http://burtleburtle.net/bob/hash/doobs.html,
/// https://github.com/postgres/postgres/blob/REL_15_STABLE/src/common/hashfn.c</remarks>
internal static unsafe class CommonHash
{
    private const uint Start = 0x9e3779b9 + 3923095;

    // 1970 and 2000, from which DuckDB and PostgreSQL count.
    private const long EpochDistance = 946_684_800_000_000;
    private const double MicrosecondsPerSecond = 1_000_000;
    private const ulong NotANumber = 0x7ff8_0000_0000_0000;

    // What a hash is hashed with once more.
    private const uint AnyNumber = 1;
    private const uint Negative = uint.MaxValue;
    private const uint Zero = 0;
    private const uint Positive = 1;

    // Decimals are hashed in groups of four digits: 38 before the point and 38 behind it at most.
    private const int Base = 10_000;
    private const int DigitsPerGroup = 4;
    private const int MostWholeDigits = 10;
    private const int MostDigits = 2 * MostWholeDigits;

    // With three zeros more, what is behind the point still fits in 64 bits.
    private const int QuickScale = 16;

    private static ReadOnlySpan<ulong> QuickPowers =>
    [
        1,
        10,
        100,
        1_000,
        10_000,
        100_000,
        1_000_000,
        10_000_000,
        100_000_000,
        1_000_000_000,
        10_000_000_000,
        100_000_000_000,
        1_000_000_000_000,
        10_000_000_000_000,
        100_000_000_000_000,
        1_000_000_000_000_000,
        10_000_000_000_000_000,
    ];

    /// <summary>Hashes a text.</summary>
    /// <param name="text">In UTF-8.</param>
    /// <param name="seed">What it is mixed with.</param>
    public static ulong Of(ReadOnlySpan<byte> text, ulong seed)
    {
        fixed (byte* first = text)
        {
            return Of(first, text.Length, seed);
        }
    }

    /// <summary>Hashes a text.</summary>
    /// <param name="text">In UTF-8.</param>
    /// <param name="length">How many bytes.</param>
    /// <param name="seed">What it is mixed with.</param>
    public static ulong Of(byte* text, int length, ulong seed)
    {
        Begin((uint)length, seed, out var a, out var b, out var c);
        var left = length;
        for (; left >= 12; left -= 12, text += 12)
        {
            a += Four(text);
            b += Four(text + 4);
            c += Four(text + 8);
            Mix(ref a, ref b, ref c);
        }

        // The lowest byte of the last part is the length's.
        if (left >= 8)
        {
            a += Four(text);
            b += Four(text + 4);
            c += Fewer(text + 8, left - 8) << 8;
        }
        else if (left >= 4)
        {
            a += Four(text);
            b += Fewer(text + 4, left - 4);
        }
        else
        {
            a += Fewer(text, left);
        }

        return End(a, b, c);
    }

    /// <summary>Hashes a whole number of 32 bits.</summary>
    /// <param name="number">Its bits.</param>
    /// <param name="seed">What it is mixed with.</param>
    public static ulong Of(uint number, ulong seed)
    {
        Begin(sizeof(uint), seed, out var a, out var b, out var c);
        return End(a + number, b, c);
    }

    /// <summary>Hashes a whole number.</summary>
    /// <param name="number">The number.</param>
    /// <param name="seed">What it is mixed with.</param>
    public static ulong Of(long number, ulong seed) => Folded(number, Of((uint)(number >> 32), seed));

    /// <summary>Hashes a floating point number; both zeros are one.</summary>
    /// <param name="number">The number.</param>
    /// <param name="seed">What it is mixed with.</param>
    public static ulong Of(double number, ulong seed) => Of(AnyNumber, OfOnce(number, seed));

    /// <summary>Hashes a decimal, the same for every scale that it can be written with.</summary>
    /// <param name="unscaled">The number without its point.</param>
    /// <param name="scale">How many digits are behind the point, 0 to 38.</param>
    /// <param name="seed">What it is mixed with.</param>
    /// <remarks>PostgreSQL hashes the digits of the number to the base of ten thousand without the zeros at both ends, and knows neither the sign nor, but in
    /// the lowest bits, the power of ten thousand: all is hashed once more.
    /// https://github.com/postgres/postgres/blob/REL_15_STABLE/src/backend/utils/adt/numeric.c</remarks>
    public static ulong Of(long unscaled, int scale, ulong seed)
    {
        if (scale > QuickScale || unscaled == long.MinValue)
        {
            return OfWide(unscaled, scale, seed);
        }

        if (unscaled == 0)
        {
            return Of(Zero, seed - 1);
        }

        var digits = stackalloc short[MostDigits];
        Digits((ulong)(unscaled < 0 ? -unscaled : unscaled), scale, digits, out var first, out var end);
        return OfDigits(digits, first, end, unscaled < 0, seed);
    }

    /// <summary>Hashes a decimal of up to 38 digits.</summary>
    public static ulong Of(Int128 unscaled, int scale, ulong seed)
    {
        if (unscaled == 0)
        {
            return Of(Zero, seed - 1);
        }

        var digits = stackalloc short[MostDigits];
        Digits((UInt128)(unscaled < 0 ? -unscaled : unscaled), scale, digits, out var first, out var end);
        return OfDigits(digits, first, end, unscaled < 0, seed);
    }

    /// <summary>Hashes a moment.</summary>
    /// <param name="microseconds">Since 1970; the largest number, and its negative, are infinite.</param>
    /// <param name="seed">What it is mixed with.</param>
    /// <remarks>As PostgreSQL does, which folds it: see <c>docs/adr/0007-fingerprints.md</c>.</remarks>
    public static ulong OfMoment(long microseconds, ulong seed) => microseconds switch
    {
        long.MaxValue => OfServersMoment(long.MaxValue, seed),
        -long.MaxValue => OfServersMoment(long.MinValue, seed),
        _ => OfServersMoment(microseconds - EpochDistance, seed),
    };

    // Folded, and in seconds: no two moments have both in common.
    private static ulong OfServersMoment(long microseconds, ulong seed) => Folded(microseconds, OfOnce(microseconds / MicrosecondsPerSecond, seed));

    // PostgreSQL's hash of zero is the seed itself.
    private static ulong OfOnce(double number, ulong seed)
    {
        if (number == 0)
        {
            return seed;
        }

        var bits = double.IsNaN(number) ? NotANumber : BitConverter.DoubleToUInt64Bits(number);
        Begin(sizeof(double), seed, out var a, out var b, out var c);
        return End(a + (uint)bits, b + (uint)(bits >> 32), c);
    }

    // By itself, because nothing with numbers of 128 bits is compiled ahead of time.
    private static ulong OfWide(long unscaled, int scale, ulong seed) => Of((Int128)unscaled, scale, seed);

    // Without the zeros at both ends. The weight is that of the first group, and of the one before the point it is 0.
    private static ulong OfDigits(short* digits, int first, int end, bool isNegative, ulong seed)
    {
        while (digits[first] == 0)
        {
            first++;
        }

        while (digits[end - 1] == 0)
        {
            end--;
        }

        var weight = MostWholeDigits - 1 - first;
        return Of(isNegative ? Negative : Positive, Of((byte*)(digits + first), (end - first) * sizeof(short), seed) ^ (ulong)weight);
    }

    // From the last group before the point on to the first, and behind the point from the first on.
    private static void Digits(ulong magnitude, int scale, short* digits, out int first, out int end)
    {
        var point = QuickPowers[scale];
        var (whole, part) = (magnitude / point, magnitude % point);
        first = MostWholeDigits;
        for (; whole > 0; whole /= Base)
        {
            digits[--first] = (short)(whole % Base);
        }

        var groups = (scale + DigitsPerGroup - 1) / DigitsPerGroup;
        part *= QuickPowers[(groups * DigitsPerGroup) - scale];
        for (var group = groups - 1; group >= 0; group--, part /= Base)
        {
            digits[MostWholeDigits + group] = (short)(part % Base);
        }

        end = MostWholeDigits + groups;
    }

    private static void Digits(UInt128 magnitude, int scale, short* digits, out int first, out int end)
    {
        // Digit by digit: 38 of them and three more do not fit in 128 bits.
        end = MostWholeDigits + ((scale + DigitsPerGroup - 1) / DigitsPerGroup);
        var place = end;
        var (group, power) = (0, (int)QuickPowers[((end - MostWholeDigits) * DigitsPerGroup) - scale]);
        for (; magnitude > 0; magnitude /= 10)
        {
            group += (int)(magnitude % 10) * power;
            power *= 10;
            if (power == Base)
            {
                digits[--place] = (short)group;
                (group, power) = (0, 1);
            }
        }

        if (group > 0)
        {
            digits[--place] = (short)group;
        }

        // Zeros between the point and the first digit.
        for (first = Math.Min(place, MostWholeDigits); place > first;)
        {
            digits[--place] = 0;
        }
    }

    // PostgreSQL's hash of a bigint folds it to 32 bits, so that the same number has the same hash in every type.
    private static ulong Folded(long number, ulong seed)
    {
        var (lower, upper) = ((uint)number, (uint)(number >> 32));
        return Of(lower ^ (number >= 0 ? upper : ~upper), seed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Four(byte* text) => *(uint*)text;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Fewer(byte* text, int count)
    {
        uint bytes = 0;
        for (var i = 0; i < count; i++)
        {
            bytes |= (uint)text[i] << (8 * i);
        }

        return bytes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Begin(uint length, ulong seed, out uint a, out uint b, out uint c)
    {
        a = b = c = Start + length;
        if (seed != 0)
        {
            a += (uint)(seed >> 32);
            b += (uint)seed;
            Mix(ref a, ref b, ref c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(ref uint a, ref uint b, ref uint c)
    {
        Step(ref a, ref c, ref b, 4);
        Step(ref b, ref a, ref c, 6);
        Step(ref c, ref b, ref a, 8);
        Step(ref a, ref c, ref b, 16);
        Step(ref b, ref a, ref c, 19);
        Step(ref c, ref b, ref a, 4);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Step(ref uint x, ref uint y, ref uint z, int bits)
        {
            x -= y;
            x ^= BitOperations.RotateLeft(y, bits);
            y += z;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong End(uint a, uint b, uint c)
    {
        c = (c ^ b) - BitOperations.RotateLeft(b, 14);
        a = (a ^ c) - BitOperations.RotateLeft(c, 11);
        b = (b ^ a) - BitOperations.RotateLeft(a, 25);
        c = (c ^ b) - BitOperations.RotateLeft(b, 16);
        a = (a ^ c) - BitOperations.RotateLeft(c, 4);
        b = (b ^ a) - BitOperations.RotateLeft(a, 14);
        c = (c ^ b) - BitOperations.RotateLeft(b, 24);
        return ((ulong)b << 32) | c;
    }
}
