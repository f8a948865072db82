using System.Text.RegularExpressions;
using CiDiff.Artifacts;
using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Errors;
using CiDiff.Reports;
using CiDiff.Selection;
using CiDiff.State;
using CiDiff.Verdicts;
using CiDiff.Warehouses;
using HtmlAgilityPack;
using Markdig;

namespace CiDiff.Tests.Reports;

/// <summary>A report in which everything that comes from tables, manifests, servers and configuration is the same nasty text.</summary>
public sealed partial class HostileReportTests
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UseAdvancedExtensions().UseEmojiAndSmiley().Build();

    private static readonly string[] ExpectedElements =
    [
        "#document", "#text", "b", "code", "details", "h2", "i", "li", "p", "pre", "strong", "sub", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul",
    ];

    public static TheoryData<int> Texts => [.. Enumerable.Range(0, NastyTexts.All.Length)];

    [Theory]
    [MemberData(nameof(Texts))]
    public void The_page_has_the_structure_of_a_harmless_report(int text)
    {
        var nasty = Html(Report(NastyTexts.All[text]));
        var harmless = Html(Report("x"));

        Assert.Equal(Structure(harmless), Structure(nasty));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void The_page_loads_and_links_nothing_and_mentions_nobody(int text)
    {
        var page = Html(Report(NastyTexts.All[text]));

        Assert.Empty(page.Descendants().Select(node => node.Name).Except(ExpectedElements));
        Assert.Empty(page.Descendants()
            .SelectMany(node => node.Attributes)
            .Where(attribute => attribute.Name is not ("style" or "class" or "id"))
            .Select(attribute => $"{attribute.Name}={attribute.Value}"));
        var plain = page.Descendants("#text").Where(node => !node.Ancestors().Any(parent => parent.Name is "code" or "pre"));
        Assert.Empty(plain
            .Select(node => HtmlEntity.DeEntitize(node.InnerText))
            .SelectMany(content => Reference().Matches(content).Select(match => $"{match.Value} in {content}")));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void No_writer_gives_a_log_an_order(int text)
    {
        var report = Report(NastyTexts.All[text]);

        foreach (var output in new[]
        {
            ReportBuilder.Render(new MarkdownReport(), report), ReportBuilder.Render(new JsonReport(), report),
            ReportBuilder.Render(new JUnitReport(), report), ReportBuilder.Render(new CodeQualityReport(), report), ReportBuilder.Render(new SarifReport(), report), Console(report), Comparison(report), Plan(report),
        })
        {
            Assert.DoesNotMatch(Order(), output);
            Assert.DoesNotContain(output, character => character != '\n' && (char.IsControl(character) || character is '\u2028' or '\u202e' or '\u2066'));
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_run_file_keeps_the_text_as_it_is(int text)
    {
        var report = Report(NastyTexts.All[text]);
        var json = ReportBuilder.Render(new JsonReport(), report);

        var again = JsonReportReader.Read(System.Text.Encoding.UTF8.GetBytes(json), "run.json");

        Assert.Equal(ReportBuilder.Render(new MarkdownReport(), report), ReportBuilder.Render(new MarkdownReport(), again));

        // Half a surrogate pair is no Unicode, and cannot be kept.
        if (!NastyTexts.All[text].Contains('\ud800', StringComparison.Ordinal))
        {
            Assert.Equal(json, ReportBuilder.Render(new JsonReport(), again));
            Assert.Equal(NastyTexts.All[text], again.Models[0].Model.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void The_smallest_report_still_says_the_verdict_and_keeps_the_limit(int text)
    {
        var report = Report(NastyTexts.All[text]);
        var lengthy = report with { Reason = string.Concat(Enumerable.Repeat(NastyTexts.All[text] + ".", 2_000)) };

        var markdown = ReportBuilder.Render(
            new MarkdownReport(new MarkdownOptions { MaxLength = MarkdownOptions.SmallestMaxLength, Marker = "<!-- marker -->" }),
            lengthy);

        Assert.StartsWith("<!-- marker -->\n## ❌ CiDiff: fail\n", markdown, StringComparison.Ordinal);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(markdown), 1, MarkdownOptions.SmallestMaxLength);
    }

    /// <summary>A report in which every text is this one.</summary>
    internal static RunReport Report(string text)
    {
        var column = new Column(new ColumnName(text), new ColumnType(text, TypeFamily.Other));
        var change = new NodeChange
        {
            Id = new UniqueId(text),
            Kind = ChangeKind.Modified,
            Changes = [ChangeReason.Body],
            Macros = [new UniqueId(text)],
            FalsePositive = text,
            MovedFromOrTo = new UniqueId(text),
        };
        SelectedModel Model(string id) => new()
        {
            Id = new UniqueId(id),
            Name = text,
            ResourceType = "model",
            Path = $"models/{text}",
            Change = change,
            Reason = $"modified: {text}",
            Relations = new(new RelationName(text, text, text), new RelationName(text, text, text)),
            KeyCandidates = [new KeyCandidate([text], KeySource.UniqueTest, text)],
            Rules = new CompareRules { Filter = new ConfiguredSql(text, text) },
        };

        var diff = ReportBuilder.Diff(
            new RowCounts(10, 10, 1, 1, 3, 6),
            new DiffKey([new ColumnName(text)], KeySource.UniqueTest, text),
            new SchemaDiff(
                [column],
                [column],
                [new RetypedColumn(column.Name, column.Type, column.Type)],
                [new RenamedColumn(column.Name, column.Name, text)],
                IsReordered: true),
            columns:
            [
                new ColumnDiff(column, column, IsCompared: true, null, 3, 0.3, new Sides<long>(0, 1)),
                new ColumnDiff(column, column, IsCompared: false, text, null, null, null),
            ],
            samples: new DiffSamples
            {
                Changed = [new ChangedRow([text], [new ChangedValue(text, text, text)])],
                Added = [new SampleRow([text], [KeyValuePair.Create<string, string?>(text, text)], 1)],
                Removed = [new SampleRow([text], [KeyValuePair.Create<string, string?>(text, text)], 1)],
                DuplicateKeys = new([new BadKey([text], 2)], [new BadKey([text], 2)]),
            },
            notes: [text]);
        var sampled = diff with
        {
            Columns = [.. diff.Columns.Select(column => column with { ChangedRange = column.Changed is null ? null : new CountRange(1, 2) })],
            Sample = new DiffSample(0.5, 0.95, text, new RowCounts(1, 1, 0, 0, 1, 0))
            {
                Added = new(0, 1),
                Removed = new(0, 1),
                Changed = new(1, 2),
                Same = new(0, 1),
                Duplicate = new(new(0, 1), new(0, 1)),
                MatchScore = (0.5, 1),
            },
            Profiles =
            [
                new ColumnProfile(column.Name, new(
                    new ColumnStatistics(3, 1, 2) { Least = text, Greatest = text, Quantiles = [text, text, text, text, text], Frequent = [new FrequentValue(text, 2)] },
                    null)),
            ],
            Timeline = new Timeline(column.Name, TimeUnit.Hour, 0.5, [new TimelineBucket(text, 3, 1, 1, 1)]),
            Attribution = new Attribution(
                3, true, [new Concentration(column.Name, null, text, 1, 0.1), new Concentration(column.Name, TimeUnit.Hour, text, 1, 0.1)]),
        };
        var identical = ReportBuilder.Diff(new RowCounts(1, 1, 0, 0, 0, 1), ReportBuilder.Key(text));

        return new RunReport
        {
            ToolVersion = text,
            Status = RunStatus.Fail,
            Reason = $"1 rule failed: {text}",
            Artifacts = new(new ArtifactInfo(text, text, text, text), new ArtifactInfo(text, text, text, text)),
            Rules =
            [
                new(text, "0", VerdictLevel.Fail, text, text, VerdictLevel.Fail, text),
                new(text, "no such model " + text, VerdictLevel.Warn, text, text, VerdictLevel.Warn, text),
                new(text, null, VerdictLevel.Warn, text, text, VerdictLevel.Warn, text),
            ],
            Models =
            [
                new ModelReport(Model("0"), new ModelOutcome.Compared(sampled)),
                new ModelReport(Model("1"), new ModelOutcome.Failed(new UserErrorException(new ErrorCode(text, text), text, text))),
                new ModelReport(Model("2"), new ModelOutcome.NotCompared(NotComparedReason.New, new(null, 1))),
                new ModelReport(Model("3"), new ModelOutcome.Compared(identical)),
                new ModelReport(Model("4"), new ModelOutcome.NotCompared(NotComparedReason.PlanOnly, new(1, 1))),
                ReportBuilder.Skipped("5", text),
            ],
            Error = new RunError(text, text, text),
            Notes = [text],
            Privacy = ValuePrivacy.Full,
            Files = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["json"] = text, ["markdown"] = text },
        };
    }

    private static HtmlNode Html(RunReport report)
    {
        var document = new HtmlDocument();
        var whole = new MarkdownReport(new MarkdownOptions { MaxLength = int.MaxValue });
        document.LoadHtml(Markdown.ToHtml(ReportBuilder.Render(whole, report), Pipeline));
        return document.DocumentNode;
    }

    // Whether data is code or a word in italics depends on the data, and a command line that would be too long or begin like an option
    // is left out; everything else stands where it stands.
    private static string Structure(HtmlNode node) => string.Concat(
        node.Descendants().Where(element => element.NodeType == HtmlNodeType.Element && !DependsOnData(element)).Select(Path));

    private static string Path(HtmlNode node) =>
        string.Join('/', node.AncestorsAndSelf().Reverse().Where(element => !DependsOnData(element)).Select(element => element.Name)) + "\n";

    private static bool DependsOnData(HtmlNode element) => element.Name is "code" or "i" or "pre";

    private static string Console(RunReport report)
    {
        using var text = new StringWriter();
        ConsoleReport.WriteRun(report, text, new ConsoleOptions { ReportDirectory = "cidiff-report" });
        return text.ToString();
    }

    private static string Comparison(RunReport report)
    {
        using var text = new StringWriter();
        foreach (var model in report.Models)
        {
            ConsoleReport.WriteCompare(model, report.Privacy, text, new ConsoleOptions { Width = 100 });
        }

        return text.ToString();
    }

    private static string Plan(RunReport report)
    {
        using var text = new StringWriter();
        ConsoleReport.WritePlan(report with { Status = RunStatus.Pass }, text, new ConsoleOptions { Width = 100 });
        return text.ToString();
    }

    // What GitHub and GitLab look for in the text of a rendered page.
    [GeneratedRegex(@"@[\w""']|#\w|gh-\d|[!$%~&^][\w""']|https?://|www\.|ftp://|mailto:\w|:[\w+-]+:", RegexOptions.IgnoreCase)]
    private static partial Regex Reference();

    // What CI hosts look for in the lines of a log.
    [GeneratedRegex(@"^\s*::|##\[|##vso\[|##teamcity\[|\e", RegexOptions.Multiline)]
    private static partial Regex Order();
}
