using CiDiff.Diffing;

namespace CiDiff.Reports;

/// <summary>Numbers that may be estimates, said so that nobody takes one for a count.</summary>
internal static class Estimates
{
    /// <summary>A number of rows: <c>1,234</c>, or <c>about 1,230</c>.</summary>
    /// <param name="value">The number.</param>
    /// <param name="range">Where it lies; null when it is exact.</param>
    public static Phrase Number(long value, CountRange? range) => Phrase.Words(Say(value, range));

    /// <summary>A number with where it lies: <c>1,234</c>, <c>about 1,230 (1,100 to 1,390)</c>, or <c>at most 30</c> of what the sample has none of.</summary>
    public static Phrase WithRange(long value, CountRange? range) => range is not { IsExact: false } between
        ? Phrase.Number(value)
        : value == 0 ? Phrase.Words($"at most {HumanNumbers.Count(between.High)}")
        : Phrase.Words($"{Say(value, range)} ({HumanNumbers.Count(between.Low)} to {HumanNumbers.Count(between.High)})");

    /// <summary>A number in words.</summary>
    public static string Say(long value, CountRange? range) => range is { IsExact: false } ? $"about {HumanNumbers.Count(CountRange.Rounded(value))}" : HumanNumbers.Count(value);

    /// <summary>A share in words.</summary>
    /// <param name="fraction">0 to 1.</param>
    /// <param name="isEstimate">Not counted.</param>
    public static string Share(double fraction, bool isEstimate) => isEstimate ? $"about {HumanNumbers.Share(fraction)}" : HumanNumbers.Share(fraction);

    /// <summary>A match score in words: that of a sample in which everything matches is a floor.</summary>
    public static string Score(TableDiff diff) => diff.Sample switch
    {
        null => HumanNumbers.Share(diff.MatchScore),
        { MatchScore.Low: < 1 and var low } when diff.MatchScore >= 1 => $"at least {HumanNumbers.Share(low).TrimStart('>')}",
        _ => $"about {HumanNumbers.Share(diff.MatchScore)}",
    };

    /// <summary>What a sample without a difference says.</summary>
    public static string NoDifference(DiffSample sample) =>
        $"no difference in a sample of {HumanNumbers.Count(Math.Max(sample.Found.Base, sample.Found.Head), "row")} (at most {Bound(sample.MostDiffering)} differ, {HumanNumbers.Share(sample.Confidence)} confidence)";

    /// <summary>What was read, and why not everything, as a sentence without its period.</summary>
    public static Phrase Read(DiffSample sample, RowCounts rows)
    {
        var read = sample.Found.Base == sample.Found.Head && rows.Base == rows.Head
            ? $"{HumanNumbers.Count(sample.Found.Base)} of {HumanNumbers.Count(rows.Base, "row")} on both sides"
            : $"{HumanNumbers.Count(sample.Found.Base)} of {HumanNumbers.Count(rows.Base, "row")} of base and {HumanNumbers.Count(sample.Found.Head)} of {HumanNumbers.Count(rows.Head)} of head";
        return Phrase.Of($"{new Own(read)}, because {new Prose(sample.Because)}; what is “about” a number is an estimate, with {new Own(HumanNumbers.Share(sample.Confidence))} confidence");
    }

    // A bound that is rounded down would be none.
    private static string Bound(double share)
    {
        var percent = share * 100;
        var digits = percent <= 0 ? 0 : Math.Clamp(1 - (int)Math.Floor(Math.Log10(percent)), 0, 8);
        var step = Math.Pow(10, digits);
        return (Math.Ceiling((percent * step) - 1e-9) / step).ToString("0.########", System.Globalization.CultureInfo.InvariantCulture) + " %";
    }
}
