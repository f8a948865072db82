using CiDiff.Diffing;

namespace CiDiff.Reports;

/// <summary>Where the changed rows of a model are concentrated, as far as <see cref="ValuePrivacy"/> lets a report tell it. Every writer takes it from
/// here.</summary>
internal static class ShownAttribution
{
    /// <summary>What may be told: every column, and the values that may be shown. Null when it was not looked for.</summary>
    public static Attribution? Of(ModelReport report, ValuePrivacy privacy)
    {
        if (report.Outcome is not ModelOutcome.Compared { Diff: { Attribution: { } attribution } diff })
        {
            return null;
        }

        var columns = new ShownColumns(report.Model, diff, privacy);
        return attribution with
        {
            Concentrations =
            [
                .. attribution.Concentrations.Select(found => columns.IsShown(found.Column.Value)
                    ? found with { Value = found.Value is { } value ? Excerpt.Of(value, ShownSamples.ValueLength) : null }
                    : found with { Value = null, IsHidden = true }),
            ],
        };
    }

    /// <summary>Where estimates come from.</summary>
    public static Phrase Estimated(Attribution attribution) => Phrase.Of(
        $"Estimated from {new Own(HumanNumbers.Count(attribution.ChangedRows, "changed row"))}");

    /// <summary>The sentences for people.</summary>
    /// <param name="attribution">What may be told.</param>
    /// <param name="longest">The longest value, in characters.</param>
    public static IEnumerable<Phrase> Sentences(Attribution attribution, int longest)
    {
        var isEstimate = attribution.IsEstimate;
        return attribution.Concentrations.Select(found =>
        {
            var share = new Own($"{(isEstimate ? "About " : "")}{HumanNumbers.Share(found.Share)}");
            var lift = new Own(HumanNumbers.Times(found.Lift));
            return found switch
            {
                { IsHidden: true, Unit: null } => Phrase.Of($"{share} of the changed rows have the same {found.Column} ({lift} over-represented)"),
                { IsHidden: true } => Phrase.Of($"{share} of the changed rows have {found.Column} in one {new Own(ReportWords.Of(found.Unit.Value))} ({lift} over-represented)"),
                { Value: null } => Phrase.Of($"{share} of the changed rows have no {found.Column} ({lift} over-represented)"),
                { Unit: null, Value: var value } => Phrase.Of($"{share} of the changed rows have {found.Column} = {new Quoted(Excerpt.Of(value, longest))} ({lift} over-represented)"),
                { Value: var value } => Phrase.Of($"{share} of the changed rows have {found.Column} in {Prefix(found.Unit.Value)}{new Quoted(value)} ({lift} over-represented)"),
            };
        });

        static Own Prefix(TimeUnit unit) => new(unit == TimeUnit.Week ? "the week of " : "");
    }
}
