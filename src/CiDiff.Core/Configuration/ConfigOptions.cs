using CiDiff.Errors;

namespace CiDiff.Configuration;

/// <summary>The rows of <see cref="ConfigOption.All"/>.</summary>
internal static class ConfigOptions
{
    /// <summary>The most example rows that can be asked for.</summary>
    internal const int MaximumSamples = 1000;

    /// <summary>The words of <c>compare.strategy</c> and of <c>strategy</c> of a model.</summary>
    internal static readonly IReadOnlyList<string> StrategyWords = ["auto", "join", "fingerprint", "hash"];

    private static readonly string[] OverBudgetWords = ["sample", "fail"];
    private static readonly string[] AvailableFormats = ["markdown", "json", "junit", "sarif", "code_quality"];
    private static readonly string[] LaterFormats = ["html"];
    private static readonly string[] LaterLocations = ["git", "url", "s3", "gcs", "azure", "github", "gitlab", "dbt_cloud"];

    /// <summary>Makes the rows, in the order of the documentation.</summary>
    public static IEnumerable<ConfigOption> Create() =>
    [
        .. Inputs(),
        .. Triggers(),
        .. Selection(),
        .. Comparing(),
        .. Enum.GetValues<RuleKind>().Select(Rule),
        .. Outputs(),
    ];

    private static ConfigOption[] Inputs() =>
    [
        new("version", OptionKind.Number, "1", "1",
            "The version of this format.",
            Version)
        { Form = TextForm.None },
        new("dbt.project_dir", OptionKind.Text, "folder", "",
            "The folder of `dbt_project.yml`; by default the working directory or the nearest folder above it that has one.",
            (config, value) => config with { Dbt = config.Dbt with { ProjectDir = value.Path() } })
        { Flag = "--project-dir" },
        new("dbt.profiles_dir", OptionKind.Text, "folder", "",
            "The folder of `profiles.yml`; by default where dbt looks for it.",
            (config, value) => config with { Dbt = config.Dbt with { ProfilesDir = value.Path() } })
        { Flag = "--profiles-dir" },
        new("dbt.profile", OptionKind.Text, "name", "",
            "The profile to connect with; by default the one that `dbt_project.yml` names.",
            (config, value) => config with { Dbt = config.Dbt with { Profile = value.Text() } })
        { Flag = "--profile" },
        new("dbt.target", OptionKind.Text, "name", "",
            "The profile's target; by default the one that the profile names.",
            (config, value) => config with { Dbt = config.Dbt with { Target = value.Text() } })
        { Flag = "--target" },
        new("connection.url", OptionKind.Text, "URL or `env:NAME`", "",
            "A connection for both sides instead of the dbt profile. In the file a URL with a password has to be `env:NAME`.",
            (config, value) => config with { Connection = config.Connection with { Url = value.Url() } })
        { Flag = "--url" },
        new("connection.base_url", OptionKind.Text, "URL or `env:NAME`", "",
            "The same for production only.",
            (config, value) => With(config, config.Connection.SideUrls with { Base = value.Url() }))
        { Flag = "--base-url" },
        new("connection.head_url", OptionKind.Text, "URL or `env:NAME`", "",
            "The same for the pull request only.",
            (config, value) => With(config, config.Connection.SideUrls with { Head = value.Url() }))
        { Flag = "--head-url" },
        new("base", OptionKind.Structure, "list of `{path: …}`", "[{path: prod-artifacts}]",
            "Where production's `manifest.json` is: files or folders, the first that has it. `{commit}` in a path stands for the commit that `triggers.commit` means.",
            (config, value) => config with { Base = Locations(value) })
        { Flag = "--base", Form = TextForm.Words },
        new("head", OptionKind.Structure, "`{path: …}`", "{path: target}",
            "Where the pull request's `manifest.json` is.",
            (config, value) => config with { Head = Location(value) })
        { Flag = "--head", Form = TextForm.Word },
    ];

