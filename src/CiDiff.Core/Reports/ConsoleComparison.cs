using CiDiff.Diffing;
using CiDiff.Selection;

namespace CiDiff.Reports;

/// <summary>One comparison told at length on a console.</summary>
internal sealed class ConsoleComparison(ConsolePage page)
{
    private const int Most = 50;
    private const int ValueLength = 60;

    public void Write(ModelReport report, ValuePrivacy privacy)
    {
        var headline = Headline.Of(report, withRows: true);
        var word = report.Outcome is ModelOutcome.Compared { Diff.HasDifferences: true } ? "different: " : "";
        page.Line(new ConsolePage.Cell(Phrase.Of($"{new Own(word)}{Phrase.Join("; ", headline)}"), Tone(report)));
        WriteSources(report);
        switch (report.Outcome)
        {
            case ModelOutcome.Compared { Diff: var diff }:
                WriteCounts(diff);
                WriteSchema(diff.Schema.Told);
                WriteColumns(diff);
                new ConsoleInsights(page).Write(report, privacy);
                WriteSamples(report, privacy);
                WriteNotes(diff);
                break;
            case ModelOutcome.Failed { Error: var error }:
                page.StartBlock();
                page.Paragraph(Phrase.Of($"error {new Prose(error.Code.Id)}: {new Prose(error.Message)}"), "  ");
                if (error.Hint is { } hint)
                {
                    page.Paragraph(Phrase.Of($"hint: {new Prose(hint)}"), "  ");
                }

                break;
            case ModelOutcome.NotCompared when ReportWords.Explain(report) is { } why:
                page.StartBlock();
                page.Paragraph(Phrase.Words(why), "  ");
                break;
            default:
                break;
        }
    }

    private static ConsoleTone Tone(ModelReport report) => report.Outcome switch
    {
        ModelOutcome.Compared { Diff.IsIdentical: true } => ConsoleTone.Good,
        ModelOutcome.Failed => ConsoleTone.Bad,
        _ => ConsoleTone.Warn,
    };

    private void WriteSources(ModelReport report)
    {
        var lines = new List<IReadOnlyList<ConsolePage.Cell>>();
        if (report.Model.Relations.Base is { } inBase)
        {
            lines.Add([Label("base"), Phrase.Name(inBase.ToString())]);
        }

        if (report.Model.Relations.Head is { } inHead)
        {
            lines.Add([Label("head"), Phrase.Name(inHead.ToString())]);
        }

        if (report.Outcome is ModelOutcome.Compared { Diff: var diff })
        {
            lines.Add([Label("key"), diff.Key is { } key
                ? Phrase.Of($"{Phrase.List([.. key.Columns.Select(column => column.Value)], Most)}, {new Own(ReportWords.Say(key.Source, diff.Sample is not null))}")
                : Phrase.Words("none: whole rows are compared, a changed row counts as one removed and one added")]);
            if (diff.Sample is { } sample)
            {
                lines.Add([Label("sample"), Estimates.Read(sample, diff.Rows)]);
            }
        }

        if ((report.Model as SelectedModel)?.Rules.Filter is { } filter)
        {
            lines.Add([Label("where"), Phrase.Name(filter.Text)]);
        }

        page.StartBlock();
        page.Table([new(""), new("")], lines);
    }

