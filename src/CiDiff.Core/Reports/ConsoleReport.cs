using System.Diagnostics;
using CiDiff.Diffing;
using CiDiff.Selection;
using CiDiff.Verdicts;

namespace CiDiff.Reports;

/// <summary>The answers of <c>run</c>, <c>plan</c> and <c>compare</c> on a console: plain text, aligned, no wider than the terminal, with colour
/// only where it is wanted. The first word of the first line is the verdict.</summary>
/// <remarks>For people. Programs read <see cref="JsonReport"/>.</remarks>
public static class ConsoleReport
{
    private const int NamesListed = 20;
    private const int GuessesListed = 4;

    /// <summary>The answer of <c>cidiff run</c>.</summary>
    public static void WriteRun(RunReport report, TextWriter writer, ConsoleOptions options)
    {
        var page = new ConsolePage(writer, options);
        var models = RankedModel.Order(report);
        WriteVerdict(page, report);

        var loud = models.Where(model => !model.IsQuiet).ToList();
        if (loud.Count > 0)
        {
            page.StartBlock();
            page.Table(
                [
                    new(""), new("model"), new("base rows", isNumber: true), new("head rows", isNumber: true),
                    new("added", isNumber: true), new("removed", isNumber: true), new("changed", isNumber: true), new("what changed"),
                ],
                [.. loud.Select(Row)]);
        }

        WriteRules(page, report, models);
        WriteNames(page, models.Where(model => model is { IsQuiet: true, Rank: ModelRank.Identical }), "identical");
        WriteNames(page, models.Where(model => model is { IsQuiet: true, Rank: ModelRank.Skipped }), "skipped");
        WriteNotes(page, [.. report.Notes.Select(note => Phrase.Of($"note: {new Prose(note)}")), .. NotesOfModels(models)]);
        WriteFiles(page, report, options);
    }

    /// <summary>The answer of <c>cidiff plan</c>: every model in reach, what would be done with it, and why.</summary>
    public static void WritePlan(RunReport report, TextWriter writer, ConsoleOptions options)
    {
        var page = new ConsolePage(writer, options);
        if (report.Status is RunStatus.Error or RunStatus.Skipped)
        {
            WriteVerdict(page, report);
            return;
        }

        var models = report.Models.OrderBy(model => model.Model.Id).ToLookup(model => model.Model switch
        {
            SkippedModel => "skip",
            _ when IsOneSided(model.Outcome) => "report only",
            _ => "compare",
        });
        var skipped = models["skip"].ToList();
        var oneSided = models["report only"].Count();
        page.Line(Phrase.Words(
            $"{HumanNumbers.Count(models["compare"].Count(), "model")} would be compared"
            + (oneSided > 0 ? $", {HumanNumbers.Count(oneSided)} more reported without a comparison" : "")
            + $"; {HumanNumbers.Count(skipped.Count)} in reach of the change would be skipped."));

        WritePlanned(page, "compare", models["compare"]);
        WritePlanned(page, "report only", models["report only"]);

        if (skipped.Count > 0)
        {
            page.StartBlock();
            page.Line(new ConsolePage.Cell(Phrase.Words("skip"), ConsoleTone.Strong));
            page.Table(
                [new(""), new("")],
                [.. skipped.Select(model => (IReadOnlyList<ConsolePage.Cell>)[Phrase.Name(model.Model.Name), Phrase.Prose(model.Model.Reason)])]);
        }

        WriteNotes(page, [.. report.Notes.Select(note => Phrase.Of($"note: {new Prose(note)}"))]);
    }

    /// <summary>The answer of <c>cidiff compare</c>.</summary>
    /// <param name="model">The comparison.</param>
    /// <param name="privacy">What may be shown of cells.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="options">How.</param>
    public static void WriteCompare(ModelReport model, ValuePrivacy privacy, TextWriter writer, ConsoleOptions options) =>
        new ConsoleComparison(new ConsolePage(writer, options)).Write(model, privacy);

