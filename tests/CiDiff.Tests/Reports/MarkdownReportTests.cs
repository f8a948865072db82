using System.Text;
using CiDiff.Diffing;
using CiDiff.Reports;
using CiDiff.Verdicts;

namespace CiDiff.Tests.Reports;

public sealed class MarkdownReportTests
{
    [Theory]
    [InlineData(RunStatus.Pass, "## ✅ CiDiff: pass")]
    [InlineData(RunStatus.Warn, "## ⚠️ CiDiff: pass with warnings")]
    [InlineData(RunStatus.Fail, "## ❌ CiDiff: fail")]
    [InlineData(RunStatus.Error, "## ❔ CiDiff: could not tell")]
    [InlineData(RunStatus.Skipped, "## ⏭️ CiDiff: skipped")]
    public void The_first_line_is_the_verdict(RunStatus status, string line)
    {
        var markdown = ReportBuilder.Render(new MarkdownReport(), Scenarios.Nothing() with { Status = status });

        Assert.Equal(line, markdown.Split('\n')[0]);
    }

    [Fact]
    public void A_marker_stands_before_the_verdict()
    {
        var writer = new MarkdownReport(new MarkdownOptions { Marker = "<!-- cidiff:shop -->" });

        var lines = ReportBuilder.Render(writer, Scenarios.Rich()).Split('\n');

        Assert.Equal("<!-- cidiff:shop -->", lines[0]);
        Assert.StartsWith("## ", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Models_are_ranked_by_verdict_then_by_what_became_of_them_then_by_differing_rows()
    {
        var markdown = ReportBuilder.Render(new MarkdownReport(), Scenarios.Rich());

        string[] order =
        [
            "customer_contacts", "payroll", "dim_products", "fct_orders", "page_views", "fct_refunds", "legacy_discounts", "weekly_orders",
        ];
        var rows = markdown.Split('\n').SkipWhile(line => !line.StartsWith("|  | Model", StringComparison.Ordinal)).Skip(2).Take(order.Length);
        Assert.Equal(order, rows.Select(row => row.Split('`')[1]));
    }

    [Fact]
    public void An_identical_model_that_breaks_a_rule_is_told_like_the_others_that_do()
    {
        var report = Scenarios.AllIdentical() with
        {
            Rules = [new("match_score", "model.shop.stg_orders", VerdictLevel.Fail, "99%", "12%", VerdictLevel.Fail, null)],
        };

        var markdown = ReportBuilder.Render(new MarkdownReport(), report);

        Assert.Contains("| ❌ | `stg_orders` | 1 | 0 | 0 | 0 | `match_score` 12\u00a0%, limit 99\u00a0%; identical |", markdown, StringComparison.Ordinal);
        Assert.Contains("<summary>2 models are identical (1 with a note)</summary>", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_on_a_model_that_is_not_in_the_report_is_told_all_the_same()
    {
        var report = Scenarios.AllIdentical() with
        {
            Rules =
            [
                new("protected", "model.shop.gone", VerdictLevel.Fail, null, null, VerdictLevel.Fail, null),
                new("total", null, VerdictLevel.Warn, "10", "12", VerdictLevel.Warn, null),
            ],
        };

        var markdown = ReportBuilder.Render(new MarkdownReport(), report);

        Assert.Contains("| `protected` on `model.shop.gone` | – | – | ❌ fail |", markdown, StringComparison.Ordinal);
        Assert.Contains("| `total` | 10 | 12 | ⚠️ warn |", markdown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MarkdownOptions.GitHubCommentLength)]
    [InlineData(50_000)]
    [InlineData(30_000)]
    [InlineData(MarkdownOptions.SmallestMaxLength)]
    public void A_long_report_is_cut_to_the_limit_and_says_what_was_left_out(int limit)
    {
        var markdown = ReportBuilder.Render(new MarkdownReport(new MarkdownOptions { MaxLength = limit }), Scenarios.Huge());

        Assert.InRange(Encoding.UTF8.GetByteCount(markdown), limit * 3 / 4, limit);
        Assert.Contains("✂️ Left out here for length: ", markdown, StringComparison.Ordinal);
        Assert.Contains("`run.json` has everything.", markdown, StringComparison.Ordinal);

        // The numbers in the sentence are those of what is missing.
        var details = markdown.Split("<details>").Length - 1;
        var loud = 200;
        var lists = Count(markdown, "were skipped</summary>") + Count(markdown, "are identical</summary>") + Count(markdown, "how to run it yourself</summary>");
        Assert.Contains($"{loud - (details - lists)} models' details", markdown, StringComparison.Ordinal);
        Assert.Equal(details, Count(markdown, "</details>"));
    }

    [Fact]
    public void What_is_left_out_is_the_least_important()
    {
        var options = new MarkdownOptions { MaxLength = MarkdownOptions.SmallestMaxLength };
        var markdown = ReportBuilder.Render(new MarkdownReport(options), Scenarios.Huge());

        var whole = ReportBuilder.Render(new MarkdownReport(new MarkdownOptions { MaxLength = int.MaxValue }), Scenarios.Huge());
        var rows = Rows(markdown);
        Assert.Equal(Rows(whole).Take(rows.Count), rows);
        Assert.InRange(rows.Count, 20, 199);
    }

    [Fact]
    public void A_report_that_fits_is_not_cut()
    {
        var whole = ReportBuilder.Render(new MarkdownReport(new MarkdownOptions { MaxLength = int.MaxValue }), Scenarios.Huge());
        var size = Encoding.UTF8.GetByteCount(whole);

        var exact = ReportBuilder.Render(new MarkdownReport(new MarkdownOptions { MaxLength = size }), Scenarios.Huge());
        var tight = ReportBuilder.Render(new MarkdownReport(new MarkdownOptions { MaxLength = size - 1 }), Scenarios.Huge());

        Assert.Equal(whole, exact);
        Assert.DoesNotContain("Left out", exact, StringComparison.Ordinal);
        Assert.Contains("Left out", tight, StringComparison.Ordinal);
        Assert.True(Encoding.UTF8.GetByteCount(tight) < size);
    }

    [Fact]
    public void The_limit_holds_for_characters_of_several_bytes()
    {
        var report = Scenarios.Huge();
        var wide = report with { Models = [.. report.Models.Select(model => model with { Model = model.Model with { Name = new string('売', 40) } })] };

        var markdown = ReportBuilder.Render(new MarkdownReport(), wide);

        Assert.InRange(Encoding.UTF8.GetByteCount(markdown), 40_000, MarkdownOptions.GitHubCommentLength);
    }

    [Fact]
    public void A_limit_without_room_for_a_verdict_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MarkdownReport(new MarkdownOptions { MaxLength = 1_000 }));

    [Fact]
    public void A_model_with_very_many_columns_names_the_most_changed_and_counts_the_others()
    {
        var diff = ReportBuilder.Diff(
            new RowCounts(100, 100, 0, 0, 100, 0),
            ReportBuilder.Key("id"),
            columns: [.. Enumerable.Range(0, 500).Select(i => ReportBuilder.Compared($"c{i:000}", i % 100, 100))]);
        var report = Scenarios.Nothing() with { Models = [new ModelReport(ReportBuilder.Selected("wide"), new ModelOutcome.Compared(diff))] };

        var markdown = ReportBuilder.Render(new MarkdownReport(), report);

        Assert.Contains("| `c099` | 99 | 99\u00a0% |", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("`c001`", markdown, StringComparison.Ordinal);
        Assert.Contains("And 470 more columns.", markdown, StringComparison.Ordinal);
        Assert.Contains("The other 5 compared columns are the same.", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_examples_are_cut_the_report_says_how_many_more_there_are()
    {
        var diff = ReportBuilder.Diff(
            new RowCounts(100, 100, 11, 12, 50, 38),
            ReportBuilder.Key("id"),
            samples: new DiffSamples
            {
                Changed = [.. Enumerable.Range(0, 50).Select(i => new ChangedRow([$"{i}"], [new ChangedValue("c", "a", "b")]))],
                Added = [.. Enumerable.Range(60, 11).Select(i => new SampleRow([$"{i}"], [], Occurrences: 1))],
                Removed = [.. Enumerable.Range(80, 12).Select(i => new SampleRow([$"{i}"], [], Occurrences: 1))],
                DuplicateKeys = new([.. Enumerable.Range(100, 10).Select(i => new BadKey([$"{i}"], 2))], [.. Enumerable.Range(200, 13).Select(i => new BadKey([$"{i}"], 2))]),
            });
        var report = Scenarios.Rich() with
        {
            Privacy = ValuePrivacy.Full,
            Models = [new ModelReport(ReportBuilder.Selected("orders"), new ModelOutcome.Compared(diff))],
        };

        var markdown = ReportBuilder.Render(new MarkdownReport(), report);

        Assert.Equal(
            ["And 3 more keys in `run.json`.", "And 40 more rows in `run.json`.", "And 2 more rows in `run.json`.", "And 1 more row in `run.json`."],
            markdown.Split('\n').Where(line => line.StartsWith("And ", StringComparison.Ordinal)));
        Assert.Contains(
            "And 40 more rows in `cidiff run --output json`.",
            ReportBuilder.Render(new MarkdownReport(), report with { Files = new SortedDictionary<string, string>(StringComparer.Ordinal) }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Where_buckets_of_time_are_cut_the_report_says_how_many_more_there_are_and_keeps_the_rows_without_a_time()
    {
        var timeline = new Timeline(
            new("at"), TimeUnit.Day, 1, [.. Enumerable.Range(1, 42).Select(i => new TimelineBucket($"day {i}", 100, i + 1, 0, 0)), new TimelineBucket(null, 100, 1, 0, 0)]);
        var diff = ReportBuilder.Diff(new RowCounts(4_300, 4_300, 0, 0, 946, 3_354), ReportBuilder.Key("id")) with { Timeline = timeline };
        var report = Scenarios.Rich() with { Models = [new ModelReport(ReportBuilder.Selected("orders"), new ModelOutcome.Compared(diff))] };

        var markdown = ReportBuilder.Render(new MarkdownReport(), report);

        Assert.Contains("<sub>Rows differ in 43 of 43 days; the 25 with the most are shown, 18 more are in `run.json`</sub>", markdown, StringComparison.Ordinal);
        Assert.Contains("| `day 19` | 100 | 20\u00a0(20\u00a0%) |", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("`day 18`", markdown, StringComparison.Ordinal);
        Assert.Contains("| <i>null</i> | 100 | 1\u00a0(1\u00a0%) | 0 | 0 |", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_timeline_of_a_sample_says_that_the_sample_was_counted()
    {
        var sampled = Scenarios.Sampled();
        var events = sampled.Models.Single(model => model.Model.Name == "events");
        var diff = ((ModelOutcome.Compared)events.Outcome!).Diff with
        {
            Timeline = new Timeline(new("at"), TimeUnit.Month, 0.01, [new TimelineBucket("2026-01", 1_655, 63, 2, 0)]),
        };
        var timed = events with { Outcome = new ModelOutcome.Compared(diff) };
        using var console = new StringWriter();

        ConsoleReport.WriteCompare(timed, ValuePrivacy.None, console, new ConsoleOptions());

        var markdown = ReportBuilder.Render(new MarkdownReport(), sampled with { Models = [timed] });
        Assert.Contains("| `at`, by month, counted in the sample | ", markdown, StringComparison.Ordinal);
        Assert.Contains("| `2026-01` | 1,655 | 63\u00a0(about 3.8\u00a0%) | 2\u00a0(about 0.12\u00a0%) | 0 |", markdown, StringComparison.Ordinal);
        Assert.Contains("  at, by month, counted in the sample  on both sides", console.ToString(), StringComparison.Ordinal);
        Assert.Contains("63\u00a0(about 3.8 %)  2\u00a0(about 0.12 %)", console.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prod artifacts", "--base 'prod artifacts' --head target")]
    [InlineData("it's", @"--base 'it'\''s' --head target")]
    [InlineData("https://ci.example.org/m.json?a=1&b=2", "--base 'https://ci.example.org/m.json?a=1&b=2' --head target")]
    public void The_command_line_can_be_pasted_into_a_shell(string source, string arguments)
    {
        var report = Scenarios.Nothing() with
        {
            Artifacts = new(new ArtifactInfo(source, null, null, null), new ArtifactInfo("target", null, null, null)),
        };

        Assert.Contains($"\ncidiff run {arguments}\n", ReportBuilder.Render(new MarkdownReport(), report), StringComparison.Ordinal);
    }

    [Fact]
    public void No_command_line_is_shown_when_a_path_would_be_read_as_an_option()
    {
        var report = Scenarios.Nothing() with
        {
            Artifacts = new(new ArtifactInfo("--config=x", null, null, null), new ArtifactInfo("target", null, null, null)),
        };

        Assert.DoesNotContain("cidiff run", ReportBuilder.Render(new MarkdownReport(), report), StringComparison.Ordinal);
    }

    private static List<string> Rows(string markdown) =>
    [
        .. markdown.Split('\n')
            .SkipWhile(line => !line.StartsWith("|  | Model", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|')),
    ];

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
