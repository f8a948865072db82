using CiDiff.Diffing;

namespace CiDiff.Reports;

/// <summary>What a comparison on a console tells beyond counts: where the changed rows are concentrated.</summary>
internal sealed class ConsoleInsights(ConsolePage page)
{
    private const int ValueLength = 60;

    public void Write(ModelReport report, ValuePrivacy privacy)
    {
        if (ShownAttribution.Of(report, privacy) is { Concentrations.Count: > 0 } attribution)
        {
            WriteAttribution(attribution);
        }
    }

    private void WriteAttribution(Attribution attribution)
    {
        page.StartBlock();
        foreach (var sentence in ShownAttribution.Sentences(attribution, ValueLength))
        {
            page.Paragraph(sentence, "  ");
        }

        if (attribution.KeyShare < 1)
        {
            page.Paragraph(
                Phrase.Of($"(estimated from {new Own(HumanNumbers.Share(attribution.KeyShare))} of the keys, {attribution.ChangedRows} changed rows among them)"), "  ");
        }
    }
}
