using CiDiff.Cli.Options;
using CiDiff.Cli.Output;
using CiDiff.Git;

namespace CiDiff.Tests.Cli;

public sealed class PlainStoryTests
{
    [Fact]
    public async Task A_query_is_told_whole_but_for_lines_that_nobody_reads()
    {
        await using var writer = new StringWriter();
        await using var story = new PlainStory(writer, Verbosity.Debug, CiHost.Local, TimeProvider.System);

        story.Report(new RunEvent.QueryStarted("orders", $"select 1\nfrom t where a in ('{new string('x', 12_000)}')\n/* the end */"));

        var lines = writer.ToString().Split(Environment.NewLine);
        Assert.Equal(["  query for orders:", "    | select 1", "    | /* the end */"], [lines[0], lines[1], lines[3]]);
        Assert.StartsWith("    | from t where a in ('xxx", lines[2], StringComparison.Ordinal);
        Assert.Contains("xxx … 2022 characters left out … xxx", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("xxx')", lines[2], StringComparison.Ordinal);
    }
}