    private void WriteCounts(TableDiff diff)
    {
        var rows = diff.Rows;
        var lines = new List<IReadOnlyList<ConsolePage.Cell>>
        {
            new ConsolePage.Cell[] { Phrase.Words("rows"), Phrase.Number(rows.Base), Phrase.Number(rows.Head) },
            new ConsolePage.Cell[] { Phrase.Words("removed (only in base)"), Estimates.WithRange(rows.Removed, diff.Sample?.Removed), Phrase.Empty },
            new ConsolePage.Cell[] { Phrase.Words("added (only in head)"), Phrase.Empty, Estimates.WithRange(rows.Added, diff.Sample?.Added) },
        };
        if (diff.Keys is { } keys)
        {
            if (diff.Sample is null)
            {
                lines.Add([Phrase.Words("distinct keys"), Phrase.Number(keys.Base.Distinct), Phrase.Number(keys.Head.Distinct)]);
            }

            lines.Add(
            [
                Phrase.Words("keys on more than one row"),
                Estimates.WithRange(keys.Base.Duplicate, diff.Sample?.Duplicate.Base),
                Estimates.WithRange(keys.Head.Duplicate, diff.Sample?.Duplicate.Head),
            ]);
            lines.Add([Phrase.Words("rows with a null in the key"), Phrase.Number(keys.Base.Null), Phrase.Number(keys.Head.Null)]);
        }

        page.StartBlock();
        page.Table([new(""), new("base", isNumber: true), new("head", isNumber: true)], lines);

        page.StartBlock();
        var score = double.IsFinite(diff.MatchScore) ? $"; match score {Estimates.Score(diff)}" : "";
        score += $"; compared by {ReportWords.Of(diff.Strategy)}";
        page.Paragraph(
            rows.Changed is { } estimated && diff.Sample is { } sample
                ? Phrase.Of($"{new Own(HumanNumbers.Count((sample.Found.Changed ?? 0) + sample.Found.Same, "row"))} of the sample with the same key on both sides: {sample.Found.Changed ?? 0} changed; {Estimates.WithRange(estimated, sample.Changed)} in the whole tables{new Own(score)}")
                : rows.Changed is { } changed
                ? Phrase.Of($"{new Own(HumanNumbers.Count(changed + rows.Same, "row"))} with the same key on both sides: {changed} changed, {rows.Same} the same{new Own(score)}")
                : Phrase.Of($"{new Own(HumanNumbers.Count(rows.Same, "row"))} on both sides{new Own(score)}"),
            "  ");
    }

    private void WriteSchema(SchemaDiff schema)
    {
        List<IReadOnlyList<ConsolePage.Cell>> lines =
        [
            .. schema.Removed.Select(column => Line("removed", Phrase.Name(column.Name.Value), Phrase.Name(column.Type.Name))),
            .. schema.Renamed.Select(column => Line("renamed", Phrase.Of($"{column.Base} to {column.Head}"), column.Share is { } share ? Phrase.Words($"probably: {HumanNumbers.Share(share)} of the values agree") : Phrase.Empty)),
            .. schema.Retyped.Select(column => Line("other type", Phrase.Name(column.Name.Value), Phrase.Of($"{column.Base} to {column.Head}"))),
            .. schema.Added.Select(column => Line("added", Phrase.Name(column.Name.Value), Phrase.Name(column.Type.Name))),
        ];
        if (lines.Count > 0)
        {
            page.StartBlock();
            page.Table([new("schema"), new("column"), new("")], lines);
        }

        if (schema.IsReordered)
        {
            page.StartBlock();
            page.Paragraph(Phrase.Words("the columns stand in another order; that alone is no difference"), "  ");
        }

        static IReadOnlyList<ConsolePage.Cell> Line(string change, Phrase column, Phrase detail) => [Phrase.Words(change), column, detail];
    }

    private void WriteColumns(TableDiff diff)
    {
        var changed = Headline.ChangedColumns(diff);
        if (changed.Count > 0)
        {
            page.StartBlock();
            page.Table(
                [new("column"), new("changed rows", isNumber: true), new("share", isNumber: true)],
                [
                    .. changed.Take(Most).Select(column => (IReadOnlyList<ConsolePage.Cell>)
                    [
                        Phrase.Name(column.Head.Name.Value),
                        column.Changed is { } count ? Estimates.WithRange(count, column.ChangedRange) : ConsoleReport.Number(null),
                        Phrase.Words(column.ChangedShare is { } share ? Estimates.Share(share, column.ChangedRange is not null) : "-"),
                    ]),
                ]);
        }

        if (changed.Count > Most)
        {
            page.Paragraph(Phrase.Of($"and {changed.Count - Most} more columns"), "  ");
        }
    }

