using System.Globalization;

namespace CiDiff.Reports;

/// <summary>Numbers as people read them, the same on every machine.</summary>
internal static class HumanNumbers
{
    private static readonly string[] ByteUnits = ["B", "kB", "MB", "GB", "TB", "PB"];

    /// <summary><c>1,234</c>.</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun: <c>1 row</c>, <c>1,234 rows</c>.</summary>
    public static string Count(long value, string noun) => value == 1 ? $"1 {noun}" : $"{Count(value)} {noun}s";

    /// <summary>A fraction as percent: <c>12.4 %</c>, <c>0.25 %</c>. Never rounds to 0 or 100 what is neither.</summary>
    /// <param name="fraction">0 to 1.</param>
    public static string Share(double fraction)
    {
        var percent = fraction * 100;
        return percent switch
        {
            0 => "0 %",
            > 0 and < 0.01 => "<0.01 %",
            < 100 and >= 99.95 => ">99.9 %",
            < 1 => percent.ToString("0.##", CultureInfo.InvariantCulture) + " %",
            _ => percent.ToString("0.#", CultureInfo.InvariantCulture) + " %",
        };
    }

    /// <summary>A number that is no count: <c>1,234.57</c>, <c>0.001235</c>, <c>1.23E+30</c>.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        0 => "0",
        < 0.0001 or >= 1e15 => value.ToString("0.###E+0", CultureInfo.InvariantCulture),
        < 1 => value.ToString("0.######", CultureInfo.InvariantCulture),
        _ => value.ToString("#,0.##", CultureInfo.InvariantCulture),
    };

    /// <summary>How many times as much: <c>1.5 times</c>, <c>8.8 times</c>, <c>120 times</c>.</summary>
    public static string Times(double factor) =>
        factor.ToString(factor < 9.95 ? "0.0" : "#,0", CultureInfo.InvariantCulture) + " times";

    /// <summary>A span of time: <c>0.4 s</c>, <c>12 s</c>, <c>3 min 5 s</c>, <c>2 h 10 min</c>.</summary>
    public static string Duration(TimeSpan span)
    {
        // Whole milliseconds first: run.json keeps no more, and what is read back must look the same.
        var seconds = Math.Round(span.TotalMilliseconds) / 1000;
        if (seconds < 9.95)
        {
            return seconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";
        }

        var whole = (long)Math.Round(seconds);
        return whole switch
        {
            < 60 => $"{Count(whole)} s",
            < 3600 => $"{Count(whole / 60)} min {Count(whole % 60)} s",
            _ => $"{Count(whole / 3600)} h {Count(whole % 3600 / 60)} min",
        };
    }

    /// <summary>A number of bytes in decimal units: <c>1.2 GB</c>.</summary>
    public static string Bytes(long bytes)
    {
        var value = (double)bytes;
        var unit = 0;
        while (value >= 999.5 && unit < ByteUnits.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        var format = unit == 0 || value >= 9.95 ? "0" : "0.0";
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {ByteUnits[unit]}";
    }
}
