using System.Text.Json;
using CiDiff.Errors;

namespace CiDiff.Artifacts;

/// <summary>Reads <c>manifest.json</c>, of schema v4 (dbt 1.0) to v12 and v20 (previews of dbt 2).</summary>
/// <remarks>Every key is optional, null is the same as absent, and unknown keys are ignored: real manifests are written by many
/// versions, and some by other tools. The file is streamed, and never in memory as a whole.</remarks>
public static class ManifestReader
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "manifest.json";

    private const int BufferSize = 1 << 20;

    /// <summary>Reads one manifest.</summary>
    /// <param name="path">The file, or a folder that has it or whose <c>target</c> has it.</param>
    /// <param name="cancellationToken">Looked at now and then.</param>
    /// <exception cref="UserErrorException">There is none, or it cannot be read.</exception>
    public static Manifest Read(string path, CancellationToken cancellationToken) =>
        Read(path, ManifestReadOptions.Default, cancellationToken);

    /// <inheritdoc cref="Read(string, CancellationToken)"/>
    /// <param name="path">The file, or a folder that has it or whose <c>target</c> has it.</param>
    /// <param name="options">What to read beyond the usual.</param>
    /// <param name="cancellationToken">Looked at now and then.</param>
    public static Manifest Read(string path, ManifestReadOptions options, CancellationToken cancellationToken) =>
        ReadFile(Locate(path), options, new SharedText(), cancellationToken);

    /// <summary>Reads both sides, side by side, sharing what they have in common.</summary>
    /// <param name="paths">As in <see cref="Read(string, CancellationToken)"/>.</param>
    /// <param name="options">What to read beyond the usual.</param>
    /// <param name="cancellationToken">Looked at now and then.</param>
    /// <exception cref="UserErrorException">One is missing or cannot be read, or they are of different projects.</exception>
    public static async Task<Sides<Manifest>> ReadBothAsync(
        Sides<string> paths, ManifestReadOptions options, CancellationToken cancellationToken)
    {
        var files = paths.Map(Locate);
        var shared = new SharedText();
        var reading = Task.Run(() => ReadFile(files.Base, options, shared, cancellationToken), cancellationToken);
        var head = await Task.Run(() => ReadFile(files.Head, options, shared, cancellationToken), cancellationToken);
        var manifests = new Sides<Manifest>(await reading, head);
        RequireSameProject(manifests);
        return manifests;
    }

    /// <summary>Makes sure that both manifests are of the same project, as far as they say.</summary>
    /// <exception cref="UserErrorException">They are not: every resource would be new.</exception>
    public static void RequireSameProject(Sides<Manifest> manifests)
    {
        var names = manifests.Map(manifest => manifest.Metadata.ProjectName);
        var ids = manifests.Map(manifest => manifest.Metadata.ProjectId);
        var differ = names is { Base: not null, Head: not null }
            ? names.Base != names.Head
            : ids is { Base: not null, Head: not null } && ids.Base != ids.Head;
        if (differ)
        {
            throw new UserErrorException(
                ErrorCodes.DifferentProjects,
                $"The manifests are of different dbt projects: '{names.Base ?? ids.Base}' in base ('{manifests.Base.Source}') "
                    + $"and '{names.Head ?? ids.Head}' in head ('{manifests.Head.Source}').",
                "Check the paths. If the project itself was renamed, everything is new, and there is nothing to compare with.");
        }
    }

    /// <summary>Reads a manifest from a stream.</summary>
    /// <param name="stream">From its current position to its end; closed here.</param>
    /// <param name="source">Its name in messages.</param>
    /// <param name="options">What to read beyond the usual.</param>
    /// <param name="shared">Texts it has in common with other manifests.</param>
    /// <param name="cancellationToken">Looked at now and then.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="EndOfStreamException">It ends too early.</exception>
    /// <exception cref="UserErrorException">It is JSON, but no manifest that can be read.</exception>
    internal static Manifest Read(
        Stream stream, string source, ManifestReadOptions options, SharedText shared, CancellationToken cancellationToken)
    {
        using var document = new JsonDocumentScanner(stream, BufferSize, cancellationToken);
        return new ManifestDocument(document, source, options, shared).Read();
    }

    private static Manifest ReadFile(
        string file, ManifestReadOptions options, SharedText shared, CancellationToken cancellationToken) =>
        ArtifactFile.Read(file, stream => Read(stream, file, options, shared, cancellationToken));

    private static string Locate(string path) =>
        ArtifactFile.Find(path, FileName) ?? throw new UserErrorException(
            ErrorCodes.ManifestNotFound,
            Directory.Exists(path)
                ? $"No {FileName} in '{path}', nor in '{Path.Combine(path, "target")}'."
                : $"No manifest at '{path}'.",
            "Run `dbt parse` (or `dbt build`) there first, or name another file or folder with --base or --head.");
}
