using CiDiff.Tests.Support;

namespace CiDiff.Tests.Cli;

public sealed class LsCommandTests
{
    private static readonly string Storefront = Fixture.PathTo("storefront");

    [Theory]
    [InlineData("name", "customer_scores.v2\n")]
    [InlineData("selector", "storefront.marts.growth.customer_scores.v2\n")]
    [InlineData("path", "models/marts/growth/customer_scores_v2.sql\n")]
    [InlineData("unique_id", "model.storefront.customer_scores.v2\n")]
    public async Task A_resource_is_written_in_the_asked_format(string format, string expected)
    {
        var run = await ListAsync("--select", "customer_scores.v2", "--resource-type", "model", "--output", format);

        Assert.Equal((0, expected, ""), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task Json_has_dbts_keys_in_dbts_order()
    {
        var run = await ListAsync("--select", "source:landing.fx_rates", "--indirect-selection", "empty", "--output", "json");

        Assert.StartsWith(
            """
            {"name": "fx_rates", "resource_type": "source", "package_name": "storefront", "original_file_path": "models/staging/sources.yml", "unique_id": "source.storefront.landing.fx_rates", "source_name": "landing", "tags": [], "config": {"enabled": true,
            """,
            run.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_operator_in_front_is_not_taken_for_a_file()
    {
        var run = await ListAsync("--select", "@fct_orders", "--exclude", "@fct_refunds", "--resource-type", "exposure", "--output", "name");

        Assert.Equal((0, "crm_sync\nrevenue_dashboard\n", ""), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task Several_words_are_one_selector()
    {
        var run = await ListAsync("--select", "fct_orders,state:modified", "weekly_orders", "--resource-type", "model", "--output", "name");

        Assert.Equal("fct_orders\nweekly_orders\n", run.Output);
    }

    [Fact]
    public async Task A_selector_that_names_nothing_is_a_warning()
    {
        var run = await ListAsync("--select", "no_such_model");

        Assert.Equal((0, ""), (run.ExitCode, run.Output));
        Assert.Contains("The selector 'no_such_model' does not match any enabled resource.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_selector_is_an_error()
    {
        var run = await ListAsync("--select", "statee:modified");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("CID3002", run.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'state'?", run.Error, StringComparison.Ordinal);
    }

    private static Task<CliRun> ListAsync(params string[] arguments) =>
        CliRun.InAsync(Storefront, ["ls", "--base", "main", "--head", "pr", .. arguments]);
}
