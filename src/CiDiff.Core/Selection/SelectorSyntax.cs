using System.Globalization;
using System.Text.RegularExpressions;
using CiDiff.Configuration;
using CiDiff.Errors;

namespace CiDiff.Selection;

/// <summary>Reads dbt's selector syntax: <c>state:modified+,tag:nightly @fct_orders</c>.</summary>
/// <remarks>https://docs.getdbt.com/reference/node-selection/syntax (read November 2026). Where that is silent, this follows what
/// dbt-core 1.11 does.</remarks>
internal static partial class SelectorSyntax
{
    /// <summary>Reads a selector.</summary>
    /// <returns>What spaces separate: a union of intersections.</returns>
    /// <exception cref="UserErrorException">It is malformed, or names a method that there is not.</exception>
    public static IReadOnlyList<SelectorIntersection> Parse(string selector) =>
        [.. Whitespace().Split(selector).Where(part => part.Length > 0).Select(ParseIntersection)];

    private static SelectorIntersection ParseIntersection(string text)
    {
        var parts = text.Split(',');
        if (parts.Contains(""))
        {
            throw new UserErrorException(
                ErrorCodes.InvalidSelector,
                $"The selector '{text}' has nothing on one side of a comma.",
                "A comma means 'and': `tag:nightly,state:modified`, without spaces.");
        }

        return new SelectorIntersection(text, [.. parts.Select(ParseTerm)]);
    }

    private static SelectorTerm ParseTerm(string text)
    {
        var match = Term().Match(text);
        var value = match.Groups["value"].Value;
        var (method, arguments) = Method(match.Groups["method"], value, text);
        var term = new SelectorTerm(
            text,
            method,
            arguments,
            value,
            match.Groups["at"].Success,
            Reach(match, "parents", text),
            Reach(match, "children", text));
        if (term is { WithChildrensParents: true, Descendants: not null })
        {
            throw new UserErrorException(
                ErrorCodes.InvalidSelector,
                $"The selector '{text}' has both '@' in front and '+' behind.",
                "'@' takes all descendants already: leave the '+' out.");
        }

        return term;
    }

    private static (string Name, IReadOnlyList<string> Arguments) Method(Group written, string value, string text)
    {
        if (!written.Success)
        {
            return (ImpliedMethod(value), []);
        }

        var parts = written.Value.Split('.');
        if (!SelectorMethods.Names.Contains(parts[0]))
        {
            throw new UserErrorException(
                ErrorCodes.UnknownSelectorMethod,
                $"'{parts[0]}' in the selector '{text}' is no method of dbt's selectors.",
                Spelling.Hint(parts[0], SelectorMethods.Names));
        }

        return (parts[0], parts[1..]);
    }

    private static string ImpliedMethod(string value) => value switch
    {
        _ when value.Contains('/', StringComparison.Ordinal) => "path",
        _ when CodeFile().IsMatch(value) => "file",
        _ => "fqn",
    };

    private static GraphReach? Reach(Match match, string side, string text)
    {
        if (!match.Groups[side].Success)
        {
            return null;
        }

        var digits = match.Groups[side].ValueSpan.Trim('+');
        if (digits.IsEmpty)
        {
            return new GraphReach(null);
        }

        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var levels)
            ? new GraphReach(levels)
            : throw new UserErrorException(
                ErrorCodes.InvalidSelector, $"'{digits}' in the selector '{text}' is too many levels.", "Use '+' alone for all of them.");
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();

    // The value is as short as possible, so that a '+' with digits at the end is always the operator, and one within is not.
    [GeneratedRegex(@"\A(?<at>@)?(?<parents>[0-9]*\+)?((?<method>[\w.]+):)?(?<value>.*?)(?<children>\+[0-9]*)?\z", RegexOptions.Singleline)]
    private static partial Regex Term();

    [GeneratedRegex(@"\.(sql|py|csv)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CodeFile();
}
