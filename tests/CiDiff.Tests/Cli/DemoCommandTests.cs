using System.Text.Json;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Cli;

public sealed class DemoCommandTests
{
    [Fact]
    public async Task The_demo_fails_for_the_wrong_join_and_leaves_its_reports()
    {
        using var folder = new TemporaryFolder();

        var run = await CliRun.InAsync(folder.Path, "demo", "shop", "--output", "json");

        Assert.Equal(1, run.ExitCode);
        using var report = JsonDocument.Parse(run.Output);
        Assert.Equal("fail", report.RootElement.GetProperty("verdict").GetString());
        var models = report.RootElement.GetProperty("models").EnumerateArray().ToDictionary(model => model.GetProperty("name").GetString()!, StringComparer.Ordinal);
        Assert.Equal(160, models["customer_contacts"].GetProperty("keys").GetProperty("head").GetProperty("duplicate").GetInt64());
        Assert.Equal("category", models["dim_products"].GetProperty("schema").GetProperty("renamed")[0].GetProperty("base").GetString());
        Assert.Equal("skipped", models["stg_orders"].GetProperty("outcome").GetString());
        Assert.True(models["stg_payments"].GetProperty("rows").GetProperty("changed").GetInt64() > 0);
        Assert.True(File.Exists(Path.Combine(folder.Path, "shop", "cidiff-report", "report.md")));
    }

    [Fact]
    public async Task A_run_in_the_demos_folder_needs_no_options_and_says_the_same()
    {
        using var folder = new TemporaryFolder();
        var demo = await CliRun.InAsync(folder.Path, "demo", "shop");

        var run = await CliRun.InAsync(Path.Combine(folder.Path, "shop"), "run");
        var plan = await CliRun.InAsync(Path.Combine(folder.Path, "shop"), "plan");
        var rendered = await CliRun.InAsync(Path.Combine(folder.Path, "shop"), "report", "--format", "markdown");

        Assert.Equal(demo.ExitCode, run.ExitCode);
        Assert.Equal(demo.Output.Replace("shop/cidiff-report", "cidiff-report", StringComparison.Ordinal), run.Output);
        Assert.Equal(0, plan.ExitCode);
        Assert.Contains("fct_orders", plan.Output, StringComparison.Ordinal);
        Assert.Contains("\"dim_products\", about 85 rows", plan.Output, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder.Path, "shop", "cidiff-report", "report.md")), rendered.Output);
    }

    [Fact]
    public async Task Two_schemas_of_the_demo_can_be_compared_by_hand()
    {
        using var folder = new TemporaryFolder();
        await CliRun.InAsync(folder.Path, "demo", "shop");

        var same = await CliRun.InAsync(
            folder.Path, "compare", "analytics.stg_order_items", "dbt_pr_42.stg_order_items", "--key", "order_id,line_number", "--url", "duckdb:shop/shop.duckdb");
        var other = await CliRun.InAsync(
            folder.Path, "compare", "(select * from analytics.country_names)", "(select * from dbt_pr_42.country_names)", "--key", "code", "--url",
            "duckdb:shop/shop.duckdb", "--output", "json");

        Assert.Equal((0, ""), (same.ExitCode, string.Concat(same.Error.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal)))));
        Assert.Equal(1, other.ExitCode);
        using var model = JsonDocument.Parse(other.Output);
        Assert.Equal(1, model.RootElement.GetProperty("rows").GetProperty("added").GetInt64());
        Assert.Equal(1, model.RootElement.GetProperty("rows").GetProperty("changed").GetInt64());
    }
}
