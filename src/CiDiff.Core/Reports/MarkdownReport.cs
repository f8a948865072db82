using System.Text;
using CiDiff.Diffing;

namespace CiDiff.Reports;

/// <summary>How long a Markdown report may get, and what it begins with.</summary>
public sealed record MarkdownOptions
{
    /// <summary>What GitHub says is the most that a comment may hold: "maximum is 65536 characters".</summary>
    public const int GitHubCommentLength = 65_536;

    /// <summary>The smallest limit that leaves room for the verdict and its reason whatever they say.</summary>
    public const int SmallestMaxLength = 20_000;

    /// <summary>The longest the report may be, in UTF-8 bytes; it is then no longer in characters either, however a host counts them. At
    /// least <see cref="SmallestMaxLength"/>.</summary>
    public int MaxLength { get; init; } = GitHubCommentLength;

    /// <summary>A first line that is not seen, such as the HTML comment by which a comment is found again; counts toward the length. Null
    /// for none.</summary>
    public string? Marker { get; init; }

    /// <summary>The commit that the report is about, to be named in the last line; null for none.</summary>
    public string? Commit { get; init; }

    /// <summary>The page of the job that made the report, to be linked in the last line; null for none.</summary>
    public Uri? JobUrl { get; init; }

    /// <summary>A reviewer can accept what failed with a comment beside this one, and a report of a fail says how.</summary>
    public bool CanBeAccepted { get; init; }
}

/// <summary>The pull request comment: GitHub Flavored Markdown (https://github.github.com/gfm/) with the tags <c>details</c>, <c>summary</c>,
/// <c>sub</c>, <c>b</c>, <c>i</c> and <c>code</c>, which GitHub, GitLab and Azure DevOps render.</summary>
/// <remarks>The first line is the verdict. Then one table row per model that is not identical, the gravest first; then what changed, model
/// by model, to unfold; then identical and skipped models as lists. When all that would be longer than the limit, it is cut from the end
/// of each part, and the report says how much was left out and where it is. What comes from tables and manifests is quoted so that it is
/// only ever shown.</remarks>
public sealed class MarkdownReport : IReportWriter
{
    private static readonly TableColumn[] ModelColumns =
    [
        new(""), new("Model"), new("Rows", isNumber: true), new("Added", isNumber: true), new("Removed", isNumber: true),
        new("Changed", isNumber: true), new("What changed"),
    ];

    private readonly MarkdownOptions _options;

    /// <summary>With the limit of a GitHub comment and no marker.</summary>
    public MarkdownReport()
        : this(new MarkdownOptions())
    {
    }

