using System.Numerics;
using System.Runtime.CompilerServices;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>For each group of a <see cref="KeyRange"/>, the sum of base's hashes less that of head's; and each key that base has.</summary>
/// <remarks>An array instead of a hash table, in pages that are made when a row falls into them: threads that read different parts of tables in the order of their
/// keys share what they need. Sums wrap at 64 bits, which loses nothing as long as no key repeats.</remarks>
internal sealed class GroupSums(KeyRange range)
{
    private const int PageBits = KeyRange.MostBits;
    private const int PageKeys = 1 << PageBits;

    private readonly Page?[] _pages = new Page?[(int)((range.Size + PageKeys - 1) >> PageBits)];
    private readonly ulong _size = (ulong)range.Size;
    private long _outside;

    /// <summary>How many bytes the arrays of a range take at most.</summary>
    public static Int128 MostBytes(KeyRange range) => (range.Size / 8) + ((range.Size >> range.Bits) * 8);

    /// <summary>Adds rows whose keys are not null.</summary>
    /// <param name="areBase">Whether each is of base.</param>
    /// <param name="keys">As many keys.</param>
    /// <param name="hashes">As many hashes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<bool> areBase, ReadOnlySpan<long> keys, ReadOnlySpan<ulong> hashes)
    {
        // Mostly the same page as the row before.
        var index = ulong.MaxValue;
        Span<ulong> sums = [];
        Span<ulong> seen = [];
        for (var row = 0; row < keys.Length; row++)
        {
            var place = unchecked((ulong)(keys[row] - range.Least));
            if (place >= _size)
            {
                _outside++;
                continue;
            }

            if (place >> PageBits != index)
            {
                index = place >> PageBits;
                var page = _pages[index] ??= new Page(new ulong[PageKeys >> range.Bits], new ulong[PageKeys / 64]);
                sums = page.Sums;
                seen = page.Keys;
            }

            var key = (int)place & (PageKeys - 1);
            if (areBase[row])
            {
                sums[key >> range.Bits] += hashes[row];
                seen[key >> 6] |= 1ul << key;
            }
            else
            {
                sums[key >> range.Bits] -= hashes[row];
            }
        }
    }

    /// <summary>Adds a row whose key is null.</summary>
    public void AddNull() => _outside++;

    /// <summary>Adds other rows.</summary>
    public void Add(GroupSums other)
    {
        _outside += other._outside;
        for (var index = 0; index < _pages.Length; index++)
        {
            if (other._pages[index] is not { } theirs)
            {
                continue;
            }

            if (_pages[index] is not { } ours)
            {
                _pages[index] = theirs.Copy();
                continue;
            }

            for (var group = 0; group < ours.Sums.Length; group++)
            {
                ours.Sums[group] += theirs.Sums[group];
            }

            for (var word = 0; word < ours.Keys.Length; word++)
            {
                ours.Keys[word] |= theirs.Keys[word];
            }
        }
    }

    /// <summary>What is known of the rows so far.</summary>
    public GroupDifferences Differences()
    {
        var (keys, groups, differing) = (0L, 0L, 0L);
        var marks = new byte[(int)(((range.Size - 1) >> range.Bits) / 8) + 1];
        for (var index = 0; index < _pages.Length; index++)
        {
            if (_pages[index] is not { } page)
            {
                continue;
            }

            foreach (var word in page.Keys)
            {
                keys += BitOperations.PopCount(word);
            }

            for (var group = 0; group < page.Sums.Length; group++)
            {
                var differs = page.Sums[group] != 0;
                if (differs)
                {
                    var number = ((long)index << (PageBits - range.Bits)) + group;
                    marks[number >> 3] |= (byte)(0x80 >> (int)(number & 7));
                    differing++;
                }

                groups += differs || page.HasKeys(group, range.Bits) ? 1 : 0;
            }
        }

        return new(_outside, keys, groups, differing, differing == 0 ? "" : Convert.ToBase64String(marks));
    }

    /// <param name="Sums">One for each group.</param>
    /// <param name="Keys">A bit for each number.</param>
    private sealed record Page(ulong[] Sums, ulong[] Keys)
    {
        public Page Copy() => new([.. Sums], [.. Keys]);

        public bool HasKeys(int group, int bits) => bits >= 6
            ? Keys.AsSpan(group << (bits - 6), 1 << (bits - 6)).ContainsAnyExcept(0ul)
            : (Keys[group >> (6 - bits)] >> ((group << bits) & 63) & ((1ul << (1 << bits)) - 1)) != 0;
    }
}
