using CiDiff.Artifacts;
using CiDiff.Configuration;
using CiDiff.State;
using CiDiff.Warehouses;

namespace CiDiff.Selection;

/// <summary>A model in the change's reach, with all that the steps look at.</summary>
/// <param name="Node">Head's node; base's when head has none.</param>
/// <param name="Change">What changed about it.</param>
/// <param name="Rules">What is configured about it.</param>
/// <param name="Relations">Where it is; null on a side where it has none.</param>
/// <param name="ChangedParents">The nearest changed resources above it, in id order; ephemeral models between are passed through.</param>
/// <param name="EphemeralParent">A changed ephemeral model whose code is part of this model's own; null when there is none.</param>
internal sealed record ModelCandidate(
    ManifestNode Node,
    NodeChange Change,
    ModelRules Rules,
    Sides<RelationName?> Relations,
    IReadOnlyList<ManifestNode> ChangedParents,
    ManifestNode? EphemeralParent);
