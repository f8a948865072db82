using CiDiff.Artifacts;
using CiDiff.Configuration;
using CiDiff.Demo;
using CiDiff.Errors;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Tests.Demo;

public sealed class DemoShopTests(DemoShopTests.Shop made) : IClassFixture<DemoShopTests.Shop>
{
    /// <summary>What the pull request does to the data. But for the rounding these are the numbers that dbt's own build on PostgreSQL gave for
    /// the same project and seeds.</summary>
    public static TheoryData<string, string, long, long, string> Changes => new()
    {
        { "best_sellers", "product_id", 85, 85, "" },
        { "channel_sessions", "channel, visit_date", 1113, 1113, "" },
        { "country_names", "code", 8, 9, "region 1" },
        { "customer_scores_v1", "customer_id", 637, 637, "score 113" },
        { "customer_scores_v2", "customer_id", 636, 636, "score 113, is_vip 38" },
        { "dim_countries", "country_code", 8, 9, "region 1" },
        { "dim_customers", "customer_id", 640, 640, "region 71" },
        { "dim_products", "product_id", 85, 85, "" },
        { "finance.fct_daily_revenue", "order_date, channel", 1182, 1182, "net_revenue 122, returned_revenue 122" },
        { "finance.fct_order_items", "order_id, line_number", 6800, 6800, "built_at 6800" },
        { "finance.fct_orders", "order_id", 3200, 3200, "discount_amount 123, net_amount 123, paid_amount 62" },
        { "finance.order_bands", "order_id", 3200, 3200, "band 89" },
        { "int_order_payments", "order_id", 2944, 2944, "paid 62" },
        { "raw_orders", "id", 3200, 3200, "" },
        { "stg_order_items", "order_id, line_number", 6800, 6800, "" },
        { "stg_orders", "order_id", 3200, 3200, "" },
        { "stg_payments", "payment_id", 3447, 3447, "amount 63" },
        { "stg_products", "product_id", 85, 85, "" },
        { "stg_web_sessions", "session_id", 2600, 2600, "" },
        { "target_switch", "channel", 4, 4, "" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_model_has_the_rows_and_the_changes_of_the_story(string model, string key, long baseRows, long headRows, string changed)
    {
        var relations = new Sides<string>("analytics", "dbt_pr_42").Map(schema =>
            model.StartsWith("finance.", StringComparison.Ordinal) ? $"{schema}_finance.{model["finance.".Length..]}" : $"{schema}.{model}");
        var on = string.Join(" and ", key.Split(", ").Select(column => $"b.{column} = h.{column}"));
        var shared = (await made.ColumnAsync($"select column_name from (describe from {relations.Base}) where column_name in (select column_name from (describe from {relations.Head}))"))
            .Cast<string>();

        var differing = new List<string>();
        foreach (var column in shared)
        {
            var count = (long)(await made.ColumnAsync(
                $"select count(*) from {relations.Base} as b join {relations.Head} as h on {on} where b.\"{column}\" is distinct from h.\"{column}\""))[0]!;
            if (count > 0)
            {
                differing.Add($"{column} {count}");
            }
        }

        Assert.Equal([baseRows], await made.ColumnAsync($"select count(*) from {relations.Base}"));
        Assert.Equal([headRows], await made.ColumnAsync($"select count(*) from {relations.Head}"));
        Assert.Equal(changed, string.Join(", ", differing));
    }

    [Fact]
    public async Task The_wrong_join_repeats_customers()
    {
        const string Repeated = "select count(*) from (select customer_id from {0}.customer_contacts group by all having count(*) > 1)";

        Assert.Equal([204L], await made.ColumnAsync("select count(*) from analytics.customer_contacts"));
        Assert.Equal([0L], await made.ColumnAsync(string.Format(null, Repeated, "analytics")));
        Assert.Equal([549L], await made.ColumnAsync("select count(*) from dbt_pr_42.customer_contacts"));
        Assert.Equal([160L], await made.ColumnAsync(string.Format(null, Repeated, "dbt_pr_42")));
    }

    [Fact]
    public async Task The_renamed_column_holds_what_it_held()
    {
        Assert.Equal([0L], await made.ColumnAsync(
            "select count(*) from analytics.dim_products as b join dbt_pr_42.dim_products as h using (product_id) where b.category is distinct from h.product_category"));
    }

    [Fact]
    public async Task The_other_rounding_moves_no_payment_by_a_cent()
    {
        Assert.Equal([63L], await made.ColumnAsync(
            "select count(*) from analytics.stg_payments as b join dbt_pr_42.stg_payments as h using (payment_id) where abs(b.amount - h.amount) between 0.0001 and 0.005"));
    }

    [Theory]
    [InlineData("prod", 30)]
    [InlineData("target", 29)]
    public async Task Every_relation_that_the_manifest_names_is_there(string side, int relations)
    {
        var manifest = ManifestReader.Read(Path.Combine(made.Demo.Folder, side, "manifest.json"), CancellationToken.None);
        var named = manifest.Nodes.Values.Where(node => node.IsEnabled && node.RelationName is not null && node.ResourceType is "model" or "seed" or "snapshot").ToList();

        await using var session = await made.Warehouse.OpenSessionAsync(Shop.Options, default);
        var missing = new List<string>();
        foreach (var node in named)
        {
            var found = await session.FindRelationAsync(new RelationName(node.Database, node.Schema, node.Alias!), default);
            var wanted = node.Materialized == "view" ? RelationKind.View : RelationKind.Table;
            if (found?.Kind != wanted)
            {
                missing.Add($"{node.Id}: {found?.Kind}");
            }
        }

        Assert.Equal(relations, named.Count);
        Assert.Empty(missing);
    }

    [Theory]
    [InlineData("prod", "main")]
    [InlineData("target", "pr")]
    public async Task The_manifests_are_as_dbt_wrote_them(string side, string fixture)
    {
        Assert.Equal(
            Fixture.Text($"storefront_adapters/duckdb/{fixture}/manifest.json"),
            await File.ReadAllTextAsync(Path.Combine(made.Demo.Folder, side, "manifest.json")));
    }

    [Fact]
    public async Task The_configuration_names_everything_that_a_run_needs()
    {
        var config = ConfigReader.Read(
            await File.ReadAllTextAsync(made.Demo.ConfigPath), made.Demo.ConfigPath, CiDiffConfig.Default, new Dictionary<string, string>());

        Assert.Equal($"duckdb:{made.Demo.DatabasePath}", config.Connection.ForSides.Head?.Require().Reveal());
        Assert.Equal(ValuePrivacy.Full, config.Values);
        Assert.Equal(["dim_products", "fct_orders", "customers_history"], config.Models.Select(model => model.Select));
        Assert.Equal(made.Demo.BaseArtifacts, Path.Combine(made.Demo.Folder, "prod"));
        Assert.Equal(made.Demo.HeadArtifacts, Path.Combine(made.Demo.Folder, "target"));
        Assert.Equal(made.Demo.DatabasePath, Path.Combine(made.Demo.Folder, "shop.duckdb"));
    }

    [Fact]
    public async Task A_folder_with_other_files_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "cidiff.yml"), "mine");

