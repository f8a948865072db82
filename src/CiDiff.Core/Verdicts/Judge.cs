using System.Diagnostics;
using CiDiff.Configuration;
using CiDiff.Diffing;

namespace CiDiff.Verdicts;

/// <summary>A model with its outcome and the rules it is judged by.</summary>
/// <param name="Model">Its id and names; the first name is the one for people.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Rules">The rules, those of the run included.</param>
/// <param name="Expectations">What was declared to happen to it, in the order in which it was declared.</param>
public sealed record JudgedModel(ModelIdentity Model, ModelOutcome Outcome, RuleSet Rules, IReadOnlyList<Expectation> Expectations);

/// <summary>Judges a run by its rules.</summary>
public static class Judge
{
    /// <summary>Holds every rule against every model.</summary>
    /// <param name="models">The selected models.</param>
    /// <param name="declared">What the commits declare; only to say which of it fits no model.</param>
    /// <param name="acceptances">What reviewers accepted: failed rules that they cover pass.</param>
    /// <returns>The verdict. Without models, and for a plan, it is a pass that says so.</returns>
    public static Verdict Decide(IReadOnlyList<JudgedModel> models, DeclaredChange declared, IReadOnlyList<Acceptance> acceptances)
    {
        IReadOnlyList<Judged> found =
        [
            .. models.SelectMany(OfModel)
                .Concat(OfTheRun(models, RuleKind.NotBuilt))
                .Concat(OfTheRun(models, RuleKind.Errors)),
        ];
        var rules = found.Select(judged => AcceptedRules.Apply(judged, acceptances))
            .OrderByDescending(judged => judged.Outcome.Outcome)
            .ThenBy(judged => judged.Rule.Kind)
            .ThenBy(judged => judged.Rule.Column, StringComparer.Ordinal)
            .ThenBy(judged => judged.Outcome.ModelId, StringComparer.Ordinal)
            .ToList();

        var level = rules.Count == 0 ? VerdictLevel.Pass : rules.Max(judged => judged.Outcome.Outcome);
        return new Verdict(level, VerdictReason.Write(models, rules), [.. rules.Select(judged => judged.Outcome)])
        {
            Notes = [.. WithoutModel(models, declared), .. WithoutColumn(models), .. AcceptedRules.WithoutRule(found, acceptances)],
        };
    }

    private static IEnumerable<Judged> OfModel(JudgedModel model) => model.Outcome switch
    {
        ModelOutcome.Compared compared => OfCompared(model, compared.Diff),
        ModelOutcome.Failed failed => Simply(model, RuleKind.Errors, $"{failed.Error.Code.Id}: {failed.Error.Message.TrimEnd('.')}"),
        ModelOutcome.NotCompared { Reason: NotComparedReason.NotReached } => Simply(model, RuleKind.Errors, "the run ended before its turn"),
        ModelOutcome.NotCompared { Reason: NotComparedReason.NotBuilt } =>
            [.. Simply(model, RuleKind.NotBuilt, "the pull request did not build it"), .. NotKnown(model)],
        ModelOutcome.NotCompared { Reason: NotComparedReason.PlanOnly } => [],
        ModelOutcome.NotCompared { Keys: { } keys } => [.. OfNewKeys(model, keys), .. NotKnown(model)],
        ModelOutcome.NotCompared => NotKnown(model),
        _ => throw new UnreachableException(),
    };

    private static IEnumerable<Judged> OfCompared(JudgedModel model, TableDiff diff)
    {
        var expected = ExpectedRules.Of(model.Expectations);
        foreach (var rule in model.Rules.Limits.Keys.Union(expected.Keys).Where(rule => !rule.IsYesOrNo))
        {
            var limits = model.Rules.Limits.GetValueOrDefault(rule, RuleLimits.Off);
            var expectations = expected.GetValueOrDefault(rule, []);
            if ((limits.IsOff && expectations.Count == 0) || RuleMeasure.Of(rule, diff) is not { } measurement)
            {
                foreach (var expectation in expectations.Where(expectation => expectation.IsSpecific))
                {
                    yield return NotKnown(model, expectation, "there is nothing to measure");
                }

                continue;
            }

            yield return expectations.Count > 0
                ? ExpectedRules.Judge(model, rule, expectations, limits, measurement)
                : LimitedRules.Judge(model, rule, limits, measurement);
        }
    }

