using System.Text;
using System.Text.RegularExpressions;

namespace CiDiff.Configuration;

/// <summary>Shell patterns: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[!a]</c>, and a backslash before what stands for itself.</summary>
public static class Glob
{
    /// <summary>Whether a name as a whole matches a shell pattern; case does not count.</summary>
    public static bool IsMatch(string pattern, string name) =>
        ToRegex(Translate(pattern, crossesFolders: true), ignoreCase: true).IsMatch(name);

    /// <summary>A regular expression over a whole text.</summary>
    /// <remarks>Patterns come from commit messages too: without backtracking none of them can take long.</remarks>
    internal static Regex ToRegex(string expression, bool ignoreCase) => new(
        $@"\A{expression}\z",
        RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking
            | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None));

    /// <summary>Translates a pattern.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="crossesFolders"><c>*</c> and <c>?</c> match a slash too.</param>
    internal static string Translate(string pattern, bool crossesFolders)
    {
        var one = crossesFolders ? "." : "[^/]";
        var expression = new StringBuilder();
        for (var index = 0; index < pattern.Length; index++)
        {
            switch (pattern[index])
            {
                case '*':
                    expression.Append(one).Append('*');
                    break;
                case '?':
                    expression.Append(one);
                    break;
                case '\\' when index + 1 < pattern.Length:
                    expression.Append(Regex.Escape(pattern[++index].ToString()));
                    break;
                case '[' when EndOfClass(pattern, index) is > 0 and var end:
                    expression.Append(Class(pattern[(index + 1)..end], crossesFolders));
                    index = end;
                    break;
                default:
                    expression.Append(Regex.Escape(pattern[index].ToString()));
                    break;
            }
        }

        return expression.ToString();
    }

    // The bracket that closes a class: not the first character of it, which stands for itself. An open class is a plain bracket.
    private static int EndOfClass(string pattern, int start)
    {
        var first = start + 1;
        if (first < pattern.Length && pattern[first] is '!' or '^')
        {
            first++;
        }

        return first + 1 < pattern.Length ? pattern.IndexOf(']', first + 1) : -1;
    }

    private static string Class(string content, bool crossesFolders)
    {
        var isNegated = content[0] is '!' or '^';
        var characters = isNegated ? content[1..] : content;
        var members = new StringBuilder();
        for (var index = 0; index < characters.Length; index++)
        {
            var (low, high) = index + 2 < characters.Length && characters[index + 1] == '-'
                ? (characters[index], characters[index += 2])
                : (characters[index], characters[index]);

            // A range from high to low has no member, as in fnmatch, where a regular expression would be invalid.
            members.Append(low <= high ? $"{Escape(low)}-{Escape(high)}" : "");
        }

        var excluded = $"{members}{(crossesFolders ? "" : "/")}";
        return (isNegated, members.Length, excluded.Length) switch
        {
            (false, 0, _) => @"[^\s\S]",
            (false, _, _) => $"[{members}]",
            (true, _, 0) => ".",
            (true, _, _) => $"[^{excluded}]",
        };
    }

    private static string Escape(char character) => $"\\u{(int)character:x4}";
}
