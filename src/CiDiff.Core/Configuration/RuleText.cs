using System.Collections.Frozen;
using System.Diagnostics;
using CiDiff.Errors;

namespace CiDiff.Configuration;

/// <summary>Rules as they are written: <c>changed_rows: {warn: 1%, fail: 10%}</c>, <c>removed_columns: warn</c>, <c>changed_types: off</c>,
/// <c>row_count: 5%</c>.</summary>
internal static class RuleText
{
    /// <summary>Reads a mapping of rules.</summary>
    public static RuleSet Read(ConfigValue value)
    {
        var limits = new Dictionary<RuleName, RuleLimits>();
        foreach (var entry in value.Mapping("a mapping of rules to limits").Entries)
        {
            var rule = RuleName.Find(entry.Key) ?? throw ConfigValue.UnknownKey(entry, value.Key, RuleName.Known);
            var written = new ConfigValue($"{value.Key}.{rule}", entry.Value);
            if (entry.Value is not ConfigNode.Null && !limits.TryAdd(rule, ReadLimits(rule, written)))
            {
                throw value.Invalid($"'{value.Key}' has the rule '{rule}' twice; the column's case does not count");
            }
        }

        return limits.Count == 0 ? RuleSet.Empty : new RuleSet { Limits = limits.ToFrozenDictionary() };
    }

    /// <summary>Reads the limits of one rule.</summary>
    public static RuleLimits ReadLimits(RuleName rule, ConfigValue value)
    {
        var limits = value.Node switch
        {
            ConfigNode.Scalar { Value: "off" } or ConfigNode.Scalar { Value: "false", IsQuoted: false } => RuleLimits.Off,
            ConfigNode.Scalar { Value: "warn" } => new RuleLimits(Strictest(rule), null),
            ConfigNode.Scalar { Value: "fail" } => new RuleLimits(null, Strictest(rule)),
            ConfigNode.Scalar when rule.IsYesOrNo => throw value.Wrong("off, warn or fail"),
            ConfigNode.Scalar => new RuleLimits(null, ReadThreshold(rule, value)),
            ConfigNode.Mapping mapping when !rule.IsYesOrNo => ReadBoth(rule, mapping, value),
            _ => throw value.Wrong(rule.IsYesOrNo ? "off, warn or fail" : $"off, warn, fail, {Example(rule)} or {{warn: …, fail: …}}"),
        };

        return rule.Kind == RuleKind.Protected && !limits.IsOff
            ? throw new UserErrorException(
                ErrorCodes.NotAvailable,
                $"{value.Node.Place}: The rule 'protected' is not available in this version.",
                hint: "Remove it; readers outside of dbt are not protected yet.")
            : limits;
    }

    /// <summary>Reads a threshold in a unit that the rule takes; null when it is none.</summary>
    public static Threshold? TryThreshold(RuleName rule, string text)
    {
        if (!Threshold.TryParse(text, out var threshold))
        {
            return null;
        }

        var fitting = (rule.Kind, threshold) switch
        {
            // Zero is zero in every unit.
            (_, { Amount: 0 }) when !rule.Units.Contains(threshold.Unit) => threshold with { Unit = rule.Units[0] },
            (RuleKind.NullRate, { Unit: ThresholdUnit.Share }) => threshold with { Unit = ThresholdUnit.Points },
            _ => threshold,
        };

        return rule.Units.Contains(fitting.Unit) && !(rule.Kind == RuleKind.MatchScore && fitting.Amount > 1) ? fitting : null;
    }

    /// <summary>As limits are written in the file: <c>off</c>, <c>warn</c>, <c>{warn: 1%, fail: 10%}</c>.</summary>
    public static string Write(RuleLimits limits) => limits switch
    {
        { Warn: null, Fail: null } => "off",
        { Warn.Amount: 0, Fail: null } => "warn",
        { Warn: null, Fail.Amount: 0 } => "fail",
        { Warn: { } warn, Fail: null } => $"{{warn: {warn}}}",
        { Warn: null, Fail: { } fail } => $"{{fail: {fail}}}",
        { Warn: { } warn, Fail: { } fail } => $"{{warn: {warn}, fail: {fail}}}",
    };

