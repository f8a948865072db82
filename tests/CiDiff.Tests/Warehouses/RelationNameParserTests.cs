using CiDiff.Warehouses;
using CiDiff.Warehouses.DuckDb;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Warehouses;

public sealed class RelationNameParserTests
{
    [Theory]
    [InlineData("orders", null, null, "orders")]
    [InlineData("analytics.orders", null, "analytics", "orders")]
    [InlineData("shop.analytics.orders", "shop", "analytics", "orders")]
    [InlineData("Analytics.Orders", null, "analytics", "orders")]
    [InlineData("\"Analytics\".\"Orders\"", null, "Analytics", "Orders")]
    [InlineData("analytics.\"or.de\"\"rs\"", null, "analytics", "or.de\"rs")]
    [InlineData("`p-1`.`d`.`t`", "p-1", "d", "t")]
    [InlineData("[dbo].[t]]x]", null, "dbo", "t]x")]
    [InlineData(" orders ", null, null, "orders")]
    public void A_name_is_read_as_PostgreSQL_reads_it(string text, string? database, string? schema, string name) =>
        Assert.Equal(new RelationName(database, schema, name), RelationNameParser.Parse(text, new PostgresDialect()));

    [Fact]
    public void Where_lookups_ignore_case_it_is_kept() =>
        Assert.Equal(new RelationName(null, "Main", "Orders"), RelationNameParser.Parse("Main.Orders", new DuckDbDialect()));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a.")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("a.b.c.d")]
    [InlineData("\"a")]
    [InlineData("\"\"")]
    [InlineData("\"a\"b")]
    [InlineData("select 1")]
    [InlineData("a;b")]
    [InlineData("(select 1)")]
    public void Anything_else_is_no_name(string text) => Assert.Null(RelationNameParser.Parse(text, new PostgresDialect()));

    [Theory]
    [InlineData("a", "b", "c")]
    [InlineData("A.b", "c\"d", "é ")]
    public void Quoting_then_reading_gives_the_name_back(string database, string schema, string name)
    {
        var relation = new RelationName(database, schema, name);

        Assert.Equal(relation, RelationNameParser.Parse(relation.ToString(), new PostgresDialect()));
    }
}
