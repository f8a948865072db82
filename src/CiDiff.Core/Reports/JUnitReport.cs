using System.Globalization;
using System.Xml;
using CiDiff.Diffing;
using CiDiff.Selection;
using CiDiff.Verdicts;

namespace CiDiff.Reports;

/// <summary>JUnit XML, which CI hosts show as test results: one test case per selected model, and one for the run where that has something to say.</summary>
/// <remarks>A failed rule is a <c>failure</c>, a model that could not be compared an <c>error</c>, a model without a counterpart, or not reached, is <c>skipped</c>;
/// warnings are in <c>system-out</c>. There is no standard; the elements are those of https://github.com/jenkinsci/xunit-plugin (junit-10.xsd), and
/// <c>file</c> on a test case is what GitLab links to (https://docs.gitlab.com/ci/testing/unit_test_reports/, read 2026-11-21). Times are in seconds.</remarks>
public sealed class JUnitReport : IReportWriter
{
    private static readonly XmlWriterSettings Settings = new() { Indent = true, IndentChars = "  ", NewLineChars = "\n", OmitXmlDeclaration = true, CheckCharacters = true };

    /// <inheritdoc/>
    public string Format => "junit";

    /// <inheritdoc/>
    public string FileName => "junit.xml";

    /// <inheritdoc/>
    public void Write(RunReport report, TextWriter writer)
    {
        var findings = Finding.Of(report).ToLookup(finding => finding.Model?.Model.Id.Value ?? "", StringComparer.Ordinal);
        var models = RankedModel.Order(report).Where(model => model.Model is SelectedModel).OrderBy(model => model.Model.Id).ToList();
        List<TestCase> cases = [.. models.Select(model => Case(report, model, [.. findings[model.Model.Id.Value]]))];
        if (cases.Count == 0 || findings.Contains("") || report.Status == RunStatus.Skipped)
        {
            cases.Insert(0, Case(report, [.. findings[""]]));
        }

        // The writer would say UTF-16, since that is what strings are.
        writer.Write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        using (var xml = XmlWriter.Create(writer, Settings))
        {
            xml.WriteStartElement("testsuites");
            WriteTotals(xml, "cidiff", cases, withSkipped: false);
            xml.WriteStartElement("testsuite");
            WriteTotals(xml, report.Project?.Name is { } project ? $"cidiff {VisibleText.ForLog(project)}" : "cidiff", cases, withSkipped: true);
            foreach (var testCase in cases)
            {
                Write(xml, testCase);
            }

            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        writer.Write('\n');
    }

    private static TestCase Case(RunReport report, IReadOnlyList<Finding> findings) => new(
        "run", "cidiff", null, null, findings, report.Status == RunStatus.Skipped ? VisibleText.ForLog(report.Reason) : null, VisibleText.ForLog(report.Reason));

    private static TestCase Case(RunReport report, RankedModel model, IReadOnlyList<Finding> findings)
    {
        var outcome = model.Report.Outcome;
        return new TestCase(
            model.Model.Name,
            $"cidiff.{model.Model.ResourceType}",
            Finding.PathOf(report, model),
            (outcome as ModelOutcome.Compared)?.Diff.Cost.Elapsed,
            findings,
            outcome is null or ModelOutcome.NotCompared ? VisibleText.ForLog(ReportWords.Explain(model.Report) ?? ReportWords.Say(model.Report)) : null,
            PlainText.Of(Phrase.Join("; ", Headline.Of(model.Report, withRows: true))));
    }

    private static void WriteTotals(XmlWriter xml, string name, List<TestCase> cases, bool withSkipped)
    {
        xml.WriteAttributeString("name", name);
        xml.WriteAttributeString("tests", Number(cases.Count));
        xml.WriteAttributeString("failures", Number(cases.Count(testCase => testCase.Sort == CaseSort.Failure)));
        xml.WriteAttributeString("errors", Number(cases.Count(testCase => testCase.Sort == CaseSort.Error)));
        if (withSkipped)
        {
            xml.WriteAttributeString("skipped", Number(cases.Count(testCase => testCase.Sort == CaseSort.Skipped)));
        }

        xml.WriteAttributeString("time", Seconds(cases.Aggregate(TimeSpan.Zero, (sum, testCase) => sum + (testCase.Elapsed ?? TimeSpan.Zero))));
    }

    private static void Write(XmlWriter xml, TestCase testCase)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("name", VisibleText.ForLog(testCase.Name));
        xml.WriteAttributeString("classname", VisibleText.ForLog(testCase.ClassName));
        if (testCase.File is { } file)
        {
            xml.WriteAttributeString("file", VisibleText.ForLog(file));
        }

        if (testCase.Elapsed is { } elapsed)
        {
            xml.WriteAttributeString("time", Seconds(elapsed));
        }

        var grave = testCase.Findings.Where(finding => finding.Level >= VerdictLevel.Fail).ToList();
        switch (testCase.Sort)
        {
            case CaseSort.Failure or CaseSort.Error:
                xml.WriteStartElement(testCase.Sort == CaseSort.Failure ? "failure" : "error");
                xml.WriteAttributeString("type", VisibleText.ForLog(grave[0].Rule));
                xml.WriteAttributeString("message", grave[0].Message);
                xml.WriteString(string.Join('\n', grave.Select(finding => finding.Message)));
                xml.WriteEndElement();
                break;
            case CaseSort.Skipped:
                xml.WriteStartElement("skipped");
                xml.WriteAttributeString("message", testCase.SkippedBecause);
                xml.WriteEndElement();
                break;
            default:
                break;
        }

        xml.WriteElementString("system-out", string.Join('\n', [testCase.Summary, .. testCase.Findings.Where(finding => finding.Level == VerdictLevel.Warn).Select(finding => finding.Message)]));
        xml.WriteEndElement();
    }

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    private enum CaseSort
    {
        Passed,
        Failure,
        Error,
        Skipped,
    }

    private sealed record TestCase(
        string Name, string ClassName, string? File, TimeSpan? Elapsed, IReadOnlyList<Finding> Findings, string? SkippedBecause, string Summary)
    {
        // That it could not be told is not a failure of the pull request.
        public CaseSort Sort =>
            Findings.Any(finding => finding.Level == VerdictLevel.Error || (finding is { Level: VerdictLevel.Fail, Rule: "errors" })) ? CaseSort.Error
            : Findings.Any(finding => finding.Level == VerdictLevel.Fail) ? CaseSort.Failure
            : SkippedBecause is not null ? CaseSort.Skipped
            : CaseSort.Passed;
    }
}
