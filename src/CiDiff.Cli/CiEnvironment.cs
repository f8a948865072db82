namespace CiDiff.Cli;

/// <summary>Which CI host the process runs in.</summary>
internal enum CiHost
{
    /// <summary>None that is known.</summary>
    None,

    /// <summary>GitHub Actions.</summary>
    GitHub,

    /// <summary>GitLab CI.</summary>
    GitLab,
}

/// <summary>The environment variables, read once.</summary>
/// <param name="Variables">All of them.</param>
/// <param name="IsCi">Some CI host runs this (<c>CI</c> is set).</param>
/// <param name="Host">Which.</param>
/// <param name="NoColor">The user does not want color: <see href="https://no-color.org"/>.</param>
internal sealed record CiEnvironment(IReadOnlyDictionary<string, string> Variables, bool IsCi, CiHost Host, bool NoColor)
{
    /// <summary>Reads what is known from the variables.</summary>
    public static CiEnvironment From(IReadOnlyDictionary<string, string> variables)
    {
        var host = IsSet(variables, "GITHUB_ACTIONS") ? CiHost.GitHub
            : IsSet(variables, "GITLAB_CI") ? CiHost.GitLab
            : CiHost.None;

        return new CiEnvironment(
            variables,
            host != CiHost.None || IsSet(variables, "CI"),
            host,
            variables.TryGetValue("NO_COLOR", out var noColor) && noColor.Length > 0);
    }

    private static bool IsSet(IReadOnlyDictionary<string, string> variables, string name) =>
        variables.TryGetValue(name, out var value) && value is not ("" or "false" or "0");
}
