namespace CiDiff.Selection;

/// <summary>One rule of the selection. The first step that has an answer decides.</summary>
internal interface ISelectionStep
{
    /// <summary>Whether the model is compared and why; null when this step has no opinion.</summary>
    SelectionDecision? Decide(ModelCandidate candidate);
}

/// <summary>What a step decided.</summary>
/// <param name="IsSelected">It is compared.</param>
/// <param name="Reason">Half a sentence.</param>
internal sealed record SelectionDecision(bool IsSelected, string Reason)
{
    public static SelectionDecision Select(string reason) => new(true, reason);

    public static SelectionDecision Skip(string reason) => new(false, reason);
}
