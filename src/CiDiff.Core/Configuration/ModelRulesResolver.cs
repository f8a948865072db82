using System.Text.Json;
using CiDiff.Errors;

namespace CiDiff.Configuration;

/// <summary>Merges everything that is configured about a model.</summary>
/// <remarks>Later wins: defaults, <c>cidiff.yml</c>, its <c>models:</c> entries in the order of the file, <c>meta.datafold.datadiff</c>,
/// <c>meta.cidiff</c>, what commit messages declare.</remarks>
public sealed class ModelRulesResolver
{
    private readonly CiDiffConfig _config;
    private readonly DeclaredChange _declared;
    private readonly IReadOnlyList<(ModelSettings Settings, IReadOnlySet<string> Models)> _overrides;

    /// <summary>Prepares the <c>models:</c> entries.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="select">The unique ids that a dbt selector names. Called once per entry, here.</param>
    /// <param name="declared">What the pull request's commits declare.</param>
    public ModelRulesResolver(CiDiffConfig config, Func<string, IReadOnlySet<string>> select, DeclaredChange declared)
    {
        _config = config;
        _declared = declared;
        _overrides = [.. config.Models.Select(entry => (entry.Settings, Select(entry, select)))];
    }

    /// <summary>Merges the layers for one model.</summary>
    /// <param name="model">Which model.</param>
    /// <param name="configMeta">Its <c>config.meta</c>; null when there is none. Wins over <paramref name="meta"/> key by key.</param>
    /// <param name="meta">Its <c>meta</c>; null when there is none.</param>
    /// <returns>The rules. A mistake in the model's meta is in <see cref="ModelRules.Problem"/>; everything else holds as if there were no meta.</returns>
    public ModelRules Resolve(ModelIdentity model, JsonElement? configMeta, JsonElement? meta)
    {
        var configured = _overrides
            .Where(entry => entry.Models.Contains(model.Id))
            .Aggregate(ModelSettings.None, (settings, entry) => entry.Settings.Over(settings));

        try
        {
            return Merge(ReadMeta(model.Id, configMeta, meta).Over(configured), model);
        }
        catch (UserErrorException problem)
        {
            return Merge(configured, model) with { Problem = problem };
        }
    }

    private static IReadOnlySet<string> Select(ModelOverride entry, Func<string, IReadOnlySet<string>> select)
    {
        try
        {
            return select(entry.Select);
        }
        catch (UserErrorException error)
        {
            throw new UserErrorException(error.Code, $"{entry.Origin}: {error.Message}", error.Hint, error);
        }
    }

    // dbt writes the same meta in both places since 1.10; before, only one of them was there.
    private static ModelSettings ReadMeta(string model, JsonElement? configMeta, JsonElement? meta)
    {
        var lower = meta is { } node ? ModelSettingsReader.ReadMeta(node, model) : ModelSettings.None;
        return configMeta is not { } config || (meta is { } same && JsonElement.DeepEquals(config, same))
            ? lower
            : ModelSettingsReader.ReadMeta(config, model).Over(lower);
    }

    private ModelRules Merge(ModelSettings settings, ModelIdentity model)
    {
        var run = _config.Compare;
        var rules = _config.Rules.With(settings.Rules);
        var merged = settings.Over(new ModelSettings { Tolerance = run.Tolerance, IgnoreColumns = run.IgnoreColumns });
        IReadOnlyList<Expectation> expectations =
            [.. merged.Expectations, .. _declared.Expectations.Where(expectation => expectation.IsAbout(model))];
        return new ModelRules
        {
            Compare = new CompareRules
            {
                Filter = merged.Filter,
                IncludeColumns = merged.IncludeColumns,
                ExcludeColumns = merged.ExcludeColumns ?? [],
                IgnoreColumns = merged.IgnoreColumns ?? [],
                Tolerances = merged.Tolerance ?? run.Tolerance,
                Renames = ColumnRename.Merge(merged.Renames ?? [], _declared.RenamesIn(model)),
                Strategy = merged.Strategy ?? run.Strategy,
                Sampling = merged.Sampling ?? run.Sampling,
                Samples = merged.Samples ?? run.Samples,
                Timeout = merged.Timeout is { } timeout ? timeout.Limit : run.Timeout,
                TimeBudget = merged.TimeBudget is { } budget ? budget.Limit : run.TimeBudget,
                OverBudget = merged.OverBudget ?? run.OverBudget,
                IsOwnOverBudget = merged.OverBudget is not null,
                NullRateColumns = NullRateColumns(rules, expectations),
                EventTime = merged.EventTime,
                TimeColumn = merged.TimeColumn,
                TimeTravel = merged.TimeTravel,
                Attribution = merged.Attribution ?? run.Attribution,
                ColumnProfiles = merged.ColumnProfiles ?? run.ColumnProfiles,
            },
            NeverDiff = merged.NeverDiff ?? false,
            DiffWhenDownstream = merged.DiffWhenDownstream ?? false,
            Key = merged.Key,
            Rules = rules,
            Expectations = expectations,
        };
    }

    private static List<string> NullRateColumns(RuleSet rules, IReadOnlyList<Expectation> expectations) =>
    [
        .. rules.Limits.Where(rule => !rule.Value.IsOff).Select(rule => rule.Key)
            .Concat(expectations.Select(expectation => expectation.Rule))
            .Where(rule => rule.Kind == RuleKind.NullRate)
            .Select(rule => rule.Column!)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.Ordinal),
    ];
}
