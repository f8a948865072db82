using CiDiff.Artifacts;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Artifacts;

public sealed class CatalogReaderTests
{
    [Fact]
    public void Relations_have_their_kind_and_their_columns_in_order()
    {
        var catalog = CatalogReader.Read(Fixture.PathTo("storefront/pr_slim"), CancellationToken.None)!;

        var view = catalog.Relations[new UniqueId("model.storefront.best_sellers")];
        Assert.Equal(("shop", "dbt_pr_43", "best_sellers", "MATERIALIZED VIEW"), (view.Database, view.Schema, view.Name, view.Kind));
        Assert.Equal([new CatalogColumn("product_id", "text"), new CatalogColumn("units", "bigint")], view.Columns);
        Assert.Contains(new UniqueId("source.storefront.landing.web_sessions"), catalog.Relations.Keys);
        Assert.Empty(catalog.Problems);
    }

    [Fact]
    public void The_catalog_beside_a_manifest_is_found()
    {
        var manifest = Fixture.PathTo("storefront/main/target/manifest.json");

        Assert.Equal(Fixture.PathTo("storefront/main/target/catalog.json"), CatalogReader.Read(manifest, CancellationToken.None)!.Source);
        Assert.Null(CatalogReader.Read(Fixture.PathTo("storefront_adapters/duckdb/main"), CancellationToken.None));
    }
}
