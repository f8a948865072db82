using CiDiff.Diffing;
using CiDiff.Verdicts;

namespace CiDiff.Reports;

/// <summary>What stands around the models in a Markdown report: the verdict above them, and below them where it all came from.</summary>
internal sealed class MarkdownFrame(RunReport report, IReadOnlyList<RankedModel> models, MarkdownOptions options)
{
    // Together with quoting at its worst (13 bytes a character) these stay below MarkdownOptions.SmallestMaxLength.
    private const int SentenceLength = 400;
    private const int LongestCommand = 400;
    private const int ShortCommit = 8;

    private static readonly string[] OutcomeOrder =
    [
        "different", "not comparable", "new", "removed", "disabled", "not built", "not in production", "not reached", "planned", "no difference found", "identical", "skipped",
    ];

    // Those that stand in no model's section.
    private readonly IReadOnlyList<RuleOutcome> _rulesOfTheRun =
    [
        .. report.Rules
            .ExceptBy(models.SelectMany(model => model.Rules), rule => rule, ReferenceEqualityComparer.Instance)
            .OrderByDescending(rule => rule.Outcome)
            .ThenBy(rule => rule.Rule, StringComparer.Ordinal)
            .ThenBy(rule => rule.ModelId, StringComparer.Ordinal),
    ];

    /// <summary>The rules about the run, or about a model that is not in the report, of which there is something to say; the gravest
    /// first.</summary>
    public IReadOnlyList<RuleOutcome> RulesOfTheRun => [.. _rulesOfTheRun.Where(rule => !IsQuiet(rule))];

    /// <summary>The verdict, its reason, and how many models there are of each sort.</summary>
    public string Top(string? marker)
    {
        var page = new MarkdownPage();
        page.Heading($"{Sign(report.Status)} CiDiff: {ReportWords.Say(report.Status)}");
        if (report.Error is { } stopped && report.Reason.EndsWith(stopped.Message, StringComparison.Ordinal))
        {
            page.Paragraph(Phrase.Of($"{new Prose(stopped.Code)}: {Sentence(report.Reason)}"));
        }
        else
        {
            page.Paragraph(Sentence(report.Reason));
        }

        if (report.Error is { } error)
        {
            if (!report.Reason.EndsWith(error.Message, StringComparison.Ordinal))
            {
                page.Paragraph(Phrase.Of($"{new Prose(error.Code)}: {Sentence(error.Message)}"));
            }

            if (error.Hint is { } hint)
            {
                page.Paragraph(Phrase.Of($"What to do: {Sentence(hint)}"));
            }
        }

        if (models.Count > 0)
        {
            page.Paragraph(Counts());
        }

        return marker is null ? page.ToString() : $"{marker}\n{page}";
    }

    /// <summary>What the columns of the table mean.</summary>
    public string Legend()
    {
        if (!models.Any(model => !model.IsQuiet && model.Diff is not null))
        {
            return "";
        }

        var page = new MarkdownPage();
        page.Small(Phrase.Words(
            "Rows: production (base) → this pull request (head). <b>Added</b> rows are only in this pull request, <b>removed</b> rows only in production; "
            + "<b>changed</b> rows have the same key and other values, and their share is of the rows with the same key. Rules measure in % of production's rows."));
        if (models.Any(model => model.Diff?.Sample is not null))
        {
            page.Small(Phrase.Words("“About” a number says that it was estimated: of this model only a sample was read."));
        }

        return page.ToString();
    }

    /// <summary>Where the two sides came from, how to repeat the run, and where the numbers are.</summary>
    public string End()
    {
        var page = new MarkdownPage();
        if (report.Artifacts is not (null, null))
        {
            page.Details(Phrase.Words("What was compared, and how to run it yourself"), WriteOrigin);
        }

        if (options.CanBeAccepted && report.Status == RunStatus.Fail)
        {
            page.Small(Phrase.Of(
                $"Meant like this? Whoever may write to the repository comments {Phrase.Name("/cidiff accept")}, {Phrase.Name("/cidiff accept RULE")} or {Phrase.Name("/cidiff accept RULE in MODEL")} and runs the job again. It holds for this commit."));
        }

        page.Small(Phrase.Join(" · ", LastLine()));
        return page.ToString();
    }

    private static bool IsQuiet(RuleOutcome rule) => rule is { Outcome: VerdictLevel.Pass, Note: null };

