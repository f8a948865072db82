using System.Diagnostics;
using CiDiff.Artifacts;
using CiDiff.State;

namespace CiDiff.Selection;

/// <summary>Models that head no longer has are in the report unless somebody asked for others: whoever reads them has to know.</summary>
internal sealed class RemovedStep(SelectionOptions options) : ISelectionStep
{
    public SelectionDecision? Decide(ModelCandidate candidate)
    {
        var word = candidate.Change switch
        {
            { Kind: ChangeKind.Deleted, MovedFromOrTo: { } now } => $"deleted, or renamed to {now}",
            { Kind: ChangeKind.Deleted } => "deleted",
            { Kind: ChangeKind.Disabled } => "disabled",
            _ => null,
        };
        return word is null ? null
            : candidate.Relations.Base is null ? SelectionDecision.Skip($"{word}; it had no table or view")
            : new NamedStep(options).Decide(candidate) is { } unnamed ? SelectionDecision.Skip($"{word}; {unnamed.Reason}")
            : SelectionDecision.Select(word);
    }
}

/// <summary><c>never_diff</c> wins over every reason to compare.</summary>
internal sealed class NeverDiffStep : ISelectionStep
{
    public SelectionDecision? Decide(ModelCandidate candidate) =>
        candidate.Rules.NeverDiff ? SelectionDecision.Skip("never_diff") : null;
}

/// <summary>What is no table or view in head cannot be compared.</summary>
internal sealed class NoRelationStep : ISelectionStep
{
    public SelectionDecision? Decide(ModelCandidate candidate) => candidate switch
    {
        { Node: var node } when node.IsEphemeral() => SelectionDecision.Skip(
            candidate.Change.Kind == ChangeKind.Unmodified ? "ephemeral: it has no table" : "ephemeral: what it feeds is compared in its place"),
        { Relations.Head: null } => SelectionDecision.Skip("has no table or view"),

        // Models of other projects have no code here, and no file either.
        { Node: { ResourceType: "model", OriginalFilePath: not "" } node } when string.IsNullOrWhiteSpace(node.RawCode) =>
            SelectionDecision.Skip("its file is empty, so that dbt does not build it"),
        _ => null,
    };
}

/// <summary><c>--select</c> and <c>--exclude</c>.</summary>
internal sealed class NamedStep(SelectionOptions options) : ISelectionStep
{
    public SelectionDecision? Decide(ModelCandidate candidate)
    {
        var id = candidate.Node.Id.Value;
        return options.Excluded.Contains(id) ? SelectionDecision.Skip("excluded")
            : options.Only is { } only && !only.Contains(id) ? SelectionDecision.Skip("not named by select")
            : null;
    }
}

/// <summary>New and modified models, but for cosmetic changes.</summary>
internal sealed class ChangedStep(SelectionOptions options) : ISelectionStep
{
    public SelectionDecision? Decide(ModelCandidate candidate)
    {
        var change = candidate.Change;
        return change.Kind switch
        {
            ChangeKind.New when change.MovedFromOrTo is { } before => SelectionDecision.Select($"new, or {before} renamed"),
            ChangeKind.New => SelectionDecision.Select("new"),
            // A change above it that is not cosmetic still counts, so this step does not skip what the later ones may select.
            ChangeKind.Modified when change.IsCosmetic && options.SkipCosmetic =>
                candidate.Above.Count > 0 ? null : SelectionDecision.Skip("cosmetic: only comments, whitespace or keyword case changed"),
            ChangeKind.Modified => SelectionDecision.Select(ReasonOf(change)),
            ChangeKind.Unmodified or ChangeKind.Deleted or ChangeKind.Disabled => null,
            _ => throw new UnreachableException($"{change.Kind}"),
        };
    }

    private static string ReasonOf(NodeChange change)
    {
        var parts = change.Changes.Select(reason => reason == ChangeReason.Macros && change.Macros.Count > 0
            ? $"macro {string.Join(", ", change.Macros.Take(3).Select(Name))}{(change.Macros.Count > 3 ? ", …" : "")}"
            : WordOf(reason));
        var reason = $"modified: {string.Join(", ", parts)}";
        return change.FalsePositive is null ? reason : $"{reason}, to dbt only";
    }

    private static string Name(UniqueId macro) => macro.Value[(macro.Value.LastIndexOf('.') + 1)..];

    private static string WordOf(ChangeReason reason) => reason switch
    {
        ChangeReason.Body => "body",
        ChangeReason.Configs => "configs",
        ChangeReason.Relation => "relation",
        ChangeReason.PersistedDescriptions => "persisted descriptions",
        ChangeReason.Macros => "macros",
        ChangeReason.Contract => "contract",
        ChangeReason.Path => "path",
        ChangeReason.Reference => "latest version, access or deprecation",
        ChangeReason.Definition => "definition",
        _ => throw new UnreachableException($"{reason}"),
    };
}

/// <summary>The code of an ephemeral model is part of its children, so they are modified with it.</summary>
internal sealed class EphemeralParentStep : ISelectionStep
{
    public SelectionDecision? Decide(ModelCandidate candidate) =>
        candidate.Above.Ephemeral is { } parent ? SelectionDecision.Select($"contains the changed ephemeral model {parent.DisplayName()}") : null;
}

/// <summary>What is below a change: compared when asked for, listed otherwise.</summary>
internal sealed class DownstreamStep(SelectionOptions options) : ISelectionStep
{
    public SelectionDecision? Decide(ModelCandidate candidate)
    {
        var above = candidate.Above;
        var parents = string.Join(", ", above.First.Select(parent => parent.DisplayName()));
        var more = above.Count > above.First.Count ? $" and {above.Count - above.First.Count} more" : "";
        var reason = $"downstream of {parents}{more}";
        return candidate.Rules.DiffWhenDownstream ? SelectionDecision.Select($"{reason}, diff_when_downstream")
            : options.Slim ? SelectionDecision.Skip($"{reason} (slim)")
            : SelectionDecision.Select(reason);
    }
}
