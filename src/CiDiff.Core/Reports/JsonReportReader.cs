using System.Text.Json;
using CiDiff.Errors;
using CiDiff.Verdicts;

namespace CiDiff.Reports;

/// <summary>Reads <c>run.json</c> back, so that a finished run can be rendered again or published by another job. Every writer gives the same
/// text for what was read as for the run itself.</summary>
/// <remarks>Unknown fields are ignored. Rules of the comparison other than the filter are not in the file, and are defaults in the result.</remarks>
public static class JsonReportReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, or a report folder that holds <c>run.json</c>.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="UserErrorException">The file is missing (CID1002), cannot be read, is no run file, or is of a newer
    /// version.</exception>
    public static async Task<RunReport> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, "run.json") : path;
        byte[] utf8;
        try
        {
            utf8 = await File.ReadAllBytesAsync(file, cancellationToken);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException(
                ErrorCodes.FileNotFound, $"No run file at '{file}'.", "Name the report folder of a finished `cidiff run`, or its run.json.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(ErrorCodes.InvalidRunFile, $"'{file}' could not be read: {error.Message}", inner: error);
        }

        return Read(utf8, file);
    }

    /// <summary>Reads the content of a file.</summary>
    /// <param name="utf8">The JSON text, with or without byte order mark.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <exception cref="UserErrorException">It is no run file, or of a newer version.</exception>
    public static RunReport Read(ReadOnlyMemory<byte> utf8, string source)
    {
        try
        {
            var withoutMark = utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
            using var document = JsonDocument.Parse(withoutMark);
            return ReadRun(document.RootElement, source);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new UserErrorException(
                ErrorCodes.InvalidRunFile,
                $"'{source}' is not a run file of cidiff: {Problem(error)}.",
                "Name the run.json that `cidiff run` wrote, unchanged.",
                error);
        }
    }

    // The other messages speak of the reader's own types.
    private static string Problem(Exception error) => error switch
    {
        JsonException { LineNumber: { } line } => $"it is no JSON, as of line {line + 1}",
        FormatException => error.Message.TrimEnd('.'),
        KeyNotFoundException => "a field is missing that every run file has",
        _ => "a field has another type than in a run file",
    };

    private static RunReport ReadRun(JsonElement run, string source)
    {
        var version = run.Count("schema_version");
        if (version > JsonReport.SchemaVersion)
        {
            throw new UserErrorException(
                ErrorCodes.RunFileTooNew,
                $"'{source}' has schema_version {version}; this version of cidiff reads up to {JsonReport.SchemaVersion}.",
                "Use the version of cidiff that wrote it, or a later one.");
        }

        return new RunReport
        {
            ToolVersion = run.GetProperty("tool").Text("version"),
            Project = run.OptionalObject("project") is { } project ? new ProjectInfo(project.OptionalText("name"), project.Text("directory")) : null,
            Status = run.Word<RunStatus>("verdict"),
            Reason = run.Text("reason"),
            Artifacts = new(ReadArtifact(run, "base"), ReadArtifact(run, "head")),
            Rules = run.List("rules", ReadRule),
            Models = run.List("models", JsonModelReader.Read),
            Error = ReadError(run),
            Notes = run.Texts("notes"),
            Privacy = run.OptionalObject("privacy")?.Word<ValuePrivacy>("values") ?? ValuePrivacy.None,
            Files = new SortedDictionary<string, string>(
                run.GetProperty("artifacts").EnumerateObject().ToDictionary(file => file.Name, file => file.Value.GetString()!),
                StringComparer.Ordinal),
        };
    }

    private static ArtifactInfo? ReadArtifact(JsonElement run, string side) =>
        run.OptionalObject(side) is { } artifact
            ? new ArtifactInfo(
                artifact.Text("source"),
                artifact.OptionalText("generated_at"),
                artifact.OptionalText("dbt_version"),
                artifact.OptionalText("commit"))
            : null;

    private static RuleOutcome ReadRule(JsonElement rule) => new(
        rule.Text("rule"),
        rule.OptionalText("model"),
        rule.Word<VerdictLevel>("level"),
        rule.OptionalText("limit"),
        rule.OptionalText("measured"),
        rule.Word<VerdictLevel>("outcome"),
        rule.OptionalText("note"));

    internal static RunError? ReadError(JsonElement parent) =>
        parent.OptionalObject("error") is { } error
            ? new RunError(error.Text("code"), error.Text("message"), error.OptionalText("hint"))
            : null;
}