    private static ConfigOption[] Triggers() =>
    [
        new("triggers.enabled", OptionKind.Switch, "true, false", "true",
            "The main switch: with `false` every run ends as skipped.",
            (config, value) => With(config, config.Triggers with { Enabled = value.Switch() })),
        new("triggers.label", OptionKind.Text, "label", "",
            "In CI, run only for pull requests with this label.",
            (config, value) => With(config, config.Triggers with { Label = value.Text() })),
        new("triggers.base_branches", OptionKind.List, "list of branches", "[]",
            "In CI, run only for pull requests into these branches; `*` stands for any letters.",
            (config, value) => With(config, config.Triggers with { BaseBranches = value.Texts() })),
        new("triggers.ignore_files", OptionKind.List, "list of patterns", "[]",
            "Skip pull requests whose changed files all match these gitignore patterns, last match wins.",
            (config, value) => With(config, config.Triggers with { IgnoreFiles = value.Texts() })),
        new("triggers.max_diffs", OptionKind.Number, "0 or more", "",
            "With more selected models than this, no table is read and the run is only a plan, unless the pull request has the label `cidiff:run`.",
            (config, value) => With(config, config.Triggers with { MaxDiffs = value.WholeNumber(0, int.MaxValue) })),
        new("triggers.commit", OptionKind.Choice, "latest, merge_base", "latest",
            "Which commit's manifest stands for production: the newest of the base branch, or that at which the pull request branched off. `{commit}` in a path of `base` stands for it.",
            (config, value) => With(config, config.Triggers with
            {
                Commit = value.Choice(("latest", BaseCommit.Latest), ("merge_base", BaseCommit.MergeBase), ("merge-base", BaseCommit.MergeBase)),
            }))
        { Words = ["latest", "merge_base", "merge-base"] },
    ];

    private static ConfigOption[] Selection() =>
    [
        new("selection.slim", OptionKind.Switch, "true, false", "true",
            "Compare modified models only; with `false` everything downstream of them too. The flag sets `false`.",
            (config, value) => With(config, config.Selection with { Slim = value.Switch() }))
        { Flag = "--no-slim" },
        new("selection.select", OptionKind.List, "list of dbt selectors", "[]",
            "Only models that one of them names.",
            (config, value) => With(config, config.Selection with { Select = value.Texts() }))
        { Flag = "--select", Form = TextForm.Lines },
        new("selection.exclude", OptionKind.List, "list of dbt selectors", "[]",
            "No models that one of them names.",
            (config, value) => With(config, config.Selection with { Exclude = value.Texts() }))
        { Flag = "--exclude", Form = TextForm.Lines },
        new("selection.cosmetic", OptionKind.Choice, "skip, compare", "skip",
            "What becomes of models in which only comments, whitespace or keyword case changed.",
            (config, value) => With(config, config.Selection with
            {
                Cosmetic = value.Choice(("skip", CosmeticChanges.Skip), ("compare", CosmeticChanges.Compare)),
            }))
        { Words = ["skip", "compare"] },
    ];

