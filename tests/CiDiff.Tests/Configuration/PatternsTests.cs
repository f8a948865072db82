using CiDiff.Configuration;

namespace CiDiff.Tests.Configuration;

public sealed class PatternsTests
{
    // The example of datafold.com, in the meaning its users rely on.
    private static readonly string[] OnlyDbtWithoutItsReadme = ["*", "!dbt/*", "dbt/*.md"];

    [Theory]
    [InlineData("README.md", true)]
    [InlineData("src/app.py", true)]
    [InlineData("dbt/a.sql", false)]
    [InlineData("dbt/models/a.sql", false)]
    [InlineData("dbt/README.md", true)]
    [InlineData("dbt/models/README.md", false)]
    public void A_file_is_taken_back_although_its_folder_is_ignored(string path, bool isIgnored) =>
        Assert.Equal(isIgnored, IgnorePatterns.ForFiles(OnlyDbtWithoutItsReadme).Ignores(path));

    [Theory]
    [InlineData("*.md", "README.md", true)]
    [InlineData("*.md", "docs/deep/a.md", true)]
    [InlineData("*.md", "a.mdx", false)]
    [InlineData("/*.md", "docs/a.md", false)]
    [InlineData("/*.md", "a.md", true)]
    [InlineData("docs", "docs/a/b.txt", true)]
    [InlineData("docs", "other/docs/b.txt", true)]
    [InlineData("docs/", "docs/b.txt", true)]
    [InlineData("docs/", "docs", false)]
    [InlineData("a/b", "x/a/b", false)]
    [InlineData("**/b", "x/a/b", true)]
    [InlineData("**/b", "b", true)]
    [InlineData("a/**/b", "a/b", true)]
    [InlineData("a/**/b", "a/x/y/b", true)]
    [InlineData("a/**/b", "ab", false)]
    [InlineData("a/**", "a/x/y", true)]
    [InlineData("a/**", "b/a/x", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("a*c", "a/c", false)]
    [InlineData("[ab].sql", "b.sql", true)]
    [InlineData("[!ab].sql", "b.sql", false)]
    [InlineData("[!ab].sql", "c.sql", true)]
    [InlineData("[^ab].sql", "c.sql", true)]
    [InlineData("[a-c].sql", "b.sql", true)]
    [InlineData("[c-a].sql", "b.sql", false)]
    [InlineData("[]].sql", "].sql", true)]
    [InlineData("[.sql", "[.sql", true)]
    [InlineData(@"\*.sql", "*.sql", true)]
    [InlineData(@"\*.sql", "a.sql", false)]
    [InlineData(@"\!important", "!important", true)]
    [InlineData(@"\#1", "#1", true)]
    [InlineData("# comment", "# comment", false)]
    [InlineData("trailing  ", "trailing", true)]
    [InlineData(@"kept\ ", "kept ", true)]
    [InlineData("A.sql", "a.sql", false)]
    [InlineData("a.sql", "axsql", false)]
    [InlineData("a.sql", "a.sql\n", false)]
    public void A_file_pattern_matches_as_in_gitignore(string pattern, string path, bool isIgnored) =>
        Assert.Equal(isIgnored, IgnorePatterns.ForFiles([pattern]).Ignores(path));

    [Fact]
    public void Several_lines_in_one_text_are_several_patterns_and_windows_line_ends_do_not_count() =>
        Assert.True(IgnorePatterns.ForFiles(["!x\r\n*.md\r\n"]).Ignores("docs/a.md"));

    [Theory]
    [InlineData("_loaded_at", true)]
    [InlineData("_LOADED_AT", true)]
    [InlineData("_id", false)]
    [InlineData("amount", false)]
    [InlineData("tmp/x", true)]
    [InlineData("raw_tmp/x", false)]
    public void Column_patterns_ignore_case_and_the_last_match_decides(string column, bool isIgnored) =>
        Assert.Equal(isIgnored, IgnorePatterns.ForColumns(["_*", "!_ID", "# _id", "", "tmp*"]).Ignores(column));

    [Theory]
    [InlineData("orders", "ORDERS", true)]
    [InlineData("VIEW_*", "view_orders", true)]
    [InlineData("fct_?", "fct_1", true)]
    [InlineData("fct_[!1]", "fct_1", false)]
    [InlineData("orders", "orders_daily", false)]
    [InlineData("*.orders", "shop.orders", true)]
    [InlineData("a.b", "axb", false)]
    public void A_model_pattern_is_a_shell_pattern_that_ignores_case(string pattern, string name, bool isMatch) =>
        Assert.Equal(isMatch, Glob.IsMatch(pattern, name));

    [Fact(Timeout = 10_000)]
    public async Task A_pattern_made_to_backtrack_takes_no_time()
    {
        var name = new string('a', 5_000);

        var isMatch = await Task.Run(() => Glob.IsMatch(string.Concat(Enumerable.Repeat("*a", 60)) + "b", name));

        Assert.False(isMatch);
    }
}
