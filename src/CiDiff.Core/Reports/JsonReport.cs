using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CiDiff.Verdicts;

namespace CiDiff.Reports;

/// <summary><c>run.json</c>: everything a report can say, for programs, and the only input of <c>cidiff report</c> and
/// <c>cidiff publish</c>. <c>schemas/run.schema.json</c> describes it field by field.</summary>
/// <remarks>What is not known is null, never 0. Models are in id order, rules as the verdict gave them, columns in head's order. Shares
/// and scores are 0 to 1; time is in seconds, to the millisecond. Cell values are in it only as far as <see cref="RunReport.Privacy"/>
/// allows. A new field does not change <c>schema_version</c>; a field that goes or means something else does.</remarks>
public sealed class JsonReport : IReportWriter
{
    /// <summary>The version of the format.</summary>
    public const int SchemaVersion = 1;

    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        IndentSize = 2,
        NewLine = "\n",

        // Only what JSON itself needs is escaped: the file is read by programs and people, never pasted into HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <inheritdoc/>
    public string Format => "json";

    /// <inheritdoc/>
    public string FileName => "run.json";

    /// <inheritdoc/>
    public void Write(RunReport report, TextWriter writer) => Write(writer, json => WriteRun(json, report));

    /// <summary>Writes one model as it stands in <c>models</c>: the answer of <c>cidiff compare --output json</c>.</summary>
    /// <param name="model">A comparison without dbt has an empty id, which is written as null, and no state.</param>
    /// <param name="privacy">What may be shown of cells.</param>
    /// <param name="writer">Where to.</param>
    public static void WriteModel(ModelReport model, ValuePrivacy privacy, TextWriter writer) =>
        Write(writer, json => JsonModel.Write(json, model, privacy));

    /// <summary>Writes a JSON document that is safe to print to a log.</summary>
    internal static void Write(TextWriter writer, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        writer.Write(WithoutUnseen(Encoding.UTF8.GetString(buffer.WrittenSpan)));
        writer.Write('\n');
    }

    // The document is printed to logs and opened in editors: what is not seen, or turns the direction of the text, is escaped, and so is
    // "##", which a CI host takes as the beginning of a command. Outside of strings JSON has neither.
    private static string WithoutUnseen(string document)
    {
        var text = new StringBuilder(document.Length);
        var previous = '\0';
        foreach (var rune in document.EnumerateRunes())
        {
            if (rune.Value == '\n' || !(VisibleText.IsUnseen(rune) || (rune.Value == '#' && previous == '#')))
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (var unit in rune.ToString())
                {
                    text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
                }
            }

            previous = rune.IsBmp ? (char)rune.Value : '\0';
        }

        return text.ToString();
    }

    private static void WriteRun(Utf8JsonWriter json, RunReport report)
    {
        json.WriteStartObject();
        json.WriteNumber("schema_version", SchemaVersion);
        json.WriteStartObject("tool");
        json.WriteString("name", "cidiff");
        json.WriteString("version", report.ToolVersion);
        json.WriteEndObject();
        if (report.Project is { } project)
        {
            json.WriteStartObject("project");
            json.WriteString("name", project.Name);
            json.WriteString("directory", project.Directory);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("project");
        }

        json.WriteString("verdict", ReportWords.Of(report.Status));
        json.WriteString("reason", report.Reason);
        WriteArtifact(json, "base", report.Artifacts.Base);
        WriteArtifact(json, "head", report.Artifacts.Head);
        WriteError(json, report.Error);
        WriteStrings(json, "notes", report.Notes);
        json.WriteStartObject("privacy");
        json.WriteString("values", ReportWords.Of(report.Privacy));
        json.WriteEndObject();

        json.WriteStartArray("rules");
        foreach (var rule in report.Rules)
        {
            WriteRule(json, rule);
        }

        json.WriteEndArray();
        json.WriteStartArray("models");
        foreach (var model in report.Models.OrderBy(model => model.Model.Id))
        {
            JsonModel.Write(json, model, report.Privacy);
        }

        json.WriteEndArray();
        json.WriteStartObject("artifacts");
        foreach (var (format, file) in report.Files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            json.WriteString(format, file);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteArtifact(Utf8JsonWriter json, string side, ArtifactInfo? artifact)
    {
        if (artifact is null)
        {
            json.WriteNull(side);
            return;
        }

        json.WriteStartObject(side);
        json.WriteString("source", artifact.Source);
        json.WriteString("generated_at", artifact.GeneratedAt);
        json.WriteString("dbt_version", artifact.DbtVersion);
        json.WriteString("commit", artifact.Commit);
        json.WriteEndObject();
    }

    private static void WriteRule(Utf8JsonWriter json, RuleOutcome rule)
    {
        json.WriteStartObject();
        json.WriteString("rule", rule.Rule);
        json.WriteString("model", rule.ModelId);
        json.WriteString("level", ReportWords.Of(rule.Level));
        json.WriteString("limit", rule.Limit);
        json.WriteString("measured", rule.Measured);
        json.WriteString("outcome", ReportWords.Of(rule.Outcome));
        json.WriteString("note", rule.Note);
        json.WriteEndObject();
    }

    internal static void WriteError(Utf8JsonWriter json, RunError? error)
    {
        if (error is null)
        {
            json.WriteNull("error");
            return;
        }

        json.WriteStartObject("error");
        json.WriteString("code", error.Code);
        json.WriteString("message", error.Message);
        json.WriteString("hint", error.Hint);
        json.WriteEndObject();
    }

    internal static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