    private static ConfigOption[] Comparing() =>
    [
        new("compare.key_tag", OptionKind.Text, "word", "primary-key",
            "The word in `meta` and `tags` that marks key columns.",
            (config, value) => With(config, config.Compare with { KeyTag = value.Text() })),
        new("compare.ignore_columns", OptionKind.List, "list of patterns", "[]",
            "Columns that are never compared, as gitignore patterns, last match wins. Never the key.",
            (config, value) => With(config, config.Compare with { IgnoreColumns = value.Texts() })),
        new("compare.tolerance", OptionKind.Structure, "mapping of columns to tolerances", "{}",
            "How far values may be apart and still count as equal.",
            (config, value) => With(config, config.Compare with { Tolerance = ToleranceText.ReadByColumn(value) })),
        new("compare.sampling", OptionKind.Structure, "off, on, a percentage, a number of rows, or a mapping", "off",
            "Which part of the rows of large tables is read; what is counted then are estimates. See below.",
            (config, value) => With(config, config.Compare with { Sampling = SamplingText.Read(value) }))
        { Flag = "--sample" },
        new("compare.strategy", OptionKind.Choice, string.Join(", ", StrategyWords), "auto",
            "How rows are compared: `docs/diffing.md` says what each does. All give the same answer.",
            (config, value) => With(config, config.Compare with { Strategy = Strategy(value) }))
        { Flag = "--strategy", Words = StrategyWords },
        new("compare.samples", OptionKind.Number, $"0 to {MaximumSamples}", "10",
            "How many example rows of each kind are read. `privacy.values` says what of them is shown.",
            (config, value) => With(config, config.Compare with { Samples = value.WholeNumber(0, MaximumSamples) })),
        new("compare.timeout", OptionKind.Text, "time or `none`", "10m",
            "The longest one statement may take: `90s`, `10m`, `1h`.",
            (config, value) => With(config, config.Compare with { Timeout = value.TimeLimit().Limit })),
        new("compare.time_budget", OptionKind.Text, "time or `none`", "none",
            "The longest one model may take: `5m`, `1h`.",
            (config, value) => With(config, config.Compare with { TimeBudget = value.TimeLimit().Limit })),
        new("compare.over_budget", OptionKind.Choice, "sample, fail", "sample",
            "What becomes of a model that takes longer than its time budget: a sample of it is read instead, or it fails.",
            (config, value) => With(config, config.Compare with { OverBudget = OverBudget(value) }))
        { Words = OverBudgetWords },
        new("compare.attribution", OptionKind.Switch, "true, false", "true",
            "Tell which values, and which days, months or years, changed rows have more often than others: `docs/diffing.md`. The flag sets `false`.",
            (config, value) => With(config, config.Compare with { Attribution = value.Switch() }))
        { Flag = "--no-attribution" },
        new("compare.column_profiles", OptionKind.Switch, "true, false", "false",
            "Tell of each column, base beside head: nulls, distinct values, least, greatest, mean, quantiles, most frequent values. It costs a few scans.",
            (config, value) => With(config, config.Compare with { ColumnProfiles = value.Switch() }))
        { Flag = "--column-profiles" },
    ];

    /// <summary>What becomes of a model over its budget.</summary>
    internal static OverBudget OverBudget(ConfigValue value) => value.Choice(
        ("sample", Configuration.OverBudget.Sample),
        ("fail", Configuration.OverBudget.Fail));

    /// <summary>A strategy that can be asked for.</summary>
    internal static DiffStrategy Strategy(ConfigValue value) => value.Choice(
        ("auto", DiffStrategy.Auto),
        ("join", DiffStrategy.Join),
        ("fingerprint", DiffStrategy.Fingerprint),
        ("hash", DiffStrategy.Hash));

    private static ConfigOption[] Outputs() =>
    [
        new("protect.exposures", OptionKind.Switch, "true, false", "false",
            "Exposures are protected readers. Without effect in this version.",
            (config, value) => With(config, config.Protect with { Exposures = value.Switch() }))
        { IsAvailable = config => !config.Protect.Exposures, IsNotedOnly = true },
        new("protect.registry", OptionKind.List, "list of files", "[]",
            "Files that list protected readers. Not available yet.",
            (config, value) => With(config, config.Protect with { Registry = value.Texts() }))
        { IsAvailable = config => config.Protect.Registry.Count == 0 },
        new("protect.mode", OptionKind.Choice, "breaking, strict", "breaking",
            "Which changes of a protected model fail. Only `breaking` is available yet.",
            (config, value) => With(config, config.Protect with
            {
                Mode = value.Choice(("breaking", ProtectionMode.Breaking), ("strict", ProtectionMode.Strict)),
            }))
        { Words = ["breaking", "strict"], IsAvailable = config => config.Protect.Mode == ProtectionMode.Breaking },
        new("privacy.values", OptionKind.Choice, "none, keys, full", "none",
            "What of the cells' values a report may show: nothing, key values, or all but columns marked `pii`.",
            (config, value) => config with
            {
                Values = value.Choice(("none", ValuePrivacy.None), ("keys", ValuePrivacy.Keys), ("full", ValuePrivacy.Full)),
            })
        { Words = ["none", "keys", "full"] },
        new("reports.dir", OptionKind.Text, "folder", "cidiff-report",
            "Where reports are written.",
            (config, value) => config with { Reports = config.Reports with { Dir = value.Path() } })
        { Flag = "--report-dir" },
        new("reports.formats", OptionKind.List, "list of markdown, json, junit, sarif, code_quality", "[markdown, json]",
            "Which reports are written.",
            (config, value) => WithFormats(config, value)),
        .. Publishing(),
        new("models", OptionKind.Structure, "list of entries", "[]",
            "Settings for the models that a dbt selector names; see below.",
            (config, value) => config with { Models = Items(value).Select(ModelSettingsReader.ReadOverride).ToList() })
        { Form = TextForm.None },
    ];