    private static void WriteVerdict(ConsolePage page, RunReport report)
    {
        var isReason = report.Error is { } stopped && report.Reason.EndsWith(stopped.Message, StringComparison.Ordinal);
        page.Line(
            new ConsolePage.Cell(Phrase.Words(ReportWords.Of(report.Status)), Tone(report.Status)),
            isReason ? Phrase.Of($" {new Prose(report.Error!.Code)}: {new Prose(report.Reason)}") : Phrase.Of($": {new Prose(report.Reason)}"));
        if (report.Error is { } error)
        {
            if (!isReason)
            {
                page.Paragraph(Phrase.Of($"{new Prose(error.Code)}: {new Prose(error.Message)}"), "  ");
            }

            if (error.Hint is { } hint)
            {
                page.Paragraph(Phrase.Of($"hint: {new Prose(hint)}"), "  ");
            }
        }
    }

    private static IReadOnlyList<ConsolePage.Cell> Row(RankedModel model)
    {
        var (rows, sample) = (model.Diff?.Rows, model.Diff?.Sample);
        var counts = model.Report.Outcome is ModelOutcome.NotCompared notCompared ? notCompared.Rows : new Sides<long?>(rows?.Base, rows?.Head);
        var level = model.Level == VerdictLevel.Pass ? "" : ReportWords.Of(model.Level);
        return
        [
            new(Phrase.Words(level), Tone(model.Level)),
            new(Phrase.Name(model.Model.Name), ConsoleTone.Strong),
            Number(counts.Base),
            Number(counts.Head),
            rows is null ? Number(null) : Estimates.Number(rows.Added, sample?.Added),
            rows is null ? Number(null) : Estimates.Number(rows.Removed, sample?.Removed),
            rows?.Changed is not { } changed ? Number(null)
                : changed == 0 ? Estimates.Number(0, sample?.Changed)
                : Phrase.Of($"{Estimates.Number(changed, sample?.Changed)} ({new Own(HumanNumbers.Share((double)changed / (changed + rows.Same)))})"),
            Phrase.Join("; ", Headline.Of(model)),
        ];
    }

    private static void WriteRules(ConsolePage page, RunReport report, IReadOnlyList<RankedModel> models)
    {
        var names = models.ToDictionary(model => model.Model.Id.Value, model => model.Model.Name, StringComparer.Ordinal);
        var broken = report.Rules.Where(rule => rule.Outcome > VerdictLevel.Pass || rule.Note is not null).ToList();
        if (broken.Count == 0)
        {
            return;
        }

        page.StartBlock();
        page.Table(
            [new(""), new("rule"), new("model"), new("limit", isNumber: true), new("measured", isNumber: true), new("")],
            [
                .. broken.Select(rule => (IReadOnlyList<ConsolePage.Cell>)
                [
                    new(Phrase.Words(ReportWords.Of(rule.Outcome)), Tone(rule.Outcome)),
                    Phrase.Name(rule.Rule),
                    rule.ModelId is { } id ? Phrase.Name(names.GetValueOrDefault(id, id)) : Phrase.Empty,
                    Measure(rule.Limit),
                    Measure(rule.Measured),
                    rule.Note is { } note ? Phrase.Prose(note) : Phrase.Empty,
                ]),
            ]);
    }

    private static void WriteNames(ConsolePage page, IEnumerable<RankedModel> models, string word)
    {
        var names = models.Select(model => model.Model.Name).ToList();
        if (names.Count > 0)
        {
            page.StartBlock();
            page.Paragraph(Phrase.Of($"{names.Count} {new Own(word)}: {Phrase.List(names, NamesListed)}"));
        }
    }

    // What many models have in common is told once.
    private static IEnumerable<Phrase> NotesOfModels(IEnumerable<RankedModel> models) => models
        .SelectMany(model => (model.Diff?.Notes ?? []).Select(note => (Note: note, model.Model.Name)))
        .GroupBy(said => said.Note, said => said.Name, StringComparer.Ordinal)
        .Select(said => Phrase.Of($"note on {Phrase.List([.. said], NamesListed)}: {new Prose(said.Key)}"));

    private static void WriteNotes(ConsolePage page, IReadOnlyList<Phrase> notes)
    {
        if (notes.Count > 0)
        {
            page.StartBlock();
        }

        foreach (var note in notes)
        {
            page.Paragraph(note);
        }
    }

