namespace CiDiff.Configuration;

/// <summary>A text that must never be shown.</summary>
/// <param name="value">The secret.</param>
public sealed class Secret(string value) : IEquatable<Secret>
{
    /// <summary>The secret itself, for the driver or the HTTP header that needs it, and nothing else.</summary>
    public string Reveal() => value;

    /// <inheritdoc/>
    public bool Equals(Secret? other) => other is not null && string.Equals(value, other.Reveal(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode() => value.GetHashCode(StringComparison.Ordinal);

    /// <summary>Always <c>***</c>.</summary>
    public override string ToString() => "***";
}
