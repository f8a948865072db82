using CiDiff.Configuration;

namespace CiDiff.Tests.Configuration;

public sealed class ExpectationTextTests
{
    [Theory]
    [InlineData("cidiff expect changed_rows <= 5% in orders", "changed_rows <= 5%", "orders")]
    [InlineData("cidiff: expect changed_rows<=5%", "changed_rows <= 5%", "*")]
    [InlineData("/cidiff expect added_rows = 12 in fct_*", "added_rows = 12", "fct_*")]
    [InlineData("  CiDiff expect row_count < 1.5 %  in Orders  ", "row_count < 1.5%", "Orders")]
    [InlineData("cidiff expect column.amount.changed == 100%", "column.amount.changed = 100%", "*")]
    [InlineData("cidiff expect null_rate.email >= 1pp in customers\r", "null_rate.email >= 1pp", "customers")]
    [InlineData("cidiff expect removed_columns > 0", "removed_columns > 0", "*")]
    [InlineData("fix: totals\n\ncidiff expect removed_rows <= 3 in orders\n\nSigned-off-by: x", "removed_rows <= 3", "orders")]
    public void A_line_of_a_message_declares_an_expectation(string message, string expectation, string models)
    {
        var (found, notes) = ExpectationText.FindInMessages([message]);

        Assert.Empty(notes);
        var only = Assert.Single(found);
        Assert.Equal(expectation, only.ToString());
        Assert.Equal(models, only.Models);
        Assert.Equal("commit message", only.Origin);
    }

    [Theory]
    [InlineData("cidiff expect changed_row <= 5%", "there is no rule 'changed_row'. Did you mean 'changed_rows'?")]
    [InlineData("cidiff expect changed_rows 5% in orders", "it has to be a rule, one of <= < >= > =, and a value")]
    [InlineData("cidiff expect row_count <= 5", "'row_count' is measured as a percentage, such as 10%")]
    [InlineData("cidiff expect errors <= 1", "'errors' cannot be expected")]
    [InlineData("cidiff expect changed_rows <= lots in orders", "'changed_rows' is measured as a count or a percentage, such as 100 or 10%")]
    public void A_line_that_only_begins_like_one_is_told(string line, string because)
    {
        var (found, notes) = ExpectationText.FindInMessages(["first line\n" + line]);

        Assert.Empty(found);
        Assert.Equal([$"The commit message line '{line}' has no effect: {because}."], notes);
    }

    [Theory]
    [InlineData("we expect changed_rows <= 5%")]
    [InlineData("cidiff expects too much")]
    [InlineData("see: cidiff expect changed_rows <= 5%")]
    [InlineData("")]
    public void Prose_declares_nothing(string message)
    {
        var (found, notes) = ExpectationText.FindInMessages([message]);

        Assert.Empty(found);
        Assert.Empty(notes);
    }

    [Fact]
    public void Expectations_come_in_the_order_in_which_they_were_written() =>
        Assert.Equal(
            ["changed_rows <= 1%", "changed_rows <= 2%", "row_count <= 3%"],
            ExpectationText.FindInMessages(["cidiff expect changed_rows <= 1%\ncidiff expect changed_rows <= 2%", "cidiff expect row_count <= 3%"])
                .Expectations.Select(expectation => expectation.ToString()));

    [Fact(Timeout = 10_000)]
    public async Task A_line_made_to_backtrack_takes_no_time()
    {
        var line = "cidiff expect " + string.Concat(Enumerable.Repeat("a in ", 200_000));

        var (found, _) = await Task.Run(() => ExpectationText.FindInMessages([line]));

        Assert.Empty(found);
    }
}
