using CiDiff.Configuration;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Finds the tolerance of a column: its own, or else that of its type.</summary>
internal static class ColumnTolerance
{
    /// <summary>Whether a key of the rules names a type.</summary>
    public static bool IsType(string key) => key.StartsWith(ToleranceText.TypePrefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The tolerance; null for none. One that is written for a column replaces the one for its type; of two types that fit, such as
    /// <c>number</c> and <c>float</c>, the narrower one counts.</summary>
    public static Tolerance? Of(ColumnPair pair, IReadOnlyDictionary<string, Tolerance> tolerances)
    {
        if (tolerances.Count == 0)
        {
            return null;
        }

        var own = tolerances.FirstOrDefault(rule => !IsType(rule.Key) && pair.IsNamed(rule.Key, StringComparison.OrdinalIgnoreCase)).Value;
        return own ?? Words(pair.Base.Type.Family).Intersect(Words(pair.Head.Type.Family))
            .Select(word => tolerances.FirstOrDefault(
                rule => IsType(rule.Key) && rule.Key[ToleranceText.TypePrefix.Length..].Trim().Equals(word, StringComparison.OrdinalIgnoreCase)).Value)
            .FirstOrDefault(found => found is not null);
    }

    /// <summary>The words of a tolerance that the column's type has nothing for.</summary>
    public static IEnumerable<string> WithoutEffect(ColumnPair pair, Tolerance tolerance)
    {
        var idle = tolerance.Ignores & ~SqlDialect.LooseAspects(pair.Types);
        foreach (var (word, aspect) in ToleranceText.AspectWords.Where(entry => idle.HasFlag(entry.Value)))
        {
            yield return word;
        }

        if (tolerance.Precision is { } precision && !SqlDialect.HavePrecision(pair.Types))
        {
            yield return ToleranceText.Word(precision);
        }
    }

    // The narrowest first.
    private static string[] Words(TypeFamily family) => family switch
    {
        TypeFamily.Integer => ["integer", "number"],
        TypeFamily.Decimal => ["decimal", "number"],
        TypeFamily.Float => ["float", "number"],
        TypeFamily.Text => ["text", "string"],
        TypeFamily.Date => ["date"],
        TypeFamily.Time => ["time"],
        TypeFamily.Timestamp or TypeFamily.TimestampWithZone => ["timestamp"],
        TypeFamily.Interval => ["interval"],
        TypeFamily.Json => ["json"],
        TypeFamily.Array => ["array"],
        _ => [],
    };
}
