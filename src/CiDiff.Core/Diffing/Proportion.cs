namespace CiDiff.Diffing;

/// <summary>What a part says about the whole it was drawn from.</summary>
internal static class Proportion
{
    /// <summary>Where the share of something lies, by Wilson's score interval.</summary>
    /// <remarks>https://doi.org/10.1080/01621459.1927.10502953. Unlike the usual one it holds near 0 and 1, where most tables are. Where nothing or
    /// everything was found, the exact bound of one side takes its place. That the whole is finite would only make it narrower.</remarks>
    /// <param name="found">How many were found.</param>
    /// <param name="among">Among how many.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    /// <returns>Shares, 0 to 1.</returns>
    public static (double Low, double High) Range(long found, long among, double confidence)
    {
        if (among == 0)
        {
            return (0, 1);
        }

        if (found == 0)
        {
            return (0, MostWhenNone(among, confidence));
        }

        if (found == among)
        {
            return (1 - MostWhenNone(among, confidence), 1);
        }

        double n = among, share = found / n, z = Deviations(confidence), square = z * z;
        var center = (share + (square / (2 * n))) / (1 + (square / n));
        var reach = z / (1 + (square / n)) * Math.Sqrt((share * (1 - share) / n) + (square / (4 * n * n)));
        return (Math.Max(0, center - reach), Math.Min(1, center + reach));
    }

    /// <summary>The largest share of something of which none was found: with a larger one, some would have been found as surely as the confidence says.</summary>
    /// <remarks>Solves (1 - share)^n = 1 - confidence, which is ln(1 / (1 - confidence)) / n but for the smallest samples.</remarks>
    public static double MostWhenNone(long among, double confidence) => among == 0 ? 1 : 1 - Math.Pow(1 - confidence, 1.0 / among);

    /// <summary>How many have to be looked at, so that finding none is as sure as the confidence that there are at most a share.</summary>
    /// <param name="most">The share, above 0.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static double RowsFor(double most, double confidence) => Math.Log(1 / (1 - confidence)) / most;

    /// <summary>How many of the whole there are, and between which numbers.</summary>
    /// <param name="found">How many the part has.</param>
    /// <param name="among">How large the part is.</param>
    /// <param name="of">How large the whole is.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static (long Value, CountRange Range) Scale(long found, long among, long of, double confidence)
    {
        var (low, high) = Range(found, among, confidence);

        // What was seen is there, and what was seen not to be is not.
        var (least, most) = (found, Math.Max(found, of - (among - found)));
        var range = new CountRange(Math.Clamp((long)Math.Floor(low * of), least, most), Math.Clamp((long)Math.Ceiling(high * of), least, most));
        var value = among == 0 ? 0 : (long)Math.Round((decimal)found * of / among, MidpointRounding.AwayFromZero);
        return (Math.Clamp(value, range.Low, range.High), range);
    }

    // How many standard deviations around its mean a normal variable stays within, by Acklam's rational approximation; its error is below a millionth.
    private static double Deviations(double confidence)
    {
        var tail = (1 - confidence) / 2;
        if (tail < 0.02425)
        {
            var far = Math.Sqrt(-2 * Math.Log(tail));
            return -Polynomial(far, -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783)
                / Polynomial(far, 7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996, 3.754408661907416, 1);
        }

        var near = 0.5 - tail;
        return near
            * Polynomial(near * near, -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.3577518672690, -30.66479806614716, 2.506628277459239)
            / Polynomial(near * near, -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1);
    }

    private static double Polynomial(double x, params ReadOnlySpan<double> coefficients)
    {
        var sum = 0.0;
        foreach (var coefficient in coefficients)
        {
            sum = (sum * x) + coefficient;
        }

        return sum;
    }
}
