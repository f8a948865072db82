using System.Text.RegularExpressions;

namespace CiDiff.Verdicts;

/// <summary>Which lines of a Markdown comment are said, and not only shown.</summary>
internal static partial class CommentText
{
    private const string CommentStart = "<!--";
    private const string CommentEnd = "-->";

    /// <summary>The lines that are no code and in no HTML comment. In doubt a line is left out.</summary>
    /// <remarks>https://spec.commonmark.org/0.31.2/#fenced-code-blocks, #indented-code-blocks and #html-blocks; what a list item indents is not told from
    /// indented code.</remarks>
    public static IEnumerable<string> ProseLines(string comment)
    {
        string? fence = null;
        var isInComment = false;
        foreach (var line in comment.ReplaceLineEndings("\n").Split('\n'))
        {
            if (isInComment)
            {
                isInComment = !line.Contains(CommentEnd, StringComparison.Ordinal);
            }
            else if (fence is not null)
            {
                var end = line.Trim();
                fence = end.Length >= fence.Length && end.All(letter => letter == fence[0]) ? null : fence;
            }
            else if (Fence().Match(line) is { Success: true } begun)
            {
                fence = begun.Groups["fence"].Value;
            }
            else if (line.LastIndexOf(CommentStart, StringComparison.Ordinal) is >= 0 and var start)
            {
                isInComment = line.IndexOf(CommentEnd, start, StringComparison.Ordinal) < 0;
            }
            else if (!IndentedCode().IsMatch(line))
            {
                yield return line;
            }
        }
    }

    // Also one that a list item begins with.
    [GeneratedRegex(@"^\s*(([-*+]|[0-9]{1,9}[.)])\s+)*(?<fence>`{3,}(?=[^`]*$)|~{3,})", RegexOptions.ExplicitCapture)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^( {4}| {0,3}\t)")]
    private static partial Regex IndentedCode();
}
