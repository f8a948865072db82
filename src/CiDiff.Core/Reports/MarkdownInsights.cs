using CiDiff.Diffing;

namespace CiDiff.Reports;

/// <summary>What a model's section tells beyond counts: where the changed rows are concentrated, when the rows happened that differ, and what the values of
/// each column are like.</summary>
internal static class MarkdownInsights
{
    private const int ValueLength = 80;
    private const int ProfileValueLength = 40;

    public static void Write(MarkdownPage page, ModelReport report, ValuePrivacy privacy, Phrase whole, int most)
    {
        if (ShownAttribution.Of(report, privacy) is { Concentrations.Count: > 0 } attribution)
        {
            page.Bullets(ShownAttribution.Sentences(attribution, ValueLength));
            if (attribution.IsEstimate)
            {
                page.Small(ShownAttribution.Estimated(attribution));
            }
        }

        if (ShownTimeline.Of(report, privacy) is { } timeline)
        {
            WriteTimeline(page, timeline, whole, most);
        }

        if (ShownProfiles.Of(report, privacy) is { Count: > 0 } profiles)
        {
            WriteProfiles(page, profiles, most);
        }
    }

    private static void WriteProfiles(MarkdownPage page, IReadOnlyList<ColumnProfile> profiles, int most)
    {
        var (told, withValues) = (ShownProfiles.Told(profiles, most), ShownProfiles.HasValues(profiles));
        page.Title("Columns, production → this pull request");
        page.Table(ShownProfiles.Columns(profiles), told.Select(profile => ShownProfiles.Row(profile, withValues, ProfileValueLength)));
        if (told.Count < profiles.Count)
        {
            page.Paragraph(Phrase.Of($"And {profiles.Count - told.Count} more columns."));
        }
    }

    private static void WriteTimeline(MarkdownPage page, Timeline timeline, Phrase whole, int most)
    {
        var told = ShownTimeline.Told(timeline, most);
        page.Table(
            [
                new(ShownTimeline.Title(timeline)), new("Rows on both sides", isNumber: true), new("Changed", isNumber: true),
                new("Added", isNumber: true), new("Removed", isNumber: true),
            ],
            told.Select(bucket => (IReadOnlyList<Phrase>)
            [
                bucket.Start is { } start ? Phrase.Name(start) : Phrase.Words("<i>null</i>"),
                Phrase.Number(bucket.Matched),
                ShownTimeline.Cell(timeline, bucket.Changed, bucket.ChangedShare),
                ShownTimeline.Cell(timeline, bucket.Added, bucket.AddedShare),
                ShownTimeline.Cell(timeline, bucket.Removed, bucket.RemovedShare),
            ]));
        page.Small(ShownTimeline.Summary(timeline, told.Count, whole));
    }
}
