using System.Globalization;

namespace CiDiff.Configuration;

/// <summary>Spans of time as people write them: a number and <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>.</summary>
public static class Durations
{
    private static readonly (string Unit, decimal Seconds)[] Units =
        [("ms", 0.001m), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400)];

    /// <summary>Reads <c>500ms</c>, <c>1.5 h</c>; null for anything else, and for what is longer than a year.</summary>
    public static decimal? TryReadSeconds(string text)
    {
        foreach (var (unit, seconds) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && Number(text.AsSpan(0, text.Length - unit.Length).Trim()) is { } number
                && number <= 31_536_000 / Math.Max(seconds, 1))
            {
                return number * seconds;
            }
        }

        return null;
    }

    private static decimal? Number(ReadOnlySpan<char> text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
}