    /// <summary>With another limit or a marker.</summary>
    public MarkdownReport(MarkdownOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxLength, MarkdownOptions.SmallestMaxLength, nameof(options));
        _options = options;
    }

    /// <inheritdoc/>
    public string Format => "markdown";

    /// <inheritdoc/>
    public string FileName => "report.md";

    /// <inheritdoc/>
    public void Write(RunReport report, TextWriter writer)
    {
        var models = RankedModel.Order(report);
        var whole = Compose(report, models, new MarkdownRoom(long.MaxValue / 2));
        writer.Write(Encoding.UTF8.GetByteCount(whole) <= _options.MaxLength
            ? whole
            : Compose(report, models, new MarkdownRoom(_options.MaxLength)));
    }

    // Room is given in order of importance, then the blocks are put in order of reading.
    private string Compose(RunReport report, IReadOnlyList<RankedModel> models, MarkdownRoom room)
    {
        var loud = models.Where(model => !model.IsQuiet).ToList();
        var quiet = models.Where(model => model.IsQuiet).ToLookup(model => model.Rank);
        var frame = new MarkdownFrame(report, models, _options);
        var cut = new MarkdownCut();

        var top = frame.Top(_options.Marker);
        room.Use(top);
        room.Use(MarkdownCut.Reserve);
        var legend = room.UseIfFits(frame.Legend());
        var end = room.UseIfFits(frame.End());

        var notes = room.UseLines(report.Notes.Select(NoteLine), share: 0.1);
        cut.Add(report.Notes.Count - notes.Count, "note", "notes");

        var rulesHead = MarkdownPage.TableHead(MarkdownRules.Columns);
        var rules = room.UseLines(frame.RulesOfTheRun.Select(rule => MarkdownPage.TableRow(MarkdownRules.Row(rule, withModel: true))), share: 0.1, rulesHead);
        cut.Add(frame.RulesOfTheRun.Count - rules.Count, "rule", "rules");

        var rowsHead = MarkdownPage.TableHead(ModelColumns);
        var rows = room.UseLines(loud.Select(Row), share: 0.5, rowsHead);
        cut.Add(loud.Count - rows.Count, "row of the table", "rows of the table");

        var identical = MarkdownQuietModels.Identical(quiet[ModelRank.Identical], room, cut);
        var skipped = MarkdownQuietModels.Skipped(quiet[ModelRank.Skipped], room, cut);
        var sections = Sections(report, loud, room, cut);

        var page = new MarkdownPage();
        page.Block(top);
        AddBlock(page, notes);
        AddBlock(page, rules, rulesHead);
        AddBlock(page, rows, rowsHead);
        AddBlock(page, [legend]);
        foreach (var block in (string[])[cut.ToMarkdown(report.Files.GetValueOrDefault("json")), .. sections, identical, skipped, end])
        {
            AddBlock(page, [block]);
        }

        return page.ToString();
    }

    private static List<string> Sections(RunReport report, List<RankedModel> models, MarkdownRoom room, MarkdownCut cut)
    {
        var sections = new List<string>();
        var whole = MarkdownCut.Whole(report.Files.GetValueOrDefault("json"));
        var shortened = 0;
        foreach (var model in models)
        {
            var section = MarkdownModelSection.Write(model, report.Privacy, whole, SectionLength.Full);
            if (!room.Fits(section))
            {
                section = MarkdownModelSection.Write(model, report.Privacy, whole, SectionLength.Short);
                if (!room.Fits(section))
                {
                    break;
                }

                shortened++;
            }

            room.Use(section);
            sections.Add(section);
        }

        cut.Add(models.Count - sections.Count, "model's details", "models' details");
        cut.Add(shortened, "model's examples", "models' examples");
        return sections;
    }

    private static string NoteLine(string note) => $"- {MarkdownText.Prose(note)}\n";

    private static string Row(RankedModel model)
    {
        var rows = model.Diff?.Rows;
        var counts = model.Report.Outcome is ModelOutcome.NotCompared notCompared ? notCompared.Rows : new Sides<long?>(rows?.Base, rows?.Head);
        return MarkdownPage.TableRow(
        [
            Phrase.Words(MarkdownModelSection.Sign(model.Level).TrimEnd()),
            Phrase.Name(model.Model.Name),
            RowCount(counts),
            rows is null ? Phrase.Number(null) : Estimates.Number(rows.Added, model.Diff?.Sample?.Added),
            rows is null ? Phrase.Number(null) : Estimates.Number(rows.Removed, model.Diff?.Sample?.Removed),
            ChangedRows(rows, model.Diff?.Sample?.Changed),
            Phrase.Join("; ", Headline.Of(model)),
        ]);
    }

    private static Phrase RowCount(Sides<long?> counts) => counts switch
    {
        (null, null) => Phrase.Words(Phrase.Unknown),
        var (inBase, inHead) when inBase == inHead => Phrase.Number(inBase),
        var (inBase, inHead) => Phrase.Of($"{Phrase.Number(inBase)} → {Phrase.Number(inHead)}"),
    };

    private static Phrase ChangedRows(RowCounts? rows, CountRange? range) => rows?.Changed switch
    {
        null => Phrase.Words(Phrase.Unknown),
        0 => Estimates.Number(0, range),
        { } changed => Phrase.Of($"{Estimates.Number(changed, range)}\u00a0({new Own(HumanNumbers.Share((double)changed / (changed + rows.Same)))})"),
    };

    private static void AddBlock(MarkdownPage page, IReadOnlyList<string> lines, string head = "")
    {
        var body = string.Concat(lines);
        if (body.Length > 0)
        {
            page.Block(head + body);
        }
    }
}
