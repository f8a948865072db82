using System.Globalization;

namespace CiDiff.Configuration;

/// <summary>Tolerances as they are written: <c>0.01</c>, <c>1%</c>, <c>2s</c>, <c>{absolute: 0.01}</c>, <c>{relative: 1%}</c>.</summary>
public static class ToleranceText
{
    private const string Forms = "a tolerance: 0.01, 1%, 2s, 500ms, {absolute: 0.01} or {relative: 0.01}";

    /// <summary>Reads a tolerance as one word; null when it is none.</summary>
    /// <remarks>A plain number is absolute; a percentage is relative; a time is absolute, in seconds.</remarks>
    public static Tolerance? TryParse(string text) => text.Trim() switch
    {
        [.. var number, '%'] when Number(number) is { } percent => new Tolerance(percent / 100, ToleranceMode.Relative),
        var number when Number(number) is { } amount => new Tolerance(amount, ToleranceMode.Absolute),
        var time when Durations.TryReadSeconds(time) is { } seconds => new Tolerance(seconds, ToleranceMode.Absolute),
        _ => null,
    };

    /// <summary>Reads tolerances by column.</summary>
    internal static IReadOnlyDictionary<string, Tolerance> ReadByColumn(ConfigValue value)
    {
        var tolerances = new Dictionary<string, Tolerance>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in value.Mapping("a mapping of columns to tolerances").Entries)
        {
            if (!tolerances.TryAdd(entry.Key, Read(new ConfigValue($"{value.Key}.{entry.Key}", entry.Value))))
            {
                throw value.Invalid($"'{value.Key}' has the column '{entry.Key}' twice; case does not count");
            }
        }

        return tolerances;
    }

    private static Tolerance Read(ConfigValue value) => value.Node switch
    {
        ConfigNode.Scalar scalar when TryParse(scalar.Value) is { } tolerance => tolerance,
        ConfigNode.Mapping { Entries: [{ Key: "absolute", Value: ConfigNode.Scalar scalar }] }
            when TryParse(scalar.Value) is { Mode: ToleranceMode.Absolute } tolerance => tolerance,
        ConfigNode.Mapping { Entries: [{ Key: "relative", Value: ConfigNode.Scalar scalar }] }
            when Relative(scalar.Value) is { } tolerance => tolerance,
        _ => throw value.Wrong(Forms),
    };

    private static Tolerance? Relative(string text) => Number(text) is { } fraction
        ? new Tolerance(fraction, ToleranceMode.Relative)
        : TryParse(text) is { Mode: ToleranceMode.Relative } tolerance ? tolerance : null;

    // Meta comes through JSON, where small numbers are written as 1e-05.
    private static decimal? Number(string text) => decimal.TryParse(
        text.Trim(),
        NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
        CultureInfo.InvariantCulture,
        out var number)
        ? number
        : null;
}
