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
/// <param name="Above">The nearest changes above it.</param>
internal sealed record ModelCandidate(
    ManifestNode Node,
    NodeChange Change,
    ModelRules Rules,
    Sides<RelationName?> Relations,
    ChangesAbove Above);

/// <summary>The changed resources that a model is made from, each the first on its way up; what is above them is their business.</summary>
/// <param name="First">The first of them in id order, at most <see cref="MostNamed"/>.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Ephemeral">A changed ephemeral model whose code is part of the model's own, directly or through other ephemeral ones;
/// null when there is none.</param>
internal sealed record ChangesAbove(IReadOnlyList<ManifestNode> First, int Count, ManifestNode? Ephemeral)
{
    /// <summary>How many are worth naming.</summary>
    public const int MostNamed = 3;
}
