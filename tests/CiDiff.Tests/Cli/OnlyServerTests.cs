namespace CiDiff.Tests.Cli;

/// <summary>To which server <c>compare</c> connects before its command line is read.</summary>
public sealed class OnlyServerTests
{
    [Theory]
    [InlineData("compare a b --url postgres://h/d", "postgres://h/d")]
    [InlineData("compare --url=postgresql://u:p=w@h/d a b", "postgresql://u:p=w@h/d")]
    [InlineData("compare a b --base-url postgres://h/d --head-url postgres://h/d", "postgres://h/d")]
    [InlineData("compare a b --base-url postgres://h/d --head-url duckdb:shop.duckdb", "postgres://h/d")]
    [InlineData("compare a b --base-url duckdb:shop.duckdb --url postgres://h/d", "postgres://h/d")]
    [InlineData("compare a b --base-url postgres://h/d", "postgres://h/d")]
    [InlineData("compare a b --base-url postgres://h/d?schema=x --head-url postgres://h/d", null)]
    [InlineData("compare a b --url postgres://h/x --base-url duckdb:a --head-url duckdb:b", null)]
    [InlineData("compare a b --where postgres://h/d", null)]
    [InlineData("compare postgres_orders postgres://h/d", null)]
    [InlineData("compare a b --url", null)]
    [InlineData("run --base-url postgres://h/d", null)]
    [InlineData("", null)]
    public void Only_one_that_is_needed(string line, string? url) =>
        Assert.Equal(url, Program.OnlyServer(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
}
