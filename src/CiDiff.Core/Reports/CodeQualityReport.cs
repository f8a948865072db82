using System.Diagnostics;
using CiDiff.Verdicts;

namespace CiDiff.Reports;

/// <summary>GitLab's Code Quality report, which a merge request shows beside the changed lines
/// (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format, read 2026-11-21): a JSON array of <c>description</c>,
/// <c>check_name</c>, <c>fingerprint</c>, <c>severity</c> and <c>location</c>.</summary>
/// <remarks>One entry per rule and model that warns (<c>minor</c>), fails (<c>major</c>) or stopped the run (<c>critical</c>), at the first changed line of the model's
/// file; an empty array when there is none.</remarks>
public sealed class CodeQualityReport : IReportWriter
{
    /// <inheritdoc/>
    public string Format => "code_quality";

    /// <inheritdoc/>
    public string FileName => "code-quality.json";

    /// <inheritdoc/>
    public void Write(RunReport report, TextWriter writer) => JsonReport.Write(writer, json =>
    {
        json.WriteStartArray();
        foreach (var finding in Finding.Of(report))
        {
            json.WriteStartObject();
            json.WriteString("description", finding.Message);
            json.WriteString("check_name", $"cidiff.{VisibleText.Of(finding.Rule)}");
            json.WriteString("fingerprint", finding.Fingerprint);
            json.WriteString("severity", Severity(finding.Level));
            json.WriteStartObject("location");
            json.WriteString("path", finding.Path);
            json.WriteStartObject("lines");
            json.WriteNumber("begin", finding.Line);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static string Severity(VerdictLevel level) => level switch
    {
        VerdictLevel.Warn => "minor",
        VerdictLevel.Fail => "major",
        VerdictLevel.Error => "critical",
        _ => throw new UnreachableException($"{level}"),
    };
}
