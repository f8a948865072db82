using CiDiff.Artifacts;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Artifacts;

public sealed class RunResultsReaderTests
{
    [Fact]
    public void A_slim_build_says_what_it_has_built()
    {
        var results = RunResultsReader.Read(Fixture.PathTo("storefront/pr_slim"), CancellationToken.None)!;

        Assert.Equal(("build", true, true), (results.Command, results.IsDeferred, results.BuildsRelations));
        Assert.Equal(22, results.Results.Values.Count(result => result.IsBuilt && result.Id.ResourceType is "model" or "seed" or "snapshot"));
        Assert.True(results.HasBuilt(new UniqueId("model.storefront.fct_orders")));
        Assert.False(results.HasBuilt(new UniqueId("model.storefront.stg_customers"))); // deferred to production
        Assert.False(results.HasBuilt(new UniqueId("exposure.storefront.revenue_dashboard"))); // no-op
    }

    [Fact]
    public void A_failing_test_says_how_many_rows_it_found()
    {
        var results = RunResultsReader.Read(Fixture.PathTo("storefront/pr/target/manifest.json"), CancellationToken.None)!;

        var failed = Assert.Single(results.Results.Values, result => result.Status == "fail");
        Assert.Equal(("test.storefront.unique_customer_contacts_customer_id.a82c9ddd91", 160L), (failed.Id.Value, failed.Failures));
        Assert.False(failed.IsBuilt);
    }

    [Fact]
    public void There_need_not_be_any() =>
        Assert.Null(RunResultsReader.Read(Fixture.PathTo("storefront_adapters/duckdb/main"), CancellationToken.None));
}
