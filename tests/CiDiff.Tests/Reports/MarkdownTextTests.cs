using CiDiff.Reports;

namespace CiDiff.Tests.Reports;

public sealed class MarkdownTextTests
{
    private const string Break = "\u200b";

    [Theory]
    [InlineData("order_id", "`order_id`")]
    [InlineData("\"shop\".\"analytics\"", "`\"shop\".\"analytics\"`")]
    [InlineData("numeric(12,2)", "`numeric(12,2)`")]
    [InlineData("<b> & @x #1 *y*", "`<b> & @x #1 *y*`")]
    [InlineData("a|b", "<code>a&#124;b</code>")]
    [InlineData("a`b", "<code>a&#96;b</code>")]
    [InlineData("##[error]<b>", "<code>&#35;&#35;&#91;error&#93;&#60;b&#62;</code>")]
    [InlineData("", "<i>empty</i>")]
    [InlineData(" a ", "`␣a␣`")]
    [InlineData("   ", "`␣␣␣`")]
    [InlineData("a\nb", "`a␊b`")]
    public void A_name_is_code_letter_by_letter(string data, string markdown) => Assert.Equal(markdown, MarkdownText.Code(data));

    [Theory]
    [InlineData("order_id", "<code>order_id</code>")]
    [InlineData("</summary><b>", "<code>&#60;/summary&#62;&#60;b&#62;</code>")]
    [InlineData("a & \"b\"", "<code>a &#38; &#34;b&#34;</code>")]
    public void In_html_a_name_is_a_code_element(string data, string html) => Assert.Equal(html, MarkdownText.Code(data, MarkdownPlace.Html));

    [Theory]
    [InlineData("modified: body", "modified: body")]
    [InlineData("downstream of stg_orders (slim)", "downstream of stg_orders (slim)")]
    [InlineData("Run `dbt compile`, or pass --base.", "Run `dbt compile`, or pass --base.")]
    [InlineData("an `open backtick", "an &#96;open backtick")]
    [InlineData("two `` ticks", "two &#96;&#96; ticks")]
    [InlineData("`a|b`", "<code>a&#124;b</code>")]
    [InlineData("_start a_b end_", "&#95;start a_b end&#95;")]
    [InlineData("*a* ~b~ <c> &d; |e| [f] \\g", "&#42;a&#42; &#126;" + Break + "b&#126; &#60;c&#62; &#38;" + Break + "d; &#124;e&#124; &#91;f&#93; &#92;g")]
    [InlineData("mail a@b.c", "mail a@" + Break + "b.c")]
    [InlineData("see #12 or GH-12", "see &#35;" + Break + "12 or GH-" + Break + "12")]
    [InlineData("https://example.org", "https&#58;" + Break + "//example.org")]
    [InlineData("www.example.org", "www" + Break + ".example.org")]
    [InlineData(":tada: at 10:30", "&#58;" + Break + "tada: at 10:30")]
    [InlineData("::error::x", "&#58;" + Break + "&#58;" + Break + "error&#58;" + Break + "&#58;" + Break + "x")]
    [InlineData("costs $5", "costs &#36;" + Break + "5")]
    [InlineData("- a", "&#45; a")]
    [InlineData("==a== a = b, a^b, c++, 1+1", "&#61;&#61;a&#61;&#61; a = b, a&#94;" + Break + "b, c&#43;&#43;, 1+1")]
    [InlineData("1. a 2. b", "1&#46; a 2. b")]
    [InlineData("1.11.14", "1.11.14")]
    [InlineData("=====", "&#61;&#61;&#61;&#61;&#61;")]
    [InlineData("", "<i>empty</i>")]
    [InlineData("a\r\nb\nc\u2028d", "a b c d")]
    [InlineData("a\u202eb", "a⟨U+202E⟩b")]
    [InlineData("12 % & more", "12 % &#38; more")]
    public void A_sentence_is_text_and_nothing_else(string data, string markdown) => Assert.Equal(markdown, MarkdownText.Prose(data));

    [Fact]
    public void A_long_name_is_cut_in_the_middle_and_a_long_sentence_at_the_end()
    {
        Assert.Equal("`" + new string('a', 66) + "…" + new string('z', 33) + "`", MarkdownText.Code(new string('a', 300) + new string('z', 300)));
        Assert.Equal(new string('a', 599) + "…", MarkdownText.Prose(new string('a', 700)));
    }

    [Theory]
    [InlineData("plain", "```sh\nplain\n```\n")]
    [InlineData("a ``` b", "````sh\na ``` b\n````\n")]
    [InlineData("a\n```\n::error::b", "````sh\na␊```␊::error::b\n````\n")]
    [InlineData("::error::b", "```sh\n:" + Break + ":error::b\n```\n")]
    public void A_fence_is_longer_than_what_is_in_it(string line, string markdown) => Assert.Equal(markdown, MarkdownText.Fence("sh", [line]));
}