    private static ConfigOption[] Publishing() =>
    [
        new("publish.to", OptionKind.Choice, "auto, none, github, gitlab, bitbucket, azure", "auto",
            "Where the report is posted; `auto` is the host that runs the job, and nowhere without a pull request.",
            (config, value) => With(config, config.Publish with { To = ReadTarget(value) }))
        { Flag = "--publish", Words = ["auto", "none", "github", "gitlab", "bitbucket", "azure"] },
        new("publish.comment", OptionKind.Switch, "true, false", "true",
            "Post the report as one comment, which later runs write anew. Accepting a change needs it.",
            (config, value) => With(config, config.Publish with { Comment = value.Switch() })),
        new("publish.status", OptionKind.Switch, "true, false", "true",
            "Set a commit status.",
            (config, value) => With(config, config.Publish with { Status = value.Switch() })),
        new("publish.annotations", OptionKind.Switch, "true, false", "true",
            "On GitHub, say beside the models' code what was found: in a check run, or through the log where the token may not make one.",
            (config, value) => With(config, config.Publish with { Annotations = value.Switch() })),
        new("publish.summary", OptionKind.Switch, "true, false", "true",
            "On GitHub, show the report on the job's page.",
            (config, value) => With(config, config.Publish with { Summary = value.Switch() })),
        new("publish.required", OptionKind.Switch, "true, false", "false",
            "End with exit code 2 when something could not be posted; otherwise that is only a warning.",
            (config, value) => With(config, config.Publish with { Required = value.Switch() })),
        new("publish.name", OptionKind.Text, "word", "",
            "Tells comments and statuses of several runs in one pull request apart; by default the dbt project's folder in the repository.",
            (config, value) => With(config, config.Publish with { Name = value.Text() })),
        new("publish.token", OptionKind.Text, "`env:NAME`", "",
            "The token to post with; by default the host's usual variable, see [publishing](publishing.md).",
            (config, value) => With(config, config.Publish with { Token = value.Token() })),
    ];

    private static PublishTarget ReadTarget(ConfigValue value) => value.Choice(
        ("auto", PublishTarget.Auto),
        ("none", PublishTarget.None),
        ("github", PublishTarget.GitHub),
        ("gitlab", PublishTarget.GitLab),
        ("bitbucket", PublishTarget.Bitbucket),
        ("azure", PublishTarget.Azure));

    private static CiDiffConfig With(CiDiffConfig config, PublishSettings publish) => config with { Publish = publish };

    private static CiDiffConfig With(CiDiffConfig config, Sides<ConfiguredSecret?> urls) =>
        config with { Connection = config.Connection with { SideUrls = urls } };

    private static CiDiffConfig With(CiDiffConfig config, TriggerSettings triggers) => config with { Triggers = triggers };

    private static CiDiffConfig With(CiDiffConfig config, SelectionSettings selection) => config with { Selection = selection };

