namespace CiDiff.Verdicts;

/// <summary>Turns failed rules that somebody accepted into passes that say so.</summary>
internal static class AcceptedRules
{
    /// <summary>The rule as it stands after the acceptances; the first that covers it holds.</summary>
    public static Judged Apply(Judged judged, IReadOnlyList<Acceptance> acceptances)
    {
        if (judged.Outcome.Outcome != VerdictLevel.Fail
            || acceptances.FirstOrDefault(acceptance => acceptance.Covers(judged.Rule, judged.Model?.Model)) is not { } accepted)
        {
            return judged;
        }

        var outcome = judged.Outcome;
        return judged with
        {
            AcceptedBy = accepted.By,
            Outcome = outcome with { Outcome = VerdictLevel.Pass, Note = outcome.Note is { } note ? $"{accepted}; {note}" : $"{accepted}" },
        };
    }

    /// <summary>What was accepted by name and had not failed.</summary>
    public static IEnumerable<string> WithoutRule(IReadOnlyList<Judged> rules, IReadOnlyList<Acceptance> acceptances) =>
        from acceptance in acceptances
        where acceptance.IsSpecific
        where !rules.Any(judged => judged.Outcome.Outcome == VerdictLevel.Fail && acceptance.Covers(judged.Rule, judged.Model?.Model))
        let what = (acceptance.Rule is { } rule ? $" {rule}" : "") + (acceptance.Models is { } models ? $" in {models}" : "")
        select $"What {acceptance.By} accepted, `/cidiff accept{what}`, fits no rule that failed.";
}
