using System.Globalization;

namespace CiDiff.Warehouses;

/// <summary>Where the keys of both sides lie, when each is one whole number, in groups of neighbours.</summary>
/// <param name="Least">No key is below it.</param>
/// <param name="Greatest">No key is above it.</param>
/// <param name="Bits">A group has two to the power of this many numbers; at most <see cref="MostBits"/>.</param>
public readonly record struct KeyRange(long Least, long Greatest, int Bits)
{
    /// <summary>The largest <see cref="Bits"/>.</summary>
    public const int MostBits = 16;

    /// <summary>How many numbers the range has.</summary>
    public Int128 Size => (Int128)Greatest - Least + 1;
}

/// <summary>What <see cref="SqlDialect.CompareGroups"/> found in a <see cref="KeyRange"/>.</summary>
/// <param name="Outside">Rows whose key is null or not in the range. Of them nothing is known.</param>
/// <param name="BaseKeys">The distinct keys of base.</param>
/// <param name="Groups">Groups in which either side has a row, but for some that are the same on both.</param>
/// <param name="Differing">Those whose rows are not proven equal.</param>
/// <param name="Marks">A bit for each group of the range, the first one the highest of the first byte: whether it is among
/// <paramref name="Differing"/>. As base64; empty when none is.</param>
public sealed record GroupDifferences(long Outside, long BaseKeys, long Groups, long Differing, string Marks)
{
    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static GroupDifferences Parse(string text)
    {
        var parts = text.Split(' ');
        return parts.Length == 5
            ? new(Number(parts[0]), Number(parts[1]), Number(parts[2]), Number(parts[3]), parts[4])
            : throw new FormatException("These are not the differences of groups.");
    }

    /// <summary>Its parts in their order, with blanks between them.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Outside} {BaseKeys} {Groups} {Differing} {Marks}");

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
