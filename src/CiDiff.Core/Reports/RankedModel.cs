using CiDiff.Diffing;
using CiDiff.Selection;
using CiDiff.Verdicts;

namespace CiDiff.Reports;

/// <summary>How much a model wants to be read; in falling order.</summary>
internal enum ModelRank
{
    /// <summary>A rule failed, or it could not be compared.</summary>
    Failed,

    /// <summary>The sides differ.</summary>
    Different,

    /// <summary>On one side only, as the pull request means it to be.</summary>
    NewOrRemoved,

    /// <summary>Selected, and there was nothing to compare with.</summary>
    NotCompared,

    /// <summary>No difference in what was read, which is not everything.</summary>
    Unproven,

    /// <summary>No difference.</summary>
    Identical,

    /// <summary>In reach of the change, not selected.</summary>
    Skipped,
}

/// <summary>A model with its place in a report.</summary>
/// <param name="Report">What is known of it.</param>
/// <param name="Rank">Its group.</param>
/// <param name="Level">The gravest outcome of its rules.</param>
/// <param name="Rules">The rules measured on it, gravest first, then by name.</param>
internal sealed record RankedModel(ModelReport Report, ModelRank Rank, VerdictLevel Level, IReadOnlyList<RuleOutcome> Rules)
{
    public ModelInReach Model => Report.Model;

    public TableDiff? Diff => (Report.Outcome as ModelOutcome.Compared)?.Diff;

    /// <summary>Identical and skipped models without a warning are told in a list, not one by one.</summary>
    public bool IsQuiet => Level == VerdictLevel.Pass && Rank >= ModelRank.Identical;

    /// <summary>The models of a report, worth reading first: by group, gravest rule, number of differing rows, id.</summary>
    public static IReadOnlyList<RankedModel> Order(RunReport report)
    {
        var rules = report.Rules.Where(rule => rule.ModelId is not null).ToLookup(rule => rule.ModelId!, StringComparer.Ordinal);
        return
        [
            .. report.Models
                .Select(model => Of(model, rules[model.Model.Id.Value]))
                .OrderBy(model => model.Rank)
                .ThenByDescending(model => model.Level)
                .ThenByDescending(model => model.DifferingRows)
                .ThenBy(model => model.Model.Id),
        ];
    }

    private static RankedModel Of(ModelReport report, IEnumerable<RuleOutcome> rules)
    {
        RuleOutcome[] ordered = [.. rules.OrderByDescending(rule => rule.Outcome).ThenBy(rule => rule.Rule, StringComparer.Ordinal)];
        var level = ordered.Length > 0 ? ordered[0].Outcome : VerdictLevel.Pass;
        var rank = level >= VerdictLevel.Fail ? ModelRank.Failed : RankOf(report);
        return new RankedModel(report, rank, level, ordered);
    }

    private static ModelRank RankOf(ModelReport report) => report.Outcome switch
    {
        ModelOutcome.Failed => ModelRank.Failed,
        ModelOutcome.Compared { Diff.IsIdentical: true } => ModelRank.Identical,
        ModelOutcome.Compared { Diff.HasDifferences: false } => ModelRank.Unproven,
        ModelOutcome.Compared => ModelRank.Different,
        ModelOutcome.NotCompared { Reason: NotComparedReason.New or NotComparedReason.Removed } => ModelRank.NewOrRemoved,
        ModelOutcome.NotCompared => ModelRank.NotCompared,
        _ => report.Model is SelectedModel ? ModelRank.NotCompared : ModelRank.Skipped,
    };

    private long DifferingRows => Diff is { Rows: var rows } ? rows.Added + rows.Removed + (rows.Changed ?? 0) : 0;
}
