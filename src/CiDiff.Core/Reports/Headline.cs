using CiDiff.Diffing;
using CiDiff.Verdicts;

namespace CiDiff.Reports;

/// <summary>What is most worth knowing of a model, in a few words: the last cell of its table row, and the line that unfolds.</summary>
internal static class Headline
{
    private const int ColumnsNamed = 2;
    private const int MessageLength = 160;

    // What these rules found is told by other half sentences.
    private static readonly string[] ToldAnyway = ["primary_keys", "removed_columns", "changed_types", "not_built", "errors"];

    /// <summary>Half sentences, the gravest first.</summary>
    /// <param name="model">The model.</param>
    /// <param name="withRows">Names added and removed rows too, where no column beside tells them.</param>
    public static IReadOnlyList<Phrase> Of(RankedModel model, bool withRows = false)
    {
        IReadOnlyList<Phrase> phrases = [.. model.Rules.Where(rule => rule.Outcome > VerdictLevel.Pass).SelectMany(OfRule), .. Of(model.Report, withRows)];

        // An empty cell would look as if nothing were known.
        return phrases.Count > 0 || model.Diff?.Rows is not { } rows ? phrases : [Phrase.Words((rows.Added, rows.Removed) switch
        {
            (0, _) => "rows removed",
            (_, 0) => "rows added",
            _ => "rows added and removed",
        })];
    }

    /// <summary>As the other, without a verdict.</summary>
    public static IReadOnlyList<Phrase> Of(ModelReport report, bool withRows = false) => report.Outcome switch
    {
        ModelOutcome.Compared { Diff: var diff } =>
        [
            .. diff.IsIdentical ? [Phrase.Words(ReportWords.Say(report))] : Array.Empty<Phrase>(),
            .. diff is { HasDifferences: false, Sample: { } sample } ? [Phrase.Words(Estimates.NoDifference(sample))] : Array.Empty<Phrase>(),
            .. OfKeys(diff.Keys, diff.Sample?.Duplicate),
            .. OfSchema(diff.Schema.Told),
            .. OfColumns(diff),
            .. OfRest(diff),
            .. withRows ? OfRows(diff) : [],
            .. OfSample(diff),
        ],
        ModelOutcome.Failed { Error: var error } =>
            [Phrase.Of($"{new Own(ReportWords.Say(report))}: {new Prose(VisibleText.Cut(error.Message, MessageLength))}")],
        ModelOutcome.NotCompared notCompared => [Phrase.Words(ReportWords.Say(report)), .. OfNotCompared(report, notCompared)],
        _ => [Phrase.Words(ReportWords.Say(report))],
    };

    private static IEnumerable<Phrase> OfRule(RuleOutcome rule)
    {
        if (rule.Measured is { } measured && !ToldAnyway.Contains(rule.Rule))
        {
            yield return rule.Limit is { } limit
                ? Phrase.Of($"{new Quoted(rule.Rule)} {MarkdownRules.Measure(measured)}, limit {MarkdownRules.Measure(limit)}")
                : Phrase.Of($"{new Quoted(rule.Rule)} {MarkdownRules.Measure(measured)}");
        }
    }

    private static IEnumerable<Phrase> OfKeys(Sides<KeyCounts>? keys, Sides<CountRange>? ranges = null)
    {
        if (keys is not { } sides)
        {
            yield break;
        }

        if (Bad(sides.Base.Duplicate, sides.Head.Duplicate, "duplicate key") is { } duplicates)
        {
            // Neither which side has more of them is known of a sample, nor that one has none.
            yield return ranges is { } known && sides.Map(side => side.Duplicate) is var (inBase, inHead)
                ? Phrase.Of($"{Estimates.Number(inHead, known.Head)} duplicate keys ({Estimates.Number(inBase, known.Base)} in base)")
                : duplicates;
        }

        if (Bad(sides.Base.Null, sides.Head.Null, "null key") is { } nulls)
        {
            yield return nulls;
        }
    }

    private static Phrase? Bad(long inBase, long inHead, string noun) => (inBase, inHead) switch
    {
        (0, 0) => null,
        (_, 0) => Phrase.Of($"no {new Own(noun)}s any more ({inBase} in base)"),
        (0, _) => Phrase.Words(HumanNumbers.Count(inHead, noun)),
        _ when inBase == inHead => Phrase.Of($"{new Own(HumanNumbers.Count(inHead, noun))}, as many in base"),
        _ => Phrase.Of($"{new Own(HumanNumbers.Count(inHead, noun))} ({inBase} in base)"),
    };

