using CiDiff.Diffing;
using CiDiff.Selection;
using CiDiff.State;
using CiDiff.Verdicts;

namespace CiDiff.Reports;

/// <summary>How much of a model's section is written.</summary>
internal enum SectionLength
{
    /// <summary>Everything.</summary>
    Full,

    /// <summary>No examples, and only the most important columns.</summary>
    Short,
}

/// <summary>The part of the Markdown report that unfolds below the table: what changed in one model.</summary>
internal static class MarkdownModelSection
{
    private static readonly TableColumn[] SideColumns = [new(""), new("Production", isNumber: true), new("This pull request", isNumber: true)];

    public static string Write(RankedModel ranked, ValuePrivacy privacy, SectionLength length)
    {
        var page = new MarkdownPage();
        page.Details(Summary(ranked), section =>
        {
            section.Bullets(Facts(ranked));
            WriteOutcome(section, ranked, length);
            WriteRules(section, ranked.Rules, MostRows(length));
            if (ranked.Diff is { } diff)
            {
                section.Bullets(diff.Notes.Take(MostRows(length)).Select(Phrase.Prose));
            }

            if (length == SectionLength.Full && ShownSamples.Of(ranked.Report, privacy) is { } samples)
            {
                MarkdownSamples.Write(section, samples);
            }

            WriteCost(section, ranked.Diff);
        });
        return page.ToString();
    }

    /// <summary>The sign of a verdict; empty for none.</summary>
    public static string Sign(VerdictLevel level) => level switch
    {
        VerdictLevel.Fail or VerdictLevel.Error => "❌ ",
        VerdictLevel.Warn => "⚠️ ",
        _ => "",
    };

    private static Phrase Summary(RankedModel ranked)
    {
        var headline = Headline.Of(ranked.Report);
        var name = Phrase.Of($"{new Own(Sign(ranked.Level))}{new Quoted(ranked.Model.Name)}");
        var word = new Own(ReportWords.Say(ranked.Report));
        return headline.Count == 0 ? Phrase.Of($"{name} {word}") : Phrase.Of($"{name} {word}: {Phrase.Join("; ", headline)}");
    }

    private static IEnumerable<Phrase> Facts(RankedModel ranked)
    {
        var model = ranked.Model;
        if (model.Path.Length > 0)
        {
            yield return Phrase.Of($"File: {new Quoted(model.Path)}");
        }

        yield return Phrase.Of($"Selected because: {new Prose(model.Reason)}");
        if (model.Change.FalsePositive is { } falsePositive)
        {
            yield return Phrase.Of($"dbt calls it modified, and it is not really: {new Prose(falsePositive)}");
        }

        if (model.Relations.Base is { } inBase)
        {
            yield return Phrase.Of($"Production: {inBase}");
        }

        if (model.Relations.Head is { } inHead)
        {
            yield return Phrase.Of($"This pull request: {inHead}");
        }

        if (ranked.Diff is { Key: { } key })
        {
            var names = Phrase.Join(", ", key.Columns.Select(column => Phrase.Name(column.Value)));
            var source = ReportWords.Say(key.Source);
            yield return key.Detail is { } detail
                ? Phrase.Of($"Key: {names} (from {new Own(source)}: {new Prose(detail)})")
                : Phrase.Of($"Key: {names} (from {new Own(source)})");
        }

        if ((model as SelectedModel)?.Rules.Filter is { } filter)
        {
            yield return Phrase.Of($"Only rows where {new Quoted(filter.Text)}");
        }

        if (ranked.Diff?.Sampled is { } sampled)
        {
            yield return Phrase.Of($"Only a sample was read: {new Prose(sampled)}");
        }
    }

    private static void WriteOutcome(MarkdownPage page, RankedModel ranked, SectionLength length)
    {
        switch (ranked.Report.Outcome)
        {
            case ModelOutcome.Compared { Diff: var diff }:
                WriteRows(page, ranked.Model, diff);
                MarkdownColumns.Write(page, diff, MostRows(length));
                break;
            case ModelOutcome.Failed { Error: var error }:
                page.Paragraph(Phrase.Of($"{new Own(error.Code.Id)}: {new Prose(error.Message)}"));
                if (error.Hint is { } hint)
                {
                    page.Paragraph(Phrase.Of($"What to do: {new Prose(hint)}"));
                }

                break;
            case ModelOutcome.NotCompared notCompared:
                WriteNotCompared(page, ranked.Report, notCompared);
                break;
            default:
                break;
        }
    }

