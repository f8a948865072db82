using System.Text.Json;
using CiDiff.Errors;

namespace CiDiff.Artifacts;

/// <summary>Reads <c>run_results.json</c>.</summary>
public static class RunResultsReader
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "run_results.json";

    /// <summary>Reads the results at a place, or beside the manifest that is there; null when there are none.</summary>
    /// <param name="path">The file itself, or a manifest, or a folder that has one or whose <c>target</c> has one.</param>
    /// <param name="cancellationToken">Looked at now and then.</param>
    /// <exception cref="UserErrorException">There are some and they cannot be read.</exception>
    public static RunResults? Read(string path, CancellationToken cancellationToken) =>
        ArtifactFile.FindBeside(path, FileName) is { } file
            ? ArtifactFile.Read(file, stream => Read(stream, file, cancellationToken))
            : null;

    private static RunResults Read(Stream stream, string source, CancellationToken cancellationToken)
    {
        var results = new Dictionary<UniqueId, RunResult>();
        JsonElement? arguments = null;
        var document = new ArtifactDocument(source, "run-results", FileName);
        document.Read(stream, ReadSection, cancellationToken);
        return new RunResults
        {
            Source = source,
            GeneratedAt = document.GeneratedAt,
            InvocationId = document.InvocationId,
            Command = arguments.Member("which")?.ToString(),
            Target = arguments.Member("target")?.ToString(),
            IsDeferred = arguments.Member("defer")?.ValueKind == JsonValueKind.True,
            Results = results,
        };

        void ReadSection(string section, JsonDocumentScanner scanner)
        {
            switch (section)
            {
                case "results":
                    foreach (var result in ArtifactDocument.Parse(scanner.ReadValue()).Items().Select(ReadResult).OfType<RunResult>())
                    {
                        results[result.Id] = result;
                    }

                    break;
                case "args":
                    arguments = ArtifactDocument.Parse(scanner.ReadValue());
                    break;
                default:
                    scanner.SkipValue();
                    break;
            }
        }
    }

    private static RunResult? ReadResult(JsonElement result) =>
        result.Member("unique_id")?.ToString() is { } id
            ? new RunResult(
                new UniqueId(id),
                result.Member("status")?.ToString() ?? "",
                result.Member("message")?.ToString(),
                result.Member("failures") is { ValueKind: JsonValueKind.Number } failures && failures.TryGetInt64(out var count) ? count : null)
            : null;
}
