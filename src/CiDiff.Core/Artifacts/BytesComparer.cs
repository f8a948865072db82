using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace CiDiff.Artifacts;

/// <summary>Compares pieces of UTF-8 by content, and lets sets of them be searched by span.</summary>
internal sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static readonly BytesComparer Instance = new();

    private BytesComparer()
    {
    }

    /// <inheritdoc/>
    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

    /// <inheritdoc/>
    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    /// <inheritdoc/>
    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    /// <inheritdoc/>
    public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

    // The runtime's own hash of texts is fast over long spans, and seeded, so that nobody can craft collisions.
    /// <inheritdoc/>
    public int GetHashCode(ReadOnlySpan<byte> alternate) =>
        string.GetHashCode(MemoryMarshal.Cast<byte, char>(alternate)) ^ alternate.Length ^ (alternate.IsEmpty ? 0 : alternate[^1] << 8);
}
