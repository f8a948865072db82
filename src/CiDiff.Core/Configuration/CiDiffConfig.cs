namespace CiDiff.Configuration;

/// <summary>Everything that can be configured for a run: defaults, <c>cidiff.yml</c>, environment variables and flags, later wins.
/// <c>docs/configuration.md</c> lists every key.</summary>
public sealed record CiDiffConfig
{
    /// <summary>What holds when nobody said anything.</summary>
    public static readonly CiDiffConfig Default = new();

    /// <summary>The configuration file as it was named; null when there is none.</summary>
    public string? File { get; init; }

    /// <summary>The dbt project.</summary>
    public DbtSettings Dbt { get; init; } = new(null, null, null, null);

    /// <summary>Connections that stand in for the dbt profile.</summary>
    public ConnectionSecrets Connection { get; init; } = new(null, new Sides<ConfiguredSecret?>(null, null));

    /// <summary>Where production's manifest may be: the first that has one is used. Never empty.</summary>
    public IReadOnlyList<ManifestLocation> Base { get; init; } = [new ManifestLocation.Path("prod-artifacts")];

    /// <summary>Where the pull request's manifest is.</summary>
    public ManifestLocation Head { get; init; } = new ManifestLocation.Path("target");

    /// <summary>When CiDiff runs at all.</summary>
    public TriggerSettings Triggers { get; init; } = new();

    /// <summary>Which models are compared.</summary>
    public SelectionSettings Selection { get; init; } = new();

    /// <summary>How models are compared, unless something more special says otherwise.</summary>
    public CompareSettings Compare { get; init; } = new();

    /// <summary>The run's rules, defaults included.</summary>
    public RuleSet Rules { get; init; } = RuleSet.Defaults;

    /// <summary>Who outside of dbt is protected.</summary>
    public ProtectSettings Protect { get; init; } = new();

    /// <summary>What of the cells' values may leave the job (<c>privacy.values</c>).</summary>
    public ValuePrivacy Values { get; init; } = ValuePrivacy.None;

    /// <summary>Which reports are written, and where.</summary>
    public ReportSettings Reports { get; init; } = new();

    /// <summary>What is posted to the pull request.</summary>
    public PublishSettings Publish { get; init; } = new();

    /// <summary>Settings for the models that a selector names, in the order of the file: later ones win.</summary>
    public IReadOnlyList<ModelOverride> Models { get; init; } = [];

    /// <summary>What is worth a warning, as sentences: an environment variable that is named like an option and is none.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>The dbt project; null is what dbt itself would find.</summary>
/// <param name="ProjectDir">The folder of <c>dbt_project.yml</c>.</param>
/// <param name="ProfilesDir">The folder of <c>profiles.yml</c>.</param>
/// <param name="Profile">The profile's name.</param>
/// <param name="Target">The profile's target.</param>
public sealed record DbtSettings(string? ProjectDir, string? ProfilesDir, string? Profile, string? Target);

/// <summary>Connection URLs; null is the dbt profile.</summary>
/// <param name="Url">For both sides.</param>
/// <param name="SideUrls">For one side; wins over <paramref name="Url"/>.</param>
public sealed record ConnectionSecrets(ConfiguredSecret? Url, Sides<ConfiguredSecret?> SideUrls)
{
    /// <summary>What each side connects with; null is the dbt profile.</summary>
    public Sides<ConfiguredSecret?> ForSides => SideUrls.Map(side => side ?? Url);
}

/// <summary>A place that may have a manifest. Closed: every case is in this file.</summary>
public abstract record ManifestLocation
{
    private ManifestLocation()
    {
    }

    /// <summary>A file or folder.</summary>
    /// <param name="Value"><c>manifest.json</c> or the folder it is in; relative to the working directory, or absolute.</param>
    public sealed record Path(string Value) : ManifestLocation;
}

/// <summary>When CiDiff runs at all.</summary>
public sealed record TriggerSettings
{
    /// <summary>The main switch; false ends every run as skipped.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The label that a pull request has to carry, whatever its case; null for none.</summary>
    public string? Label { get; init; }

    /// <summary>Only pull requests into these branches, as shell patterns whose <c>*</c> matches slashes too; empty for any.</summary>
    public IReadOnlyList<string> BaseBranches { get; init; } = [];

    /// <summary>gitignore patterns, last match wins: a pull request whose files all match is skipped.</summary>
    public IReadOnlyList<string> IgnoreFiles { get; init; } = [];

    /// <summary>Which commit's manifest stands for production.</summary>
    public BaseCommit Commit { get; init; } = BaseCommit.Latest;

    /// <summary>More selected models than this, and no table is read: the run is only a plan. Null for no limit.</summary>
    public int? MaxDiffs { get; init; }
}

/// <summary>Which commit's manifest stands for production.</summary>
public enum BaseCommit
{
    /// <summary>The newest there is.</summary>
    Latest,

