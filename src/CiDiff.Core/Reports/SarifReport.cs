using System.Text.Json;
using System.Text.RegularExpressions;
using CiDiff.Verdicts;

namespace CiDiff.Reports;

/// <summary>SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), which GitHub's code scanning and editors show.</summary>
/// <remarks>One result per rule and model that warns (<c>warning</c>) or fails (<c>error</c>), at the first line of the model's file that the pull request changed. What stopped the run is a
/// notification of the tool. <c>automationDetails.id</c> names the dbt project, so that several projects of one repository do not replace each other
/// (https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning, read
/// 2026-11-21).</remarks>
public sealed partial class SarifReport : IReportWriter
{
    /// <inheritdoc/>
    public string Format => "sarif";

    /// <inheritdoc/>
    public string FileName => "report.sarif";

    /// <inheritdoc/>
    public void Write(RunReport report, TextWriter writer) => JsonReport.Write(writer, json =>
    {
        var findings = Finding.Of(report);
        json.WriteStartObject();
        json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        WriteTool(json, report, findings);
        json.WriteStartObject("automationDetails");
        json.WriteString("id", $"cidiff/{report.Project?.Name ?? report.Project?.Directory}/");
        json.WriteEndObject();
        WriteInvocation(json, report, findings);
        json.WriteStartArray("results");
        foreach (var finding in findings.Where(finding => finding.Level != VerdictLevel.Error))
        {
            WriteResult(json, finding);
        }

        json.WriteEndArray();
        json.WriteString("columnKind", "utf16CodeUnits");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteTool(Utf8JsonWriter json, RunReport report, IReadOnlyList<Finding> findings)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "CiDiff");
        json.WriteString("version", report.ToolVersion);
        json.WriteStartArray("rules");
        foreach (var rule in findings.Where(finding => finding.Level != VerdictLevel.Error).Select(finding => finding.Rule).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("id", rule);
            json.WriteStartObject("shortDescription");
            json.WriteString("text", $"The rule {VisibleText.Of(rule)} of cidiff.yml");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteInvocation(Utf8JsonWriter json, RunReport report, IReadOnlyList<Finding> findings)
    {
        json.WriteStartArray("invocations");
        json.WriteStartObject();
        json.WriteBoolean("executionSuccessful", report.Status != RunStatus.Error);
        json.WriteStartArray("toolExecutionNotifications");
        foreach (var finding in findings.Where(finding => finding.Level == VerdictLevel.Error))
        {
            json.WriteStartObject();
            json.WriteString("level", "error");
            WriteMessage(json, finding.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteResult(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Rule);
        json.WriteString("level", finding.Level == VerdictLevel.Warn ? "warning" : "error");
        WriteMessage(json, finding.Message);
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", string.Join('/', finding.Path.Split('/').Select(Uri.EscapeDataString)));
        json.WriteString("uriBaseId", "%SRCROOT%");
        json.WriteEndObject();
        json.WriteStartObject("region");
        json.WriteNumber("startLine", finding.Line);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("partialFingerprints");
        json.WriteString("cidiff/v1", finding.Fingerprint);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // A brace before a digit is a placeholder (SARIF 2.1.0, 3.11.5), a bracket before a parenthesis a link (3.11.6). Viewers do not agree on how to escape
    // them; a space between is read as it is by all.
    private static void WriteMessage(Utf8JsonWriter json, string message)
    {
        json.WriteStartObject("message");
        json.WriteString("text", Placeholder().Replace(message.Replace("](", "] (", StringComparison.Ordinal), "{ "));
        json.WriteEndObject();
    }

    [GeneratedRegex(@"\{(?=\d)")]
    private static partial Regex Placeholder();
}
