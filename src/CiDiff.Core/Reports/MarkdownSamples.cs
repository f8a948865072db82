namespace CiDiff.Reports;

/// <summary>The example rows of a model.</summary>
internal static class MarkdownSamples
{
    private const int ValueLength = 80;
    private const int MostColumns = 8;
    private const int MostRows = 10;

    public static void Write(MarkdownPage page, ShownSamples samples, Phrase whole)
    {
        WriteDuplicates(page, samples, whole);
        if (samples.Changed.Count > 0)
        {
            page.Title("Changed rows, for example");
            if (samples.WithValues)
            {
                WriteChangedValues(page, samples);
            }
            else
            {
                page.Table(
                    [.. KeyHead(samples), new("Columns that differ")],
                    samples.Changed.Take(MostRows).Select(row => (IReadOnlyList<Phrase>)
                        [.. Cells(row.Key), Phrase.List([.. row.Values.Select(value => value.Column)], MostColumns)]));
            }

            WriteMore(page, samples.Changed.Count, "row", whole);
        }

        WriteRows(page, samples, samples.Removed, "Removed rows (only in production), for example", whole);
        WriteRows(page, samples, samples.Added, "Added rows (only in this pull request), for example", whole);
    }

    private static void WriteDuplicates(MarkdownPage page, ShownSamples samples, Phrase whole)
    {
        foreach (var (keys, where) in new[]
        {
            (samples.DuplicateKeys.Base, "production"),
            (samples.DuplicateKeys.Head, "this pull request"),
        })
        {
            if (keys.Count > 0)
            {
                page.Title($"Keys on more than one row of {where}, for example");
                page.Table(
                    [.. KeyHead(samples), new("Rows", isNumber: true)],
                    keys.Take(MostRows).Select(key => (IReadOnlyList<Phrase>)[.. Cells(key.Key), Phrase.Number(key.Occurrences)]));
                WriteMore(page, keys.Count, "key", whole);
            }
        }
    }

    // One line per value, so that a row with many changes does not need many columns; the key stands on its first line.
    private static void WriteChangedValues(MarkdownPage page, ShownSamples samples)
    {
        var lines = new List<IReadOnlyList<Phrase>>();
        foreach (var row in samples.Changed.Take(MostRows))
        {
            var key = Cells(row.Key);
            foreach (var value in row.Values.Take(MostColumns))
            {
                lines.Add([.. key, Phrase.Name(value.Column), .. Pair(value)]);
                key = [.. key.Select(_ => Phrase.Empty)];
            }

            if (row.Values.Count > MostColumns)
            {
                lines.Add([.. key, Phrase.Of($"and {row.Values.Count - MostColumns} more columns"), Phrase.Empty, Phrase.Empty]);
            }
        }

        page.Table([.. KeyHead(samples), new("Column"), new("Production"), new("This pull request")], lines);
    }

    private static Phrase[] Pair(ShownValue value)
    {
        if (value.Base.IsHidden || value.Head.IsHidden)
        {
            return [Cell(value.Base), Cell(value.Head)];
        }

        var (inBase, inHead) = Excerpt.OfDifference(value.Base.Text, value.Head.Text, ValueLength);
        return [Cell(new ShownCell(inBase, IsHidden: false)), Cell(new ShownCell(inHead, IsHidden: false))];
    }

    private static void WriteRows(MarkdownPage page, ShownSamples samples, IReadOnlyList<ShownRow> rows, string title, Phrase whole)
    {
        if (rows.Count == 0)
        {
            return;
        }

        page.Title(title);
        var names = rows[0].Values.Select(value => value.Key).ToList();
        var shown = names.Count <= MostColumns + 1 ? names.Count : MostColumns;
        var withOccurrences = samples.KeyColumns.Count == 0;
        List<Phrase> head = [.. samples.KeyColumns.Select(Phrase.Name), .. names.Take(shown).Select(Phrase.Name)];
        List<TableColumn> columns = [.. head.Select(name => new TableColumn(name))];
        if (withOccurrences)
        {
            columns.Add(new("Rows", isNumber: true));
        }

        page.Table(columns, rows.Take(MostRows).Select(row => (IReadOnlyList<Phrase>)
        [
            .. Cells(row.Key),
            .. row.Values.Take(shown).Select(value => Cell(value.Value)),
            .. withOccurrences ? [Phrase.Number(row.Occurrences)] : Array.Empty<Phrase>(),
        ]));
        if (names.Count > shown)
        {
            page.Paragraph(Phrase.Of($"And {names.Count - shown} more columns."));
        }

        WriteMore(page, rows.Count, "row", whole);
    }

    private static void WriteMore(MarkdownPage page, int count, string noun, Phrase whole)
    {
        if (count > MostRows)
        {
            page.Paragraph(Phrase.Of($"And {count - MostRows} more {new Own(count - MostRows == 1 ? noun : $"{noun}s")} in {whole}."));
        }
    }

    private static TableColumn[] KeyHead(ShownSamples samples) =>
        [.. samples.KeyColumns.Select(name => new TableColumn(Phrase.Name(name)))];

    private static Phrase[] Cells(IReadOnlyList<ShownCell> cells) => [.. cells.Select(Cell)];

    private static Phrase Cell(ShownCell cell) => cell switch
    {
        { IsHidden: true } => Phrase.Words("<i>hidden</i>"),
        { Text: null } => Phrase.Words("<i>null</i>"),
        { Text: var text } => Phrase.Name(Excerpt.Of(text, ValueLength)),
    };
}
