using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace CiDiff.MSBuild;

/// <summary>Runs <c>cidiff run</c> in a process of its own and tells what it found as errors and warnings of the build.</summary>
/// <remarks>Empty parameters are not passed on, so that <c>cidiff.yml</c> and the <c>CIDIFF_…</c> variables hold. There is no parameter for a connection URL:
/// properties are written to build logs, and a URL may hold a password; it comes as <c>CIDIFF_CONNECTION_URL</c>.</remarks>
public sealed class CiDiffTask : ToolTask
{
    private volatile bool _isCancelled;

    // The tool's answer in JSON while it runs: of reports, cidiff.yml may want others only.
    private StringBuilder? _answer;

    // `cidiff : error CID2001: No manifest at 'target/manifest.json'.`, as the tool writes it on stderr.
    private static readonly Regex ErrorLine = new(@"^cidiff : error (CID\d{4}): (.*)$", RegexOptions.CultureInvariant);

    /// <summary>Production's <c>manifest.json</c> or the folder it is in.</summary>
    [Required]
    public string Base { get; set; } = "";

    /// <summary>The pull request's.</summary>
    public string Head { get; set; } = "";

    /// <summary>The folder of <c>dbt_project.yml</c>.</summary>
    public string ProjectDir { get; set; } = "";

    /// <summary>The folder of <c>profiles.yml</c>.</summary>
    public string ProfilesDir { get; set; } = "";

    /// <summary>The profile to connect with.</summary>
    public string Profile { get; set; } = "";

    /// <summary>The profile's target.</summary>
    public string Target { get; set; } = "";

    /// <summary>The <c>cidiff.yml</c>.</summary>
    public string Config { get; set; } = "";

    /// <summary>A dbt selector: only these models.</summary>
    public string Select { get; set; } = "";

    /// <summary>A dbt selector: not these models.</summary>
    public string Exclude { get; set; } = "";

    /// <summary><c>false</c> compares everything downstream of a change too.</summary>
    public string Slim { get; set; } = "";

    /// <summary>Where the report is posted; a build posts nothing unless asked to.</summary>
    public string Publish { get; set; } = "none";

    /// <summary>What the tool tells while it runs: quiet, normal or debug.</summary>
    public string Verbosity { get; set; } = "quiet";

    /// <summary>The folder for the reports.</summary>
    [Required]
    public string ReportDir { get; set; } = "";

    /// <summary>The root of the repository, which the paths of models in findings are relative to; empty for the nearest folder with a <c>.git</c> above the dbt project.</summary>
    public string SourceRoot { get; set; } = "";

    /// <summary>An installed <c>cidiff</c>, or a <c>cidiff.dll</c>; empty for the one beside the task.</summary>
    public string Tool { get; set; } = "";

    /// <summary>The <c>cidiff.dll</c> beside the task.</summary>
    [Required]
    public string BundledTool { get; set; } = "";

    /// <summary>Where relative paths start: the project's folder.</summary>
    [Required]
    public string StartFolder { get; set; } = "";

    /// <summary>The longest the run may take, in seconds; 0 for no limit.</summary>
    public int TimeoutSeconds { get; set; }

    /// <summary>What came out: <c>pass</c>, <c>fail</c> or <c>error</c>.</summary>
    [Output]
    public string Verdict { get; private set; } = "error";

    /// <inheritdoc/>
    protected override string ToolName => "cidiff";

    // Another one than that of stderr, which tells the two apart where lines arrive.
    /// <inheritdoc/>
    protected override MessageImportance StandardOutputLoggingImportance => MessageImportance.Normal;

    /// <inheritdoc/>
    protected override MessageImportance StandardErrorLoggingImportance => MessageImportance.High;

    private string Program => Tool.Length > 0 ? Path.GetFullPath(Path.Combine(StartFolder, Tool)) : BundledTool;

    private bool IsAssembly => Program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    protected override string GenerateFullPathToTool() =>
        !IsAssembly ? Program : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    /// <inheritdoc/>
    protected override string GetWorkingDirectory() => StartFolder;

    /// <inheritdoc/>
    protected override string GenerateCommandLineCommands()
    {
        var line = CommandLine("run");
        line.AppendSwitchIfNotNull("--base ", Base);
        AppendIfGiven(line, "--head ", Head);
        AppendIfGiven(line, "--project-dir ", ProjectDir);
        AppendIfGiven(line, "--profiles-dir ", ProfilesDir);
        AppendIfGiven(line, "--profile ", Profile);
        AppendIfGiven(line, "--target ", Target);
        AppendIfGiven(line, "--config ", Config);
        AppendIfGiven(line, "--select ", Select);
        AppendIfGiven(line, "--exclude ", Exclude);
        AppendIfGiven(line, "--publish ", Publish);
        AppendIfGiven(line, "--verbosity ", Verbosity);
        line.AppendSwitchIfNotNull("--report-dir ", ReportDir);
        line.AppendSwitch("--output json");
        line.AppendSwitch("--no-color");
        if (Slim.Equals("false", StringComparison.OrdinalIgnoreCase))
        {
            line.AppendSwitch("--no-slim");
        }

        return line.ToString();
    }

    /// <inheritdoc/>
    protected override bool ValidateParameters()
    {
        if (Tool.Length > 0 && !File.Exists(Program))
        {
            Log.LogError(null, "CIDIFF001", null, null, 0, 0, 0, 0, "There is no '{0}', which CiDiffToolPath names. Install it: dotnet tool install CiDiff.", Program);
            return false;
        }

        Timeout = TimeoutSeconds > 0 ? TimeoutSeconds * 1000 : System.Threading.Timeout.Infinite;
        return base.ValidateParameters();
    }

