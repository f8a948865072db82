using CiDiff.Artifacts;
using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.State;
using CiDiff.Warehouses;

namespace CiDiff.Selection;

/// <summary>Every model in the change's reach, each with the reason why it is compared or not.</summary>
/// <param name="Selected">To be compared, in id order.</param>
/// <param name="Skipped">In reach, and not compared, in id order.</param>
public sealed record ModelSelection(IReadOnlyList<SelectedModel> Selected, IReadOnlyList<SkippedModel> Skipped);

/// <summary>What both a selected and a skipped model have.</summary>
public abstract record ModelInReach
{
    /// <summary>dbt's name of it.</summary>
    public required UniqueId Id { get; init; }

    /// <summary>Its name for people; with the version for versioned models (<c>orders.v2</c>).</summary>
    public required string Name { get; init; }

    /// <summary>model, seed or snapshot.</summary>
    public required string ResourceType { get; init; }

    /// <summary>The file in the repository (<c>original_file_path</c>).</summary>
    public required string Path { get; init; }

    /// <summary>What changed about it.</summary>
    public required NodeChange Change { get; init; }

    /// <summary>Why it is compared or not, half a sentence: "modified: body", "downstream of dim_customers", "never_diff".</summary>
    public required string Reason { get; init; }

    /// <summary>Where it is; null on a side on which it has no relation (new, deleted, ephemeral).</summary>
    public required Sides<RelationName?> Relations { get; init; }
}

/// <summary>A model to be compared, with every rule resolved.</summary>
public sealed record SelectedModel : ModelInReach
{
    /// <summary>What may be its key, best first.</summary>
    public required IReadOnlyList<KeyCandidate> KeyCandidates { get; init; }

    /// <summary>How it is compared.</summary>
    public required CompareRules Rules { get; init; }

    /// <summary>Columns whose meta or tags say <c>pii</c>, as written, matched ignoring case: no report ever shows their values.</summary>
    public IReadOnlyList<string> PrivateColumns { get; init; } = [];

    /// <summary>What in its configuration cannot be understood: then its outcome is this error, and no table is read. Null when all of
    /// it was understood.</summary>
    public UserErrorException? Problem { get; init; }
}

/// <summary>A model in reach of the change that is not compared.</summary>
public sealed record SkippedModel : ModelInReach;