    private void WriteSamples(ModelReport report, ValuePrivacy privacy)
    {
        if (ShownSamples.Of(report, privacy) is not { } samples)
        {
            return;
        }

        WriteDuplicates("duplicate keys in base, for example", samples.DuplicateKeys.Base, samples);
        WriteDuplicates("duplicate keys in head, for example", samples.DuplicateKeys.Head, samples);
        if (samples.Changed.Count > 0)
        {
            StartSamples("changed rows, for example");
            if (samples.WithValues)
            {
                page.Table(
                    [.. KeyHead(samples), new("column"), new("base"), new("head")],
                    [.. samples.Changed.SelectMany(row => row.Values.Select(value => (IReadOnlyList<ConsolePage.Cell>)
                        [.. Cells(row.Key), Phrase.Name(value.Column), .. Pair(value)]))]);
            }
            else
            {
                page.Table(
                    [.. KeyHead(samples), new("columns that differ")],
                    [.. samples.Changed.Select(row => (IReadOnlyList<ConsolePage.Cell>)
                        [.. Cells(row.Key), Phrase.List([.. row.Values.Select(value => value.Column)], Most)])]);
            }
        }

        WriteRows("removed rows (only in base), for example", samples.Removed, samples);
        WriteRows("added rows (only in head), for example", samples.Added, samples);
    }

    private void WriteDuplicates(string title, IReadOnlyList<ShownKey> keys, ShownSamples samples)
    {
        if (keys.Count > 0)
        {
            StartSamples(title);
            page.Table(
                [.. KeyHead(samples), new("rows", isNumber: true)],
                [.. keys.Select(key => (IReadOnlyList<ConsolePage.Cell>)[.. Cells(key.Key), Phrase.Number(key.Occurrences)])]);
        }
    }

    private void WriteRows(string title, IReadOnlyList<ShownRow> rows, ShownSamples samples)
    {
        if (rows.Count > 0)
        {
            // A row with a key is there once.
            var withOccurrences = samples.KeyColumns.Count == 0;
            TableColumn[] columns = [.. KeyHead(samples), .. rows[0].Values.Select(value => new TableColumn(Phrase.Name(value.Key)))];
            StartSamples(title);
            page.Table(
                withOccurrences ? [.. columns, new("rows", isNumber: true)] : columns,
                [.. rows.Select(row => (IReadOnlyList<ConsolePage.Cell>)
                [
                    .. Cells(row.Key),
                    .. row.Values.Select(value => Cell(value.Value)),
                    .. withOccurrences ? [Phrase.Number(row.Occurrences)] : Array.Empty<ConsolePage.Cell>(),
                ])]);
        }
    }

    private void StartSamples(string title)
    {
        page.StartBlock();
        page.Line(new ConsolePage.Cell(Phrase.Words(title), ConsoleTone.Strong));
    }

    private void WriteNotes(TableDiff diff)
    {
        var skipped = diff.Columns.Where(column => !column.IsCompared).ToList();
        var notes = diff.Notes.Select(note => Phrase.Of($"note: {new Prose(note)}")).ToList();
        if (skipped.Count > 0)
        {
            notes.Add(Phrase.Of($"not compared: {Phrase.Join(", ", skipped.Select(column => column.NotComparedBecause is { } why
                ? Phrase.Of($"{column.Head.Name} ({new Prose(why)})")
                : Phrase.Name(column.Head.Name.Value)))}"));
        }

        if (notes.Count > 0)
        {
            page.StartBlock();
        }

        foreach (var note in notes)
        {
            page.Paragraph(note);
        }
    }

    private static ConsolePage.Cell[] Pair(ShownValue value)
    {
        var (inBase, inHead) = Excerpt.OfDifference(value.Base.Text, value.Head.Text, ValueLength);
        return [Cell(value.Base with { Text = inBase }), Cell(value.Head with { Text = inHead })];
    }

    private static IEnumerable<TableColumn> KeyHead(ShownSamples samples) => samples.KeyColumns.Select(name => new TableColumn(Phrase.Name(name)));

    private static IEnumerable<ConsolePage.Cell> Cells(IReadOnlyList<ShownCell> cells) => cells.Select(Cell);

    private static ConsolePage.Cell Cell(ShownCell cell) => cell switch
    {
        { IsHidden: true } => new ConsolePage.Cell(Phrase.Words("(hidden)"), ConsoleTone.Faint),
        { Text: null } => new ConsolePage.Cell(Phrase.Words("(null)"), ConsoleTone.Faint),
        { Text: "" } => new ConsolePage.Cell(Phrase.Words("(empty)"), ConsoleTone.Faint),
        { Text: var text } => Phrase.Name(Excerpt.Of(text, ValueLength)),
    };

    private static ConsolePage.Cell Label(string words) => new(Phrase.Words(words), ConsoleTone.Faint);
}
