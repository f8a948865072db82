using CiDiff.Artifacts;

namespace CiDiff.Selection;

/// <summary>Which tests a selection of other resources brings along (dbt's <c>--indirect-selection</c>).</summary>
public enum IndirectSelection
{
    /// <summary>Every test of a selected resource, even if it needs others too. dbt's default.</summary>
    Eager,

    /// <summary>Tests that need selected resources only.</summary>
    Cautious,

    /// <summary>Tests that need selected resources and what these are made from only.</summary>
    Buildable,

    /// <summary>No test.</summary>
    Empty,
}

/// <summary>What <c>dbt ls</c> is asked for.</summary>
public sealed record NodeSelectionRequest
{
    /// <summary>A selector; null for everything.</summary>
    public string? Select { get; init; }

    /// <summary>A selector of what is left out; null for nothing.</summary>
    public string? Exclude { get; init; }

    /// <summary>Types of resources, as dbt writes them, <c>default</c> and <c>all</c> included; empty is <c>default</c>: everything but
    /// analyses and operations.</summary>
    public IReadOnlyList<string> ResourceTypes { get; init; } = [];

    /// <summary>Which tests come along.</summary>
    public IndirectSelection IndirectSelection { get; init; } = IndirectSelection.Eager;
}

/// <summary>What a selector names.</summary>
/// <param name="Nodes">In the order of their ids.</param>
/// <param name="Warnings">A sentence for each part of the selector that names nothing.</param>
public sealed record NodeSelection(IReadOnlyList<ManifestNode> Nodes, IReadOnlyList<string> Warnings);
