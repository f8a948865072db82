namespace CiDiff.Reports;

/// <summary>Cuts long values to the part worth seeing; ellipses mark the cuts.</summary>
internal static class Excerpt
{
    /// <summary>The beginning of a value.</summary>
    public static string Of(string value, int maxLength) => VisibleText.Cut(value, maxLength);

    /// <summary>The parts of two values around their first difference, so that what differs is in both excerpts.</summary>
    /// <returns>Neither is longer than <paramref name="maxLength"/>; both start at the same place. Null stays null.</returns>
    public static (string? Base, string? Head) OfDifference(string? inBase, string? inHead, int maxLength)
    {
        if (inBase is null || inHead is null)
        {
            return (inBase is null ? null : Of(inBase, maxLength), inHead is null ? null : Of(inHead, maxLength));
        }

        if (inBase.Length <= maxLength && inHead.Length <= maxLength)
        {
            return (inBase, inHead);
        }

        var same = inBase.AsSpan().CommonPrefixLength(inHead);
        var start = Math.Max(0, same - (maxLength / 3));
        start -= start > 0 && char.IsLowSurrogate(inBase[start]) ? 1 : 0;
        return (From(inBase, start, maxLength), From(inHead, start, maxLength));
    }

    private static string From(string value, int start, int maxLength) =>
        start == 0 ? Of(value, maxLength) : "…" + Of(value[start..], maxLength - 1);
}
