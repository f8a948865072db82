using CiDiff.Configuration;
using CiDiff.Git;
using CiDiff.Profiles;
using CiDiff.Verdicts;

namespace CiDiff;

/// <summary>What a run is asked to do: flags, environment and <c>cidiff.yml</c> already put together.</summary>
public sealed record DiffRunRequest
{
    /// <summary>CiDiff's own version, for the report.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>A short word that every query's comment carries; letters, digits, <c>-</c> and <c>_</c>.</summary>
    public required string RunId { get; init; }

    /// <summary>The configuration.</summary>
    public required CiDiffConfig Config { get; init; }

    /// <summary>Where dbt's profile is looked for, when the configuration has no connection of its own. Its working directory is what
    /// every relative path is relative to.</summary>
    public required ProfileRequest Profile { get; init; }

    /// <summary>Where the dbt project is in its repository, with slashes; empty for the root, or when that is not known.</summary>
    public string ProjectPath { get; init; } = "";

    /// <summary>The pull request that the run is about: triggers, renames and expectations go by it.</summary>
    public PullRequestContext PullRequest { get; init; } = new() { Host = CiHost.Local };

    /// <summary>Reads what reviewers of the pull request accepted; asked only when a rule failed.</summary>
    public Func<CancellationToken, Task<AcceptedChanges>> ReadAccepted { get; init; } = _ => Task.FromResult(AcceptedChanges.None);

    /// <summary>Compare even when a limit says that it would be too much.</summary>
    public bool Force { get; init; }

    /// <summary>Only say what would be done: no table is read.</summary>
    public bool PlanOnly { get; init; }
}
