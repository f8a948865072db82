using CiDiff.Diffing;
using CiDiff.Warehouses;

namespace CiDiff.Reports;

/// <summary>What changed in the columns of a model: their list, and their values.</summary>
internal static class MarkdownColumns
{
    private const int NamesInSentence = 12;

    public static void Write(MarkdownPage page, TableDiff diff, int most)
    {
        WriteSchema(page, diff, most);
        WriteValues(page, diff, most);
    }

    private static void WriteSchema(MarkdownPage page, TableDiff diff, int most)
    {
        var schema = diff.Schema.Told;
        var rows = new List<IReadOnlyList<Phrase>>();
        rows.AddRange(schema.Removed.Select(column => Row("removed", column.Name, Phrase.Name(column.Type.Name), null)));
        rows.AddRange(schema.Renamed.Select(renamed => Renamed(renamed, diff)));
        rows.AddRange(schema.Retyped.Select(
            column => Row("other type", column.Name, Phrase.Name(column.Base.Name), Phrase.Name(column.Head.Name))));
        rows.AddRange(schema.Added.Select(column => Row("added", column.Name, null, Phrase.Name(column.Type.Name))));
        if (rows.Count > 0)
        {
            page.Table([new("Schema"), new("Column"), new("Type in production"), new("Type in this pull request")], rows.Take(most));
        }

        if (rows.Count > most)
        {
            page.Paragraph(Phrase.Of($"And {rows.Count - most} more changes of columns."));
        }

        if (schema.IsReordered)
        {
            page.Paragraph(Phrase.Words("The columns stand in another order; that alone is no difference."));
        }
    }

    private static Phrase[] Renamed(RenamedColumn renamed, TableDiff diff)
    {
        // A renamed column of the key is not among the compared ones, and a likely rename is one column that went and one that came.
        var column = diff.Columns.FirstOrDefault(column => column.Head.Name == renamed.Head);
        var before = column?.Base ?? diff.Schema.Removed.FirstOrDefault(column => column.Name == renamed.Base);
        var after = column?.Head ?? diff.Schema.Added.FirstOrDefault(column => column.Name == renamed.Head);
        return
        [
            Phrase.Words(renamed.Share is { } share ? $"probably renamed ({HumanNumbers.Share(share)} of the values agree)" : renamed.By == "detected" ? "probably renamed" : "renamed"),
            Phrase.Of($"{renamed.Base} → {renamed.Head}"),
            before is null ? Phrase.Words(Phrase.Unknown) : Phrase.Name(before.Type.Name),
            after is null ? Phrase.Words(Phrase.Unknown) : Phrase.Name(after.Type.Name),
        ];
    }

    private static Phrase[] Row(string change, ColumnName name, Phrase? inBase, Phrase? inHead) =>
        [Phrase.Words(change), Phrase.Name(name.Value), inBase ?? Phrase.Words(Phrase.Unknown), inHead ?? Phrase.Words(Phrase.Unknown)];

    private static void WriteValues(MarkdownPage page, TableDiff diff, int most)
    {
        var changed = Headline.ChangedColumns(diff);
        var withNulls = diff.Columns.Any(column => column.Nulls is not null);
        var listed = changed
            .Concat(diff.Columns.Where(column => column.Nulls is not null && !(column.Changed > 0)))
            .ToList();
        if (listed.Count > 0)
        {
            TableColumn[] head = withNulls
                ?
                [
                    new("Column"), new("Changed rows", isNumber: true), new("Share of rows", isNumber: true),
                    new("Nulls, production → this pull request", isNumber: true),
                ]
                : [new("Column"), new("Changed rows", isNumber: true), new("Share of rows", isNumber: true)];
            page.Table(head, listed.Take(most).Select(column => Row(column, withNulls)));
        }

        if (listed.Count > most)
        {
            page.Paragraph(Phrase.Of($"And {listed.Count - most} more columns."));
        }

        var same = diff.Columns.Count(column => column is { IsCompared: true, Changed: 0 });
        if (same > 0 && changed.Count > 0)
        {
            page.Paragraph(Phrase.Words(diff.Sample is not null ? $"In the other {(same == 1 ? "compared column" : HumanNumbers.Count(same, "compared column"))} the sample has no difference." : same == 1 ? "The other compared column is the same." : $"The other {HumanNumbers.Count(same)} compared columns are the same."));
        }

        var skipped = diff.Columns.Where(column => !column.IsCompared).ToList();
        if (skipped.Count > 0)
        {
            var reasons = skipped
                .GroupBy(column => column.NotComparedBecause ?? "", StringComparer.Ordinal)
                .Select(group => group.Key.Length > 0
                    ? Phrase.Of($"{Names(group)} ({new Prose(group.Key)})")
                    : Names(group));
            page.Paragraph(Phrase.Of($"Not compared: {Phrase.Join(", ", reasons)}."));
        }
    }

    private static Phrase Names(IEnumerable<ColumnDiff> columns) =>
        Phrase.List([.. columns.Select(column => column.Head.Name.Value)], NamesInSentence);

    private static Phrase[] Row(ColumnDiff column, bool withNulls)
    {
        var share = Phrase.Words(column.ChangedShare is { } known ? Estimates.Share(known, column.ChangedRange is not null) : Phrase.Unknown);
        var changed = column.Changed is { } count ? Estimates.WithRange(count, column.ChangedRange) : Phrase.Number(null);
        Phrase[] cells = [Phrase.Name(column.Head.Name.Value), changed, share];
        return withNulls
            ? [.. cells, column.Nulls is { } nulls ? Phrase.Of($"{nulls.Base} → {nulls.Head}") : Phrase.Words(Phrase.Unknown)]
            : cells;
    }
}
