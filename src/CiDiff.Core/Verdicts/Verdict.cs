namespace CiDiff.Verdicts;

/// <summary>How a rule, a model or a whole run came out; in rising order of gravity.</summary>
public enum VerdictLevel
{
    /// <summary>Nothing to object.</summary>
    Pass,

    /// <summary>Worth a look; does not fail the run.</summary>
    Warn,

    /// <summary>The pull request should not be merged as it is.</summary>
    Fail,

    /// <summary>Could not tell.</summary>
    Error,
}

/// <summary>The judgement on a run.</summary>
/// <param name="Level">The gravest outcome.</param>
/// <param name="Reason">One sentence with a period.</param>
/// <param name="Rules">Every rule that was measured, failed ones first, then by rule and model.</param>
public sealed record Verdict(VerdictLevel Level, string Reason, IReadOnlyList<RuleOutcome> Rules)
{
    /// <summary>What else the reader has to know, as sentences: a rule or an expectation that fits nothing.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>One rule on one model, or on the run.</summary>
/// <param name="Rule">As in <c>cidiff.yml</c>, for example <c>changed_rows</c> or <c>column.amount.changed</c>.</param>
/// <param name="ModelId">The model's unique id; null for a rule about the run.</param>
/// <param name="Level">The level whose limit is shown: the one that was reached, or the strictest configured.</param>
/// <param name="Limit">As configured, for example <c>10%</c>, or <c>&lt;= 5%</c> for an expectation; null for rules without one.</param>
/// <param name="Measured">In the same unit, for example <c>12.4%</c>; counts are plain digits; null when it is not known.</param>
/// <param name="Outcome">Pass, warn or fail.</param>
/// <param name="Note">Half a sentence: what exactly was found, an expectation or an acceptance that decided it, or why nothing could be
/// measured; null for none.</param>
public sealed record RuleOutcome(
    string Rule,
    string? ModelId,
    VerdictLevel Level,
    string? Limit,
    string? Measured,
    VerdictLevel Outcome,
    string? Note);
