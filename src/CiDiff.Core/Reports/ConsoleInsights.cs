using CiDiff.Diffing;

namespace CiDiff.Reports;

/// <summary>What a comparison on a console tells beyond counts: where the changed rows are concentrated, when the rows happened that differ, and what the values
/// of each column are like.</summary>
internal sealed class ConsoleInsights(ConsolePage page)
{
    private const int ValueLength = 60;
    private const int ProfileValueLength = 24;
    private const int Most = 50;

    public void Write(ModelReport report, ValuePrivacy privacy)
    {
        if (ShownAttribution.Of(report, privacy) is { Concentrations.Count: > 0 } attribution)
        {
            WriteAttribution(attribution);
        }

        if (ShownTimeline.Of(report, privacy) is { } timeline)
        {
            WriteTimeline(timeline);
        }

        if (ShownProfiles.Of(report, privacy) is { Count: > 0 } profiles)
        {
            WriteProfiles(profiles);
        }
    }

    private void WriteProfiles(IReadOnlyList<ColumnProfile> profiles)
    {
        var (told, withValues) = (ShownProfiles.Told(profiles, Most), ShownProfiles.HasValues(profiles));
        page.StartBlock();
        page.Table(
            ShownProfiles.Columns(profiles),
            [
                .. told.Select(profile => (IReadOnlyList<ConsolePage.Cell>)
                    [.. ShownProfiles.Row(profile, withValues, ProfileValueLength).Select(cell => new ConsolePage.Cell(cell))]),
            ]);
        if (told.Count < profiles.Count)
        {
            page.Paragraph(Phrase.Of($"and {profiles.Count - told.Count} more columns"), "  ");
        }
    }

    private void WriteAttribution(Attribution attribution)
    {
        page.StartBlock();
        foreach (var sentence in ShownAttribution.Sentences(attribution, ValueLength))
        {
            page.Paragraph(sentence, "  ");
        }

        if (attribution.IsEstimate)
        {
            page.Paragraph(ShownAttribution.Estimated(attribution), "  ");
        }
    }

    private void WriteTimeline(Timeline timeline)
    {
        var told = ShownTimeline.Told(timeline, Most);
        page.StartBlock();
        page.Table(
            [
                new(ShownTimeline.Title(timeline)), new("on both sides", isNumber: true), new("changed", isNumber: true),
                new("added", isNumber: true), new("removed", isNumber: true),
            ],
            [
                .. told.Select(bucket => (IReadOnlyList<ConsolePage.Cell>)
                [
                    bucket.Start is { } start ? Phrase.Name(start) : new ConsolePage.Cell(Phrase.Words("(null)"), ConsoleTone.Faint),
                    Phrase.Number(bucket.Matched),
                    ShownTimeline.Cell(timeline, bucket.Changed, bucket.ChangedShare),
                    ShownTimeline.Cell(timeline, bucket.Added, bucket.AddedShare),
                    ShownTimeline.Cell(timeline, bucket.Removed, bucket.RemovedShare),
                ]),
            ]);
        page.Paragraph(ShownTimeline.Summary(timeline, told.Count, Phrase.Words("--output json")), "  ");
    }
}