    /// <summary>What a rule measures, in a sentence, for the documentation.</summary>
    public static string Meaning(RuleKind kind) => kind switch
    {
        RuleKind.PrimaryKeys => "Head rows with a null in the key, plus key values that head has more than once.",
        RuleKind.RemovedColumns => "Columns that head no longer has. A followed rename does not count.",
        RuleKind.ChangedTypes => "Columns whose type differs.",
        RuleKind.AddedRows => "Rows only in head, as a count or in % of base's rows.",
        RuleKind.RemovedRows => "Rows only in base, as a count or in % of base's rows.",
        RuleKind.ChangedRows => "Rows on both sides that differ, as a count or in % of base's rows.",
        RuleKind.RowCount => "How far the number of rows moved, up or down, in % of base's rows.",
        RuleKind.ColumnChanged => "Rows in which the column NAME differs, in % of the rows matched by key.",
        RuleKind.NullRate => "How much the share of nulls in the column NAME rose, in percentage points.",
        RuleKind.MatchScore => "The match score; the limits are floors.",
        RuleKind.Protected => "Readers outside of dbt that the change would break. Not available yet.",
        RuleKind.NotBuilt => "A selected model whose relation is missing on head.",
        RuleKind.Errors => "A selected model that could not be compared.",
        _ => throw new UnreachableException(),
    };

    private static RuleLimits ReadBoth(RuleName rule, ConfigNode.Mapping mapping, ConfigValue value)
    {
        var limits = RuleLimits.Off;
        foreach (var entry in mapping.Entries)
        {
            Threshold? threshold = entry.Value is ConfigNode.Null
                ? null
                : ReadThreshold(rule, new ConfigValue($"{value.Key}.{entry.Key}", entry.Value));
            limits = entry.Key switch
            {
                "warn" => limits with { Warn = threshold },
                "fail" => limits with { Fail = threshold },
                _ => throw ConfigValue.UnknownKey(entry, value.Key, ["warn", "fail"]),
            };
        }

        var isReversed = limits is { Warn: { } warn, Fail: { } fail } && warn.Unit == fail.Unit
            && (rule.Kind == RuleKind.MatchScore ? warn.Amount <= fail.Amount : warn.Amount >= fail.Amount);

        return isReversed
            ? throw value.Invalid(
                $"'{value.Key}' would never warn: what is beyond {limits.Warn} is beyond {limits.Fail} already",
                hint: "Swap the two limits.")
            : limits;
    }

    private static Threshold ReadThreshold(RuleName rule, ConfigValue value) =>
        value.Node is ConfigNode.Scalar scalar && TryThreshold(rule, scalar.Value) is { } threshold
            ? threshold
            : throw value.Wrong(Example(rule));

    /// <summary>For messages: what a limit of this rule looks like.</summary>
    public static string Example(RuleName rule) => (rule.Kind, rule.Units) switch
    {
        (RuleKind.MatchScore, _) => "a percentage up to 100%, such as 99.5%",
        (_, [ThresholdUnit.Count, ThresholdUnit.Share]) => "a count or a percentage, such as 100 or 10%",
        (_, [ThresholdUnit.Share]) => "a percentage, such as 10%",
        (_, [ThresholdUnit.Points]) => "percentage points, such as 1pp",
        _ => "a count, such as 2",
    };

    // What `warn` and `fail` mean without a limit: any at all; for the match score: anything but a perfect one.
    private static Threshold Strictest(RuleName rule) => rule.Kind == RuleKind.MatchScore
        ? new Threshold(1, ThresholdUnit.Share)
        : new Threshold(0, rule.Units[0]);
}
