using System.Numerics;

namespace CiDiff.State;

/// <summary>A set of a graph's nodes, one bit each.</summary>
/// <param name="size">How many nodes the graph has.</param>
internal sealed class NodeSet(int size)
{
    private const int BitsPerWord = 64;

    private readonly ulong[] _words = new ulong[(size + BitsPerWord - 1) / BitsPerWord];

    /// <summary>How many nodes are in it.</summary>
    public int Count => _words.Sum(BitOperations.PopCount);

    /// <summary>Adds a node.</summary>
    /// <returns>Whether it was not in it yet.</returns>
    public bool Add(int node)
    {
        ref var word = ref _words[node / BitsPerWord];
        var bit = 1UL << (node % BitsPerWord);
        var isNew = (word & bit) == 0;
        word |= bit;
        return isNew;
    }

    /// <summary>Whether a node is in it.</summary>
    public bool Contains(int node) => (_words[node / BitsPerWord] & (1UL << (node % BitsPerWord))) != 0;

    /// <summary>A set of its own with the same nodes.</summary>
    public NodeSet Copy() => Union(this);

    /// <summary>A copy with the other set's nodes added.</summary>
    public NodeSet Union(NodeSet other) => Combine(other, static (left, right) => left | right);

    /// <summary>The nodes that are in both.</summary>
    public NodeSet Intersect(NodeSet other) => Combine(other, static (left, right) => left & right);

    /// <summary>A copy without the other set's nodes.</summary>
    public NodeSet Except(NodeSet other) => Combine(other, static (left, right) => left & ~right);

    /// <summary>Whether both have the same nodes.</summary>
    public bool SetEquals(NodeSet other) => _words.AsSpan().SequenceEqual(other._words);

    /// <summary>Its nodes, in ascending order.</summary>
    public IEnumerable<int> Nodes()
    {
        for (var index = 0; index < _words.Length; index++)
        {
            for (var rest = _words[index]; rest != 0; rest &= rest - 1)
            {
                yield return (index * BitsPerWord) + BitOperations.TrailingZeroCount(rest);
            }
        }
    }

    private NodeSet Combine(NodeSet other, Func<ulong, ulong, ulong> combine)
    {
        var result = new NodeSet(size);
        for (var index = 0; index < _words.Length; index++)
        {
            result._words[index] = combine(_words[index], other._words[index]);
        }

        return result;
    }
}