    /// <inheritdoc/>
    public override void Cancel()
    {
        _isCancelled = true;
        base.Cancel();
    }

    /// <summary>Runs the tool, then has its answer rendered for people and its findings for the build.</summary>
    protected override int ExecuteTool(string pathToTool, string responseFileCommands, string commandLineCommands)
    {
        var folder = Path.Combine(StartFolder, ReportDir);
        var file = Path.Combine(folder, "run.json");
        var findings = Path.Combine(folder, "msbuild.json");
        Directory.CreateDirectory(folder);

        // An earlier build's report must not speak for this one.
        File.Delete(findings);
        File.Delete(file);

        var answer = _answer = new StringBuilder();
        var watch = Stopwatch.StartNew();
        var exitCode = base.ExecuteTool(pathToTool, responseFileCommands, commandLineCommands);
        _answer = null;
        if (exitCode is not (0 or 1 or 2) && !_isCancelled && TimeoutSeconds > 0 && watch.Elapsed.TotalSeconds >= TimeoutSeconds)
        {
            // The base class ends the process with a warning, and would have the build fail without an error.
            Log.LogError(
                null, "CIDIFF004", null, null, 0, 0, 0, 0, "The data diff took longer than {0} s and was stopped. CiDiffTimeout is the limit, compare.time_budget of cidiff.yml that of a model.", TimeoutSeconds);
            return exitCode;
        }

        Verdict = exitCode switch { 0 => "pass", 1 => "fail", _ => "error" };
        if (exitCode is 0 or 1 or 2 && answer.Length > 0)
        {
            // The tool's own file where there is one: a console of Windows may know fewer letters.
            var isWanted = File.Exists(file);
            if (!isWanted)
            {
                File.WriteAllText(file, answer.ToString());
            }

            Render(pathToTool, file, "text", null);
            if (exitCode != 2 && Render(pathToTool, file, "code_quality", findings))
            {
                Tell(findings);
            }

            if (!isWanted)
            {
                File.Delete(file);
            }
        }

        return exitCode;
    }

    /// <inheritdoc/>
    protected override bool HandleTaskExecutionErrors()
    {
        if (ExitCode == 1)
        {
            var folder = Path.Combine(StartFolder, ReportDir);
            var report = Path.Combine(folder, "report.md");
            Log.LogError(null, "CIDIFF002", null, null, 0, 0, 0, 0, "The data diff fails: see {0}.", File.Exists(report) ? report : folder);
        }
        else if (!Log.HasLoggedErrors)
        {
            Log.LogError(null, "CIDIFF003", null, null, 0, 0, 0, 0, "cidiff could not tell whether the data changed: exit code {0}.", ExitCode);
        }

        return false;
    }

    /// <summary>Takes the tool's own errors as errors of the build, and everything else as text: names of models and columns are data.</summary>
    protected override void LogEventsFromTextOutput(string singleLine, MessageImportance messageImportance)
    {
        if (_answer is { } answer && messageImportance == StandardOutputLoggingImportance)
        {
            answer.Append(singleLine).Append('\n');
            return;
        }

        var match = ErrorLine.Match(singleLine);
        if (match.Success)
        {
            Log.LogError(null, match.Groups[1].Value, null, ToolName, 0, 0, 0, 0, "{0}", match.Groups[2].Value);
        }
        else
        {
            // What the tool prints is the answer that somebody asked for by building: shown at the verbosity that `dotnet build` has by default.
            Log.LogMessage(MessageImportance.High, "{0}", singleLine);
        }
    }

    private static void AppendIfGiven(CommandLineBuilder line, string option, string value) =>
        line.AppendSwitchIfNotNull(option, value.Length > 0 ? value : null);

    private CommandLineBuilder CommandLine(string command)
    {
        var line = new CommandLineBuilder();
        if (IsAssembly)
        {
            line.AppendSwitch("exec");
            line.AppendFileNameIfNotNull(Program);
        }

        line.AppendSwitch(command);
        return line;
    }

    private bool Render(string pathToTool, string run, string format, string? to)
    {
        var line = CommandLine("report");
        line.AppendSwitchIfNotNull("--format ", format);
        line.AppendSwitchIfNotNull("--to ", to);
        AppendIfGiven(line, "--verbosity ", Verbosity);
        line.AppendSwitch("--no-color");
        line.AppendSwitch("--");
        line.AppendFileNameIfNotNull(run);
        return base.ExecuteTool(pathToTool, "", line.ToString()) == 0;
    }

    private void Tell(string path)
    {
        foreach (var finding in Finding.Read(path))
        {
            var file = Locate(finding.Path);
            if (finding.IsError)
            {
                Log.LogError(null, finding.Code, null, file, finding.Line, 0, 0, 0, "{0}", finding.Message);
            }
            else
            {
                Log.LogWarning(null, finding.Code, null, file, finding.Line, 0, 0, 0, "{0}", finding.Message);
            }
        }
    }

    // The paths of a run are relative to the repository, or to the dbt project where git knows of none.
    private string Locate(string path)
    {
        var project = Path.Combine(StartFolder, ProjectDir);
        var root = SourceRoot.Length > 0 ? SourceRoot : RepositoryRoot(project);
        return new[] { root, project }.Select(folder => Path.Combine(folder ?? project, path)).FirstOrDefault(File.Exists) ?? Path.Combine(root ?? project, path);
    }

    private static string? RepositoryRoot(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            // A file in a worktree, a folder in a clone.
            var git = Path.Combine(folder.FullName, ".git");
            if (Directory.Exists(git) || File.Exists(git))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