    // Rules that hold or not: a line per model that breaks one, and a single line when none does.
    private static IEnumerable<Judged> OfTheRun(IReadOnlyList<JudgedModel> models, RuleKind kind)
    {
        var rule = new RuleName(kind);
        var limits = models.Select(model => model.Rules.Limits.GetValueOrDefault(rule, RuleLimits.Off)).FirstOrDefault(limits => !limits.IsOff);
        var isToldByModels = models.Any(model => model.Outcome switch
        {
            ModelOutcome.Compared => false,
            ModelOutcome.Failed => kind == RuleKind.Errors,
            ModelOutcome.NotCompared { Reason: NotComparedReason.NotReached } => kind == RuleKind.Errors,
            ModelOutcome.NotCompared { Reason: NotComparedReason.NotBuilt } => kind == RuleKind.NotBuilt,
            ModelOutcome.NotCompared { Reason: NotComparedReason.PlanOnly } => true,
            ModelOutcome.NotCompared => false,
            _ => throw new UnreachableException(),
        });

        return limits is null || isToldByModels
            ? []
            : [new Judged(rule, null, new RuleOutcome(rule.ToString(), null, LevelOf(limits), "0", "0", VerdictLevel.Pass, null))];
    }

    private static IEnumerable<Judged> Simply(JudgedModel model, RuleKind kind, string detail)
    {
        var rule = new RuleName(kind);
        var level = LevelOf(model.Rules.Limits.GetValueOrDefault(rule, RuleLimits.Off));
        return level == VerdictLevel.Pass
            ? []
            : [new Judged(rule, model, new RuleOutcome(rule.ToString(), model.Model.Id, level, "0", "1", level, detail))];
    }

    private static VerdictLevel LevelOf(RuleLimits limits) =>
        limits.Fail is not null ? VerdictLevel.Fail : limits.Warn is not null ? VerdictLevel.Warn : VerdictLevel.Pass;

    private static IEnumerable<Judged> OfNewKeys(JudgedModel model, KeyCounts keys)
    {
        var rule = new RuleName(RuleKind.PrimaryKeys);
        return model.Rules.Limits.TryGetValue(rule, out var limits) && !limits.IsOff
            ? [LimitedRules.Judge(model, rule, limits, RuleMeasure.OfKeys(keys, null))]
            : [];
    }

    // Somebody said what would happen to just this model, and nobody could look.
    private static IEnumerable<Judged> NotKnown(JudgedModel model) =>
        model.Expectations.Where(expectation => expectation.IsSpecific).Select(expectation => NotKnown(model, expectation, "the model was not compared"));

    private static Judged NotKnown(JudgedModel model, Expectation expectation, string because) =>
        new(expectation.Rule, model, new RuleOutcome(
            expectation.Rule.ToString(),
            model.Model.Id,
            VerdictLevel.Warn,
            expectation.Bound,
            null,
            VerdictLevel.Warn,
            $"expected in {expectation.Origin}: {because}"));

    private static IEnumerable<string> WithoutModel(IReadOnlyList<JudgedModel> models, DeclaredChange declared) =>
        from expectation in declared.Expectations
        where expectation.IsSpecific && !models.Any(model => expectation.IsAbout(model.Model))
        select $"The expectation '{expectation} in {expectation.Models}' fits no selected model.";

    private static IEnumerable<string> WithoutColumn(IReadOnlyList<JudgedModel> models)
    {
        var compared = models.Where(model => model.Outcome is ModelOutcome.Compared).ToList();
        return
            from rule in compared.SelectMany(model => model.Rules.Limits).Where(entry => !entry.Value.IsOff).Select(entry => entry.Key).Distinct()
            where rule.Column is not null
            where compared
                .Where(model => model.Rules.Limits.ContainsKey(rule))
                .All(model => RuleMeasure.Of(rule, ((ModelOutcome.Compared)model.Outcome).Diff) is null)
            orderby rule.ToString()
            select $"The rule {rule} has no effect: no compared model has a column {rule.Column} on both sides.";
    }
}

/// <summary>A judged rule together with what it was judged on.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Model">Null for a rule about the run.</param>
/// <param name="Outcome">How it came out.</param>
internal sealed record Judged(RuleName Rule, JudgedModel? Model, RuleOutcome Outcome)
{
    /// <summary>Who lets it pass although it failed; null for nobody.</summary>
    public string? AcceptedBy { get; init; }
}
