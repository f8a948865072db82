namespace CiDiff.Artifacts;

/// <summary>What to read beyond the usual.</summary>
public sealed record ManifestReadOptions
{
    /// <summary>Only what state comparison, selection and diffing need.</summary>
    public static ManifestReadOptions Default { get; } = new();

    /// <summary>Whether to keep <see cref="ManifestNode.CompiledCode"/>, which often is half of the file.</summary>
    public bool WithCompiledCode { get; init; }
}