    private static void WriteNotCompared(MarkdownPage page, ModelReport report, ModelOutcome.NotCompared outcome)
    {
        var change = report.Model.Change;
        if (ReportWords.Explain(report) is { } why)
        {
            page.Paragraph(change.MovedFromOrTo is { } other
                ? change.Kind == ChangeKind.New
                    ? Phrase.Of($"The same content was {other} in production.")
                    : Phrase.Of($"The same content is {other} in this pull request.")
                : Phrase.Words(why));
        }

        var (rows, keys) = (outcome.Rows, outcome.Keys);
        var facts = new List<Phrase>();
        if (rows.Base is { } inBase)
        {
            facts.Add(Phrase.Words($"{HumanNumbers.Count(inBase, "row")} in production"));
        }

        if (rows.Head is { } inHead)
        {
            facts.Add(Phrase.Words($"{HumanNumbers.Count(inHead, "row")} in this pull request"));
        }

        if (keys is not null)
        {
            facts.Add(keys is { Null: 0, Duplicate: 0 }
                ? Phrase.Words("Its key is unique and never null")
                : Phrase.Words(
                    $"{HumanNumbers.Count(keys.Duplicate, "key value")} on more than one row ({HumanNumbers.Count(keys.DuplicateRows, "row")}), "
                    + $"{HumanNumbers.Count(keys.Null, "row")} with a null in the key"));
        }

        page.Bullets(facts);
    }

    private static void WriteRows(MarkdownPage page, ModelInReach model, TableDiff diff)
    {
        var rows = diff.Rows;
        var table = new List<IReadOnlyList<Phrase>>
        {
            new[] { Phrase.Words("Rows"), Phrase.Number(rows.Base), Phrase.Number(rows.Head) },
            new[]
            {
                Phrase.Words("Rows only on this side"),
                Phrase.Of($"{rows.Removed} removed"),
                Phrase.Of($"{rows.Added} added"),
            },
        };
        if (diff.Keys is { } keys)
        {
            if (keys.Base.Duplicate + keys.Head.Duplicate > 0)
            {
                table.Add([Phrase.Words("Key values on more than one row"), Duplicates(keys.Base), Duplicates(keys.Head)]);
            }

            if (keys.Base.Null + keys.Head.Null > 0)
            {
                table.Add([Phrase.Words("Rows with a null in the key"), Phrase.Number(keys.Base.Null), Phrase.Number(keys.Head.Null)]);
            }
        }

        page.Table(SideColumns, table);
        page.Paragraph(diff.Key is null ? Keyless(rows) : Matched(diff));
        if (diff.Key is null)
        {
            page.Code("yaml", "models:", $"  - name: {YamlName(model.Name)}", "    config:", "      meta: {cidiff: {key: [your_key_column]}}");
        }
    }

    private static Phrase Duplicates(KeyCounts counts) =>
        counts.Duplicate == 0
            ? Phrase.Number(0)
            : Phrase.Of($"{counts.Duplicate} ({new Own(HumanNumbers.Count(counts.DuplicateRows, "row"))})");

    private static Phrase Matched(TableDiff diff)
    {
        var (rows, keys) = (diff.Rows, diff.Keys);
        var changed = rows.Changed ?? 0;
        var matched = changed + rows.Same;
        var sentences = new List<Phrase>
        {
            matched == 0
                ? Phrase.Words("No row has the same key on both sides.")
                : Phrase.Of($"Of {matched} rows with the same key on both sides, {changed} ({new Own(Share(changed, matched))}) changed and {rows.Same} are the same."),
        };
        if (keys is { } sides && sides.Base.Duplicate + sides.Head.Duplicate + sides.Base.Null + sides.Head.Null > 0)
        {
            sentences.Add(Phrase.Words(diff.HasUnmatchedBadKeys
                ? "Rows whose key is null or on more than one row cannot be matched; taken together they differ."
                : "Rows whose key is null or on more than one row cannot be matched; taken together they are the same."));
        }

        if (double.IsFinite(diff.MatchScore))
        {
            sentences.Add(Phrase.Of($"Match score: {new Own(HumanNumbers.Share(diff.MatchScore))}."));
        }

        return Phrase.Join(" ", sentences);
    }

    private static Phrase Keyless(RowCounts rows) => Phrase.Of(
        $"No key is known, so whole rows were compared: {rows.Same} are on both sides, and a changed row counts as one removed and one added. To see changed rows, name the key:");

    private static void WriteRules(MarkdownPage page, IReadOnlyList<RuleOutcome> rules, int most)
    {
        if (rules.Count > 0)
        {
            page.Table(MarkdownRules.Columns, rules.Take(most).Select(rule => MarkdownRules.Row(rule)));
        }

        if (rules.Count > most)
        {
            page.Paragraph(Phrase.Of($"And {rules.Count - most} more rules."));
        }
    }

    private static void WriteCost(MarkdownPage page, TableDiff? diff)
    {
        if (diff is null)
        {
            return;
        }

        var read = diff.Cost.Bytes is { } bytes ? $", {HumanNumbers.Bytes(bytes)} read" : "";
        var queries = diff.Cost.Queries == 1 ? "1 query" : $"{HumanNumbers.Count(diff.Cost.Queries)} queries";
        page.Small(Phrase.Words($"{HumanNumbers.Duration(diff.Cost.Elapsed)}, {queries}{read}"));
    }

    private static string Share(long part, long whole) => HumanNumbers.Share((double)part / whole);

    // A name from a manifest that YAML would not read as a plain word is quoted.
    private static string YamlName(string name) =>
        name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_') ? name : $"'{name.Replace("'", "''", StringComparison.Ordinal)}'";

    private static int MostRows(SectionLength length) => length == SectionLength.Full ? 25 : 8;
}