    private static CiDiffConfig With(CiDiffConfig config, CompareSettings compare) => config with { Compare = compare };

    private static CiDiffConfig With(CiDiffConfig config, ProtectSettings protect) => config with { Protect = protect };

    private static ConfigOption Rule(RuleKind kind)
    {
        var isAboutColumn = kind is RuleKind.ColumnChanged or RuleKind.NullRate;
        var name = new RuleName(kind, isAboutColumn ? "NAME" : null);
        return new ConfigOption(
            $"rules.{name}",
            OptionKind.Rule,
            name.IsYesOrNo ? "off, warn, fail" : $"off, warn, fail or limits: {RuleText.Example(name)}",
            RuleText.Write(RuleSet.Defaults.Limits.GetValueOrDefault(name, RuleLimits.Off)),
            RuleText.Meaning(kind),
            (config, value) =>
            {
                var rule = RuleName.Find(value.Key["rules.".Length..])!;
                var limits = new Dictionary<RuleName, RuleLimits> { [rule] = RuleText.ReadLimits(rule, value) };
                return config with { Rules = config.Rules.With(new RuleSet { Limits = limits }) };
            })
        {
            Form = isAboutColumn ? TextForm.None : TextForm.Yaml,
        };
    }

    private static CiDiffConfig Version(CiDiffConfig config, ConfigValue value) => value.Node is ConfigNode.Scalar { Value: "1" }
        ? config
        : throw new UserErrorException(
            ErrorCodes.UnknownConfigurationVersion,
            $"{value.Node.Place}: This file has version {value.Node.Describe()}; this CiDiff knows version 1.",
            hint: "Update CiDiff, or write `version: 1`.");

    private static List<ManifestLocation> Locations(ConfigValue value)
    {
        var locations = value.Node is ConfigNode.Sequence ? Items(value).Select(Location).ToList() : [Location(value)];
        return locations.Count > 0 ? locations : throw value.Wrong("at least one place, such as [{path: prod-artifacts}]");
    }

    private static ManifestLocation Location(ConfigValue value)
    {
        switch (value.Node)
        {
            case ConfigNode.Scalar:
                return new ManifestLocation.Path(value.Path());
            case ConfigNode.Mapping { Entries: [{ Key: "path" } path] }:
                return new ManifestLocation.Path(new ConfigValue($"{value.Key}.path", path.Value).Path());
            case ConfigNode.Mapping { Entries: [var entry] } when LaterLocations.Contains(entry.Key):
                throw ConfigOption.NotAvailable(value, $"'{value.Key}' with a source of kind '{entry.Key}'");
            case ConfigNode.Mapping { Entries: [{ Key: not "path" } entry, ..] } when !LaterLocations.Contains(entry.Key):
                throw ConfigValue.UnknownKey(entry, value.Key, ["path"]);
            default:
                throw value.Wrong("a path, such as {path: prod-artifacts}");
        }
    }

    // A report in a format of a later version is left out, and the run says so; the others are written.
    private static CiDiffConfig WithFormats(CiDiffConfig config, ConfigValue value)
    {
        var formats = value.Texts().Distinct(StringComparer.Ordinal).ToList();
        return formats.Find(format => !AvailableFormats.Contains(format) && !LaterFormats.Contains(format)) is { } unknown
            ? throw value.Invalid($"There is no report format '{unknown}'", Spelling.Hint(unknown, AvailableFormats))
            : config with
            {
                Reports = config.Reports with { Formats = [.. formats.Except(LaterFormats)] },
                Notes =
                [
                    .. config.Notes,
                    .. formats.Intersect(LaterFormats).Select(format => $"The report format {format} is not available in this version; that report is not written."),
                ],
            };
    }

    private static IEnumerable<ConfigValue> Items(ConfigValue value) => value.Node is ConfigNode.Sequence sequence
        ? sequence.Items.Select((item, index) => value with { Key = $"{value.Key}[{index}]", Node = item })
        : throw value.Wrong("a list");
}
