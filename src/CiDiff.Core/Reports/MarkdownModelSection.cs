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
    /// <param name="ranked">The model.</param>
    /// <param name="privacy">What may be shown of cells.</param>
    /// <param name="whole">Where everything is that has no room here.</param>
    /// <param name="length">How much is written.</param>
    public static string Write(RankedModel ranked, ValuePrivacy privacy, Phrase whole, SectionLength length)
    {
        var page = new MarkdownPage();
        page.Details(Summary(ranked), section =>
        {
            section.Paragraph(Phrase.Join(" · ", Facts(ranked)));
            MarkdownSides.Write(section, ranked);
            WriteOutcome(section, ranked, MostRows(length));
            MarkdownInsights.Write(section, ranked.Report, privacy, whole, MostRows(length));
            WriteRules(section, ranked.Rules, MostRows(length));
            if (length == SectionLength.Full && ShownSamples.Of(ranked.Report, privacy) is { } samples)
            {
                MarkdownSamples.Write(section, samples, whole);
            }

            if (ranked.Diff is { } diff)
            {
                section.Bullets(diff.Notes.Take(MostRows(length)).Select(Phrase.Prose));
                WriteCost(section, diff);
            }
        });
        return page.ToString();
    }

    /// <summary>The sign of a verdict, with a space; empty for a pass.</summary>
    public static string Sign(VerdictLevel level) => level switch
    {
        VerdictLevel.Fail or VerdictLevel.Error => "❌ ",
        VerdictLevel.Warn => "⚠️ ",
        _ => "",
    };

    private static Phrase Summary(RankedModel ranked)
    {
        var name = Phrase.Of($"{new Own(Sign(ranked.Level))}{new Quoted(ranked.Model.Name)}");
        var headline = Headline.Of(ranked, withRows: true);
        return headline.Count == 0 ? name : Phrase.Of($"{name}: {Phrase.Join("; ", headline)}");
    }

    private static IEnumerable<Phrase> Facts(RankedModel ranked)
    {
        var model = ranked.Model;
        if (model.Path.Length > 0)
        {
            yield return Phrase.Name(model.Path);
        }

        yield return Phrase.Prose(model.Reason);
        if (model.Change.FalsePositive is { } falsePositive)
        {
            yield return Phrase.Of($"modified to dbt, but not really: {new Prose(falsePositive)}");
        }

        if (ranked.Diff is { Key: { } key })
        {
            var names = Phrase.Join(", ", key.Columns.Select(column => Phrase.Name(column.Value)));
            var source = ReportWords.Say(key.Source, ranked.Diff.Sample is not null);
            yield return key.Detail is { } detail
                ? Phrase.Of($"key {names}, {new Own(source)} ({new Prose(detail)})")
                : Phrase.Of($"key {names}, {new Own(source)}");
        }

        if ((model as SelectedModel)?.Rules.Filter is { } filter)
        {
            yield return Phrase.Of($"only rows where {new Quoted(filter.Text)}");
        }

    }

    private static void WriteOutcome(MarkdownPage page, RankedModel ranked, int most)
    {
        switch (ranked.Report.Outcome)
        {
            case ModelOutcome.Compared { Diff: var diff }:
                if (diff.Sample is { } sample)
                {
                    page.Paragraph(Phrase.Of($"Only a sample was read: {Estimates.Read(sample, diff.Rows)}."));
                }

                page.Paragraph(diff.Key is null ? Keyless(diff.Rows) : Matched(diff));
                if (diff.Key is null)
                {
                    WriteKeyHint(page, ranked.Model.Name);
                }
                else if (ranked.Model.ResourceType == "snapshot" && diff.Rows is { Changed: 0, Same: 0, Base: > 0, Head: > 0 })
                {
                    page.Paragraph(Phrase.Words("dbt makes the ids of a snapshot's rows from the time of the build unless it has an updated_at column, so they differ in every build. Name another key:"));
                    WriteKeyHint(page, ranked.Model.Name);
                }

                MarkdownColumns.Write(page, diff, most);
                break;
            case ModelOutcome.Failed { Error: var error }:
                page.Paragraph(Phrase.Of($"{new Prose(error.Code.Id)}: {new Prose(error.Message)}"));
                if (error.Hint is { } hint)
                {
                    page.Paragraph(Phrase.Of($"What to do: {new Prose(hint)}"));
                }

                break;
            case ModelOutcome.NotCompared:
                WriteNotCompared(page, ranked.Report);
                break;
            default:
                break;
        }
    }

    private static void WriteNotCompared(MarkdownPage page, ModelReport report)
    {
        var change = report.Model.Change;
        if (change.MovedFromOrTo is { } other)
        {
            page.Paragraph(change.Kind == ChangeKind.New
                ? Phrase.Of($"Production has the same content under another name, {other}.")
                : Phrase.Of($"This pull request has the same content under another name, {other}."));
        }
        else if (ReportWords.Explain(report) is { } why)
        {
            page.Paragraph(Phrase.Words(why));
        }
    }

    private static Phrase Matched(TableDiff diff)
    {
        var rows = diff.Rows;
        var changed = rows.Changed ?? 0;
        var matched = changed + rows.Same;
        var sentences = new List<Phrase>
        {
            diff.Sample is { } sample ? OfSample(sample, rows)
                : matched == 0 ? Phrase.Words("No row has the same key on both sides.")
                : changed == 0 ? Phrase.Words($"{HumanNumbers.Count(matched, "row")} with the same key on both sides: no value differs.")
                : Phrase.Of($"{new Own(HumanNumbers.Count(matched, "row"))} with the same key on both sides: {changed} ({new Own(HumanNumbers.Share((double)changed / matched))}) changed, {rows.Same} the same."),
        };
        if (diff.Keys is { } keys && keys.Base.Duplicate + keys.Head.Duplicate + keys.Base.Null + keys.Head.Null > 0)
        {
            sentences.Add(Phrase.Words((diff.Sample is not null, diff.HasUnmatchedBadKeys) switch
            {
                (true, true) => "Rows whose key is null were not looked at; those in the sample whose key is on more than one row cannot be matched, and differ taken together.",
                (true, false) => "Rows whose key is null were not looked at; those in the sample whose key is on more than one row cannot be matched, and are the same taken together.",
                (false, true) => "Rows whose key is null or on more than one row cannot be matched; taken together they differ.",
                (false, false) => "Rows whose key is null or on more than one row cannot be matched; taken together they are the same.",
            }));
        }

        if (double.IsFinite(diff.MatchScore))
        {
            sentences.Add(Phrase.Of($"Match score {new Own(Estimates.Score(diff))}."));
        }

        return Phrase.Join(" ", sentences);
    }

    private static Phrase OfSample(DiffSample sample, RowCounts rows)
    {
        var matched = HumanNumbers.Count((sample.Found.Changed ?? 0) + sample.Found.Same, "row");
        return sample.Found.Changed is > 0 and var changed
            ? Phrase.Of($"In the sample {new Own(matched)} have the same key on both sides, and {changed} of them changed: {Estimates.WithRange(rows.Changed ?? 0, sample.Changed)} in the whole tables.")
            : Phrase.Words($"In the sample {matched} have the same key on both sides, and no value differs: at most {HumanNumbers.Count(sample.Changed.High)} may have changed in the whole tables.");
    }

    private static Phrase Keyless(RowCounts rows) => Phrase.Of(
        $"No key is known, so whole rows were compared: {rows.Same} are on both sides, and a changed row counts as one removed and one added. To see changed rows, name the key:");

    private static void WriteKeyHint(MarkdownPage page, string model) =>
        page.Code("yaml", "models:", $"  - name: {YamlWord(model)}", "    config:", "      meta: {cidiff: {key: [your_key_column]}}");

    private static void WriteRules(MarkdownPage page, IReadOnlyList<RuleOutcome> rules, int most)
    {
        var told = rules.Where(rule => !MarkdownRules.FoundNothing(rule)).ToList();
        if (told.Count > 0)
        {
            page.Table(MarkdownRules.Columns, told.Take(most).Select(rule => MarkdownRules.Row(rule)));
        }

        if (told.Count > most)
        {
            page.Paragraph(Phrase.Of($"And {told.Count - most} more rules."));
        }

        if (rules.Count > told.Count)
        {
            var held = rules.Where(MarkdownRules.FoundNothing).Select(rule => rule.Rule).ToList();
            page.Paragraph(Phrase.Of($"Rules that found nothing: {Phrase.List(held, most)}."));
        }
    }

    private static void WriteCost(MarkdownPage page, TableDiff diff)
    {
        var cost = diff.Cost;
        var read = cost.Bytes is { } bytes ? $", {HumanNumbers.Bytes(bytes)} read" : "";
        var queries = cost.Queries == 1 ? "1 query" : $"{HumanNumbers.Count(cost.Queries)} queries";
        page.Small(Phrase.Words($"Compared by {ReportWords.Of(diff.Strategy)}: {queries}, {HumanNumbers.Duration(cost.Elapsed)}{read}"));
    }

    // A name that YAML would not read as a plain word is quoted.
    private static string YamlWord(string name) =>
        name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_') ? name : $"'{name.Replace("'", "''", StringComparison.Ordinal)}'";

    private static int MostRows(SectionLength length) => length == SectionLength.Full ? 25 : 8;
}