    private static void WriteFiles(ConsolePage page, RunReport report, ConsoleOptions options)
    {
        if (report.Files.Count > 0 && options.ReportDirectory is { } directory)
        {
            page.StartBlock();
            page.Table([new(""), new("")], [.. report.Files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => (IReadOnlyList<ConsolePage.Cell>)
                [new(Phrase.Name(file.Key), ConsoleTone.Faint), Phrase.Prose(Path.Combine(directory, file.Value))])]);
        }
    }

    private static void WritePlanned(ConsolePage page, string what, IEnumerable<ModelReport> reports)
    {
        var isFirst = true;
        foreach (var report in reports)
        {
            if (isFirst)
            {
                page.StartBlock();
                page.Line(new ConsolePage.Cell(Phrase.Words(what), ConsoleTone.Strong));
                isFirst = false;
            }

            var model = (SelectedModel)report.Model;
            page.Line(Phrase.Words("  "), new(Phrase.Name(model.Name), ConsoleTone.Strong), Phrase.Of($"  {new Prose(model.Reason)}"));
            foreach (var (label, text) in Plan(report, model))
            {
                page.Line(new ConsolePage.Cell(Phrase.Words($"    {label,-7}"), ConsoleTone.Faint), text);
            }
        }
    }

    private static bool IsOneSided(ModelOutcome? outcome) =>
        outcome is ModelOutcome.NotCompared
        {
            Reason: NotComparedReason.New or NotComparedReason.Removed or NotComparedReason.NotBuilt or NotComparedReason.NotInBase,
        };

    private static IEnumerable<(string Label, Phrase Text)> Plan(ModelReport report, SelectedModel model)
    {
        var rows = report.Outcome is ModelOutcome.NotCompared { EstimatedRows: var counts } ? counts : new Sides<long?>(null, null);
        var isOneSided = IsOneSided(report.Outcome);
        if (isOneSided)
        {
            yield return ("as", Phrase.Of($"{new Own(ReportWords.Say(report))}: {new Own(ReportWords.Explain(report)!)}"));
        }

        if (model.Relations.Base is { } inBase)
        {
            yield return ("base", Estimated(inBase.ToString(), rows.Base));
        }

        if (model.Relations.Head is { } inHead)
        {
            yield return ("head", Estimated(inHead.ToString(), rows.Head));
        }

        if (!isOneSided)
        {
            yield return ("key", PlannedKey(model.KeyCandidates));
        }

        if (!isOneSided && model.Rules.Filter is { } filter)
        {
            yield return ("where", Phrase.Name(filter.Text));
        }
    }

    private static Phrase PlannedKey(IReadOnlyList<KeyCandidate> candidates) => candidates switch
    {
        [] => Phrase.Words("none known: whole rows are compared"),
        [{ MustBeProven: false } best, ..] => Phrase.Of($"{Phrase.List(best.Columns, NamesListed)}, {new Own(ReportWords.Say(best.Source, isSample: false))}"),
        _ => Phrase.Of(
            $"none declared; the first of {Phrase.List([.. candidates.SelectMany(guess => guess.Columns).Distinct(StringComparer.Ordinal)], GuessesListed)} that is unique and not null"),
    };

    private static Phrase Estimated(string relation, long? rows) => rows is { } known
        ? Phrase.Of($"{new Quoted(relation)}, about {new Own(HumanNumbers.Count(known, "row"))}")
        : Phrase.Name(relation);

    /// <summary>A number, or a dash for one that is not known.</summary>
    internal static Phrase Number(long? value) => value is { } known ? Phrase.Number(known) : Phrase.Words("-");

    internal static ConsoleTone Tone(VerdictLevel level) => level switch
    {
        VerdictLevel.Pass => ConsoleTone.Good,
        VerdictLevel.Warn => ConsoleTone.Warn,
        VerdictLevel.Fail or VerdictLevel.Error => ConsoleTone.Bad,
        _ => throw new UnreachableException(),
    };

    private static Phrase Measure(string? value) => value is null ? Phrase.Words("-") : MarkdownRules.Measure(value);

    private static ConsoleTone Tone(RunStatus status) => status switch
    {
        RunStatus.Pass => ConsoleTone.Good,
        RunStatus.Warn => ConsoleTone.Warn,
        RunStatus.Fail or RunStatus.Error => ConsoleTone.Bad,
        RunStatus.Skipped => ConsoleTone.Faint,
        _ => throw new UnreachableException(),
    };
}
