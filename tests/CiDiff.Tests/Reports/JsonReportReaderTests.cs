using System.Text;
using System.Text.Json.Nodes;
using CiDiff.Errors;
using CiDiff.Reports;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Reports;

public sealed class JsonReportReaderTests
{
    public static TheoryData<string> ScenarioNames => [.. Scenarios.All.Keys];

    [Theory]
    [MemberData(nameof(ScenarioNames))]
    public void What_is_read_back_is_rendered_as_the_run_itself(string scenario)
    {
        var report = Scenarios.All[scenario]();
        var json = ReportBuilder.Render(new JsonReport(), report);

        var again = Read(json);

        Assert.Equal(json, ReportBuilder.Render(new JsonReport(), again));
        Assert.Equal(ReportBuilder.Render(new MarkdownReport(), report), ReportBuilder.Render(new MarkdownReport(), again));
        Assert.Equal(Console(report), Console(again));
    }

    [Fact]
    public void A_plan_that_is_read_back_is_told_as_the_plan_itself()
    {
        var report = Scenarios.Plan();

        var again = Read(ReportBuilder.Render(new JsonReport(), report));

        Assert.Equal(Plan(report), Plan(again));
    }

    [Theory]
    [InlineData("\"a\"", null, null, "a")]
    [InlineData("\"s\".\"a\"", null, "s", "a")]
    [InlineData("\"d\".\"s\".\"a\"", "d", "s", "a")]
    [InlineData("\"d\"\"q\".\"s.t\".\"\"\"\"", "d\"q", "s.t", "\"")]
    public void A_relation_name_is_read_as_it_was_written(string text, string? database, string? schema, string name)
    {
        var relation = JsonModelReader.ParseRelation(text);

        Assert.Equal(new RelationName(database, schema, name), relation);
        Assert.Equal(text, relation.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("\"a")]
    [InlineData("\"a\".")]
    [InlineData("\"a\"b")]
    [InlineData("\"a\".\"b\".\"c\".\"d\"")]
    public void A_text_that_is_no_relation_name_is_refused(string text) =>
        Assert.Throws<FormatException>(() => JsonModelReader.ParseRelation(text));

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json"}, "nodes": {}}""")]
    [InlineData("""{"schema_version": 1}""")]
    [InlineData("""{"schema_version": "1"}""")]
    public void A_file_that_is_no_run_file_is_a_coded_error(string content)
    {
        var error = Assert.Throws<UserErrorException>(() => Read(content));

        Assert.Equal(ErrorCodes.InvalidRunFile, error.Code);
        Assert.Contains("'some/run.json'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_file_that_is_cut_off_anywhere_is_a_coded_error()
    {
        var json = ReportBuilder.Render(new JsonReport(), Scenarios.Rich()).TrimEnd();

        for (var length = 0; length < json.Length; length += 97)
        {
            Assert.Equal(ErrorCodes.InvalidRunFile, Assert.Throws<UserErrorException>(() => Read(json[..length])).Code);
        }
    }

    [Theory]
    [InlineData("verdict", "\"perhaps\"")]
    [InlineData("models", "[{}]")]
    [InlineData("models", "[null]")]
    [InlineData("rules", "{}")]
    [InlineData("artifacts", "null")]
    [InlineData("privacy", "{\"values\": \"some\"}")]
    public void A_field_of_another_shape_is_a_coded_error(string field, string value)
    {
        var run = JsonNode.Parse(ReportBuilder.Render(new JsonReport(), Scenarios.Rich()))!;
        run[field] = JsonNode.Parse(value);

        var error = Assert.Throws<UserErrorException>(() => Read(run.ToJsonString()));

        Assert.Equal(ErrorCodes.InvalidRunFile, error.Code);
    }

    [Fact]
    public void A_later_format_is_refused_by_name()
    {
        var error = Assert.Throws<UserErrorException>(() => Read("""{"schema_version": 2}"""));

        Assert.Equal(ErrorCodes.RunFileTooNew, error.Code);
    }

    [Fact]
    public void Fields_of_later_versions_of_the_same_format_are_ignored()
    {
        var json = ReportBuilder.Render(new JsonReport(), Scenarios.Rich());
        var run = JsonNode.Parse(json)!;
        run["lineage"] = new JsonObject();
        run["models"]![0]!["owner"] = "finance";

        Assert.Equal(json, ReportBuilder.Render(new JsonReport(), Read(run.ToJsonString())));
    }

    [Fact]
    public async Task A_report_folder_stands_for_its_run_file()
    {
        using var folder = new TemporaryFolder();
        await ReportFolder.WriteAsync(Scenarios.Rich(), folder.Path, ["json"], CancellationToken.None);

        var report = await JsonReportReader.ReadAsync(folder.Path, CancellationToken.None);

        Assert.Equal(RunStatus.Fail, report.Status);
    }

    [Fact]
    public async Task A_file_that_does_not_exist_is_a_coded_error()
    {
        using var folder = new TemporaryFolder();

        var error = await Assert.ThrowsAsync<UserErrorException>(
            () => JsonReportReader.ReadAsync(System.IO.Path.Combine(folder.Path, "nowhere.json"), CancellationToken.None));

        Assert.Equal(ErrorCodes.FileNotFound, error.Code);
    }

    private static RunReport Read(string json) => JsonReportReader.Read(Encoding.UTF8.GetBytes(json), "some/run.json");

    private static string Console(RunReport report)
    {
        using var text = new StringWriter();
        ConsoleReport.WriteRun(report, text, new ConsoleOptions());
        return text.ToString();
    }

    private static string Plan(RunReport report)
    {
        using var text = new StringWriter();
        ConsoleReport.WritePlan(report, text, new ConsoleOptions());
        return text.ToString();
    }
}
