using System.Globalization;
using CiDiff.Reports;

namespace CiDiff.Tests.Reports;

public sealed class DeterminismTests
{
    public static TheoryData<string> ScenarioNames => [.. Scenarios.All.Keys];

    [Theory]
    [MemberData(nameof(ScenarioNames))]
    public void The_same_report_gives_the_same_text_whatever_the_culture(string scenario)
    {
        var expected = WriteAll(Scenarios.All[scenario]());

        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = GermanLike();

            Assert.Equal(expected, WriteAll(Scenarios.All[scenario]()));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [MemberData(nameof(ScenarioNames))]
    public void The_order_in_which_models_and_files_arrive_does_not_matter(string scenario)
    {
        var report = Scenarios.All[scenario]();
        var shuffled = report with
        {
            Models = [.. report.Models.Reverse()],
            Files = report.Files.Reverse().ToDictionary(StringComparer.Ordinal),
        };

        Assert.Equal(WriteAll(report), WriteAll(shuffled));
    }

    [Theory]
    [MemberData(nameof(ScenarioNames))]
    public void Every_line_ends_in_a_line_feed(string scenario)
    {
        foreach (var text in WriteAll(Scenarios.All[scenario]()))
        {
            Assert.DoesNotContain('\r', text);
            Assert.EndsWith("\n", text, StringComparison.Ordinal);
            Assert.False(text.EndsWith("\n\n", StringComparison.Ordinal));
        }
    }

    private static string[] WriteAll(RunReport report)
    {
        // A writer that used the platform's line ending would show here.
        using var run = new StringWriter { NewLine = "\r\n" };
        ConsoleReport.WriteRun(report, run, new ConsoleOptions { ReportDirectory = "cidiff-report" });
        using var plan = new StringWriter { NewLine = "\r\n" };
        ConsoleReport.WritePlan(report, plan, new ConsoleOptions());
        return [ReportBuilder.Render(new MarkdownReport(), report), ReportBuilder.Render(new JsonReport(), report), run.ToString(), plan.ToString()];
    }

    // The tests run without culture data, as the tool does; this has what differs in German.
    private static CultureInfo GermanLike()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "−";
        culture.DateTimeFormat.DateSeparator = ".";
        culture.DateTimeFormat.TimeSeparator = ".";
        return culture;
    }
}
