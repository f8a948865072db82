using CiDiff.Reports;
using CiDiff.Selection;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Reports;

public sealed class GoldenReportTests
{
    public static TheoryData<string> AllScenarios => [.. Scenarios.All.Keys];

    // run.json of 300 models is too long to read; the schema and the round trip are held for it elsewhere.
    public static TheoryData<string> ReadableScenarios => [.. Scenarios.All.Keys.Where(name => name != "huge")];

    // The summary shows no examples, so it is the same whatever privacy allows.
    public static TheoryData<string> SummaryScenarios => [.. Scenarios.All.Keys.Where(name => !name.StartsWith("rich_", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(AllScenarios))]
    public void The_markdown_report_is_as_agreed(string scenario) =>
        Golden.Matches(ReportBuilder.Render(new MarkdownReport(), Scenarios.All[scenario]()), "Reports", $"{scenario}.md");

    [Theory]
    [MemberData(nameof(ReadableScenarios))]
    public void The_run_file_is_as_agreed(string scenario) =>
        Golden.Matches(ReportBuilder.Render(new JsonReport(), Scenarios.All[scenario]()), "Reports", $"{scenario}.json");

    [Theory]
    [MemberData(nameof(SummaryScenarios))]
    public void The_console_summary_is_as_agreed(string scenario)
    {
        using var text = new StringWriter();

        ConsoleReport.WriteRun(Scenarios.All[scenario](), text, new ConsoleOptions { Width = 160, ReportDirectory = "cidiff-report" });

        Golden.Matches(text.ToString(), "Reports", $"{scenario}.txt");
    }

    [Fact]
    public void The_console_summary_is_as_agreed_in_colour_on_a_narrow_terminal()
    {
        using var text = new StringWriter();

        ConsoleReport.WriteRun(Scenarios.Rich(), text, new ConsoleOptions { Width = 100, Paint = ConsolePaint.Ansi });

        Golden.Matches(text.ToString().Replace("\e", "␛", StringComparison.Ordinal), "Reports", "rich.narrow.txt");
    }

    [Fact]
    public void The_plan_is_as_agreed()
    {
        using var text = new StringWriter();

        ConsoleReport.WritePlan(Scenarios.Plan(), text, new ConsoleOptions());

        Golden.Matches(text.ToString(), "Reports", "plan.txt");
    }

    [Theory]
    [InlineData("fct_orders", ValuePrivacy.None)]
    [InlineData("fct_orders", ValuePrivacy.Keys)]
    [InlineData("fct_orders", ValuePrivacy.Full)]
    [InlineData("customer_contacts", ValuePrivacy.Full)]
    [InlineData("dim_products", ValuePrivacy.Full)]
    [InlineData("page_views", ValuePrivacy.Full)]
    [InlineData("payroll", ValuePrivacy.Full)]
    [InlineData("weekly_orders", ValuePrivacy.Full)]
    [InlineData("stg_orders", ValuePrivacy.Full)]
    public void A_comparison_on_the_console_is_as_agreed(string model, ValuePrivacy privacy)
    {
        using var text = new StringWriter();
        var report = Scenarios.Rich().Models.Single(report => report.Model.Name == model);

        ConsoleReport.WriteCompare(report, privacy, text, new ConsoleOptions { Width = 120 });

        Golden.Matches(text.ToString(), "Reports", $"compare.{model}.{privacy.ToString().ToLowerInvariant()}.txt");
    }

    [Fact]
    public void A_comparison_without_dbt_is_one_object_without_state()
    {
        using var text = new StringWriter();
        var model = Scenarios.Rich().Models.Single(report => report.Model.Name == "fct_orders");
        var anonymous = model with { Model = (SelectedModel)model.Model with { Id = new(""), ResourceType = "", Path = "" } };

        JsonReport.WriteModel(anonymous, ValuePrivacy.None, text);

        Golden.Matches(text.ToString(), "Reports", "compare.json");
    }
}
