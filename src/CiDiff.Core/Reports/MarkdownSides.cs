using CiDiff.Diffing;

namespace CiDiff.Reports;

/// <summary>The table that begins a model's section: what is on each side.</summary>
internal static class MarkdownSides
{
    private static readonly TableColumn[] Columns = [new(""), new("Production (base)", isNumber: true), new("This pull request (head)", isNumber: true)];

    public static void Write(MarkdownPage page, RankedModel ranked)
    {
        var lines = new List<IReadOnlyList<Phrase>>();
        var relations = ranked.Model.Relations;
        if (relations is not (null, null))
        {
            lines.Add(Line("Table", relations.Map(relation => relation is null ? Phrase.Words("none") : Phrase.Name(relation.ToString()))));
        }

        switch (ranked.Report.Outcome)
        {
            case ModelOutcome.Compared { Diff: var diff }:
                lines.Add(Line("Rows", new(Phrase.Number(diff.Rows.Base), Phrase.Number(diff.Rows.Head))));
                lines.Add(Line("Rows only on this side", new(
                    Phrase.Of($"{Estimates.WithRange(diff.Rows.Removed, diff.Sample?.Removed)} removed"), Phrase.Of($"{Estimates.WithRange(diff.Rows.Added, diff.Sample?.Added)} added"))));
                AddKeys(lines, diff.Keys?.Map<KeyCounts?>(counts => counts) ?? new(null, null), diff.Sample?.Duplicate);
                break;
            case ModelOutcome.NotCompared { Rows: var rows, Keys: var keys }:
                if (rows is not (null, null))
                {
                    lines.Add(Line("Rows", rows.Map(Phrase.Number)));
                }

                AddKeys(lines, new(null, keys), null);
                break;
            default:
                break;
        }

        if (lines.Count > 0)
        {
            page.Table(Columns, lines);
        }
    }

    private static void AddKeys(List<IReadOnlyList<Phrase>> lines, Sides<KeyCounts?> keys, Sides<CountRange>? ranges)
    {
        // Good keys are the rule and need no words.
        if (keys.Base is { Duplicate: > 0 } || keys.Head is { Duplicate: > 0 })
        {
            lines.Add(Line("Keys on more than one row", new(Duplicates(keys.Base, ranges?.Base), Duplicates(keys.Head, ranges?.Head))));
        }

        if (keys.Base is { Null: > 0 } || keys.Head is { Null: > 0 })
        {
            lines.Add(Line("Rows with a null in the key", keys.Map(counts => Phrase.Number(counts?.Null))));
        }
    }

    private static Phrase Duplicates(KeyCounts? counts, CountRange? range) => counts is not null && range is not null
        ? Estimates.WithRange(counts.Duplicate, range)
        : counts is { Duplicate: > 0 }
        ? Phrase.Of($"{counts.Duplicate} ({new Own(HumanNumbers.Count(counts.DuplicateRows, "row"))})")
        : Phrase.Number(counts?.Duplicate);

    private static Phrase[] Line(string what, Sides<Phrase> cells) => [Phrase.Words(what), cells.Base, cells.Head];
}
