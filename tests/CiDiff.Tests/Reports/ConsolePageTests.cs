using CiDiff.Reports;

namespace CiDiff.Tests.Reports;

public sealed class ConsolePageTests
{
    [Theory]
    [InlineData("orders", 6)]
    [InlineData("größe", 5)]
    [InlineData("a\u0301", 1)]
    [InlineData("日本語", 6)]
    [InlineData("한글", 4)]
    [InlineData("😀", 2)]
    [InlineData("a\u200bb", 2)]
    public void A_width_is_what_a_terminal_needs(string text, int width) => Assert.Equal(width, ConsolePage.WidthOf(text));

    [Fact]
    public void Columns_are_aligned_by_width_and_paint_takes_no_room()
    {
        var text = Write(new ConsoleOptions { Paint = ConsolePaint.Ansi }, page => page.Table(
            [new("name"), new("rows", isNumber: true), new("")],
            [
                [new(Phrase.Name("日本"), ConsoleTone.Strong), Phrase.Number(1), Phrase.Words("x")],
                [Phrase.Name("orders"), Phrase.Number(12_345), Phrase.Words("y")],
            ]));

        Assert.Equal(
            "  name      rows\n  日本         1  x\n  orders  12,345  y\n",
            text.Replace("\e[1m", "", StringComparison.Ordinal).Replace("\e[2m", "", StringComparison.Ordinal).Replace("\e[0m", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void Texts_and_last_columns_are_wrapped_at_the_width(int width)
    {
        var text = Write(new ConsoleOptions { Width = width }, page =>
        {
            page.Line(Phrase.Prose(string.Join(' ', Enumerable.Repeat("line", 50))));
            page.Paragraph(Phrase.Prose(string.Join(' ', Enumerable.Repeat("paragraph", 50))), "  ");
            page.Table([new("a"), new("b")], [[Phrase.Words("cell"), Phrase.Prose(string.Join(' ', Enumerable.Repeat("語", 100)))]]);
        });

        var lines = text.TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.InRange(ConsolePage.WidthOf(line), 1, width));
        Assert.Equal(50, text.Split("paragraph").Length - 1);
        Assert.EndsWith("…", lines[0], StringComparison.Ordinal);
        Assert.Equal(100, text.Split("語").Length - 1);
    }

    [Fact]
    public void Without_a_terminal_nothing_is_cut_or_coloured()
    {
        var sentence = string.Join(' ', Enumerable.Repeat("word", 200));

        var text = Write(new ConsoleOptions(), page => page.Line(new ConsolePage.Cell(Phrase.Prose(sentence), ConsoleTone.Bad)));

        Assert.Equal(sentence + "\n", text);
    }

    [Fact]
    public void Spaces_at_the_ends_of_a_value_are_seen()
    {
        var text = Write(new ConsoleOptions(), page => page.Table(
            [new("base"), new("head")],
            [[Phrase.Name("x "), Phrase.Name("x  ")], [Phrase.Name(" a b"), Phrase.Name(" ")]]));

        Assert.Equal("  base  head\n  x␣    x␣␣\n  ␣a b  ␣\n", text);
    }

    [Fact]
    public void Blocks_have_one_empty_line_between_them_and_none_before()
    {
        var text = Write(new ConsoleOptions(), page =>
        {
            page.StartBlock();
            page.Line(Phrase.Words("a"));
            page.StartBlock();
            page.Line(Phrase.Words("b"));
        });

        Assert.Equal("a\n\nb\n", text);
    }

    private static string Write(ConsoleOptions options, Action<ConsolePage> write)
    {
        using var text = new StringWriter();
        write(new ConsolePage(text, options));
        return text.ToString();
    }
}