    private static IEnumerable<Phrase> OfSchema(SchemaDiff schema)
    {
        if (schema.Removed.Count > 0)
        {
            yield return Columns([.. schema.Removed.Select(column => column.Name.Value)], "removed");
        }

        if (schema.Renamed.Count is > 0 and <= ColumnsNamed)
        {
            foreach (var renamed in schema.Renamed)
            {
                yield return renamed.Share is { } share
                    ? Phrase.Of($"{renamed.Base} probably renamed to {renamed.Head} ({new Own(HumanNumbers.Share(share))} agree)")
                    : Phrase.Of($"{renamed.Base} renamed to {renamed.Head}");
            }
        }
        else if (schema.Renamed.Count > 0)
        {
            yield return Phrase.Words($"{HumanNumbers.Count(schema.Renamed.Count)} columns renamed");
        }

        if (schema.Retyped.Count == 1)
        {
            yield return Phrase.Of($"{schema.Retyped[0].Name} is now {schema.Retyped[0].Head}");
        }
        else if (schema.Retyped.Count > 0)
        {
            yield return Phrase.Words($"{HumanNumbers.Count(schema.Retyped.Count)} columns have another type");
        }

        if (schema.Added.Count > 0)
        {
            yield return Columns([.. schema.Added.Select(column => column.Name.Value)], "added");
        }
    }

    private static Phrase Columns(IReadOnlyList<string> names, string verb) =>
        names.Count <= ColumnsNamed
            ? Phrase.Of($"{Phrase.List(names, ColumnsNamed)} {new Own(verb)}")
            : Phrase.Of($"{names.Count} columns {new Own(verb)}");

    private static IEnumerable<Phrase> OfColumns(TableDiff diff)
    {
        var changed = ChangedColumns(diff);
        if (changed.Count == 0)
        {
            yield break;
        }

        var shown = changed.Count <= ColumnsNamed + 1 ? changed.Count : ColumnsNamed;
        var list = Phrase.Join(", ", changed.Take(shown).Select(column =>
            Phrase.Of($"{column.Head.Name} ({new Own(column.ChangedShare is { } share ? Estimates.Share(share, diff.Sample is not null) : HumanNumbers.Count(column.Changed!.Value))})")));
        yield return shown == changed.Count
            ? Phrase.Of($"changed in {list}")
            : Phrase.Of($"changed in {list} and {changed.Count - shown} more columns");
    }

    /// <summary>The columns that differ, most differences first, then by name.</summary>
    public static IReadOnlyList<ColumnDiff> ChangedColumns(TableDiff diff) =>
    [
        .. diff.Columns
            .Where(column => column.Changed > 0)
            .OrderByDescending(column => column.Changed)
            .ThenBy(column => column.Head.Name.Value, StringComparer.Ordinal),
    ];

    private static IEnumerable<Phrase> OfRest(TableDiff diff)
    {
        if (diff.HasUnmatchedBadKeys)
        {
            yield return Phrase.Words("rows with null or repeated keys differ");
        }

        if (diff is { Key: null, HasDifferences: true })
        {
            yield return Phrase.Words("compared without a key");
        }
    }

    private static IEnumerable<Phrase> OfRows(TableDiff diff)
    {
        if (diff.Rows.Added is > 0 and var added)
        {
            yield return Phrase.Words($"{Estimates.Say(added, diff.Sample?.Added)} {(added == 1 ? "row" : "rows")} added");
        }

        if (diff.Rows.Removed is > 0 and var removed)
        {
            yield return Phrase.Words($"{Estimates.Say(removed, diff.Sample?.Removed)} {(removed == 1 ? "row" : "rows")} removed");
        }
    }

    private static IEnumerable<Phrase> OfSample(TableDiff diff)
    {
        if (diff is { HasDifferences: true, Sample: { } sample })
        {
            yield return Phrase.Words($"estimated from a sample of {HumanNumbers.Count(Math.Max(sample.Found.Base, sample.Found.Head), "row")}");
        }
    }

    private static IEnumerable<Phrase> OfNotCompared(ModelReport report, ModelOutcome.NotCompared outcome)
    {
        var change = report.Model.Change;
        switch (outcome.Reason)
        {
            case NotComparedReason.New when change.MovedFromOrTo is { } origin:
                yield return Phrase.Of($"was {origin}");
                break;
            case NotComparedReason.Removed when change.MovedFromOrTo is { } successor:
                yield return Phrase.Of($"is now {successor}");
                break;
            default:
                break;
        }

        if (outcome.Keys is { } keys)
        {
            foreach (var phrase in OfKeys(new Sides<KeyCounts>(keys with { Null = 0, Duplicate = 0 }, keys)))
            {
                yield return phrase;
            }
        }
    }
}
