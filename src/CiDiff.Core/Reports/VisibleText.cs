using System.Globalization;
using System.Text;

namespace CiDiff.Reports;

/// <summary>Data from tables, manifests and servers made safe to print: one line, nothing invisible, nothing that a terminal or
/// a CI host takes as an order.</summary>
public static class VisibleText
{
    /// <summary>Keeps two characters apart without being seen.</summary>
    internal const char ZeroWidthSpace = '\u200b';

    private const int ControlPictures = 0x2400;

    /// <summary>Shows what would not be seen or would move what is: controls as their pictures (<c>␛</c>, <c>␍</c>), bidirectional,
    /// zero-width and other formatting characters and unusual spaces as <c>⟨U+202E⟩</c>, half surrogates as <c>�</c>.</summary>
    /// <returns>One line; the same text when there is nothing to show.</returns>
    public static string Of(string data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (IsPlain(data))
        {
            return data;
        }

        var text = new StringBuilder(data.Length + 16);
        foreach (var rune in data.EnumerateRunes())
        {
            // A mark at the beginning would sit on the character that the report put before it.
            if (text.Length == 0 && IsMark(rune))
            {
                text.Append('\u25cc');
            }

            Append(text, rune);
        }

        return text.ToString();
    }

    /// <summary>As <see cref="Of"/>, for text that goes to a console: a CI host that reads the log does not find a command in it.</summary>
    /// <remarks>GitHub's runner takes <c>::command::</c> at the start of a line, spaces ignored, and <c>##[command]</c> anywhere in one
    /// (https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs); Azure Pipelines takes <c>##vso[</c> and TeamCity
    /// <c>##teamcity[</c>.</remarks>
    public static string ForLog(string data)
    {
        var text = Of(data);
        text = WithoutDoubleHash(text);

        var start = text.AsSpan().TrimStart();
        return start.StartsWith("::", StringComparison.Ordinal)
            ? text.Insert(text.Length - start.Length + 1, ZeroWidthSpace.ToString())
            : text;
    }

    /// <summary>Keeps the two signs apart by which a CI host finds a command anywhere in a line.</summary>
    /// <remarks>Of three signs the first replacement leaves two together, hence the second.</remarks>
    internal static string WithoutDoubleHash(string text) => text.Contains("##", StringComparison.Ordinal)
        ? text.Replace("##", $"#{ZeroWidthSpace}#", StringComparison.Ordinal).Replace("##", $"#{ZeroWidthSpace}#", StringComparison.Ordinal)
        : text;

    /// <summary>Cuts to a number of characters and marks the cut with an ellipsis; never splits a character in two.</summary>
    internal static string Cut(string text, int maxLength)
    {
        if (text.Length <= maxLength)
        {
            return text;
        }

        var length = maxLength - 1;
        if (char.IsHighSurrogate(text[length - 1]))
        {
            length--;
        }

        return string.Concat(text.AsSpan(0, length), "…");
    }

    /// <summary>Shows the spaces at both ends, which nobody sees, as <c>␣</c>.</summary>
    internal static string ShowOuterSpaces(string shown)
    {
        var withoutStart = shown.TrimStart(' ');
        var inner = withoutStart.TrimEnd(' ');
        return inner.Length == shown.Length
            ? shown
            : new string('␣', shown.Length - withoutStart.Length) + inner + new string('␣', withoutStart.Length - inner.Length);
    }

    private static bool IsPlain(string data)
    {
        foreach (var character in data)
        {
            if (character is < ' ' or > '~')
            {
                return false;
            }
        }

        return true;
    }

    private static void Append(StringBuilder text, Rune rune)
    {
        if (rune.Value is < 0x20)
        {
            text.Append((char)(ControlPictures + rune.Value));
        }
        else if (rune.Value is 0x7f)
        {
            text.Append('\u2421');
        }
        else if (IsUnseen(rune))
        {
            text.Append(CultureInfo.InvariantCulture, $"⟨U+{rune.Value:X4}⟩");
        }
        else
        {
            text.Append(rune.ToString());
        }
    }

    /// <summary>Controls, formatting characters, unusual spaces, private and unassigned characters.</summary>
    internal static bool IsUnseen(Rune rune) =>
        Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => true,
            UnicodeCategory.SpaceSeparator => rune.Value != ' ',

            // Letters by category, and blank: the Hangul fillers and the braille blank.
            _ => rune.Value is 0x115f or 0x1160 or 0x3164 or 0xffa0 or 0x2800,
        };

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark;
}