    /// <summary>The commit at which the pull request branched off.</summary>
    MergeBase,
}

/// <summary>What becomes of models in which only comments, whitespace or keyword case changed.</summary>
public enum CosmeticChanges
{
    /// <summary>They are skipped.</summary>
    Skip,

    /// <summary>They are compared like other modified models.</summary>
    Compare,
}

/// <summary>Which models are compared.</summary>
public sealed record SelectionSettings
{
    /// <summary>Only modified models, not everything downstream of them.</summary>
    public bool Slim { get; init; } = true;

    /// <summary>dbt selectors, joined as a union; empty for no restriction.</summary>
    public IReadOnlyList<string> Select { get; init; } = [];

    /// <summary>dbt selectors of what is left out.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>What becomes of cosmetic changes.</summary>
    public CosmeticChanges Cosmetic { get; init; } = CosmeticChanges.Skip;
}

/// <summary>How models are compared.</summary>
public sealed record CompareSettings
{
    /// <summary>The word in meta and tags that marks key columns.</summary>
    public string KeyTag { get; init; } = "primary-key";

    /// <summary>gitignore patterns of columns that are never compared, last match wins. Never the key.</summary>
    public IReadOnlyList<string> IgnoreColumns { get; init; } = [];

    /// <summary>Tolerances by column name, ignoring case, in every model.</summary>
    public IReadOnlyDictionary<string, Tolerance> Tolerance { get; init; } =
        new Dictionary<string, Tolerance>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Which part of the rows is read.</summary>
    public Sampling Sampling { get; init; } = new Sampling.Off();

    /// <summary>How rows are compared; never <see cref="DiffStrategy.Keyless"/>.</summary>
    public DiffStrategy Strategy { get; init; }

    /// <summary>How many example rows of each kind are read; 0 for none.</summary>
    public int Samples { get; init; } = 10;

    /// <summary>The longest one statement may take; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether it is looked for where changed rows are concentrated.</summary>
    public bool Attribution { get; init; } = true;

    /// <summary>Whether the values of each column are looked at, base beside head.</summary>
    public bool ColumnProfiles { get; init; }

    /// <summary>The longest one model may take before <see cref="OverBudget"/> says what becomes of it; null for no limit.</summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>What becomes of a model that takes longer than <see cref="TimeBudget"/>.</summary>
    public OverBudget OverBudget { get; init; }
}

/// <summary>Who outside of dbt is protected.</summary>
public sealed record ProtectSettings
{
    /// <summary>Exposures count as readers.</summary>
    public bool Exposures { get; init; }

    /// <summary>Files that list readers.</summary>
    public IReadOnlyList<string> Registry { get; init; } = [];

    /// <summary>What counts as harm.</summary>
    public ProtectionMode Mode { get; init; } = ProtectionMode.Breaking;
}

/// <summary>Which changes of a protected model fail.</summary>
public enum ProtectionMode
{
    /// <summary>Those that break a reader.</summary>
    Breaking,

    /// <summary>Any.</summary>
    Strict,
}

/// <summary>Which reports are written, and where.</summary>
public sealed record ReportSettings
{
    /// <summary>The folder; made when it is missing.</summary>
    public string Dir { get; init; } = "cidiff-report";

    /// <summary>As in <c>IReportWriter.Format</c>; each once.</summary>
    public IReadOnlyList<string> Formats { get; init; } = ["markdown", "json"];
}

/// <summary>What is posted to the pull request.</summary>
public sealed record PublishSettings
{
    /// <summary>Where.</summary>
    public PublishTarget To { get; init; } = PublishTarget.Auto;

    /// <summary>The report as a comment.</summary>
    public bool Comment { get; init; } = true;

    /// <summary>The verdict as a commit status.</summary>
    public bool Status { get; init; } = true;

    /// <summary>What was found beside the models' code.</summary>
    public bool Annotations { get; init; } = true;

    /// <summary>The report on the job's page.</summary>
    public bool Summary { get; init; } = true;

    /// <summary>A run that cannot publish what it should does not end well.</summary>
    public bool Required { get; init; }

    /// <summary>Tells the comments and statuses of several projects in one repository apart; null is the project's folder.</summary>
    public string? Name { get; init; }

    /// <summary>What to authenticate with; null is the host's usual variable.</summary>
    public ConfiguredSecret? Token { get; init; }
}

/// <summary>Where a report is posted.</summary>
public enum PublishTarget
{
    /// <summary>To the host that runs the job.</summary>
    Auto,

    /// <summary>Nowhere.</summary>
    None,

    /// <summary>GitHub.</summary>
    GitHub,

    /// <summary>GitLab.</summary>
    GitLab,

    /// <summary>Bitbucket Cloud.</summary>
    Bitbucket,

    /// <summary>Azure DevOps.</summary>
    Azure,
}

/// <summary>Settings for the models that a selector names.</summary>
/// <param name="Select">A dbt selector.</param>
/// <param name="Settings">What holds for them.</param>
/// <param name="Origin">For messages: "cidiff.yml, line 12".</param>
public sealed record ModelOverride(string Select, ModelSettings Settings, string Origin);
