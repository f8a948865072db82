using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CiDiff.Warehouses;

/// <summary>A hash of 64 bits that PostgreSQL has built in and every other warehouse gets from us: Bob Jenkins' lookup3 with a seed, as in
/// <c>hashtextextended</c>.</summary>
/// <remarks>It spreads well and is not made against attackers. Numbers are taken as this machine stores them, lowest byte first. On a server whose processor stores numbers the other way round, or that keeps text in
/// another encoding than UTF-8, equal values have other hashes, and more rows are read than necessary; no answer changes.
/// http://burtleburtle.net/bob/hash/doobs.html,
/// https://github.com/postgres/postgres/blob/REL_15_STABLE/src/common/hashfn.c</remarks>
internal static class CommonHash
{
    private const uint Start = 0x9e3779b9 + 3923095;

    // 1970 and 2000, from which DuckDB and PostgreSQL count.
    private const long EpochDistance = 946_684_800_000_000;
    private const ulong NotANumber = 0x7ff8_0000_0000_0000;

    // What a hash is hashed with once more.
    private const uint AnyNumber = 1;
    private const uint Negative = 1;
    private const uint Zero = 2;
    private const uint Positive = 3;

    // Decimals are hashed in groups of four digits: 38 before the point and 38 behind it at most.
    private const int Base = 10_000;
    private const int DigitsPerGroup = 4;
    private const int MostWholeDigits = 10;
    private const int MostDigits = 2 * MostWholeDigits;

    // With three zeros more, what is behind the point still fits in 64 bits.
    private const int QuickScale = 16;

    private static readonly ulong[] QuickPowers = [.. Enumerable.Range(0, QuickScale + 1).Select(power => (ulong)Math.Pow(10, power))];

    /// <summary>Hashes a text.</summary>
    /// <param name="text">In UTF-8.</param>
    /// <param name="seed">What it is mixed with.</param>
    public static ulong Of(ReadOnlySpan<byte> text, ulong seed)
    {
        ref var first = ref MemoryMarshal.GetReference(text);
        var (a, b, c) = Begin((uint)text.Length, seed);
        var place = 0;
        for (; text.Length - place >= 12; place += 12)
        {
            a += Four(ref first, place);
            b += Four(ref first, place + 4);
            c += Four(ref first, place + 8);
            Mix(ref a, ref b, ref c);
        }

        // The lowest byte of the last part is the length's.
        var left = text.Length - place;
        if (left >= 8)
        {
            a += Four(ref first, place);
            b += Four(ref first, place + 4);
            c += Fewer(ref first, place + 8, left - 8) << 8;
        }
        else if (left >= 4)
        {
            a += Four(ref first, place);
            b += Fewer(ref first, place + 4, left - 4);
        }
        else
        {
            a += Fewer(ref first, place, left);
        }

        return End(a, b, c);
    }

    /// <summary>Hashes a whole number of 32 bits.</summary>
    /// <param name="number">Its bits.</param>
    /// <param name="seed">What it is mixed with.</param>
    public static ulong Of(uint number, ulong seed)
    {
        var (a, b, c) = Begin(sizeof(uint), seed);
        return End(a + number, b, c);
    }

    /// <summary>Hashes a whole number.</summary>
    /// <param name="number">The number.</param>
    /// <param name="seed">What it is mixed with.</param>
    public static ulong Of(long number, ulong seed) => Folded(number, Of((uint)(number >> 32), seed));

    /// <summary>Hashes a floating point number; both zeros are one.</summary>
    /// <param name="number">The number.</param>
    /// <param name="seed">What it is mixed with.</param>
    public static ulong Of(double number, ulong seed)
    {
        // PostgreSQL's hash of zero is the seed itself.
        if (number == 0)
        {
            return Of(AnyNumber, seed);
        }

        var bits = double.IsNaN(number) ? NotANumber : BitConverter.DoubleToUInt64Bits(number);
        var (a, b, c) = Begin(sizeof(double), seed);
        return Of(AnyNumber, End(a + (uint)bits, b + (uint)(bits >> 32), c));
    }

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

