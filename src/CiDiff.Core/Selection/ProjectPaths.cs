using CiDiff.Artifacts;
using CiDiff.Errors;

namespace CiDiff.Selection;

/// <summary>The files and folders of the project, as far as its manifest names them, for dbt's <c>path</c> method.</summary>
/// <remarks>dbt looks for the pattern in the project's folder, and then takes each resource whose file, whose YAML file, or one of whose
/// folders was found. Files of installed packages are written relative to their own package, so such a resource is found only when
/// the project itself has a file or folder of that name.</remarks>
internal sealed class ProjectPaths
{
    private static readonly char[] Separators = ['/', '\\'];

    private readonly HashSet<string> _paths = new(StringComparer.Ordinal) { "" };

    /// <summary>The paths of a manifest.</summary>
    public ProjectPaths(Manifest manifest)
    {
        var project = manifest.Metadata.ProjectName;
        foreach (var node in manifest.Nodes.Values)
        {
            if (project is null || node.PackageName == project)
            {
                _paths.UnionWith(WithFolders(Normal(node.OriginalFilePath)));
            }

            if (YamlFile(node) is { } patch && (project is null || PackageOfYaml(node) == project))
            {
                _paths.UnionWith(WithFolders(patch));
            }
        }
    }

    /// <summary>The condition for a value of the <c>path</c> method.</summary>
    /// <param name="value">A path or a pattern relative to the project; <c>**</c> is any number of folders.</param>
    /// <exception cref="UserErrorException">It is an absolute path.</exception>
    public Func<ManifestNode, bool> Matching(string value)
    {
        if (Separators.Any(value.StartsWith))
        {
            throw new UserErrorException(
                ErrorCodes.InvalidSelector,
                $"The path '{value}' in a selector is absolute.",
                "Give it relative to the dbt project: `path:models/marts`.");
        }

        var pattern = Normal(value).Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part == "**" ? null : new Wildcard(part))
            .ToArray();
        var found = _paths.Where(path => IsMatch(pattern, path.Split('/', StringSplitOptions.RemoveEmptyEntries)))
            .ToHashSet(StringComparer.Ordinal);
        return node => WithFolders(Normal(node.OriginalFilePath)).Any(found.Contains)
            || (YamlFile(node) is { } file && found.Contains(file));
    }

    private static bool IsMatch(ReadOnlySpan<Wildcard?> pattern, ReadOnlySpan<string> path)
    {
        if (pattern.IsEmpty)
        {
            return path.IsEmpty;
        }

        return pattern[0] is { } name
            ? !path.IsEmpty && name.IsMatch(path[0]) && IsMatch(pattern[1..], path[1..])
            : IsMatch(pattern[1..], path) || (!path.IsEmpty && IsMatch(pattern, path[1..]));
    }

    // models/marts/orders.sql, models/marts, models, and the project's own folder.
    private static IEnumerable<string> WithFolders(string path)
    {
        for (var rest = path; rest.Length > 0; rest = rest[..Math.Max(0, rest.LastIndexOf('/'))])
        {
            yield return rest;
        }

        yield return "";
    }

    private static string? YamlFile(ManifestNode node) =>
        node.PatchPath?.Split("://", 2) is [_, var file] ? Normal(file) : null;

    private static string PackageOfYaml(ManifestNode node) => node.PatchPath!.Split("://", 2)[0];

    // Manifests written on Windows have backslashes.
    private static string Normal(string path) =>
        string.Join('/', path.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."));
}
