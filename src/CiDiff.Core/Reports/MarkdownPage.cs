using System.Text;

namespace CiDiff.Reports;

/// <summary>Collects Markdown blocks. Structure is made here and data only arrives in phrases, so that no caller writes either by hand.</summary>
internal sealed class MarkdownPage
{
    private readonly StringBuilder _text = new();

    public bool IsEmpty => _text.Length == 0;

    public void Heading(string words) => Block($"## {words}\n");

    public void Paragraph(Phrase phrase) => Block($"{MarkdownText.Render(phrase)}\n");

    /// <summary>A short title above a table or list.</summary>
    public void Title(string words) => Block($"**{words}**\n");

    public void Small(Phrase phrase) => Block($"<sub>{MarkdownText.Render(phrase)}</sub>\n");

    public void Bullets(IEnumerable<Phrase> items)
    {
        var list = string.Concat(items.Select(item => $"- {MarkdownText.Render(item)}\n"));
        if (list.Length > 0)
        {
            Block(list);
        }
    }

    public void Code(string language, params IEnumerable<string> lines) => Block(MarkdownText.Fence(language, lines));

    /// <summary>A table; a row with fewer cells than columns ends in empty ones.</summary>
    public void Table(IReadOnlyList<TableColumn> columns, IEnumerable<IReadOnlyList<Phrase>> rows) =>
        Block(TableHead(columns) + string.Concat(rows.Select(TableRow)));

    /// <summary>The first two lines of a table.</summary>
    public static string TableHead(IReadOnlyList<TableColumn> columns) =>
        TableRow([.. columns.Select(column => column.Title)]) + Row(columns.Select(column => column.IsNumber ? "--:" : ":--"));

    /// <summary>One line of a table.</summary>
    public static string TableRow(IReadOnlyList<Phrase> cells) => Row(cells.Select(cell => MarkdownText.Render(cell)));

    /// <summary>Something to unfold.</summary>
    public void Details(Phrase summary, Action<MarkdownPage> write)
    {
        var inner = new MarkdownPage();
        write(inner);

        // The blank line ends the raw HTML: https://spec.commonmark.org/0.31.2/#html-blocks
        Block($"<details>\n<summary>{MarkdownText.Render(summary, MarkdownPlace.Html)}</summary>\n\n{inner}\n</details>\n");
    }

    /// <summary>Blocks that were written before.</summary>
    public void Block(string markdown)
    {
        if (!IsEmpty)
        {
            _text.Append('\n');
        }

        _text.Append(markdown);
    }

    public override string ToString() => _text.ToString();

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";
}

/// <summary>A column of a table.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="IsNumber">Aligned to the right.</param>
internal readonly record struct TableColumn(Phrase Title, bool IsNumber = false)
{
    /// <param name="words">Fixed words; never data.</param>
    /// <param name="isNumber">Aligned to the right.</param>
    public TableColumn(string words, bool isNumber = false)
        : this(Phrase.Words(words), isNumber)
    {
    }
}
