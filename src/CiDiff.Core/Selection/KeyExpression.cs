using System.Text.RegularExpressions;

namespace CiDiff.Selection;

/// <summary>Columns in the texts in which people name a key: a column, a comma list, <c>concat(a, b)</c>, <c>a || '-' || b</c>.</summary>
internal static partial class KeyExpression
{
    /// <summary>The columns, in order; empty when the text is another expression.</summary>
    /// <param name="text">As written.</param>
    public static IReadOnlyList<string> Columns(string text)
    {
        var trimmed = text.Trim();
        var inner = Concat().Match(trimmed) is { Success: true } concat ? concat.Groups["arguments"].Value : trimmed;
        var parts = inner.Contains("||", StringComparison.Ordinal) ? inner.Split("||") : inner.Split(',');
        var columns = new List<string>();
        foreach (var part in parts.Select(part => part.Trim()))
        {
            // Separators are literals: concat(a, '-', b).
            if (part is ['\'', .., '\''])
            {
                continue;
            }

            // coalesce(a, 0), cast(a as text): nobody can tell which columns that is without a parser, and a guess would be worse than none.
            if (!Identifier().IsMatch(part))
            {
                return [];
            }

            columns.Add(Unquoted(part));
        }

        return columns;
    }

    /// <summary>The name without its quotes: <c>"Main Colour"</c>, <c>`id`</c>, <c>[id]</c>.</summary>
    public static string Unquoted(string name)
    {
        var trimmed = name.Trim();
        return trimmed switch
        {
            ['"', .. var inner, '"'] => inner.Replace("\"\"", "\"", StringComparison.Ordinal),
            ['`', .. var inner, '`'] => inner,
            ['[', .. var inner, ']'] => inner,
            _ => trimmed,
        };
    }

    [GeneratedRegex(@"^concat\s*\((?<arguments>.*)\)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Concat();

    // A word, or anything in the quotes of some warehouse.
    [GeneratedRegex("""^(?:[\p{L}_][\p{L}\p{N}_$]*|"(?:[^"]|"")+"|`[^`]+`|\[[^\]]+\])$""")]
    private static partial Regex Identifier();
}