    private Phrase Counts()
    {
        var byWord = models.CountBy(model => ReportWords.Say(model.Report)).ToDictionary(StringComparer.Ordinal);
        var parts = OutcomeOrder.Where(byWord.ContainsKey).Select(word => Phrase.Of($"{byWord[word]} {new Own(word)}"));
        return Phrase.Of($"{new Own(HumanNumbers.Count(models.Count, "model"))} in reach of the change: {Phrase.Join(", ", parts)}.");
    }

    private void WriteOrigin(MarkdownPage page)
    {
        var sides = report.Artifacts;
        var rows = new List<IReadOnlyList<Phrase>>();
        Add("Manifest", artifact => Phrase.Name(artifact.Source));
        Add("Made by dbt", artifact => artifact.DbtVersion is { } version ? Phrase.Prose(version) : null);
        Add("Made at", artifact => artifact.GeneratedAt is { } time ? Phrase.Words(HumanTime.Of(time)) : null);
        Add("Commit", artifact => artifact.Commit is { } commit ? Phrase.Name(commit) : null);
        page.Table([new(""), new("Production (base)"), new("This pull request (head)")], rows);

        if (Command() is { } command)
        {
            var worst = models.FirstOrDefault(model => model.Rank <= ModelRank.Different && !IsOption(model.Model.Name));
            var lines = worst is null
                ? (string[])[command]
                : [command, $"{command} --select {ShellWord(worst.Model.Name)}  # one model"];
            page.Code("sh", lines);
        }

        var held = _rulesOfTheRun.Where(IsQuiet).ToList();
        if (held.Count > 0)
        {
            page.Paragraph(Phrase.Of($"Rules about the whole run that hold: {Phrase.List([.. held.Select(rule => rule.Rule).Distinct(StringComparer.Ordinal)], 20)}."));
        }

        if (report.Files.Count > 0)
        {
            page.Paragraph(Phrase.Of($"Files in the report folder: {Phrase.Join(", ", report.Files.Values.Order(StringComparer.Ordinal).Select(Phrase.Name))}."));
        }

        void Add(string what, Func<ArtifactInfo, Phrase?> tell)
        {
            var cells = sides.Map(side => side is null ? null : tell(side));
            if (cells is not (null, null))
            {
                rows.Add([Phrase.Words(what), cells.Base ?? Phrase.Words(Phrase.Unknown), cells.Head ?? Phrase.Words(Phrase.Unknown)]);
            }
        }
    }

    private string? Command()
    {
        if (report.Artifacts is not ({ } inBase, { } inHead) || IsOption(inBase.Source) || IsOption(inHead.Source))
        {
            return null;
        }

        var command = $"cidiff run --base {ShellWord(inBase.Source)} --head {ShellWord(inHead.Source)}";
        return command.Length <= LongestCommand ? command : null;
    }

    private IEnumerable<Phrase> LastLine()
    {
        yield return Phrase.Of($"CiDiff {new Prose(report.ToolVersion)}");
        if (options.Commit is { } commit)
        {
            yield return Phrase.Of($"commit {new Quoted(commit.Length > ShortCommit ? commit[..ShortCommit] : commit)}");
        }

        if (options.JobUrl is { IsAbsoluteUri: true, Scheme: "https" or "http" } job)
        {
            // Within angle brackets only these end an address: https://spec.commonmark.org/0.31.2/#link-destination
            var address = job.AbsoluteUri.Replace("<", "%3C", StringComparison.Ordinal).Replace(">", "%3E", StringComparison.Ordinal);
            yield return Phrase.Words($"[the job](<{address}>) has the log and the report files");
        }

        if (!models.Any(model => model.Report.Outcome is ModelOutcome.Compared))
        {
            yield break;
        }

        switch (report.Privacy)
        {
            case ValuePrivacy.None:
                yield return Phrase.Of($"no values from tables are shown ({Phrase.Name("privacy.values: none")})");
                break;
            case ValuePrivacy.Keys:
                yield return Phrase.Of($"of values only keys are shown ({Phrase.Name("privacy.values: keys")})");
                break;
            default:
                break;
        }
    }

    private static Phrase Sentence(string text) => Phrase.Prose(VisibleText.Cut(text, SentenceLength));

    private static string Sign(RunStatus status) => status switch
    {
        RunStatus.Pass => "✅",
        RunStatus.Warn => "⚠️",
        RunStatus.Fail => "❌",
        RunStatus.Error => "❔",
        _ => "⏭️",
    };

    // What begins like an option would be one when the line is pasted into a shell, however it is quoted.
    private static bool IsOption(string text) => text.StartsWith('-');

    private static string ShellWord(string text) =>
        text.Length > 0 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || "_-./:@%+,=".Contains(letter, StringComparison.Ordinal))
            ? text
            : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
