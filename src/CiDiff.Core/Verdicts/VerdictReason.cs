using CiDiff.Diffing;

namespace CiDiff.Verdicts;

/// <summary>Says in one sentence why a verdict is what it is.</summary>
internal static class VerdictReason
{
    private const int MostNamed = 3;

    /// <summary>Writes the sentence, with a period.</summary>
    /// <param name="models">The selected models.</param>
    /// <param name="rules">The judged rules, worst first.</param>
    public static string Write(IReadOnlyList<JudgedModel> models, IReadOnlyList<Judged> rules)
    {
        if (models.Count == 0)
        {
            return "No model is selected, so there is nothing to compare.";
        }

        if (models.All(model => model.Outcome is ModelOutcome.NotCompared { Reason: NotComparedReason.PlanOnly }))
        {
            return "Only a plan was made: no table was read.";
        }

        var failed = rules.Where(judged => judged.Outcome.Outcome == VerdictLevel.Fail).ToList();
        var warned = rules.Where(judged => judged.Outcome.Outcome == VerdictLevel.Warn).ToList();
        var accepted = Accepted(rules);
        return (failed, warned) switch
        {
            ([], []) => $"{Compared(models)}; {(accepted.Length > 0 ? accepted : "no rule failed")}.",
            ([], _) => $"{Count(warned.Count, "rule")} warned: {Named(warned)}{And(accepted)}.",
            (_, []) => $"{Count(failed.Count, "rule")} failed: {Named(failed)}{And(accepted)}.",
            _ => $"{Count(failed.Count, "rule")} failed: {Named(failed)}; {FormattableString.Invariant($"{warned.Count}")} warned{And(accepted)}.",
        };
    }

    private static string Accepted(IReadOnlyList<Judged> rules)
    {
        var accepted = rules.Where(judged => judged.AcceptedBy is not null).ToList();
        var people = accepted.Select(judged => judged.AcceptedBy).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return accepted.Count == 0
            ? ""
            : $"{Count(accepted.Count, "failed rule")} {(accepted.Count == 1 ? "was" : "were")} accepted by {string.Join(", ", people)}";
    }

    private static string And(string accepted) => accepted.Length > 0 ? $"; {accepted}" : "";

    private static string Compared(IReadOnlyList<JudgedModel> models)
    {
        var compared = models.Count(model => model.Outcome is ModelOutcome.Compared);
        return compared == models.Count
            ? $"{Count(compared, "model")} compared"
            : FormattableString.Invariant($"{compared} of {models.Count} models compared");
    }

    private static string Named(List<Judged> rules)
    {
        var rest = rules.Count > MostNamed ? FormattableString.Invariant($" and {rules.Count - MostNamed} more") : "";
        return string.Join(", ", rules.Take(MostNamed).Select(Named)) + rest;
    }

    private static string Named(Judged judged) =>
        judged.Model is { } model ? $"{judged.Rule} on {model.Model.Names[0]}" : $"{judged.Rule}";

    private static string Count(int count, string thing) => FormattableString.Invariant($"{count} {thing}{(count == 1 ? "" : "s")}");
}
