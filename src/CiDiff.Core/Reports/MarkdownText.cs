using System.Globalization;
using System.Text;

namespace CiDiff.Reports;

/// <summary>Where in a Markdown document a text stands.</summary>
internal enum MarkdownPlace
{
    /// <summary>A paragraph, a list item or a table cell, where Markdown is read.</summary>
    Text,

    /// <summary>A line of raw HTML such as <c>summary</c>, where it is not.</summary>
    Html,
}

/// <summary>Turns data into Markdown that shows it and does nothing else: it closes no table cell and no code span, starts no list, loads
/// nothing, links nothing, mentions nobody and gives no order to a CI host that prints the report.</summary>
/// <remarks><para>Two layers read a comment. Markdown is the first, and numeric entities are enough against it: an entity never forms
/// syntax (https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references). GitHub and GitLab then look for mentions and references
/// in the text of the rendered page, where entities are decoded already; they leave code alone, and elsewhere an unseen character after
/// the sign keeps them off.</para>
/// <para>What is a name or a value is therefore always code; only sentences are text.</para></remarks>
internal static class MarkdownText
{
    /// <summary>The longest name or value that is shown in full.</summary>
    public const int NameLength = 100;

    /// <summary>The longest sentence that is shown in full.</summary>
    public const int ProseLength = 600;

    private const string Empty = "<i>empty</i>";

    /// <summary>A phrase, its data quoted for the place.</summary>
    public static string Render(Phrase phrase, MarkdownPlace place = MarkdownPlace.Text)
    {
        var text = new StringBuilder();
        foreach (var part in phrase.Parts)
        {
            text.Append(part.Kind switch
            {
                PhrasePartKind.Name => Code(part.Text, place),
                PhrasePartKind.Prose => Prose(part.Text, place),

                // A number keeps its unit, and two sides their arrow, on one line.
                _ => part.Text.Replace(" %", "\u00a0%", StringComparison.Ordinal).Replace(" → ", "\u00a0→\u00a0", StringComparison.Ordinal),
            });
        }

        return text.ToString();
    }

    /// <summary>A name or a value as code; cut in the middle when it is long, since names tend to differ at both ends.</summary>
    public static string Code(string data, MarkdownPlace place = MarkdownPlace.Text, int maxLength = NameLength)
    {
        var shown = VisibleText.Of(CutMiddle(data, maxLength));
        if (shown.Length == 0)
        {
            return Empty;
        }

        shown = VisibleText.ShowOuterSpaces(shown);
        return place == MarkdownPlace.Text && CanBeCodeSpan(shown) ? $"`{shown}`" : $"<code>{Entities(shown, place)}</code>";
    }

    /// <summary>A sentence as text; what stands between backticks in it becomes code.</summary>
    public static string Prose(string data, MarkdownPlace place = MarkdownPlace.Text, int maxLength = ProseLength)
    {
        var line = OneLine(data);
        if (line.Length == 0)
        {
            return Empty;
        }

        var pieces = VisibleText.Cut(line, maxLength).Split('`');
        var text = new StringBuilder();
        for (var i = 0; i < pieces.Length; i++)
        {
            // Odd pieces stand between two backticks, unless the last backtick has no partner.
            var isCode = i % 2 == 1 && i < pieces.Length - 1 && pieces[i].Length > 0;
            if (isCode)
            {
                text.Append(Code(pieces[i], place, maxLength));
                continue;
            }

            if (i > 0 && (i % 2 == 1 || pieces[i - 1].Length == 0))
            {
                text.Append("&#96;");
            }

            AppendText(text, VisibleText.Of(pieces[i]));
        }

        return text.ToString();
    }

    /// <summary>Lines of code in a fence; line breaks inside a line are made visible.</summary>
    public static string Fence(string language, IEnumerable<string> lines)
    {
        var body = lines.Select(VisibleText.ForLog).ToList();
        var longest = body.Select(LongestBacktickRun).DefaultIfEmpty(0).Max();
        var fence = new string('`', Math.Max(3, longest + 1));
        return $"{fence}{language}\n{string.Join('\n', body)}\n{fence}\n";
    }

    private static bool CanBeCodeSpan(string shown) =>
        !shown.Contains('`', StringComparison.Ordinal)
        && !shown.Contains('|', StringComparison.Ordinal) // ends a cell even inside of code
        && !shown.Contains("##", StringComparison.Ordinal); // ##[command] in a log

