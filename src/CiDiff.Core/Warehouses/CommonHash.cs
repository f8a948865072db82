using System.Buffers.Binary;
using System.Numerics;

namespace CiDiff.Warehouses;

/// <summary>A hash of 64 bits that PostgreSQL has built in and every other warehouse gets from us: Bob Jenkins' lookup3 with a seed, as in
/// <c>hashtextextended</c>.</summary>
/// <remarks>It spreads well and is not made against attackers. On a server whose processor stores numbers the other way round, or that keeps text in
/// another encoding than UTF-8, equal values have other hashes, and more rows are read than necessary; no answer changes.
/// http://burtleburtle.net/bob/hash/doobs.html,
/// https://github.com/postgres/postgres/blob/REL_15_STABLE/src/common/hashfn.c</remarks>
internal static class CommonHash
{
    private const uint Start = 0x9e3779b9 + 3923095;

    // 1970 and 2000, from which DuckDB and PostgreSQL count.
    private const long EpochDistance = 946_684_800_000_000;
    private const double MicrosecondsPerSecond = 1e6;
    private const ulong NotANumber = 0x7ff8_0000_0000_0000;

    /// <summary>Hashes a text.</summary>
    /// <param name="text">In UTF-8.</param>
    /// <param name="seed">What it is mixed with.</param>
    public static ulong Of(ReadOnlySpan<byte> text, ulong seed)
    {
        var (a, b, c) = Begin((uint)text.Length, seed);
        while (text.Length >= 12)
        {
            a += BinaryPrimitives.ReadUInt32LittleEndian(text);
            b += BinaryPrimitives.ReadUInt32LittleEndian(text[4..]);
            c += BinaryPrimitives.ReadUInt32LittleEndian(text[8..]);
            Mix(ref a, ref b, ref c);
            text = text[12..];
        }

        // The lowest byte of the last part is the length's.
        Span<byte> rest = stackalloc byte[12];
        rest.Clear();
        text[..Math.Min(text.Length, 8)].CopyTo(rest);
        if (text.Length > 8)
        {
            text[8..].CopyTo(rest[9..]);
        }

        a += BinaryPrimitives.ReadUInt32LittleEndian(rest);
        b += BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
        c += BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]);
        return End(a, b, c);
    }

    /// <summary>Hashes a whole number.</summary>
    /// <param name="number">The number.</param>
    /// <param name="seed">What it is mixed with.</param>
    public static ulong Of(long number, ulong seed) => Folded(number, Of((uint)(number >> 32), seed));

    /// <summary>Hashes a floating point number; both zeros have the seed itself.</summary>
    /// <param name="number">The number.</param>
    /// <param name="seed">What it is mixed with.</param>
    public static ulong Of(double number, ulong seed)
    {
        if (number == 0)
        {
            return seed;
        }

        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, double.IsNaN(number) ? NotANumber : BitConverter.DoubleToUInt64Bits(number));
        return Of(bytes, seed);
    }

    /// <summary>Hashes a moment: what PostgreSQL has as its hash, which folds it, and the seconds as a floating point number, which lose what it
    /// keeps.</summary>
    /// <param name="microseconds">Since 1970; the largest number, and its negative, are infinite.</param>
    /// <param name="seed">What it is mixed with.</param>
    public static ulong OfMoment(long microseconds, ulong seed) => microseconds switch
    {
        long.MaxValue => Of(double.PositiveInfinity, Folded(long.MaxValue, seed)),
        -long.MaxValue => Of(double.NegativeInfinity, Folded(long.MinValue, seed)),
        _ => Of(microseconds / MicrosecondsPerSecond, Folded(microseconds - EpochDistance, seed)),
    };

    // PostgreSQL's hash of a bigint folds it to 32 bits, so that the same number has the same hash in every type.
    private static ulong Folded(long number, ulong seed)
    {
        var (lower, upper) = ((uint)number, (uint)(number >> 32));
        return Of(lower ^ (number >= 0 ? upper : ~upper), seed);
    }

    private static ulong Of(uint number, ulong seed)
    {
        var (a, b, c) = Begin(sizeof(uint), seed);
        return End(a + number, b, c);
    }

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

    private static void Mix(ref uint a, ref uint b, ref uint c)
    {
        Step(ref a, ref c, ref b, 4);
        Step(ref b, ref a, ref c, 6);
        Step(ref c, ref b, ref a, 8);
        Step(ref a, ref c, ref b, 16);
        Step(ref b, ref a, ref c, 19);
        Step(ref c, ref b, ref a, 4);

        static void Step(ref uint x, ref uint y, ref uint z, int bits)
        {
            x -= y;
            x ^= BitOperations.RotateLeft(y, bits);
            y += z;
        }
    }

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
