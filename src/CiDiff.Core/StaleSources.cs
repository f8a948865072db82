using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CiDiff.Artifacts;
using CiDiff.Git;

namespace CiDiff;

/// <summary>Tells that head's manifest is of other files than those that are checked out: on a person's own machine it is as old as the last dbt command.</summary>
/// <remarks>dbt keeps the SHA-256 of each file's text, without the white space around it: https://github.com/dbt-labs/dbt-core/blob/main/core/dbt/artifacts/resources/base.py
/// (2026-11-21). dbt 2 computes it otherwise and is not asked.</remarks>
internal static class StaleSources
{
    private const int FilesNamed = 3;

    /// <summary>One sentence; null when the manifest is of these files, or when that cannot be told.</summary>
    /// <param name="head">The manifest.</param>
    /// <param name="pullRequest">Tells the changed files, those that are not committed too.</param>
    /// <param name="projectPath">Where the dbt project is in the repository; empty for its root.</param>
    public static string? Note(Manifest head, PullRequestContext pullRequest, string projectPath)
    {
        if (pullRequest is not { Host: CiHost.Local, Root: { } root, ChangedFiles: { } files } || head.Metadata.DbtVersion is not ['0' or '1', '.', ..])
        {
            return null;
        }

        var prefix = projectPath.Length == 0 ? "" : projectPath + "/";
        var changed = files
            .Where(file => file.StartsWith(prefix, StringComparison.Ordinal) && file.EndsWith(".sql", StringComparison.OrdinalIgnoreCase))
            .Select(file => file[prefix.Length..])
            .ToList();
        if (changed.Count == 0)
        {
            return null;
        }

        var known = head.Nodes.Values
            .Where(node => node.ResourceType is "model" or "snapshot" && node.PackageName == head.Metadata.ProjectName)
            .ToLookup(node => node.OriginalFilePath.Replace('\\', '/'), StringComparer.Ordinal);
        var disabled = head.Disabled.Values.Select(node => node.OriginalFilePath.Replace('\\', '/')).ToHashSet(StringComparer.Ordinal);
        var folders = known.Select(file => file.Key.Split('/')[0]).ToHashSet(StringComparer.Ordinal);
        var stale = changed.Where(file => IsStale(file, Path.Combine(root, prefix + file))).ToList();
        if (stale.Count == 0)
        {
            return null;
        }

        var more = stale.Count > FilesNamed ? string.Create(CultureInfo.InvariantCulture, $" and {stale.Count - FilesNamed} more") : "";
        return $"{string.Join(", ", stale.Take(FilesNamed))}{more} changed since dbt wrote head's manifest, so this is not about {(stale.Count == 1 ? "it" : "them")}; "
            + "run `dbt parse`, or build, and try again.";

        bool IsStale(string file, string path) => !File.Exists(path) ? known.Contains(file)
            : known.Contains(file) ? known[file].Any(node => ChecksumOf(node) is { } checksum && !HashesOf(path).Contains(checksum))
            : !disabled.Contains(file) && folders.Contains(file.Split('/')[0]);
    }

    private static string? ChecksumOf(ManifestNode node) =>
        node.Other.GetValueOrDefault("checksum").Parse() is { ValueKind: JsonValueKind.Object } checksum
        && checksum.Member("name")?.ToString() == "sha256"
            ? checksum.Member("checksum")?.ToString()
            : null;

    // With git's line breaks of the system that dbt ran on.
    private static IEnumerable<string> HashesOf(string path)
    {
        var text = Encoding.UTF8.GetString(File.ReadAllBytes(path)).Trim();
        yield return Hash(text);
        yield return Hash(text.ReplaceLineEndings("\n"));
        yield return Hash(text.ReplaceLineEndings("\r\n"));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
