using CiDiff.Errors;
using CiDiff.Publishing;
using CiDiff.Reports;
using CiDiff.Selection;
using CiDiff.Tests.Reports;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Publishing;

/// <summary>What GitHub's runner takes from a job: its summary, and commands in its log.</summary>
public sealed class JobOutputTests
{
    [Fact]
    public void An_annotation_is_one_line_of_the_log()
    {
        var lines = Commands(new Annotation(AnnotationLevel.Failure, "models/a,b:c.sql", 12, "orders: 100% fail", "5 rows changed\nrule changed_rows fails: 50%\r"));

        Assert.Equal(
            ["::error file=models/a%2Cb%3Ac.sql,line=12,title=orders%3A 100%25 fail::5 rows changed%0Arule changed_rows fails: 50%25%0D"],
            lines);
    }

    [Fact]
    public void Of_each_level_there_are_ten_the_gravest_first()
    {
        var lines = Commands(
        [
            .. Enumerable.Range(0, 25).Select(i => new Annotation(AnnotationLevel.Notice, $"n{i}.sql", 1, "t", "m")),
            .. Enumerable.Range(0, 10).Select(i => new Annotation(AnnotationLevel.Warning, $"w{i}.sql", 1, "t", "m")),
            .. Enumerable.Range(0, 3).Select(i => new Annotation(AnnotationLevel.Failure, $"f{i}.sql", 1, "t", "m")),
        ]);

        Assert.Equal(
            [.. Enumerable.Repeat("::error", 3), .. Enumerable.Repeat("::warning", 10), .. Enumerable.Repeat("::notice", 10)],
            lines.Select(line => line.Split(' ')[0]));
        Assert.Equal("::notice title=CiDiff::16 more models; the report in the job summary has them all.", lines[^1]);
    }

    public static TheoryData<int> Texts => [.. Enumerable.Range(0, NastyTexts.All.Length)];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Nothing_in_an_annotation_ends_its_line_or_begins_a_command(int text)
    {
        var nasty = NastyTexts.All[text];
        var report = Scenarios.Rich();
        report = report with
        {
            Models = [.. report.Models.Select(model => model with { Model = Renamed(model.Model, nasty) })],
            Rules = [.. report.Rules.Select(rule => rule with { Note = nasty, Measured = nasty })],
        };

        var lines = Commands([.. Annotation.Of(report)]);

        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Matches(@"\A::(error|warning|notice) (file=[^:,\r\n]*,line=\d+,)?title=[^:,\r\n]*::[^\r\n]*\z", line));
        Assert.DoesNotContain(lines, line => line.Contains("##[", StringComparison.Ordinal) || line.Contains("##vso", StringComparison.Ordinal));
    }

    [Fact]
    public void A_model_that_is_identical_or_skipped_has_no_annotation()
    {
        var annotations = Annotation.Of(Scenarios.Rich());

        Assert.Equal(
            [
                "Failure models/marts/customer_contacts.sql:1", "Failure models/marts/payroll.sql:1", "Warning models/marts/dim_products.sql:1",
                "Notice models/marts/fct_orders.sql:1", "Notice models/marts/page_views.sql:1", "Warning models/marts/weekly_orders.sql:1",
            ],
            annotations.Select(annotation => $"{annotation.Level} {annotation.Path}:{annotation.Line}"));
    }

    [Fact]
    public void An_annotation_stands_in_the_project_at_the_changed_line()
    {
        var report = Scenarios.Rich();
        report = report with { Project = new ProjectInfo("shop", "dbt/shop"), Models = [.. report.Models.Select(model => model with { Line = 7 })] };

        Assert.All(Annotation.Of(report), annotation =>
        {
            Assert.StartsWith("dbt/shop/models/", annotation.Path, StringComparison.Ordinal);
            Assert.Equal(7, annotation.Line);
        });
    }

    [Fact]
    public async Task The_summary_is_appended_to_what_the_step_wrote_before()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "summary.md");
        await File.WriteAllTextAsync(file, "before");

        await JobSummary.AppendAsync(Scenarios.Rich(), file, new MarkdownOptions(), CancellationToken.None);

        Assert.StartsWith("before\n\n## ❌ CiDiff: fail\n", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public async Task The_summary_never_grows_beyond_what_GitHub_shows(int before)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "summary.md");
        await File.WriteAllTextAsync(file, new string('x', before));

        await JobSummary.AppendAsync(Scenarios.Huge(), file, new MarkdownOptions(), CancellationToken.None);

        Assert.InRange(new FileInfo(file).Length, before + 10_000, 1024 * 1024);
    }

    [Fact]
    public async Task A_summary_that_is_full_or_cannot_be_written_is_a_coded_error()
    {
        using var folder = new TemporaryFolder();
        var full = Path.Combine(folder.Path, "full.md");
        await File.WriteAllTextAsync(full, new string('x', 1024 * 1024));

        foreach (var file in (string[])[full, folder.Path])
        {
            var error = await Assert.ThrowsAsync<UserErrorException>(
                () => JobSummary.AppendAsync(Scenarios.Rich(), file, new MarkdownOptions(), CancellationToken.None));
            Assert.Equal(ErrorCodes.ReportNotWritten, error.Code);
        }
    }

    private static ModelInReach Renamed(ModelInReach model, string name) => model switch
    {
        SelectedModel selected => selected with { Name = name, Path = name.Length == 0 ? "x" : name },
        SkippedModel skipped => skipped with { Name = name },
        _ => model,
    };

    private static string[] Commands(params IReadOnlyList<Annotation> annotations)
    {
        using var text = new StringWriter { NewLine = "\n" };
        WorkflowCommands.Write(annotations, text);
        return text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
