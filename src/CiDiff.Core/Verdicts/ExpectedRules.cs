using System.Diagnostics;
using CiDiff.Configuration;

namespace CiDiff.Verdicts;

/// <summary>Holds a measured value against what was declared to happen.</summary>
internal static class ExpectedRules
{
    /// <summary>The expectations that hold, by rule. A later one replaces an earlier one that bounds the same rule from the same side, so that
    /// a new commit can correct an old one; bounds from different sides hold together.</summary>
    public static IReadOnlyDictionary<RuleName, IReadOnlyList<Expectation>> Of(IReadOnlyList<Expectation> declared)
    {
        var effective = new Dictionary<RuleName, IReadOnlyList<Expectation>>();
        foreach (var expectation in declared)
        {
            effective[expectation.Rule] =
                [.. effective.GetValueOrDefault(expectation.Rule, []).Where(earlier => !IsReplaced(earlier, expectation)), expectation];
        }

        return effective;
    }

    /// <summary>Judges a rule for which something was declared: its limits then only matter for the note.</summary>
    public static Judged Judge(
        JudgedModel model,
        RuleName rule,
        IReadOnlyList<Expectation> expectations,
        RuleLimits limits,
        Measurement measurement)
    {
        var outcome = measurement switch
        {
            Measurement.Exact value => OfValue(model, rule, expectations, limits, value),
            Measurement.Estimate estimate => OfEstimate(model, rule, expectations, limits, estimate),
            Measurement.AtMost most when expectations.All(expectation => expectation.IsUpperBound && IsMet(expectation, most.Bound)) =>
                Unmeasured(VerdictLevel.Pass, $"at most {Measured.Say(most.Bound, expectations[0].Value)}; {Declared(expectations)}"),
            Measurement.AtMost most => Unmeasured(VerdictLevel.Warn, $"{Declared(expectations)}; not known: {most.Because}"),
            Measurement.Unknown unknown => Unmeasured(VerdictLevel.Warn, $"{Declared(expectations)}; not known: {unknown.Because}"),
            _ => throw new UnreachableException(),
        };

        return new Judged(rule, model, outcome);

        RuleOutcome Unmeasured(VerdictLevel level, string note) => Outcome(model, rule, expectations[0], null, level, note);
    }

    private static RuleOutcome OfValue(
        JudgedModel model,
        RuleName rule,
        IReadOnlyList<Expectation> expectations,
        RuleLimits limits,
        Measurement.Exact value)
    {
        var missed = expectations.FirstOrDefault(expectation => !IsMet(expectation, value));
        var shown = missed ?? expectations[0];
        var measured = Measured.Write(value, shown.Value);
        if (missed is not null)
        {
            return Outcome(model, rule, missed, measured, VerdictLevel.Fail, $"not as {Declared([missed])}");
        }

        var reached = LimitedRules.LevelOf(rule, limits, value);
        var excused = reached switch
        {
            VerdictLevel.Fail => $", although the limit is {limits.Fail}",
            VerdictLevel.Warn => $", although the limit is {limits.Warn}",
            _ => "",
        };

        return Outcome(model, rule, shown, measured, VerdictLevel.Pass, $"as {Declared(expectations)}{excused}");
    }

    // Met by what is to be expected is met; missed is only what is missed wherever the value lies.
    private static RuleOutcome OfEstimate(
        JudgedModel model, RuleName rule, IReadOnlyList<Expectation> expectations, RuleLimits limits, Measurement.Estimate estimate)
    {
        var outcome = OfValue(model, rule, expectations, limits, estimate.Value);
        var missed = expectations.Where(expectation => !IsMet(expectation, estimate.Value)).ToList();
        var mayBeMet = missed.TrueForAll(expectation => expectation.Comparison == Comparison.Exactly
            ? Measured.Compare(estimate.Low, expectation.Value) <= 0 && Measured.Compare(estimate.High, expectation.Value) >= 0
            : IsMet(expectation, expectation.IsUpperBound ? estimate.Low : estimate.High));
        return outcome with
        {
            Measured = $"about {outcome.Measured}",
            Outcome = missed.Count > 0 && mayBeMet ? VerdictLevel.Warn : outcome.Outcome,
            Note = $"{outcome.Note}; {estimate.Say((missed.FirstOrDefault() ?? expectations[0]).Value)}",
        };
    }

    private static RuleOutcome Outcome(
        JudgedModel model,
        RuleName rule,
        Expectation shown,
        string? measured,
        VerdictLevel outcome,
        string note) =>
        new(rule.ToString(), model.Model.Id, VerdictLevel.Fail, shown.Bound, measured, outcome, note);

    private static string Declared(IReadOnlyList<Expectation> expectations) =>
        $"expected in {expectations[0].Origin}: {string.Join(" and ", expectations.Select(expectation => expectation.ToString()))}";

    private static bool IsMet(Expectation expectation, Measurement.Exact value)
    {
        var order = Measured.Compare(value, expectation.Value);
        return expectation.Comparison switch
        {
            Comparison.AtMost => order <= 0,
            Comparison.LessThan => order < 0,
            Comparison.AtLeast => order >= 0,
            Comparison.MoreThan => order > 0,
            Comparison.Exactly => order == 0,
            _ => throw new UnreachableException(),
        };
    }

    private static bool IsReplaced(Expectation earlier, Expectation later) =>
        earlier.Comparison == Comparison.Exactly
        || later.Comparison == Comparison.Exactly
        || earlier.IsUpperBound == later.IsUpperBound;
}
