using System.CommandLine;
using CiDiff.Configuration;
using CiDiff.Errors;

namespace CiDiff.Cli.Options;

/// <summary>Everything that <c>run</c> and <c>plan</c> take, put together with the environment and <c>cidiff.yml</c>.</summary>
internal sealed class RunOptions
{
    private readonly ManifestOptions _manifests = new();
    private readonly ConnectionOptions _connection = new();
    private readonly SelectorOptions _selection = new();
    private readonly StrategyOption _strategy = new();
    private readonly SampleOption _sample = new();
    private readonly InsightOptions _insights = new();
    private readonly ReportOptions _report = new();
    private readonly OutputOptions _output = new();

    private readonly Option<string?> _config = new("--config")
    {
        Description = "The configuration [default: cidiff.yml in the dbt project or the repository's root]",
        HelpName = "FILE",
    };

    private readonly Option<string?> _configFrom = new("--config-from")
    {
        Description = "Whose cidiff.yml judges: the base branch's or the pull request's own [default: base in CI, head elsewhere]",
        HelpName = "base|head",
    };

    private readonly Option<bool> _force = new("--force")
    {
        Description = "Compare even when a trigger or triggers.max_diffs says no",
    };

    private readonly Option<string?> _publish = new("--publish")
    {
        Description = "Where the report is posted [default: to the host that runs the job]",
        HelpName = "auto|none|github|gitlab|bitbucket|azure",
    };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withReports">The command writes reports.</param>
    public void AddTo(Command command, bool withReports)
    {
        _manifests.AddTo(command, required: false, isConfigured: true);
        _connection.AddTo(command);
        _selection.AddTo(command, withSlim: true);
        _configFrom.AcceptOnlyFromAmong("base", "head");
        _sample.AddTo(command);
        _strategy.AddTo(command);
        _insights.AddTo(command);
        command.Add(_config);
        command.Add(_configFrom);
        command.Add(_force);
        if (withReports)
        {
            _publish.AcceptOnlyFromAmong("auto", "none", "github", "gitlab", "bitbucket", "azure");
            _report.AddTo(command);
            command.Add(_publish);
        }

        _output.AddTo(command);
    }

    /// <summary>Which output was asked for.</summary>
    public OutputFlags Output(ParseResult parsed) => _output.Read(parsed);

    /// <summary>Where to post as far as the command line says, for a run whose configuration could not be read.</summary>
    public PublishTarget PublishTarget(ParseResult parsed) =>
        Enum.TryParse<PublishTarget>(parsed.CommandResult.Command.Options.Contains(_publish) ? parsed.GetValue(_publish) : "none", ignoreCase: true, out var target)
            ? target
            : CiDiff.Configuration.PublishTarget.Auto;

    /// <summary>Whether limits are to be ignored.</summary>
    public bool IsForced(ParseResult parsed) => parsed.GetValue(_force);

    /// <summary>The folder of reports as far as the command line and the environment say, for the report of a run whose configuration could not be read.</summary>
    public string ReportFolder(ParseResult parsed, CliHost host) => Full(
        host,
        _report.Read(parsed) ?? host.Environment.Variables.GetValueOrDefault("CIDIFF_REPORTS_DIR") ?? Cli.Output.ReportPaths.DefaultFolder)!;

    /// <summary>Flags over environment variables over <c>cidiff.yml</c> over defaults.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="host">The world around it.</param>
    /// <param name="file">The configuration file; null for none.</param>
    /// <param name="inBase">The base branch's, where it counts.</param>
    public CiDiffConfig Configuration(ParseResult parsed, CliHost host, string? file, BaseConfig? inBase) =>
        ConfigLayers.Resolve(file, host.Environment.Variables, Flags(parsed, host), inBase);

    /// <summary>The configuration file as named by the flag or <c>CIDIFF_CONFIG</c>; a full path, null when nobody named one.</summary>
    public string? ConfigFile(ParseResult parsed, CliHost host) => Full(host, parsed.GetValue(_config) ?? Variable(host, "CIDIFF_CONFIG"));

    /// <summary>Whose configuration judges, by the flag or <c>CIDIFF_CONFIG_FROM</c>; null when nobody said.</summary>
    /// <exception cref="UserErrorException">The variable says something else.</exception>
    public ConfigSource? ConfigFrom(ParseResult parsed, CliHost host) => ConfigFrom(parsed.GetValue(_configFrom), host);

    /// <summary>The same for a command without the flag.</summary>
    /// <param name="flag">The flag's value; null when there is none.</param>
    /// <param name="host">The world around.</param>
    /// <exception cref="UserErrorException">The variable says something else.</exception>
    public static ConfigSource? ConfigFrom(string? flag, CliHost host) => (flag ?? Variable(host, "CIDIFF_CONFIG_FROM")) switch
    {
        null => null,
        "base" => ConfigSource.Base,
        "head" => ConfigSource.Head,
        var other => throw new UserErrorException(
            ErrorCodes.InvalidValue, $"environment variable CIDIFF_CONFIG_FROM: It takes base or head, not '{other}'.", "docs/ci.md says what they mean."),
    };

    private static string? Variable(CliHost host, string name) => host.Environment.Variables.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>The dbt project's folder as given.</summary>
    public string? ProjectDirectory(ParseResult parsed, CliHost host) => Full(host, _connection.Read(parsed).ProjectDir);

    private Dictionary<string, string> Flags(ParseResult parsed, CliHost host)
    {
        var flags = new Dictionary<string, string>(StringComparer.Ordinal);
        var (inBase, inHead) = _manifests.Read(parsed);
        var connection = _connection.Read(parsed);
        var selection = _selection.Read(parsed);
        Add("base", Full(host, inBase));
        Add("head", Full(host, inHead));
        Add("dbt.project_dir", Full(host, connection.ProjectDir));
        Add("dbt.profiles_dir", Full(host, connection.ProfilesDir));
        Add("dbt.profile", connection.Profile);
        Add("dbt.target", connection.Target);
        Add("connection.base_url", connection.Urls.Base);
        Add("connection.head_url", connection.Urls.Head);
        Add("selection.select", selection.Select);
        Add("selection.exclude", selection.Exclude);
        Add("selection.slim", selection.NoSlim ? "false" : null);
        Add("compare.sampling", _sample.Read(parsed));
        Add("compare.strategy", _strategy.Read(parsed));
        Add("compare.attribution", _insights.NoAttribution(parsed) ? "false" : null);
        Add("compare.column_profiles", _insights.ColumnProfiles(parsed) ? "true" : null);
        Add("reports.dir", Full(host, _report.Read(parsed)));
        Add("publish.to", parsed.CommandResult.Command.Options.Contains(_publish) ? parsed.GetValue(_publish) : null);
        return flags;

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                flags[key] = value;
            }
        }
    }

    private static string? Full(CliHost host, string? path) => path is null ? null : Path.GetFullPath(path, host.WorkingDirectory);
}