        Span<short> digits = stackalloc short[MostDigits];
        var (weight, first, count) = Digits((ulong)Math.Abs(unscaled), scale, digits);
        return OfDigits(digits.Slice(first, count), weight, unscaled < 0, seed);
    }

    /// <summary>Hashes a decimal of up to 38 digits.</summary>
    public static ulong Of(Int128 unscaled, int scale, ulong seed)
    {
        if (unscaled == 0)
        {
            return Of(Zero, seed - 1);
        }

        Span<short> digits = stackalloc short[MostDigits];
        var (weight, first, count) = Digits((UInt128)(unscaled < 0 ? -unscaled : unscaled), scale, digits);
        return OfDigits(digits.Slice(first, count), weight, unscaled < 0, seed);
    }

    /// <summary>Hashes a moment.</summary>
    /// <param name="microseconds">Since 1970; the largest number, and its negative, are infinite.</param>
    /// <param name="seed">What it is mixed with.</param>
    /// <remarks>As PostgreSQL does, which folds it: see <c>docs/adr/0007-fingerprints.md</c>.</remarks>
    public static ulong OfMoment(long microseconds, ulong seed) => microseconds switch
    {
        long.MaxValue => Folded(long.MaxValue, seed),
        -long.MaxValue => Folded(long.MinValue, seed),
        _ => Folded(microseconds - EpochDistance, seed),
    };

    // By itself, because nothing with numbers of 128 bits is compiled ahead of time.
    private static ulong OfWide(long unscaled, int scale, ulong seed) => Of((Int128)unscaled, scale, seed);

    private static ulong OfDigits(Span<short> digits, int weight, bool isNegative, ulong seed) =>
        Of(isNegative ? Negative : Positive, Of(MemoryMarshal.AsBytes(digits), seed) ^ (ulong)weight);

    // From the last group before the point on to the first, and behind the point from the first on; where the first that is not zero is, and how many there are from
    // it to the last that is not zero.
    private static (int Weight, int First, int Count) Digits(ulong magnitude, int scale, Span<short> digits)
    {
        var point = QuickPowers[scale];
        var (whole, part) = (magnitude / point, magnitude % point);
        var place = MostWholeDigits;
        for (; whole > 0; whole /= Base)
        {
            digits[--place] = (short)(whole % Base);
        }

        var groups = (scale + DigitsPerGroup - 1) / DigitsPerGroup;
        part *= QuickPowers[(groups * DigitsPerGroup) - scale];
        for (var group = groups - 1; group >= 0; group--, part /= Base)
        {
            digits[MostWholeDigits + group] = (short)(part % Base);
        }

        return Trimmed(digits, place, MostWholeDigits + groups);
    }

    private static (int Weight, int First, int Count) Digits(UInt128 magnitude, int scale, Span<short> digits)
    {
        // Digit by digit: 38 of them and three more do not fit in 128 bits.
        var place = MostWholeDigits + ((scale + DigitsPerGroup - 1) / DigitsPerGroup);
        var end = place;
        var (group, power) = (0, (int)Math.Pow(10, ((end - MostWholeDigits) * DigitsPerGroup) - scale));
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
        digits[Math.Min(place, MostWholeDigits)..place].Clear();
        return Trimmed(digits, Math.Min(place, MostWholeDigits), end);
    }

    private static (int Weight, int First, int Count) Trimmed(Span<short> digits, int first, int end)
    {
        while (digits[first] == 0)
        {
            first++;
        }

        while (digits[end - 1] == 0)
        {
            end--;
        }

        return (MostWholeDigits - 1 - first, first, end - first);
    }

    // PostgreSQL's hash of a bigint folds it to 32 bits, so that the same number has the same hash in every type.
    private static ulong Folded(long number, ulong seed)
    {
        var (lower, upper) = ((uint)number, (uint)(number >> 32));
        return Of(lower ^ (number >= 0 ? upper : ~upper), seed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Four(ref byte first, int place) => Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, place));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Fewer(ref byte first, int place, int count)
    {
        uint bytes = 0;
        for (var i = 0; i < count; i++)
        {
            bytes |= (uint)Unsafe.Add(ref first, place + i) << (8 * i);
        }

        return bytes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (uint A, uint B, uint C) Begin(uint length, ulong seed)
    {
        uint a, b, c;
        a = b = c = Start + length;
        if (seed != 0)
        {
            a += (uint)(seed >> 32);
            b += (uint)seed;
            Mix(ref a, ref b, ref c);
        }

        return (a, b, c);
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
