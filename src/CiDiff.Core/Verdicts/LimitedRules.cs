using System.Diagnostics;
using CiDiff.Configuration;

namespace CiDiff.Verdicts;

/// <summary>Holds a measured value against the limits of a rule.</summary>
internal static class LimitedRules
{
    /// <summary>Judges a rule that has a limit.</summary>
    public static Judged Judge(JudgedModel model, RuleName rule, RuleLimits limits, Measurement measurement)
    {
        var outcome = measurement switch
        {
            Measurement.Exact value => OfValue(model, rule, limits, value),
            Measurement.Estimate estimate => OfEstimate(model, rule, limits, estimate),
            Measurement.AtMost most => OfBound(model, rule, limits, most),
            Measurement.Unknown unknown => Outcome(
                model, rule, VerdictLevel.Warn, Lowest(limits).Limit, null, VerdictLevel.Warn, $"not known: {unknown.Because}"),
            _ => throw new UnreachableException(),
        };

        return new Judged(rule, model, outcome);
    }

    /// <summary>The level that a value reaches.</summary>
    public static VerdictLevel LevelOf(RuleName rule, RuleLimits limits, Measurement.Exact value) =>
        limits.Fail is { } fail && IsBeyond(rule, value, fail) ? VerdictLevel.Fail
        : limits.Warn is { } warn && IsBeyond(rule, value, warn) ? VerdictLevel.Warn
        : VerdictLevel.Pass;

    private static RuleOutcome OfValue(JudgedModel model, RuleName rule, RuleLimits limits, Measurement.Exact value)
    {
        var reached = LevelOf(rule, limits, value);
        var (level, limit) = reached switch
        {
            VerdictLevel.Fail => (reached, limits.Fail!.Value),
            VerdictLevel.Warn => (reached, limits.Warn!.Value),
            _ => Lowest(limits),
        };

        return Outcome(model, rule, level, limit, Measured.Write(value, limit), reached, Detail(value, limit));
    }

    // Only what is over the limit wherever the value lies is a fail; what is probably over it is a warning.
    private static RuleOutcome OfEstimate(JudgedModel model, RuleName rule, RuleLimits limits, Measurement.Estimate estimate)
    {
        var certain = (VerdictLevel)Math.Min((int)LevelOf(rule, limits, estimate.Low), (int)LevelOf(rule, limits, estimate.High));
        var likely = LevelOf(rule, limits, estimate.Value);
        var reached = certain == VerdictLevel.Pass && likely == VerdictLevel.Fail ? VerdictLevel.Warn : certain > VerdictLevel.Pass ? certain : likely;
        var (level, limit) = likely switch
        {
            VerdictLevel.Fail => (likely, limits.Fail!.Value),
            VerdictLevel.Warn => (likely, limits.Warn!.Value),
            _ => Lowest(limits),
        };
        return Outcome(model, rule, level, limit, $"about {Measured.Write(estimate.Value, limit)}", reached, estimate.Say(limit));
    }

    private static RuleOutcome OfBound(JudgedModel model, RuleName rule, RuleLimits limits, Measurement.AtMost most)
    {
        // What may be over the limit is not a fail, and not a pass either.
        var reached = LevelOf(rule, limits, most.Bound) == VerdictLevel.Pass ? VerdictLevel.Pass : VerdictLevel.Warn;
        var (level, limit) = Lowest(limits);
        return Outcome(model, rule, level, limit, null, reached, $"at most {Measured.Say(most.Bound, limit)}: {most.Because}");
    }

    private static RuleOutcome Outcome(
        JudgedModel model,
        RuleName rule,
        VerdictLevel level,
        Threshold limit,
        string? measured,
        VerdictLevel outcome,
        string? note) =>
        new(rule.ToString(), model.Model.Id, level, limit.ToString(), measured, outcome, note);

    /// <summary>What is to be said beside a measured value.</summary>
    public static string? Detail(Measurement.Exact value, Threshold limit) =>
        limit.Unit != ThresholdUnit.Count && Measured.IsBeyondShares(value) ? "base has no rows to take a percentage of" : value.Detail;

    private static bool IsBeyond(RuleName rule, Measurement.Exact value, Threshold limit) => rule.Kind == RuleKind.MatchScore
        ? Measured.Compare(value, limit) < 0
        : Measured.Compare(value, limit) > 0;

    // The limit that is reached first.
    private static (VerdictLevel Level, Threshold Limit) Lowest(RuleLimits limits) => limits.Warn is { } warn
        ? (VerdictLevel.Warn, warn)
        : (VerdictLevel.Fail, limits.Fail!.Value);
}
