using CiDiff.Diffing;

namespace CiDiff.Reports;

/// <summary>What a model's section tells beyond counts: where the changed rows are concentrated.</summary>
internal static class MarkdownInsights
{
    private const int ValueLength = 80;

    public static void Write(MarkdownPage page, ModelReport report, ValuePrivacy privacy)
    {
        if (ShownAttribution.Of(report, privacy) is { Concentrations.Count: > 0 } attribution)
        {
            page.Bullets(ShownAttribution.Sentences(attribution, ValueLength));
            if (attribution.KeyShare < 1)
            {
                page.Small(Estimated(attribution));
            }
        }
    }

    private static Phrase Estimated(Attribution attribution) => Phrase.Of(
        $"Estimated from {new Own(HumanNumbers.Share(attribution.KeyShare))} of the keys, {attribution.ChangedRows} changed rows among them");
}
