using System.Text.Json;
using CiDiff.Errors;

namespace CiDiff.Artifacts;

/// <summary>One of the smaller artifacts while it is read, section by section.</summary>
/// <param name="source">Its name in messages.</param>
/// <param name="kind">As in dbt's schema addresses: <c>catalog</c>, <c>run-results</c>.</param>
/// <param name="fileName">The name that dbt gives it.</param>
internal sealed class ArtifactDocument(string source, string kind, string fileName)
{
    private const int BufferSize = 1 << 16;

    /// <summary>When it was made; null until the metadata was read, and when absent.</summary>
    public string? GeneratedAt { get; private set; }

    /// <summary>The run of dbt that wrote it; null until the metadata was read, and when absent.</summary>
    public string? InvocationId { get; private set; }

    /// <summary>Reads all of it.</summary>
    /// <param name="stream">Closed here.</param>
    /// <param name="readSection">Gets every section but the metadata, and has to read or skip its value.</param>
    /// <param name="cancellationToken">Looked at now and then.</param>
    public void Read(Stream stream, Action<string, JsonDocumentScanner> readSection, CancellationToken cancellationToken)
    {
        using var scanner = new JsonDocumentScanner(stream, BufferSize, cancellationToken);
        var text = new JsonText(new SharedText());
        var hasMetadata = false;
        if (!scanner.TryEnterObject())
        {
            throw new JsonException("it does not start with '{'");
        }

        while (scanner.TryReadName(out var name))
        {
            if (text.Name(name) is not "metadata" and var section)
            {
                readSection(section, scanner);
                continue;
            }

            ReadMetadata(Parse(scanner.ReadValue()));
            hasMetadata = true;
        }

        scanner.ExpectEnd();
        if (!hasMetadata)
        {
            throw NotExpected("has no metadata");
        }
    }

    /// <summary>Reads the entries of a section, one at a time.</summary>
    public static void ReadEntries(JsonDocumentScanner scanner, Action<UniqueId, JsonElement> read)
    {
        if (!scanner.TryEnterObject())
        {
            scanner.SkipValue();
            return;
        }

        var text = new JsonText(new SharedText());
        while (scanner.TryReadName(out var name))
        {
            var id = new UniqueId(text.Name(name));
            if (Parse(scanner.ReadValue()) is { } entry)
            {
                read(id, entry);
            }
        }
    }

    /// <summary>Parses a value that is small enough to be a tree.</summary>
    public static JsonElement? Parse(ReadOnlySpan<byte> json)
    {
        json = JsonRepair.Texts(json);
        try
        {
            return ParseStrictly(json);
        }
        catch (JsonException)
        {
            return ParseStrictly(JsonRepair.Numbers(json));
        }
    }

    private static JsonElement ParseStrictly(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, JsonEquality.ReaderOptions);
        return JsonElement.ParseValue(ref reader);
    }

    private void ReadMetadata(JsonElement? metadata)
    {
        if (ArtifactFile.ParseSchema(metadata.Member("dbt_schema_version")?.ToString()) is not var (found, _) || found != kind)
        {
            throw NotExpected(ArtifactFile.Describe(metadata.Member("dbt_schema_version")?.ToString()));
        }

        GeneratedAt = metadata.Member("generated_at")?.ToString();
        InvocationId = metadata.Member("invocation_id")?.ToString();
    }

    private UserErrorException NotExpected(string what) => new(
        ErrorCodes.UnexpectedArtifact,
        $"'{source}' is not dbt's {fileName}: it {what}.",
        $"Name the {fileName} that dbt writes into its target folder.");
}
