using CiDiff.Git;

namespace CiDiff.Cli;

/// <summary>The environment variables, read once.</summary>
/// <param name="Variables">All of them.</param>
/// <param name="IsCi">Some CI host runs this (<c>CI</c> is set).</param>
/// <param name="Host">Which.</param>
/// <param name="NoColor">The user does not want color: <see href="https://no-color.org"/>.</param>
internal sealed record CiEnvironment(IReadOnlyDictionary<string, string> Variables, bool IsCi, CiHost Host, bool NoColor)
{
    private static readonly TimeSpan GitTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Reads what is known from the variables.</summary>
    public static CiEnvironment From(IReadOnlyDictionary<string, string> variables)
    {
        var host = PullRequestReader.HostOf(variables);
        return new CiEnvironment(
            variables,
            host != CiHost.Local || IsSet(variables, "CI"),
            host,
            variables.TryGetValue("NO_COLOR", out var noColor) && noColor.Length > 0);
    }

    /// <summary>The pull request that this job runs for, from the host's variables and the clone.</summary>
    /// <param name="folder">A folder in the working copy.</param>
    /// <param name="cancellationToken">Stops git.</param>
    public async Task<PullRequestContext> PullRequestAsync(string folder, CancellationToken cancellationToken)
    {
        var payload = await ReadPayloadAsync(PullRequestReader.PayloadPath(Variables), cancellationToken);
        return await PullRequestHistory.CompleteAsync(PullRequestReader.Read(Variables, payload), folder, GitTimeout, cancellationToken);
    }

    // A payload that is not there is a note in the context.
    private static async Task<string?> ReadPayloadAsync(string? path, CancellationToken cancellationToken)
    {
        try
        {
            return path is null ? null : await File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static bool IsSet(IReadOnlyDictionary<string, string> variables, string name) =>
        variables.TryGetValue(name, out var value) && value is not ("" or "false" or "0");
}
