namespace CiDiff.Configuration;

/// <summary>A text that must never be shown.</summary>
/// <param name="value">The secret.</param>
public sealed class Secret(string value)
{
    /// <summary>The secret itself, for the driver or the HTTP header that needs it, and nothing else.</summary>
    public string Reveal() => value;

    /// <summary>Always <c>***</c>.</summary>
    public override string ToString() => "***";
}
