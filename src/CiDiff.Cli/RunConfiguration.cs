using System.CommandLine;
using CiDiff.Cli.Options;
using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Git;

namespace CiDiff.Cli;

/// <summary>Finds <c>cidiff.yml</c>, here and in the base branch, and puts everything that configures a run together.</summary>
internal static class RunConfiguration
{
    private static readonly TimeSpan GitTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Reads.</summary>
    /// <param name="host">The world around.</param>
    /// <param name="options">The command's options.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="project">The dbt project's folder.</param>
    /// <param name="pullRequest">The pull request, completed from the clone.</param>
    /// <param name="cancellationToken">Stops git.</param>
    /// <exception cref="UserErrorException">A value is wrong, a named file does not exist, or <c>--config-from base</c> was asked for and the base
    /// branch is not here.</exception>
    public static async Task<CiDiffConfig> ReadAsync(
        CliHost host,
        RunOptions options,
        ParseResult parsed,
        string project,
        PullRequestContext pullRequest,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<string> folders = [.. new[] { project, pullRequest.Root }.OfType<string>().Distinct(StringComparer.Ordinal)];
        var named = options.ConfigFile(parsed, host);
        var file = ConfigFile.Find(named, folders);
        var asked = options.ConfigFrom(parsed, host);
        var isOfPullRequest = host.Environment.Host != CiHost.Local && (pullRequest.Number ?? (object?)pullRequest.BaseBranch) is not null;
        if (asked == ConfigSource.Head || (asked is null && !isOfPullRequest))
        {
            return options.Configuration(parsed, host, file, null);
        }

        try
        {
            var found = await BaseBranchFiles.FindAsync(
                pullRequest, named is null ? ConfigFile.Places(folders) : [named], GitTimeout, cancellationToken);
            return options.Configuration(parsed, host, file, found is null ? null : new BaseConfig(found.Path, found.Text, found.Revision));
        }
        catch (UserErrorException error) when (asked is null && error.Code == ErrorCodes.GitHistoryMissing)
        {
            var config = options.Configuration(parsed, host, file, null);
            var note = $"The rules are this pull request's own: the base branch's cidiff.yml could not be read. {error.Message}{(error.Hint is { } hint ? $" {hint}" : "")}";
            return config with { Notes = [.. config.Notes, note] };
        }
    }
}
