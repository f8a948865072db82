using System.Diagnostics;
using System.Globalization;
using CiDiff.Configuration;

namespace CiDiff.Verdicts;

/// <summary>What a rule found. Closed: every case is in this file.</summary>
internal abstract record Measurement
{
    private Measurement()
    {
    }

    /// <summary>A value.</summary>
    /// <param name="Amount">How many; a fraction where <paramref name="Of"/> is 1.</param>
    /// <param name="Of">How many there are at all; 1 for what is a fraction already. A share is <paramref name="Amount"/> of this.</param>
    /// <param name="Detail">What exactly, half a sentence; null for nothing to add.</param>
    internal sealed record Exact(decimal Amount, decimal Of, string? Detail = null) : Measurement;

    /// <summary>The value was estimated from a sample.</summary>
    /// <param name="Value">What is to be expected.</param>
    /// <param name="Low">At least this.</param>
    /// <param name="High">At most this.</param>
    /// <param name="Rows">The rows of the sample.</param>
    /// <param name="Confidence">How sure it lies between them: above 0, below 1.</param>
    internal sealed record Estimate(Exact Value, Exact Low, Exact High, long Rows, double Confidence) : Measurement
    {
        /// <summary>Where it lies, as half a sentence.</summary>
        /// <param name="threshold">In whose unit.</param>
        public string Say(Threshold threshold) => string.Create(
            CultureInfo.InvariantCulture,
            $"estimated from a sample of {Rows:#,0} rows: {Measured.SayRange(Low, High, threshold)} ({Confidence * 100:0.####} % confidence)");
    }

    /// <summary>The value is not known, only that it is not larger than this.</summary>
    /// <param name="Bound">The largest it can be.</param>
    /// <param name="Because">Why it is not known, half a sentence.</param>
    internal sealed record AtMost(Exact Bound, string Because) : Measurement;

    /// <summary>Nothing is known, although something should be.</summary>
    /// <param name="Because">Why, half a sentence.</param>
    internal sealed record Unknown(string Because) : Measurement;
}

/// <summary>Comparing and writing measured values.</summary>
internal static class Measured
{
    // Beyond this a share differs from its limit by less than one row in the largest table there is.
    private const int MostDecimals = 18;

    /// <summary>Compares a value with a threshold without rounding: below 0 for less, 0 for equal, above 0 for more.</summary>
    public static int Compare(Measurement.Exact value, Threshold threshold) => threshold.Unit switch
    {
        ThresholdUnit.Count => value.Amount.CompareTo(threshold.Amount),
        // Nothing of nothing is 0 %.
        ThresholdUnit.Share or ThresholdUnit.Points when value.Of == 0 => value.Amount == 0 ? 0m.CompareTo(threshold.Amount) : 1,
        ThresholdUnit.Share or ThresholdUnit.Points => value.Amount.CompareTo(threshold.Amount * value.Of),
        _ => throw new UnreachableException(),
    };

    /// <summary>Something of nothing: more than every percentage.</summary>
    public static bool IsBeyondShares(Measurement.Exact value) => value.Of == 0 && value.Amount != 0;

    /// <summary>Writes a value in the unit of a threshold, as <c>run.json</c> has it, so that it reads on the right side of it.</summary>
    /// <returns>Plain digits, a percentage or percentage points; a count where there is nothing to take a percentage of.</returns>
    public static string Write(Measurement.Exact value, Threshold threshold) => threshold.Unit switch
    {
        ThresholdUnit.Count => value.Amount.ToString("0", CultureInfo.InvariantCulture),
        _ when IsBeyondShares(value) => value.Amount.ToString("0", CultureInfo.InvariantCulture),
        ThresholdUnit.Share => $"{Percent(value, threshold)}%",
        ThresholdUnit.Points => $"{Percent(value, threshold)}pp",
        _ => throw new UnreachableException(),
    };

    /// <summary>Says a value in a sentence, as reports write numbers.</summary>
    /// <param name="value">The value.</param>
    /// <param name="threshold">In whose unit.</param>
    /// <param name="leastDecimals">At least so many decimals of a percentage, if it has them.</param>
    public static string Say(Measurement.Exact value, Threshold threshold, int leastDecimals = 0) => threshold.Unit switch
    {
        ThresholdUnit.Count => value.Amount.ToString("#,0", CultureInfo.InvariantCulture),
        _ when IsBeyondShares(value) => value.Amount.ToString("#,0", CultureInfo.InvariantCulture),
        ThresholdUnit.Share => $"{Percent(value, threshold, leastDecimals)} %",
        ThresholdUnit.Points => $"{Percent(value, threshold, leastDecimals)}pp",
        _ => throw new UnreachableException(),
    };

    /// <summary>Says between which values something lies, with enough digits to tell the two apart.</summary>
    public static string SayRange(Measurement.Exact low, Measurement.Exact high, Threshold threshold)
    {
        var (from, to) = (Say(low, threshold), Say(high, threshold));
        for (var decimals = 1; from == to && low != high && decimals < MostDecimals; decimals++)
        {
            (from, to) = (Say(low, threshold, decimals), Say(high, threshold, decimals));
        }

        return $"{from} to {to}";
    }

    // Three digits that count, and more where fewer would say that 10.00004 % is 10 %.
    private static string Percent(Measurement.Exact value, Threshold threshold, int leastDecimals = 0)
    {
        var percent = value.Of == 0 ? 0 : value.Amount / value.Of * 100;
        var limit = threshold.Amount * 100;
        for (var decimals = Math.Max(Decimals(percent), leastDecimals); decimals < MostDecimals; decimals++)
        {
            var rounded = decimal.Round(percent, decimals, MidpointRounding.AwayFromZero);
            if (rounded.CompareTo(limit) == percent.CompareTo(limit) && (rounded == 0) == (percent == 0) && (rounded == 100) == (percent == 100))
            {
                return rounded.ToString("0.##################", CultureInfo.InvariantCulture);
            }
        }

        return percent.ToString("0.############################", CultureInfo.InvariantCulture);
    }

    private static int Decimals(decimal percent) => Math.Abs(percent) switch
    {
        >= 100 => 0,
        >= 10 => 1,
        >= 1 => 2,
        _ => 3,
    };
}
