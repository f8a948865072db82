using CiDiff.Configuration;
using CiDiff.Git;

namespace CiDiff.Tests.Git;

public sealed class RemapSyntaxTests
{
    private static readonly ModelIdentity Orders = new("model.shop.orders", ["orders", "fct_orders"]);

    // The first eight are the examples of Datafold's documentation.
    [Theory]
    [InlineData("datafold remap oldcol newcol", "oldcol", "newcol", null)]
    [InlineData("X-Datafold: rename oldcol newcol", "oldcol", "newcol", null)]
    [InlineData("/datafold renamed oldcol newcol", "oldcol", "newcol", null)]
    [InlineData("datafold: remapped oldcol newcol", "oldcol", "newcol", null)]
    [InlineData("datafold remap oldcol newcol model_NAME", "oldcol", "newcol", "model_NAME")]
    [InlineData("X-Datafold: rename oldcol newcol TaBLE", "oldcol", "newcol", "TaBLE")]
    [InlineData("/datafold renamed oldcol newcol VIEW_*", "oldcol", "newcol", "VIEW_*")]
    [InlineData("datafold: rename a b", "a", "b", null)]
    [InlineData("cidiff remap a b", "a", "b", null)]
    [InlineData("cidiff: renamed a b orders", "a", "b", "orders")]
    [InlineData("/cidiff rename a b", "a", "b", null)]
    [InlineData("X-CiDiff: remapped a b", "a", "b", null)]
    [InlineData("DATAFOLD REMAP Old New", "Old", "New", null)]
    [InlineData("  datafold   remap\ta  b  \r", "a", "b", null)]
    [InlineData("datafold remap \"order id\" \"say \"\"id\"\"\" orders", "order id", "say \"id\"", "orders")]
    [InlineData("fix: rename\n\ndatafold remap a b\n\nMore text.", "a", "b", null)]
    public void A_line_is_understood(string message, string old, string @new, string? models) =>
        Assert.Equal([new ColumnRemap(old, @new, models)], RemapSyntax.Find([message]));

    [Theory]
    [InlineData("datafold")]
    [InlineData("datafold remap a")]
    [InlineData("datafold remap a b models and more")]
    [InlineData("We use datafold remap a b")]
    [InlineData("datafoldremap a b")]
    [InlineData("X-Datafold rename a b")]
    [InlineData("/datafold: rename a b")]
    [InlineData("datafold move a b")]
    [InlineData("renamed a b")]
    public void Prose_means_nothing(string message) => Assert.Empty(RemapSyntax.Find([message]));

    [Fact]
    public void A_line_that_is_far_too_long_means_nothing() =>
        Assert.Empty(RemapSyntax.Find([$"datafold remap {new string('a', 1000)} b"]));

    public static TheoryData<string, string, string> Chains => new()
    {
        // commits; comments; what comes out for orders
        { "remap name nm|remap nm first_name", "", "name>first_name" },
        { "remap a b|remap b a", "", "" },
        { "remap a b|remap a c", "", "a>c" },
        { "remap a b|remap c d", "", "a>b c>d" },
        { "remap a tmp|remap b a|remap tmp b", "", "b>a a>b" },
        { "remap a x|remap b x", "", "b>x" },
        { "remap A b|remap B c", "", "A>c" },
        { "remap a b customers|remap b c", "", "b>c" },
        { "remap a b ORD*|remap b c", "", "a>c" },
        { "remap a b fct_orders", "", "a>b" },
        { "remap a b", "remap a c", "a>c" },
        { "remap a b|remap x y", "remap a c", "x>y a>c" },
        { "", "remap a b|remap b c", "a>c" },
        { "remap a b", "remap a a", "" },
        { "remap a b", "remap c b", "c>b" },
    };

    [Theory]
    [MemberData(nameof(Chains))]
    public void Lines_chain_later_ones_win_and_comments_win_over_commits(string commits, string comments, string expected) =>
        Assert.Equal(
            expected,
            string.Join(' ', RemapSyntax.Resolve(Lines(commits), Lines(comments), Orders).Select(rename => $"{rename.Base}>{rename.Head}")));

    private static IReadOnlyList<ColumnRemap> Lines(string lines) =>
        RemapSyntax.Find(lines.Split('|').Select(line => $"datafold {line}"));
}
