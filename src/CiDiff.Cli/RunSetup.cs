using System.CommandLine;
using CiDiff.Cli.Options;
using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Git;
using CiDiff.Profiles;
using CiDiff.Reports;

namespace CiDiff.Cli;

/// <summary>From a command line to a run: finds the configuration, the profile's place and the commit messages.</summary>
/// <param name="Config">The configuration that the run went by; null when it could not be read.</param>
/// <param name="Publishing">Where the run is posted; null when the job could not be looked at.</param>
internal sealed record RunSetup(CiDiffConfig? Config, PublishingSetup? Publishing)
{
    private static readonly TimeSpan GitTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Runs; what a user can fix is in the report, also when it stopped the run before it began.</summary>
    public static async Task<(RunReport Report, RunSetup Setup)> ExecuteAsync(
        CliHost host,
        RunOptions options,
        ParseResult parsed,
        bool planOnly,
        IProgress<RunEvent> progress,
        CancellationToken cancellationToken)
    {
        PublishingSetup? publishing = null;
        try
        {
            var pullRequest = await host.Environment.PullRequestAsync(host.WorkingDirectory, cancellationToken);
            var project = options.ProjectDirectory(parsed, host)
                ?? ProfileReader.FindProjectDirectory(Profile(host, CiDiffConfig.Default))
                ?? host.WorkingDirectory;
            var path = PathInRepository(pullRequest.Root, project);

            // A configuration that cannot be read has to be told on the pull request too.
            publishing = Publishing(CiDiffConfig.Default.Publish with { To = options.PublishTarget(parsed) });
            var config = await RunConfiguration.ReadAsync(host, options, parsed, project, pullRequest, cancellationToken);
            publishing = Publishing(config.Publish);
            var report = await DiffRun.ExecuteAsync(
                new DiffRunRequest
                {
                    ToolVersion = ToolVersion.Text,
                    RunId = RunId.New(),
                    Config = config,
                    Profile = Profile(host, config),
                    ProjectPath = path,
                    PullRequest = pullRequest,
                    ReadAccepted = token => publishing.ReadAcceptedAsync(progress, token),
                    Force = options.IsForced(parsed),
                    PlanOnly = planOnly,
                },
                progress,
                cancellationToken);
            return (planOnly ? report : await WithLinesAsync(report, pullRequest, cancellationToken), new RunSetup(config, publishing));

            PublishingSetup Publishing(PublishSettings settings) => PublishingSetup.Create(host, options.Output(parsed), pullRequest, settings, path);
        }
        catch (UserErrorException error)
        {
            return (Stopped(error), new RunSetup(null, publishing));
        }
    }

    // Findings stand beside what the pull request changed.
    private static async Task<RunReport> WithLinesAsync(RunReport report, PullRequestContext pullRequest, CancellationToken cancellationToken)
    {
        var files = report.Models.Select(model => model.FileIn(report.Project)).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var lines = await ChangedLines.FindAsync(pullRequest, files, GitTimeout, cancellationToken);
        return lines.Count == 0
            ? report
            : report with
            {
                Models = [.. report.Models.Select(model => model.FileIn(report.Project) is { } file && lines.TryGetValue(file, out var line) ? model with { Line = line } : model)],
            };
    }

    /// <summary>Where the dbt project is in its repository; empty for the root.</summary>
    internal static string PathInRepository(string? root, string project)
    {
        var path = root is null ? "" : Path.GetRelativePath(root, project).Replace('\\', '/');
        return path == "." || path.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(path) ? "" : path;
    }

    /// <summary>Where the profile is looked for.</summary>
    internal static ProfileRequest Profile(CliHost host, CiDiffConfig config) => new()
    {
        WorkingDirectory = host.WorkingDirectory,
        Environment = host.Environment.Variables,
        ProjectDirectory = config.Dbt.ProjectDir,
        ProfilesDirectory = config.Dbt.ProfilesDir,
        Profile = config.Dbt.Profile,
        Target = config.Dbt.Target,
    };

    private static RunReport Stopped(UserErrorException error) => new()
    {
        ToolVersion = ToolVersion.Text,
        Status = RunStatus.Error,
        Reason = $"Could not tell: {error.Message}",
        Error = RunError.From(error),
    };
}
