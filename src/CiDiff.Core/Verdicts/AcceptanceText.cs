using System.Text.RegularExpressions;
using CiDiff.Configuration;

namespace CiDiff.Verdicts;

/// <summary>Acceptances as they are written in a comment, on a line of their own: <c>/cidiff accept [RULE] [in MODEL]</c>.</summary>
public static partial class AcceptanceText
{
    // Anyone may comment.
    private const int MaximumLine = 500;

    /// <summary>Finds the lines of a comment that accept something.</summary>
    /// <returns>Rule and models of each, and a sentence for every line that begins like one and is none.</returns>
    public static (IReadOnlyList<(RuleName? Rule, string? Models)> Found, IReadOnlyList<string> Notes) FindIn(string comment)
    {
        var found = new List<(RuleName? Rule, string? Models)>();
        var notes = new List<string>();
        foreach (var line in CommentText.ProseLines(comment).Select(line => line.Trim()))
        {
            if (line.Length > MaximumLine || CommandLine().Match(line) is not { Success: true } command)
            {
                continue;
            }

            var words = Words().Match(command.Groups["words"].Value);
            var name = words.Groups["rule"].Value;
            if (!words.Success)
            {
                notes.Add($"The line '{line}' has no effect: after accept it takes a rule, and after in a model.");
            }
            else if (name.Length > 0 && RuleName.Find(name) is null)
            {
                notes.Add($"The line '{line}' has no effect: there is no rule '{name}'. {Spelling.Hint(name, RuleName.Known)}");
            }
            else
            {
                found.Add((name.Length > 0 ? RuleName.Find(name) : null, words.Groups["models"] is { Success: true } models ? models.Value : null));
            }
        }

        return (found, notes);
    }

    // At the beginning of a line: a quoted one begins with ">".
    [GeneratedRegex(@"^/cidiff\s+accept(?<words>\s.*)?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex CommandLine();

    [GeneratedRegex(@"^\s*(?<rule>(?!in\s)\S+)?(\s*\bin\s+(?<models>\S+))?\s*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Words();
}
