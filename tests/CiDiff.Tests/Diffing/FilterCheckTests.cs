using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Errors;

namespace CiDiff.Tests.Diffing;

public sealed class FilterCheckTests
{
    [Theory]
    [InlineData("a = 1")]
    [InlineData("a = ';'")]
    [InlineData("a = 'it''s; (' and b = 1")]
    [InlineData("a = E'it\\'s; (' and b = 1")]
    [InlineData("note = 'C:\\' and b = 1")]
    [InlineData("date = 'x\\' or b = ')'")]
    [InlineData("\"od\"\"d;(\" = 1")]
    [InlineData("`a;` = 1")]
    [InlineData("(a = 1) or (b = 2)")]
    [InlineData("a = 1 -- ; ) only a comment")]
    [InlineData("a = 1 -- ;\n and b = 2")]
    [InlineData("a /* ; ( */ = 1")]
    [InlineData("a = $$it's; ($$")]
    [InlineData("a = $x$it's $$ ; ($x$")]
    [InlineData("a$b = 1 and c$d = 2")]
    [InlineData("a in (select max(b) from t where c = '(')")]
    [InlineData("a - -1 > 0")]
    [InlineData("a / 2 * 3 > 0")]
    public void One_expression_is_taken(string filter) =>
        Assert.Equal(filter, FilterCheck.Read(new ConfiguredSql(filter, "a test")).Text);

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("  \n", "it is empty")]
    [InlineData("a = 1;", "it has a semicolon at position 6")]
    [InlineData("a = 1; drop table x", "it has a semicolon at position 6")]
    [InlineData("true) or (true", "the bracket at position 5 closes nothing")]
    [InlineData("(a = 1", "a bracket is not closed")]
    [InlineData("a = 'x", "the quote at position 5 does not end")]
    [InlineData("a = E'x\\'", "the quote at position 6 does not end")]
    [InlineData("\"a = 1", "the quote at position 1 does not end")]
    [InlineData("a = $x$ $$", "the quote at position 5 does not end")]
    [InlineData("a = 1 /* ", "the comment at position 7 does not end, or holds another one")]
    [InlineData("a = 1 /* /* */ ) -- */", "the comment at position 7 does not end, or holds another one")]
    [InlineData("a = '\\'; drop table x; --'", "it has a semicolon at position 8")]
    [InlineData("datE'\\'; drop table x; --'", "it has a semicolon at position 8")]
    public void Anything_else_is_refused(string filter, string problem)
    {
        var error = Assert.Throws<UserErrorException>(() => FilterCheck.Read(new ConfiguredSql(filter, "cidiff.yml, line 3")));

        Assert.Equal(ErrorCodes.InvalidFilter, error.Code);
        Assert.Equal($"The filter in cidiff.yml, line 3 is not one SQL expression: {problem}.", error.Message);
    }
}
