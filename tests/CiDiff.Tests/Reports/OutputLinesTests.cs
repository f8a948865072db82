using System.Text.RegularExpressions;
using CiDiff.Reports;

namespace CiDiff.Tests.Reports;

/// <summary><c>cidiff report --format outputs</c>.</summary>
public sealed class OutputLinesTests
{
    [Theory]
    [InlineData("rich", "verdict=fail")]
    [InlineData("identical", "verdict=pass")]
    [InlineData("error", "verdict=error")]
    [InlineData("skipped", "verdict=skipped")]
    public void The_first_line_is_the_verdict_and_the_rest_are_counts(string scenario, string first)
    {
        var lines = Render(Scenarios.All[scenario]()).Split('\n');

        Assert.Equal(first, lines[0]);
        Assert.Equal(["selected", "compared", "different", "failed", ""], lines[1..].Select(line => line.Split('=')[0]));
        Assert.All(lines[1..^1], line => Assert.Matches(@"^\w+=\d+$", line));
    }

    [Fact]
    public void Compared_models_are_different_or_identical_and_failed_ones_neither()
    {
        var rich = Values(Scenarios.Rich());
        var identical = Values(Scenarios.AllIdentical());

        Assert.True(rich["different"] > 0 && rich["different"] <= rich["compared"]);
        Assert.True(rich["compared"] + rich["failed"] <= rich["selected"]);
        Assert.True(rich["failed"] > 0);
        Assert.Equal((0, 0), (identical["different"], identical["failed"]));
        Assert.True(identical["compared"] > 0);
    }

    [Fact]
    public void Nothing_that_somebody_wrote_is_in_it()
    {
        foreach (var text in NastyTexts.All)
        {
            Assert.Matches(new Regex(@"\A(\w+=\w+\n)+\z"), Render(HostileReportTests.Report(text)));
        }
    }

    private static Dictionary<string, int> Values(RunReport report) => Render(report)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Skip(1)
        .ToDictionary(line => line.Split('=')[0], line => int.Parse(line.Split('=')[1], System.Globalization.CultureInfo.InvariantCulture));

    private static string Render(RunReport report)
    {
        using var writer = new StringWriter();
        OutputLines.Write(report, writer);
        return writer.ToString();
    }
}
