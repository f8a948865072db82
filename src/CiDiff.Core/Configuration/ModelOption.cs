namespace CiDiff.Configuration;

/// <summary>One key of an entry of <c>models:</c> and of <c>meta.cidiff</c>. The table in <c>docs/configuration.md</c> is made from <see cref="All"/>.</summary>
public sealed record ModelOption
{
    private ModelOption(string key, string takes, string meaning, Func<ModelSettings, ConfigValue, ModelSettings> apply)
    {
        Key = key;
        Takes = takes;
        Meaning = meaning;
        Apply = apply;
    }

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>What kind of value, in a few words.</summary>
    public string Takes { get; }

    /// <summary>What it does, in one sentence.</summary>
    public string Meaning { get; }

    internal Func<ModelSettings, ConfigValue, ModelSettings> Apply { get; }

    /// <summary>Every key, in the order of the documentation.</summary>
    public static IReadOnlyList<ModelOption> All { get; } =
    [
        new("key", "column or list of columns", "The key that tells the rows apart.",
            (settings, value) => settings with { Key = value.ColumnNames() }),
        new("filter", "SQL condition", "Only rows that meet it are compared, on both sides. Without `where`.",
            (settings, value) => settings with { Filter = Sql(value) }),
        new("include_columns", "list of columns", "Only these columns are compared; the key always is.",
            (settings, value) => settings with { IncludeColumns = value.ColumnNames() }),
        new("exclude_columns", "list of columns", "These columns are not compared. Without effect beside `include_columns`.",
            (settings, value) => settings with { ExcludeColumns = value.Texts() }),
        new("ignore_columns", "list of patterns",
            "Columns that are not compared, as gitignore patterns below those of `compare.ignore_columns`: `!name` takes one back.",
            (settings, value) => settings with { IgnoreColumns = value.Texts() }),
        new("tolerance", "mapping of columns to tolerances", "How far values may be apart and still count as equal.",
            (settings, value) => settings with { Tolerance = ToleranceText.ReadByColumn(value) }),
        new("strategy", "auto, join, fingerprint, hash", "How rows are compared, as `compare.strategy`.",
            (settings, value) => settings with { Strategy = ConfigOptions.Strategy(value) }),
        new("sampling", "off, on, a percentage, a number of rows, or a mapping", "Which part of the rows is read, as `compare.sampling`.",
            (settings, value) => settings with { Sampling = SamplingText.Read(value) }),
        new("samples", "0 to 1000", "How many example rows of each kind are read.",
            (settings, value) => settings with { Samples = value.WholeNumber(0, ConfigOptions.MaximumSamples) }),
        new("timeout", "time", "The longest one statement may take.",
            (settings, value) => settings with { Timeout = value.TimeLimit() }),
        new("time_budget", "time or `none`", "The longest the model may take, as `compare.time_budget`.",
            (settings, value) => settings with { TimeBudget = value.TimeLimit() }),
        new("over_budget", "sample, fail", "What becomes of it when it takes longer, as `compare.over_budget`.",
            (settings, value) => settings with { OverBudget = ConfigOptions.OverBudget(value) }),
        new("attribution", "true or false", "Whether it is told which values changed rows have more often than others, as `compare.attribution`.",
            (settings, value) => settings with { Attribution = value.LenientSwitch() }),
        new("column_profiles", "true or false", "Whether what the values of each column are like is told, as `compare.column_profiles`.",
            (settings, value) => settings with { ColumnProfiles = value.LenientSwitch() }),
        new("never_diff", "true or false", "The model is never compared.",
            (settings, value) => settings with { NeverDiff = value.LenientSwitch() }),
        new("slim_diff", "`diff_when_downstream` or `off`", "With `diff_when_downstream` the model is compared whenever it is downstream of a change.",
            (settings, value) => settings with { DiffWhenDownstream = WhenDownstream(value) }),
        new("rules", "mapping of rules to limits", "Rules for this model, over those of the run.",
            (settings, value) => settings with { Rules = RuleText.Read(value) }),
        new("expect", "expectations", "What the change is expected to do: met, it turns a fail into a pass; missed, it is a fail.",
            (settings, value) => settings with { Expectations = ExpectationText.Read(value) }),
        new("renames", "mapping of old to new names", "Columns that changed their names and are still compared.",
            (settings, value) => settings with { Renames = ReadRenames(value) }),
        new("event_time", "column", "A date or timestamp: only rows from the time that both sides have are compared.",
            (settings, value) => settings with { EventTime = value.TextOrListOfOne() }),
        new("time_column", "column", "A date or timestamp: the report says in which hours, days, weeks, months or years rows changed, were added and were removed.",
            (settings, value) => settings with { TimeColumn = value.TextOrListOfOne() }),
    ];

    /// <summary>Every key that Datafold documents below <c>meta.datafold.datadiff</c>.</summary>
    /// <remarks>https://docs.datafold.com/deployment-testing/configuration/model-specific-ci: what its examples write once as a text and
    /// once as a list of one is taken in both forms.</remarks>
    internal static IReadOnlyList<ModelOption> Datafold { get; } =
    [
        new("filter", "SQL condition", "As `filter`.", (settings, value) => settings with { Filter = Sql(value) }),
        new("include_columns", "list of columns", "As `include_columns`.", (settings, value) => settings with { IncludeColumns = value.ColumnNames() }),
        new("exclude_columns", "list of columns", "As `exclude_columns`.", (settings, value) => settings with { ExcludeColumns = value.Texts() }),
        new("never_diff", "true or false", "As `never_diff`.", (settings, value) => settings with { NeverDiff = value.LenientSwitch() }),
        new("slim_diff", "`diff_when_downstream`", "As `slim_diff`.", (settings, value) => settings with { DiffWhenDownstream = WhenDownstream(value) }),
        new("time_column", "column", "As `time_column`.", (settings, value) => settings with { TimeColumn = value.TextOrListOfOne() }),
        new("prod_time_travel", "time", "The point in time at which production is read.",
            (settings, value) => settings with { TimeTravel = settings.TimeTravel with { Base = value.TextOrListOfOne() } }),
        new("pr_time_travel", "time", "The point in time at which the pull request is read.",
            (settings, value) => settings with { TimeTravel = settings.TimeTravel with { Head = value.TextOrListOfOne() } }),
    ];

    private static ConfiguredSql Sql(ConfigValue value) => new(value.TextOrListOfOne(), value.Node.Place.SourceAndLine);

    private static bool WhenDownstream(ConfigValue value) => value.Choice(("diff_when_downstream", true), ("off", false), ("false", false));

    private static IReadOnlyList<ColumnRename> ReadRenames(ConfigValue value) =>
    [
        .. value.Mapping("a mapping of old to new column names").Entries
            .Select(entry => new ColumnRename(entry.Key, new ConfigValue($"{value.Key}.{entry.Key}", entry.Value).Text())),
    ];
}
