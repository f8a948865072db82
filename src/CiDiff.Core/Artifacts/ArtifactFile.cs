using System.Text.Json;
using System.Text.RegularExpressions;
using CiDiff.Errors;

namespace CiDiff.Artifacts;

/// <summary>Finds and opens dbt's artifacts, and says what is wrong with one that cannot be read.</summary>
internal static partial class ArtifactFile
{
    /// <summary>The file that a user means by <paramref name="path"/>: itself, or the file of that name in the folder or in its
    /// <c>target</c>; null when there is none.</summary>
    public static string? Find(string path, string fileName)
    {
        if (File.Exists(path))
        {
            return path;
        }

        string[] places = [Path.Combine(path, fileName), Path.Combine(path, "target", fileName)];
        return places.FirstOrDefault(File.Exists);
    }

    /// <summary>The artifact that dbt wrote beside a manifest; null when there is none.</summary>
    /// <param name="path">The artifact itself, or what names the manifest.</param>
    /// <param name="fileName">The artifact's name.</param>
    public static string? FindBeside(string path, string fileName)
    {
        if (Path.GetFileName(path) == fileName && File.Exists(path))
        {
            return path;
        }

        // Never from another folder than the manifest's: it would be about something else.
        var folder = Path.GetDirectoryName(Find(path, ManifestReader.FileName)) ?? path;
        var file = Path.Combine(folder, fileName);
        return File.Exists(file) ? file : null;
    }

    /// <summary>Opens a file and reads it, turning what can go wrong into errors that a user can act on.</summary>
    /// <param name="file">An existing file.</param>
    /// <param name="read">Gets the file from its first byte.</param>
    /// <exception cref="UserErrorException">It cannot be opened, is no JSON, or ends too early.</exception>
    public static T Read<T>(string file, Func<Stream, T> read)
    {
        try
        {
            // No buffer of the stream's own: the scanner has one.
            using var stream = new FileStream(
                file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
            return read(stream);
        }
        catch (JsonException error)
        {
            throw NotJson(file, error);
        }
        catch (EndOfStreamException error)
        {
            throw new UserErrorException(
                ErrorCodes.ArtifactTruncated,
                new FileInfo(file).Length == 0 ? $"'{file}' is empty." : $"'{file}' ends in the middle.",
                "Was dbt still writing it, or was the upload or download of it cut off? Make it again with `dbt parse`.",
                error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                ErrorCodes.ArtifactNotAccessible,
                $"'{file}' cannot be read: {error.Message}",
                "Check the rights of the file and of its folder.",
                error);
        }
    }

    /// <summary>What an artifact says it is: <c>manifest</c>, <c>catalog</c>, <c>run-results</c>, <c>sources</c>, with its version; null when
    /// <paramref name="schema"/> is none of dbt's schema addresses.</summary>
    public static (string Kind, int Version)? ParseSchema(string? schema) =>
        schema is not null && SchemaAddress().Match(schema) is { Success: true } match
            ? (match.Groups["kind"].Value, int.Parse(match.Groups["version"].ValueSpan, null))
            : null;

    /// <summary>What a file with such a schema address is, to come after "it".</summary>
    public static string Describe(string? schema) => ParseSchema(schema) switch
    {
        null => schema is null ? "has no dbt_schema_version" : $"has the unknown schema '{schema}'",
        ("run-results", _) => "is a run_results.json",
        ({ } kind, _) => $"is a {kind}.json",
    };

    private static UserErrorException NotJson(string file, JsonException error)
    {
        Span<char> beginning = stackalloc char[64];
        using var text = new StreamReader(file);
        var length = text.Read(beginning);
        ReadOnlySpan<char> start = beginning[..Math.Max(0, length)].TrimStart();
        var hint = start switch
        {
            ['<', ..] => "It looks like a web page, for example a login page that an artifact store answered with: check how it was downloaded.",
            ['P', 'K', ..] => "It looks like a zip archive: unpack it first.",
            ['\u001f', ..] => "It looks compressed: unpack it first.",
            _ when start.StartsWith("version https://git-lfs") => "It is a Git LFS pointer: run `git lfs pull` first.",
            _ => "Make it again with `dbt parse`.",
        };
        return new UserErrorException(ErrorCodes.ArtifactNotJson, $"'{file}' is not JSON: {error.Message}.", hint, error);
    }

    [GeneratedRegex(@"/dbt/(?<kind>[a-z-]+)/v(?<version>\d{1,4})(\.json)?$")]
    private static partial Regex SchemaAddress();
}
