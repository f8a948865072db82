using System.Globalization;

namespace CiDiff.Reports;

/// <summary>Times as people read them.</summary>
internal static class HumanTime
{
    /// <summary><c>2025-11-20 10:07 UTC</c>.</summary>
    /// <param name="text">A time as dbt writes it (ISO 8601); anything else is not a time anybody can read and gives <c>–</c>.</param>
    public static string Of(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)
            : Phrase.Unknown;
}
