using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace CiDiff.Publishing;

/// <summary>A report's Markdown for Bitbucket, which prints HTML instead of rendering it: what unfolds elsewhere stands open under a bold line.</summary>
/// <remarks>The report writes data with every &lt; as an entity, except in code; so a tag outside of code is one of the report's own.</remarks>
internal static partial class BitbucketMarkdown
{
    /// <summary>Rewrites a whole report.</summary>
    public static string From(string markdown)
    {
        var text = new StringBuilder(markdown.Length);
        string? fence = null;
        foreach (var line in markdown.Split('\n'))
        {
            if (fence is null && line.StartsWith("```", StringComparison.Ordinal))
            {
                fence = line[..(line.Length - line.TrimStart('`').Length)];
                text.Append(line).Append('\n');
            }
            else if (fence is not null)
            {
                fence = line == fence ? null : fence;
                text.Append(line).Append('\n');
            }
            else if (line is not ("<details>" or "</details>"))
            {
                text.Append(Line(line)).Append('\n');
            }
        }

        return Blank().Replace(text.ToString(), "\n\n").TrimEnd('\n') + "\n";
    }

    // Between backticks is code, and a backtick that is data is an entity.
    private static string Line(string line)
    {
        var pieces = line.Split('`');
        for (var i = 0; i < pieces.Length; i += 2)
        {
            pieces[i] = Tag().Replace(pieces[i], match => match.Value switch
            {
                _ when match.Groups["code"] is { Success: true } code => $"`{Decode(code.Value)}`",
                "<b>" or "</b>" or "<summary>" or "</summary>" => "**",
                "<i>" or "</i>" => "_",
                _ => "",
            });
        }

        return string.Join('`', pieces);
    }

    // A backtick would end the code, and a bar the cell of a table.
    private static string Decode(string code) => WebUtility.HtmlDecode(code).Replace('`', '\'').Replace('|', '¦');

    [GeneratedRegex("<code>(?<code>.*?)</code>|</?(b|summary|i|sub)>", RegexOptions.ExplicitCapture)]
    private static partial Regex Tag();

    [GeneratedRegex("\n{3,}")]
    private static partial Regex Blank();
}
