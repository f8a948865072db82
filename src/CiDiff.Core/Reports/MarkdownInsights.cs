using CiDiff.Diffing;

namespace CiDiff.Reports;

/// <summary>What a model's section tells beyond counts: where the changed rows are concentrated, and when the rows happened that differ.</summary>
internal static class MarkdownInsights
{
    private const int ValueLength = 80;

    public static void Write(MarkdownPage page, ModelReport report, ValuePrivacy privacy, int most)
    {
        if (ShownAttribution.Of(report, privacy) is { Concentrations.Count: > 0 } attribution)
        {
            page.Bullets(ShownAttribution.Sentences(attribution, ValueLength));
            if (attribution.KeyShare < 1)
            {
                page.Small(ShownAttribution.Estimated(attribution));
            }
        }

        if (ShownTimeline.Of(report, privacy) is { } timeline)
        {
            WriteTimeline(page, timeline, most);
        }
    }

    private static void WriteTimeline(MarkdownPage page, Timeline timeline, int most)
    {
        var told = ShownTimeline.Told(timeline, most);
        page.Table(
            [
                new(Phrase.Of($"{timeline.Column}, by {new Own(ReportWords.Of(timeline.Unit))}")), new("Rows on both sides", isNumber: true), new("Changed", isNumber: true),
                new("Added", isNumber: true), new("Removed", isNumber: true),
            ],
            told.Select(bucket => (IReadOnlyList<Phrase>)
            [
                bucket.Start is { } start ? Phrase.Name(start) : Phrase.Words("<i>null</i>"),
                Phrase.Number(bucket.Matched),
                ShownTimeline.Cell(bucket.Changed, bucket.ChangedShare),
                ShownTimeline.Cell(bucket.Added, bucket.AddedShare),
                ShownTimeline.Cell(bucket.Removed, bucket.RemovedShare),
            ]));
        page.Small(ShownTimeline.Summary(timeline, told.Count));
    }
}