    private static string Entities(string shown, MarkdownPlace place)
    {
        var text = new StringBuilder(shown.Length * 2);
        foreach (var character in shown)
        {
            var isHarmless = !char.IsAscii(character) || char.IsAsciiLetterOrDigit(character) || character is ' ' or ',' or '-'
                || (place == MarkdownPlace.Html && character is '_' or '.' or '(' or ')' or '/');
            if (!isHarmless)
            {
                AppendEntity(text, character);
            }
            else
            {
                text.Append(character);
            }
        }

        return text.ToString();
    }

    private static void AppendText(StringBuilder text, string shown)
    {
        for (var i = 0; i < shown.Length; i++)
        {
            var character = shown[i];
            var previous = i > 0 ? shown[i - 1] : ' ';
            var next = i + 1 < shown.Length ? shown[i + 1] : ' ';

            var startsReference = StartsReference(character, previous, next);

            // The colon of an address is an entity too: some renderers look past the unseen character.
            if (IsSyntax(character, previous, next) || StartsBlock(shown, i) || (character == ':' && startsReference))
            {
                AppendEntity(text, character);
            }
            else
            {
                text.Append(character);
            }

            if (startsReference || EndsWithWww(shown, i))
            {
                text.Append(VisibleText.ZeroWidthSpace);
            }
        }
    }

    // An underscore between letters is no emphasis in GitHub's Markdown, and names are full of them. ^a^, ==a== and ++a++ are emphasis in
    // other dialects.
    private static bool IsSyntax(char character, char previous, char next) => character switch
    {
        '&' or '<' or '>' or '*' or '~' or '|' or '\\' or '`' or '[' or ']' or '#' or '$' or '^' => true,
        '=' or '+' => previous == character || next == character,
        '_' => !(char.IsAsciiLetterOrDigit(previous) && char.IsAsciiLetterOrDigit(next)),
        _ => false,
    };

    // "- ", "+ ", "1. ", "1) ", "===" would make a list or a heading of the line they begin.
    private static bool StartsBlock(string shown, int index) => shown[index] switch
    {
        '-' or '+' or '=' => shown.AsSpan(0, index).Trim().IsEmpty,
        '.' or ')' => index > 0 && (index + 1 == shown.Length || shown[index + 1] == ' ') && !shown.AsSpan(0, index).TrimStart().ContainsAnyExceptInRange('0', '9'),
        _ => false,
    };

    // @user, #12, GH-12, $12; GitLab also !12, %"milestone", ~label, &12, ^alert; https://, :emoji:, ::command::
    private static bool StartsReference(char character, char previous, char next) => character switch
    {
        '@' or '#' or '!' or '%' or '~' or '&' or '^' => char.IsLetterOrDigit(next) || next is '_' or '"' or '\'',
        '$' => true,
        ':' => char.IsAsciiLetter(next) || next is '/' or ':' or '+' or '-',
        '-' => previous is 'h' or 'H' && char.IsAsciiDigit(next),
        _ => false,
    };

    private static bool EndsWithWww(string shown, int index) =>
        shown[index] is 'w' or 'W'
        && shown.AsSpan(0, index + 1).EndsWith("www", StringComparison.OrdinalIgnoreCase)
        && index + 1 < shown.Length && shown[index + 1] == '.';

    private static void AppendEntity(StringBuilder text, char character) =>
        text.Append(CultureInfo.InvariantCulture, $"&#{(int)character};");

    private static string OneLine(string data) => data.ReplaceLineEndings(" ").Trim();

    private static string CutMiddle(string data, int maxLength)
    {
        if (data.Length <= maxLength)
        {
            return data;
        }

        var start = (maxLength - 1) * 2 / 3;
        var end = data.Length - (maxLength - 1 - start);
        start -= char.IsHighSurrogate(data[start - 1]) ? 1 : 0;
        end += char.IsLowSurrogate(data[end]) ? 1 : 0;
        return string.Concat(data.AsSpan(0, start), "…", data.AsSpan(end));
    }

    private static int LongestBacktickRun(string line)
    {
        var longest = 0;
        var run = 0;
        foreach (var character in line)
        {
            run = character == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
