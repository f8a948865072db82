using System.CommandLine;
using CiDiff.Cli.Options;
using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Profiles;
using CiDiff.Reports;

namespace CiDiff.Cli;

/// <summary>From a command line to a run: finds the configuration, the profile's place and the commit messages.</summary>
/// <param name="Config">The configuration that the run went by.</param>
internal sealed record RunSetup(CiDiffConfig Config)
{
    /// <summary>Runs; what a user can fix is in the report, also when it stopped the run before it began.</summary>
    /// <returns>The report, and the setup; null when the configuration could not be read.</returns>
    public static async Task<(RunReport Report, RunSetup? Setup)> ExecuteAsync(
        CliHost host,
        RunOptions options,
        ParseResult parsed,
        bool planOnly,
        IProgress<RunEvent> progress,
        CancellationToken cancellationToken)
    {
        CiDiffConfig config;
        try
        {
            var pullRequest = await host.Environment.PullRequestAsync(host.WorkingDirectory, cancellationToken);
            var project = options.ProjectDirectory(parsed, host)
                ?? ProfileReader.FindProjectDirectory(Profile(host, CiDiffConfig.Default))
                ?? host.WorkingDirectory;
            config = options.Configuration(parsed, host, new[] { project, pullRequest.Root }.OfType<string>().Distinct(StringComparer.Ordinal));
            var report = await DiffRun.ExecuteAsync(
                new DiffRunRequest
                {
                    ToolVersion = ToolVersion.Text,
                    RunId = Guid.NewGuid().ToString("N")[..8],
                    Config = config,
                    Profile = Profile(host, config),
                    ProjectPath = PathInRepository(pullRequest.Root, project),
                    PullRequest = pullRequest,
                    Force = options.IsForced(parsed),
                    PlanOnly = planOnly,
                },
                progress,
                cancellationToken);
            return (report, new RunSetup(config));
        }
        catch (UserErrorException error)
        {
            return (Stopped(error), null);
        }
    }

    private static string PathInRepository(string? root, string project)
    {
        var path = root is null ? "" : Path.GetRelativePath(root, project).Replace('\\', '/');
        return path == "." || path.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(path) ? "" : path;
    }

    private static ProfileRequest Profile(CliHost host, CiDiffConfig config) => new()
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
