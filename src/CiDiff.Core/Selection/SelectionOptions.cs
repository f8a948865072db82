using CiDiff.Artifacts;
using CiDiff.Configuration;

namespace CiDiff.Selection;

/// <summary>What decides which models are compared, besides the change itself.</summary>
public sealed record SelectionOptions
{
    /// <summary>Only modified models, not everything downstream of them.</summary>
    public bool Slim { get; init; } = true;

    /// <summary>Models in which only comments, whitespace or keyword case changed are skipped, and nothing downstream of them is in reach.</summary>
    public bool SkipCosmetic { get; init; } = true;

    /// <summary>Only these models; null for no restriction.</summary>
    public IReadOnlySet<string>? Only { get; init; }

    /// <summary>Not these models.</summary>
    public IReadOnlySet<string> Excluded { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The word in meta and tags that marks key columns.</summary>
    public string KeyTag { get; init; } = "primary-key";

    /// <summary>Everything configured about one model.</summary>
    public required Func<ManifestNode, ModelRules> Rules { get; init; }
}
