namespace CiDiff.Profiles;

/// <summary>What decides which profile dbt takes: the flags, the environment, and where the command runs.</summary>
public sealed record ProfileRequest
{
    /// <summary>The folder the command runs in; full path.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>The environment, which also holds HOME or USERPROFILE. Compares names as the operating system does.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary><c>--project-dir</c>; null for DBT_PROJECT_DIR, else the nearest folder upwards with a dbt_project.yml.</summary>
    public string? ProjectDirectory { get; init; }

    /// <summary><c>--profiles-dir</c>; null for DBT_PROFILES_DIR, else the working directory if it has a profiles.yml, else
    /// <c>~/.dbt</c>.</summary>
    public string? ProfilesDirectory { get; init; }

    /// <summary><c>--profile</c>; null for DBT_PROFILE, else the one that dbt_project.yml names.</summary>
    public string? Profile { get; init; }

    /// <summary><c>--target</c>; null for DBT_TARGET, else the profile's own <c>target</c>, else <c>default</c>.</summary>
    public string? Target { get; init; }

    /// <summary>dbt's <c>--vars</c>, which <c>var()</c> in profiles.yml reads; the vars of dbt_project.yml do not count there.</summary>
    public IReadOnlyDictionary<string, string> Vars { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
