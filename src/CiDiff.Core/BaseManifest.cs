using System.Diagnostics;
using CiDiff.Artifacts;
using CiDiff.Configuration;
using CiDiff.Git;

namespace CiDiff;

/// <summary>Finds production's manifest: the first configured place that has one.</summary>
/// <param name="settings">Which commit stands for production.</param>
/// <param name="pullRequest">Tells that commit.</param>
/// <param name="folder">What relative paths are relative to.</param>
internal sealed class BaseManifest(TriggerSettings settings, PullRequestContext pullRequest, string folder)
{
    /// <summary>Stands in a path for the commit.</summary>
    private const string Placeholder = "{commit}";

    private string? Commit => settings.Commit switch
    {
        // The host's own word is the tip as of when the job began, or on GitLab where the pull request did.
        BaseCommit.Latest => pullRequest.BaseTip ?? pullRequest.BaseCommit,
        BaseCommit.MergeBase => pullRequest.MergeBase,
        _ => throw new UnreachableException($"{settings.Commit}"),
    };

    /// <summary>The path to read. When no place has a manifest, the first one, which the error is then about.</summary>
    /// <param name="places">The configured places, never empty.</param>
    /// <param name="warn">Told that artifacts of the wanted commit are missing.</param>
    public string Find(IReadOnlyList<ManifestLocation> places, Action<string> warn)
    {
        string? missing = null;
        string? first = null;
        foreach (var place in places)
        {
            var text = TextOf(place);
            var isOfCommit = text.Contains(Placeholder, StringComparison.Ordinal);
            if (isOfCommit && Commit is null)
            {
                missing ??= $"It is not known which commit stands for production (triggers.commit), so '{text}' was not looked at";
                continue;
            }

            var path = Path.GetFullPath(isOfCommit ? text.Replace(Placeholder, Commit, StringComparison.Ordinal) : text, folder);
            if (!File.Exists(path) && ArtifactFile.Find(path, ManifestReader.FileName) is null)
            {
                first ??= path;
                missing ??= isOfCommit ? $"There are no artifacts of commit {Commit} at '{path}'" : null;
                continue;
            }

            if (missing is not null)
            {
                warn($"{missing}; '{path}' stands for production instead.");
            }

            return path;
        }

        return first ?? Path.GetFullPath(TextOf(places[0]), folder);
    }

    /// <summary>What to know of a manifest that is not of the commit that was wanted; null when it is, or does not say.</summary>
    public string? Doubt(string? commitOfManifest) =>
        settings.Commit == BaseCommit.MergeBase && Commit is { } wanted && commitOfManifest is not null && commitOfManifest != wanted
            ? $"Production's manifest is of commit {commitOfManifest}, and the pull request branched off at {wanted} (triggers.commit: merge_base): "
                + "what differs between the two shows as a change of this pull request."
            : null;

    /// <summary>The path of a place, as configured.</summary>
    public static string TextOf(ManifestLocation place) => place switch
    {
        ManifestLocation.Path path => path.Value,
        _ => throw new UnreachableException($"{place}"),
    };
}
