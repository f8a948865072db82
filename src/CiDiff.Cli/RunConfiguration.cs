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
        CancellationToken cancellationToken) =>
        await ReadAsync(
            host,
            new Place(options.ConfigFile(parsed, host), [project, pullRequest.Root], options.ConfigFrom(parsed, host)),
            pullRequest,
            (file, inBase) => options.Configuration(parsed, host, file, inBase),
            cancellationToken);

    /// <summary>Reads for a command that has no options of a run.</summary>
    /// <param name="host">The world around.</param>
    /// <param name="place">Where the file is.</param>
    /// <param name="pullRequest">The pull request.</param>
    /// <param name="resolve">Makes the configuration of the file at hand and of the base branch's.</param>
    /// <param name="cancellationToken">Stops git.</param>
    /// <exception cref="UserErrorException">As above.</exception>
    public static async Task<CiDiffConfig> ReadAsync(
        CliHost host, Place place, PullRequestContext pullRequest, Func<string?, BaseConfig?, CiDiffConfig> resolve, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> folders = [.. place.Folders.OfType<string>().Distinct(StringComparer.Ordinal)];
        var file = ConfigFile.Find(place.Named, folders);
        var isOfPullRequest = host.Environment.Host != CiHost.Local && (pullRequest.Number ?? (object?)pullRequest.BaseBranch) is not null;
        if (place.Asked == ConfigSource.Head || (place.Asked is null && !isOfPullRequest))
        {
            return resolve(file, null);
        }

        try
        {
            var found = await BaseBranchFiles.FindAsync(
                pullRequest, place.Named is { } named ? [named] : ConfigFile.Places(folders), GitTimeout, cancellationToken);
            return resolve(file, found is null ? null : new BaseConfig(found.Path, found.Text, found.Revision));
        }
        catch (UserErrorException error) when (place.Asked is null && error.Code == ErrorCodes.GitHistoryMissing)
        {
            var config = resolve(file, null);
            var note = $"The rules are this pull request's own: the base branch's cidiff.yml could not be read. {error.Message}{(error.Hint is { } hint ? $" {hint}" : "")}";
            return config with { Notes = [.. config.Notes, note] };
        }
    }

    /// <summary>Where a configuration is looked for.</summary>
    /// <param name="Named">The file that was named, as a full path; null when none was.</param>
    /// <param name="Folders">Otherwise the folders, the first one first; null for one that is not known.</param>
    /// <param name="Asked">Whose file counts; null when nobody said.</param>
    internal sealed record Place(string? Named, IReadOnlyList<string?> Folders, ConfigSource? Asked);
}
