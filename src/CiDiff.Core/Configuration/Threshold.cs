using System.Diagnostics;
using System.Globalization;

namespace CiDiff.Configuration;

/// <summary>What a limit is measured in.</summary>
public enum ThresholdUnit
{
    /// <summary>Whole things: rows, columns, keys, models.</summary>
    Count,

    /// <summary>A share of something, written in percent.</summary>
    Share,

    /// <summary>The difference of two shares, written in percentage points.</summary>
    Points,
}

/// <summary>A limit that a measured value is held against.</summary>
/// <param name="Amount">A number of things for <see cref="ThresholdUnit.Count"/>; a fraction for the other two: 0.1 is 10 % or 10
/// percentage points. Never negative.</param>
/// <param name="Unit">What the amount is measured in.</param>
public readonly record struct Threshold(decimal Amount, ThresholdUnit Unit)
{
    /// <summary>Not a single one.</summary>
    public static readonly Threshold None = new(0, ThresholdUnit.Count);

    /// <summary>Reads <c>100</c> (a count), <c>10%</c> or <c>1.5pp</c>; blanks before the unit are allowed.</summary>
    /// <returns>False for anything else: negative numbers, fractions of a thing, other units.</returns>
    public static bool TryParse(string text, out Threshold threshold)
    {
        var (number, unit) = Split(text.Trim());
        if (decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            && (unit != ThresholdUnit.Count || decimal.IsInteger(amount)))
        {
            threshold = new Threshold(unit == ThresholdUnit.Count ? amount : amount / 100, unit);
            return true;
        }

        threshold = default;
        return false;
    }

    /// <summary>As it is written in <c>cidiff.yml</c>: <c>100</c>, <c>10%</c>, <c>1.5pp</c>.</summary>
    public override string ToString() => Unit switch
    {
        ThresholdUnit.Count => Number(Amount),
        ThresholdUnit.Share => $"{Number(Amount * 100)}%",
        ThresholdUnit.Points => $"{Number(Amount * 100)}pp",
        _ => throw new UnreachableException(),
    };

    private static (string Number, ThresholdUnit Unit) Split(string text) => text switch
    {
        [.. var number, '%'] => (number.TrimEnd(), ThresholdUnit.Share),
        [.. var number, 'p', 'p'] => (number.TrimEnd(), ThresholdUnit.Points),
        _ => (text, ThresholdUnit.Count),
    };

    private static string Number(decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);
}
