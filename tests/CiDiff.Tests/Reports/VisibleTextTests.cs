using System.Globalization;
using CiDiff.Reports;

namespace CiDiff.Tests.Reports;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("orders", "orders")]
    [InlineData("", "")]
    [InlineData("größer ≠ 日本語 €", "größer ≠ 日本語 €")]
    [InlineData("a\nb\r\tc\0", "a␊b␍␉c␀")]
    [InlineData("\e[31m", "␛[31m")]
    [InlineData("\u007f", "␡")]
    [InlineData("\u0085\u009b", "⟨U+0085⟩⟨U+009B⟩")]
    [InlineData("\u2028\u2029", "⟨U+2028⟩⟨U+2029⟩")]
    [InlineData("a\u202eb\u2066\u200f", "a⟨U+202E⟩b⟨U+2066⟩⟨U+200F⟩")]
    [InlineData("a\u200bb\ufeff\u00ad", "a⟨U+200B⟩b⟨U+FEFF⟩⟨U+00AD⟩")]
    [InlineData("a\u00a0b\u3000c", "a⟨U+00A0⟩b⟨U+3000⟩c")]
    [InlineData("\u3164\u2800", "⟨U+3164⟩⟨U+2800⟩")]
    [InlineData("\ue000", "⟨U+E000⟩")]
    [InlineData("\U000e0041", "⟨U+E0041⟩")]
    [InlineData("\u0301a", "◌\u0301a")]
    [InlineData("a\u0301", "a\u0301")]
    [InlineData("😀", "😀")]
    public void What_cannot_be_seen_is_shown(string data, string shown) => Assert.Equal(shown, VisibleText.Of(data));

    [Fact]
    public void Half_a_surrogate_pair_is_shown_as_a_replacement() => Assert.Equal("a\ufffdb", VisibleText.Of("a\ud800b"));

    [Theory]
    [InlineData("::error::x", ":\u200b:error::x")]
    [InlineData("  ::error::x", "  :\u200b:error::x")]
    [InlineData("a::text", "a::text")]
    [InlineData("##[error]x", "#\u200b#[error]x")]
    [InlineData("x ##vso[y]", "x #\u200b#vso[y]")]
    [InlineData("###[error]x", "#\u200b#\u200b#[error]x")]
    [InlineData("# one", "# one")]
    public void A_log_finds_no_command_in_it(string data, string shown) => Assert.Equal(shown, VisibleText.ForLog(data));

    [Fact]
    public void No_text_keeps_a_line_break_a_control_or_a_formatting_character()
    {
        foreach (var text in NastyTexts.All.Select(VisibleText.Of))
        {
            Assert.DoesNotContain(text.EnumerateRunes(), rune => System.Text.Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
        }
    }

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdef", 5, "abcd…")]
    [InlineData("a😀b", 3, "a…")]
    public void A_cut_is_marked_and_splits_no_character(string text, int length, string cut) => Assert.Equal(cut, VisibleText.Cut(text, length));
}
