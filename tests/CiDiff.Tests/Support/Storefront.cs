namespace CiDiff.Tests.Support;

/// <summary>The data of the storefront project: production in <c>analytics</c>, a pull request built whole in <c>dbt_pr_42</c>,
/// and one built slim in <c>dbt_pr_43</c>.</summary>
public static class Storefront
{
    /// <summary>The database's name, as the manifests have it.</summary>
    public const string Database = "shop";

    private static readonly SemaphoreSlim Gate = new(1);
    private static PostgresServer? _loadedInto;

    /// <summary>Loads the data, once per test run.</summary>
    public static async Task LoadAsync(PostgresServer server)
    {
        await Gate.WaitAsync();
        try
        {
            if (_loadedInto == server)
            {
                return;
            }

            await server.CreateDatabaseAsync(Database);
            foreach (var file in new[] { "landing", "main", "pr", "pr_slim" })
            {
                await server.ExecuteFileAsync(Database, Repository.PathTo("tests", "CiDiff.Tests", "Fixtures", "storefront", "data", $"{file}.sql.gz"));
            }

            _loadedInto = server;
        }
        finally
        {
            Gate.Release();
        }
    }
}
