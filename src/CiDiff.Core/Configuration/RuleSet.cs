using System.Collections.Frozen;

namespace CiDiff.Configuration;

/// <summary>The two limits of a rule. A value that is over a limit (under it, for <c>match_score</c>) reaches its level.</summary>
/// <param name="Warn">Over it the rule warns; null for never.</param>
/// <param name="Fail">Over it the rule fails; null for never.</param>
public sealed record RuleLimits(Threshold? Warn, Threshold? Fail)
{
    /// <summary>The rule is not judged.</summary>
    public static readonly RuleLimits Off = new(null, null);

    /// <summary>The rule has no limit at any level.</summary>
    public bool IsOff => Warn is null && Fail is null;
}

/// <summary>Which rules hold, and with which limits. What is not in here is only reported, not judged.</summary>
public sealed record RuleSet
{
    /// <summary>Nothing said about any rule.</summary>
    public static readonly RuleSet Empty = new();

    /// <summary>What holds when nobody said anything.</summary>
    public static readonly RuleSet Defaults = new()
    {
        Limits = new Dictionary<RuleName, RuleLimits>
        {
            [new RuleName(RuleKind.PrimaryKeys)] = new(null, Threshold.None),
            [new RuleName(RuleKind.RemovedColumns)] = new(Threshold.None, null),
            [new RuleName(RuleKind.ChangedTypes)] = new(Threshold.None, null),
            [new RuleName(RuleKind.NotBuilt)] = new(Threshold.None, null),
            [new RuleName(RuleKind.Errors)] = new(null, Threshold.None),
        }.ToFrozenDictionary(),
    };

    /// <summary>Limits by rule. <see cref="RuleLimits.Off"/> is in here too, since it overrides an earlier layer.</summary>
    public IReadOnlyDictionary<RuleName, RuleLimits> Limits { get; init; } = FrozenDictionary<RuleName, RuleLimits>.Empty;

    /// <summary>These rules with others on top: where both name a rule, both limits of the other one hold and none of these.</summary>
    public RuleSet With(RuleSet overrides) => overrides.Limits.Count == 0
        ? this
        : new RuleSet
        {
            Limits = Limits.Where(entry => !overrides.Limits.ContainsKey(entry.Key)).Concat(overrides.Limits).ToFrozenDictionary(),
        };
}
