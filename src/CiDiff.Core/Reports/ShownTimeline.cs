using CiDiff.Diffing;

namespace CiDiff.Reports;

/// <summary>When the rows of a model happened that differ, as far as a report may tell it. Every writer takes it from here.</summary>
/// <remarks>A bucket is a range of time that somebody asked for by naming the column, and no value; of a private column nothing is told.</remarks>
internal static class ShownTimeline
{
    /// <summary>What may be told; null when there is nothing.</summary>
    public static Timeline? Of(ModelReport report, ValuePrivacy privacy) =>
        report.Outcome is ModelOutcome.Compared { Diff: { Timeline: { } timeline } diff }
        && !new ShownColumns(report.Model, diff, privacy).Private.Contains(timeline.Column.Value)
            ? timeline
            : null;

    /// <summary>The buckets in which rows differ, in their order; the fullest ones when there are more than a page takes, and always that of
    /// rows without a time.</summary>
    public static IReadOnlyList<TimelineBucket> Told(Timeline timeline, int most)
    {
        var told = timeline.Buckets.Where(bucket => bucket.Differing > 0).ToList();
        var fullest = told.OrderBy(bucket => bucket.Start is not null).ThenByDescending(bucket => bucket.Differing).Take(most).ToHashSet();
        return [.. told.Where(fullest.Contains)];
    }

    /// <summary>What stands above the buckets: the column, how long a bucket is, and what was counted.</summary>
    public static Phrase Title(Timeline timeline) =>
        Phrase.Of($"{timeline.Column}, by {new Own(ReportWords.Of(timeline.Unit))}{new Own(IsEstimate(timeline) ? ", counted in the sample" : "")}");

    /// <summary>What stands below the table: <c>Rows differ in 3 of 24 months</c>.</summary>
    /// <param name="timeline">The buckets.</param>
    /// <param name="told">How many are in the table.</param>
    /// <param name="whole">Where the others are.</param>
    public static Phrase Summary(Timeline timeline, int told, Phrase whole)
    {
        var differing = timeline.Buckets.Count(bucket => bucket.Differing > 0);
        var unit = ReportWords.Of(timeline.Unit);
        var where = $"Rows differ in {HumanNumbers.Count(differing)} of {HumanNumbers.Count(timeline.Buckets.Count, unit)}";
        var cut = told < differing ? Phrase.Of($"; the {told} with the most are shown, {differing - told} more are in {whole}") : Phrase.Empty;
        var estimate = IsEstimate(timeline) ? "; counted in the sample" : "";
        return Phrase.Of($"{new Own(where)}{cut}{new Own(estimate)}");
    }

    /// <summary>A count and its share, in one cell: <c>1,234 (12.4 %)</c>, or <c>12 (about 12.4 %)</c> of a sample.</summary>
    public static Phrase Cell(Timeline timeline, long count, double? share) => count == 0 || share is not { } known
        ? Phrase.Number(count)
        : Phrase.Of($"{count}\u00a0({new Own(Estimates.Share(known, IsEstimate(timeline)))})");

    private static bool IsEstimate(Timeline timeline) => timeline.KeyShare < 1;
}
