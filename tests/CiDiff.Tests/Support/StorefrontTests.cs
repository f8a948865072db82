namespace CiDiff.Tests.Support;

[Collection("postgres")]
public sealed class StorefrontTests(PostgresServer server)
{
    [PostgresTheory]
    [InlineData("select count(*) from landing.web_sessions", "2600")]
    [InlineData("select count(*) from analytics.customer_contacts", "204")]
    [InlineData("select count(*) from dbt_pr_42.customer_contacts", "549")]
    [InlineData("select count(*) from dbt_pr_43.customer_contacts", "549")]
    public async Task All_four_dumps_are_loaded(string query, string expected)
    {
        await Storefront.LoadAsync(server);

        Assert.Equal(expected, await server.ExecuteScriptAsync(Storefront.Database, query));
    }
}
