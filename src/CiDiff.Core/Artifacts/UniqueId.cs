namespace CiDiff.Artifacts;

/// <summary>dbt's name of a resource, for example <c>model.shop.orders</c>.</summary>
public readonly record struct UniqueId(string Value) : IComparable<UniqueId>
{
    /// <summary>The part before the first dot: <c>model</c>, <c>test</c>, <c>source</c>, …</summary>
    public string ResourceType => Value[..Math.Max(0, Value.IndexOf('.', StringComparison.Ordinal))];

    /// <inheritdoc/>
    public int CompareTo(UniqueId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

#pragma warning disable CS1591 // the usual four
    public static bool operator <(UniqueId left, UniqueId right) => left.CompareTo(right) < 0;
    public static bool operator >(UniqueId left, UniqueId right) => left.CompareTo(right) > 0;
    public static bool operator <=(UniqueId left, UniqueId right) => left.CompareTo(right) <= 0;
    public static bool operator >=(UniqueId left, UniqueId right) => left.CompareTo(right) >= 0;
#pragma warning restore CS1591
}