        var error = await Assert.ThrowsAsync<UserErrorException>(() => DemoShop.CreateAsync(folder.Path, default));

        Assert.Equal(ErrorCodes.DemoFolder, error.Code);
        Assert.Equal([Path.Combine(folder.Path, "cidiff.yml")], Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task An_earlier_demo_is_made_anew_and_its_reports_stay()
    {
        using var folder = new TemporaryFolder();
        var first = await DemoShop.CreateAsync(folder.Path, default);
        await File.WriteAllTextAsync(first.ConfigPath, "changed");
        await File.WriteAllTextAsync(first.DatabasePath, "broken");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "report.md"), "a report");

        var second = await DemoShop.CreateAsync(folder.Path, default);

        Assert.Contains("version: 1", await File.ReadAllTextAsync(second.ConfigPath), StringComparison.Ordinal);
        Assert.True(new FileInfo(second.DatabasePath).Length > 1_000_000);
        Assert.Equal(
            ["README.md", "cidiff.yml", "prod", "report.md", "shop.duckdb", "target"],
            Directory.EnumerateFileSystemEntries(folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_an_error()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "file"), "");

        var error = await Assert.ThrowsAsync<UserErrorException>(() => DemoShop.CreateAsync(Path.Combine(folder.Path, "file/demo"), default));

        Assert.Equal(ErrorCodes.DemoFolder, error.Code);
    }

    [Fact]
    public async Task Making_it_can_be_cancelled()
    {
        using var folder = new TemporaryFolder();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DemoShop.CreateAsync(folder.Path, new CancellationToken(canceled: true)));

        Assert.False(File.Exists(Path.Combine(folder.Path, "shop.duckdb")));
    }

    /// <summary>One demo for all tests.</summary>
    public sealed class Shop : IAsyncLifetime
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cidiff-test-");
        private IWarehouseSession? _session;

        internal static SessionOptions Options { get; } = new("run-1", "demo", null, null);

        internal DemoShop Demo { get; private set; } = null!;

        internal DuckDbWarehouse Warehouse { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Demo = await DemoShop.CreateAsync(Path.Combine(_folder.FullName, "demo"), default);
            Warehouse = new DuckDbWarehouse(new() { Path = Demo.DatabasePath }, DuckDbFile.Dialect);
            _session = await Warehouse.OpenSessionAsync(Options, default);
        }

        public async Task DisposeAsync()
        {
            await _session!.DisposeAsync();
            await Warehouse.DisposeAsync();
            _folder.Delete(recursive: true);
        }

        /// <summary>The first column of a query.</summary>
        internal async Task<List<object?>> ColumnAsync(string sql)
        {
            var values = new List<object?>();
            await foreach (var row in _session!.QueryAsync(SqlText.FromConfiguration(sql, "a test"), default))
            {
                values.Add(row[0]);
            }

            return values;
        }
    }
}
