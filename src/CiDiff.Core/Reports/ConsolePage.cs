using System.Globalization;
using System.Text;

namespace CiDiff.Reports;

/// <summary>Writes lines and aligned tables of plain text. Data arrives in phrases and is made visible and harmless here.</summary>
internal sealed class ConsolePage(TextWriter writer, ConsoleOptions options)
{
    private const string Gap = "  ";
    private const int LeastWrapped = 24;
    private bool _isFirst = true;

    /// <summary>A cell: what it says, and in which tone.</summary>
    internal readonly record struct Cell(Phrase Text, ConsoleTone Tone = ConsoleTone.Plain)
    {
        public static implicit operator Cell(Phrase phrase) => new(phrase);
    }

    /// <summary>An empty line before the next block, but not before the first.</summary>
    public void StartBlock()
    {
        if (!_isFirst)
        {
            writer.Write('\n');
        }

        _isFirst = false;
    }

    /// <summary>A line; cut to the terminal's width.</summary>
    public void Line(params IReadOnlyList<Cell> pieces)
    {
        var left = options.Width ?? int.MaxValue;
        var line = new StringBuilder();
        foreach (var piece in pieces)
        {
            var text = CutToWidth(PlainText.Of(piece.Text), left);
            left -= WidthOf(text);
            line.Append(options.Paint.Apply(piece.Tone, text));
        }

        Put(line);
    }

    /// <summary>A paragraph, wrapped at the terminal's width.</summary>
    public void Paragraph(Phrase phrase, string indent = "")
    {
        var width = (options.Width ?? int.MaxValue) - indent.Length;
        var line = new StringBuilder();
        var used = 0;
        foreach (var word in PlainText.Of(phrase).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var size = WidthOf(word);
            if (used > 0 && used + 1 + size > width)
            {
                Put(line.Insert(0, indent));
                line.Clear();
                used = 0;
            }

            line.Append(used > 0 ? " " : "").Append(word);
            used += size + (used > 0 ? 1 : 0);
        }

        Put(line.Insert(0, indent));
    }

    /// <summary>Rows in columns as wide as their widest cell; the last column goes on in further lines where the terminal is too narrow.</summary>
    /// <param name="columns">Their headings; no heading line when all are empty.</param>
    /// <param name="rows">As many cells as columns.</param>
    public void Table(IReadOnlyList<TableColumn> columns, IReadOnlyList<IReadOnlyList<Cell>> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var texts = rows.Select(row => row.Select(cell => PlainText.Of(cell.Text)).ToArray()).ToList();
        var heads = columns.Select(column => PlainText.Of(column.Title)).ToArray();
        var widths = columns.Select((_, i) => Math.Max(WidthOf(heads[i]), texts.Max(row => WidthOf(row[i])))).ToArray();

        if (heads.Any(head => head.Length > 0))
        {
            PutRow(columns, widths, heads, [.. heads.Select(_ => ConsoleTone.Faint)]);
        }

        for (var i = 0; i < texts.Count; i++)
        {
            PutRow(columns, widths, texts[i], [.. rows[i].Select(cell => cell.Tone)]);
        }
    }

    private void PutRow(IReadOnlyList<TableColumn> columns, int[] widths, string[] texts, ConsoleTone[] tones)
    {
        var indent = widths.SkipLast(1).Sum() + (Gap.Length * widths.Length);
        var room = (options.Width ?? int.MaxValue) - indent;

        // What is most worth knowing stands last. Where there is hardly room it is cut, so that the table stays one.
        var last = room >= LeastWrapped ? Wrapped(texts[^1], room) : [CutToWidth(texts[^1], room)];
        var line = new StringBuilder();
        for (var i = 0; i < texts.Length; i++)
        {
            var text = i == texts.Length - 1 ? last[0] : texts[i];
            var padding = new string(' ', Math.Max(0, widths[i] - WidthOf(text)));
            var painted = options.Paint.Apply(tones[i], text);
            line.Append(Gap).Append(columns[i].IsNumber ? padding + painted : painted + padding);
        }

        Put(line);
        foreach (var rest in last.Skip(1))
        {
            Put(new StringBuilder(new string(' ', indent)).Append(options.Paint.Apply(tones[^1], rest)));
        }
    }

    private static List<string> Wrapped(string text, int width)
    {
        if (WidthOf(text) <= width)
        {
            return [text];
        }

        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && WidthOf(line) + 1 + WidthOf(word) > width)
            {
                lines.Add(line);
                line = "";
            }

            line = CutToWidth(line.Length > 0 ? $"{line} {word}" : word, width);
        }

        lines.Add(line);
        return lines;
    }

    private void Put(StringBuilder line)
    {
        writer.Write(line.ToString().TrimEnd(' '));
        writer.Write('\n');
        _isFirst = false;
    }

    /// <summary>How many columns a terminal needs for it.</summary>
    internal static int WidthOf(string text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            width += WidthOf(rune);
        }

        return width;
    }

    private static int WidthOf(Rune rune) => rune.Value switch
    {
        < 0x300 => 1,
        VisibleText.ZeroWidthSpace => 0,
        _ when Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => 0,

        // The blocks that Unicode calls wide or full-width: https://www.unicode.org/reports/tr11/
        (>= 0x1100 and <= 0x115f) or (>= 0x2e80 and <= 0xa4cf) or (>= 0xac00 and <= 0xd7a3) or (>= 0xf900 and <= 0xfaff)
            or (>= 0xfe30 and <= 0xfe6f) or (>= 0xff00 and <= 0xff60) or (>= 0xffe0 and <= 0xffe6)
            or (>= 0x1f300 and <= 0x1faff) or (>= 0x20000 and <= 0x3fffd) => 2,
        _ => 1,
    };

    private static string CutToWidth(string text, int width)
    {
        if (width <= 0)
        {
            return "";
        }

        if (WidthOf(text) <= width)
        {
            return text;
        }

        var cut = new StringBuilder();
        var used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            used += WidthOf(rune);
            if (used > width - 1)
            {
                break;
            }

            cut.Append(rune.ToString());
        }

        return cut.Append('…').ToString();
    }
}
