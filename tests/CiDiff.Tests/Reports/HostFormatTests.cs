using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using CiDiff.Reports;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Reports;

/// <summary>The formats that CI hosts read: JUnit, Code Quality, SARIF.</summary>
public sealed class HostFormatTests
{
    private static readonly JsonSchema Sarif = JsonSchema.Load("tests", "CiDiff.Tests", "Fixtures", "schemas", "sarif-2.1.0.json");

    public static TheoryData<string> ScenarioNames => [.. Scenarios.All.Keys];

    // Enough to read; the others differ in nothing that these formats show.
    public static TheoryData<string> ReadableScenarios => [.. Scenarios.All.Keys.Where(name => name != "huge" && !name.StartsWith("rich_", StringComparison.Ordinal))];

    public static TheoryData<int> Texts => [.. Enumerable.Range(0, NastyTexts.All.Length)];

    [Theory]
    [MemberData(nameof(ReadableScenarios))]
    public void Each_format_is_as_agreed(string scenario)
    {
        var report = Scenarios.All[scenario]();

        Golden.Matches(ReportBuilder.Render(new JUnitReport(), report), "Reports", $"{scenario}.junit.xml");
        Golden.Matches(ReportBuilder.Render(new CodeQualityReport(), report), "Reports", $"{scenario}.code-quality.json");
        Golden.Matches(ReportBuilder.Render(new SarifReport(), report), "Reports", $"{scenario}.sarif");
    }

    [Theory]
    [MemberData(nameof(ScenarioNames))]
    public void Each_format_keeps_to_its_schema(string scenario) => AssertValid(Scenarios.All[scenario]());

    [Theory]
    [MemberData(nameof(Texts))]
    public void Nasty_texts_stay_texts(int text) => AssertValid(HostileReportTests.Report(NastyTexts.All[text]));

    [Fact]
    public void Paths_are_those_of_the_repository()
    {
        var report = Scenarios.Rich() with { Project = new ProjectInfo("shop", "data/dbt") };

        var paths = Finding.Of(report).Select(finding => finding.Path).ToList();

        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.StartsWith("data/dbt/", path, StringComparison.Ordinal));
    }

    [Fact]
    public void A_fingerprint_does_not_depend_on_the_numbers()
    {
        var report = Scenarios.Rich();
        var other = report with { Rules = [.. report.Rules.Select(rule => rule with { Measured = "7" })] };

        Assert.Equal(
            Finding.Of(report).Select(finding => finding.Fingerprint),
            Finding.Of(other).Select(finding => finding.Fingerprint));
        Assert.Equal(Finding.Of(report).Count, Finding.Of(report).Select(finding => finding.Fingerprint).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void A_run_without_models_is_one_test_case()
    {
        var skipped = new RunReport { ToolVersion = "0.1.0", Status = RunStatus.Skipped, Reason = "The label is missing." };
        var stopped = skipped with { Status = RunStatus.Error, Reason = "Could not tell.", Error = new RunError("CID2001", "No manifest.", "Run dbt.") };

        Assert.Equal(("1", "0", "1"), Totals(skipped));
        Assert.Equal(("1", "1", "0"), Totals(stopped));

        static (string?, string?, string?) Totals(RunReport report)
        {
            var suite = XDocument.Parse(ReportBuilder.Render(new JUnitReport(), report)).Root!.Element("testsuite")!;
            return (suite.Attribute("tests")?.Value, suite.Attribute("errors")?.Value, suite.Attribute("skipped")?.Value);
        }
    }

    private static void AssertValid(RunReport report)
    {
        Assert.Empty(Sarif.Errors(JsonDocument.Parse(ReportBuilder.Render(new SarifReport(), report)).RootElement));
        AssertJUnit(ReportBuilder.Render(new JUnitReport(), report));
        using var quality = JsonDocument.Parse(ReportBuilder.Render(new CodeQualityReport(), report));
        foreach (var issue in quality.RootElement.EnumerateArray())
        {
            Assert.Equal(["description", "check_name", "fingerprint", "severity", "location"], issue.EnumerateObject().Select(field => field.Name));
            Assert.Contains(issue.GetProperty("severity").GetString(), (string[])["info", "minor", "major", "critical", "blocker"]);
            Assert.NotEqual("", issue.GetProperty("location").GetProperty("path").GetString());
            Assert.Equal(1, issue.GetProperty("location").GetProperty("lines").GetProperty("begin").GetInt32());
        }
    }

    [Theory]
    [InlineData("<testsuites><testcase name='a'/></testsuites>")]
    [InlineData("<testsuites><testsuite name='a' tests='1' failures='0' errors='0'><testcase/></testsuite></testsuites>")]
    [InlineData("<testsuites><testsuite name='a' tests='1' failures='0' errors='0' time='1,5 s'><testcase name='a'/></testsuite></testsuites>")]
    [InlineData("<testsuites skipped='0'/>")]
    public void The_schema_of_JUnit_notices_what_is_wrong(string text) => Assert.NotEmpty(ErrorsOfJUnit(XDocument.Parse(text)));

    private static void AssertJUnit(string text)
    {
        var document = XDocument.Parse(text);

        // GitLab's own; the schema has it on suites only.
        foreach (var file in document.Descendants("testcase").Attributes("file").ToList())
        {
            Assert.DoesNotContain('\\', file.Value);
            file.Remove();
        }

        Assert.Empty(ErrorsOfJUnit(document));

        // A schema cannot count.
        var suite = Assert.Single(document.Descendants("testsuite"));
        foreach (var (total, element) in (IEnumerable<(string, string)>)[("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")])
        {
            Assert.Equal(suite.Descendants(element).Count(), (int)suite.Attribute(total)!);
        }
    }

    private static List<string> ErrorsOfJUnit(XDocument document)
    {
        var schemas = new XmlSchemaSet();
        using var schema = XmlReader.Create(Fixture.PathTo("schemas/junit-10.xsd"));
        schemas.Add(null, schema);
        var errors = new List<string>();
        document.Validate(schemas, (_, problem) => errors.Add(problem.Message));
        return errors;
    }
}
