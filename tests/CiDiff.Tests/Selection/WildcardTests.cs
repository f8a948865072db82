using CiDiff.Selection;

namespace CiDiff.Tests.Selection;

public sealed class WildcardTests
{
    // The answers are those of Python's fnmatch.fnmatchcase.
    [Theory]
    [InlineData("orders", "orders", true)]
    [InlineData("orders", "Orders", false)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*", "", true)]
    [InlineData("*", "a.b/c\nd", true)]
    [InlineData("stg_*", "stg_orders", true)]
    [InlineData("stg_*", "int_orders", false)]
    [InlineData("*_orders_*", "stg_orders_v_orders_x", true)]
    [InlineData("*ab*abc", "xababxabc", true)]
    [InlineData("*ab*abc", "xababxabd", false)]
    [InlineData("a*b*c", "abcbc", true)]
    [InlineData("?", "", false)]
    [InlineData("?at", "cat", true)]
    [InlineData("?at", "at", false)]
    [InlineData("[abc]at", "bat", true)]
    [InlineData("[abc]at", "hat", false)]
    [InlineData("[a-c]at", "bat", true)]
    [InlineData("[!a-c]at", "hat", true)]
    [InlineData("[!a-c]at", "bat", false)]
    [InlineData("[]]", "]", true)]
    [InlineData("[!]]", "]", false)]
    [InlineData("[!]]", "a", true)]
    [InlineData("[a", "[a", true)]
    [InlineData("[", "[", true)]
    [InlineData("[!", "[!", true)]
    [InlineData("[]", "[]", true)]
    [InlineData("[a-]", "-", true)]
    [InlineData("[-a]", "-", true)]
    [InlineData("[z-a]", "m", false)]
    [InlineData("[*]", "*", true)]
    [InlineData("[*]", "x", false)]
    [InlineData("[^a]", "^", true)]
    [InlineData("a\\*", "a\\b", true)]
    public void Patterns_are_read_as_python_reads_them(string pattern, string text, bool expected) =>
        Assert.Equal(expected, new Wildcard(pattern).IsMatch(text));
}
