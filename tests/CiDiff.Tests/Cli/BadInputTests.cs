using System.Text.Json;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Cli;

/// <summary>What a user gets for wrong input: a code, a hint, exit 2 or a failed model, and a report of what is known.</summary>
[Collection("postgres")]
public sealed class BadInputTests(PostgresServer server)
{
    private static readonly string Main = Fixture.PathTo("storefront/main/target");
    private static readonly string PullRequest = Fixture.PathTo("storefront/pr/target");

    [Theory]
    [InlineData("CID2001", "no-such-folder", null)]
    [InlineData("CID2002", "broken.json", "{\"metadata\": {\"dbt_schema_version\"")]
    [InlineData("CID2002", "broken.json", "this is no JSON")]
    [InlineData("CID2004", "catalog.json", "{\"metadata\": {\"dbt_schema_version\": \"https://schemas.getdbt.com/dbt/catalog/v1.json\"}, \"nodes\": {}, \"sources\": {}}")]
    [InlineData("CID2005", "old.json", "{\"metadata\": {\"dbt_schema_version\": \"https://schemas.getdbt.com/dbt/manifest/v2.json\"}, \"nodes\": {}}")]
    public async Task A_head_that_is_no_usable_manifest_exits_2_and_leaves_a_report(string code, string name, string? content)
    {
        using var folder = new TemporaryFolder();
        if (content is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(folder.Path, name), content);
        }

        var run = await CliRun.InAsync(folder.Path, "run", "--base", Main, "--head", name);

        // A file that stops in the middle is told from one that never was JSON.
        AssertStopped(run, folder, content?.StartsWith("{\"metadata\": {\"dbt_schema_version\"", StringComparison.Ordinal) == true && code == "CID2002" ? "CID2003" : code);
    }

    [Fact]
    public async Task Manifests_of_two_projects_exit_2()
    {
        using var folder = new TemporaryFolder();
        var other = File.ReadAllText(Path.Combine(Main, "manifest.json")).Replace("\"project_name\":\"storefront\"", "\"project_name\":\"other\"", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "manifest.json"), other);

        var run = await CliRun.InAsync(folder.Path, "run", "--base", folder.Path, "--head", PullRequest);

        AssertStopped(run, folder, "CID2007");
        Assert.Contains("other", run.Error, StringComparison.Ordinal);
        Assert.Contains("storefront", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_typo_in_the_configuration_names_line_and_nearest_key()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "cidiff.yml"), "version: 1\ncompre: {samples: 3}\n");

        var run = await CliRun.InAsync(folder.Path, "run", "--base", Main, "--head", PullRequest);

        AssertStopped(run, folder, "CID1302");
        Assert.Contains("line 2", run.Error, StringComparison.Ordinal);
        Assert.Contains("compare", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_server_is_told_once_and_exits_2()
    {
        using var folder = new TemporaryFolder();

        var run = await CliRun.InAsync(
            folder.Path, "run", "--base", Main, "--head", PullRequest, "--url", "postgresql://reader:hush@127.0.0.1:1/shop?retries=0");

        var report = AssertStopped(run, folder, "CID4001");
        Assert.Single(run.Error.Split('\n'), line => line.Contains("error CID", StringComparison.Ordinal));
        Assert.DoesNotContain("hush", run.Error + run.Output + report, StringComparison.Ordinal);
        Assert.Contains("\"fct_orders\"", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_adapter_that_is_not_there_yet_exits_2_and_names_those_that_are()
    {
        using var folder = new TemporaryFolder();

        var run = await CliRun.InAsync(folder.Path, "run", "--base", Main, "--head", PullRequest, "--url", "snowflake://account/shop");

        AssertStopped(run, folder, "CID4007");
        Assert.Contains("duckdb", run.Error, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_pull_request_built_into_productions_schemas_is_told_in_one_sentence()
    {
        await Storefront.LoadAsync(server);
        using var folder = new TemporaryFolder();
        var changed = File.ReadAllText(Path.Combine(Main, "manifest.json")).Replace("\"raw_code\":\"select", "\"raw_code\":\"select distinct", StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "manifest.json"), changed.Replace("\"invocation_id\":\"", "\"invocation_id\":\"0", StringComparison.Ordinal));

        var run = await CliRun.InAsync(folder.Path, "run", "--base", Main, "--head", folder.Path, "--url", server.Url(Storefront.Database));
        var one = await CliRun.InAsync(
            folder.Path, "run", "--base", Main, "--head", folder.Path, "--url", server.Url(Storefront.Database), "--select", "fct_orders", "--report-dir", "one");

        AssertStopped(run, folder, "CID5003");
        Assert.Single(run.Error.Split('\n'), line => line.Contains("error CID", StringComparison.Ordinal));
        Assert.Equal(1, one.ExitCode);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.Path, "one", "run.json")));
        var failed = Models(report).Single(model => model.GetProperty("selected").GetBoolean());
        Assert.Equal("CID5003", failed.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task One_manifest_for_both_sides_exits_2()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "copy"));
        File.Copy(Path.Combine(Main, "manifest.json"), Path.Combine(folder.Path, "copy", "manifest.json"));

        var same = await CliRun.InAsync(folder.Path, "run", "--base", Main, "--head", Main);
        AssertStopped(same, folder, "CID2009");
        var copied = await CliRun.InAsync(folder.Path, "run", "--base", Main, "--head", "copy");
        AssertStopped(copied, folder, "CID2009");
    }

    [Fact]
    public async Task A_selector_that_names_nothing_exits_2()
    {
        using var folder = new TemporaryFolder();

        var run = await CliRun.InAsync(folder.Path, "run", "--base", Main, "--head", PullRequest, "--select", "fct_ordres");

        AssertStopped(run, folder, "CID3006");
        Assert.Contains("fct_ordres", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_of_another_adapter_is_told_once()
    {
        using var folder = new TemporaryFolder();

        var run = await CliRun.InAsync(folder.Path, "run", "--base", Main, "--head", PullRequest, "--url", "duckdb:shop.duckdb");

        AssertStopped(run, folder, "CID4011");
        Assert.Single(run.Error.Split('\n'), line => line.Contains("error CID", StringComparison.Ordinal));
    }

    [Fact]
    public async Task More_models_than_allowed_are_not_compared_and_that_is_no_pass()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "cidiff.yml"), "version: 1\ntriggers: {max_diffs: 3}\n");

        var run = await CliRun.InAsync(folder.Path, "run", "--base", Main, "--head", PullRequest);

        Assert.Equal(0, run.ExitCode);
        using var report = ReadReport(folder);
        Assert.Equal("skipped", report.RootElement.GetProperty("verdict").GetString());
        Assert.Contains("--force", report.RootElement.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_model_that_was_not_built_warns_and_if_none_was_the_run_stops()
    {
        var empty = await server.CreateDatabaseAsync();
        using var folder = new TemporaryFolder();
        var manifest = File.ReadAllText(Path.Combine(PullRequest, "manifest.json"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "base"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "head"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "head", "manifest.json"), InDatabase(manifest, empty));
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "base", "manifest.json"), InDatabase(File.ReadAllText(Path.Combine(Main, "manifest.json")), empty));

        var none = await CliRun.InAsync(folder.Path, "run", "--base", "base", "--head", "head", "--url", server.Url(empty));
        AssertStopped(none, folder, "CID5006");
        var run = await CliRun.InAsync(folder.Path, "run", "--base", "base", "--head", "head", "--url", server.Url(empty), "--select", "fct_orders");

        Assert.Equal(0, run.ExitCode);
        using var report = ReadReport(folder);
        Assert.Equal("warn", report.RootElement.GetProperty("verdict").GetString());
        Assert.Contains(report.RootElement.GetProperty("rules").EnumerateArray(), rule => rule.GetProperty("rule").GetString() == "not_built");
    }

    [PostgresFact]
    public async Task A_table_without_rights_fails_alone()
    {
        await Storefront.LoadAsync(server);
        using var folder = new TemporaryFolder();
        var role = $"reader_{Guid.NewGuid():N}";
        await server.ExecuteScriptAsync(
            Storefront.Database,
            $"""
            create role {role} login password 'hush';
            grant usage on schema analytics, analytics_finance, dbt_pr_42, dbt_pr_42_finance to {role};
            grant select on all tables in schema analytics, analytics_finance, dbt_pr_42, dbt_pr_42_finance to {role};
            revoke select on dbt_pr_42.dim_customers from {role};
            """);
        var url = new UriBuilder(server.Url(Storefront.Database)) { UserName = role, Password = "hush" }.Uri.ToString();

        var run = await CliRun.InAsync(folder.Path, "run", "--base", Main, "--head", PullRequest, "--url", url);
        await server.ExecuteScriptAsync(Storefront.Database, $"drop owned by {role}; drop role {role};");

        Assert.Equal(1, run.ExitCode);
        using var report = ReadReport(folder);
        var failed = Models(report).Where(model => model.GetProperty("outcome").GetString() == "failed").ToList();
        Assert.Equal(("dim_customers", "CID4003"), (
            Assert.Single(failed).GetProperty("name").GetString(), failed[0].GetProperty("error").GetProperty("code").GetString()));
        Assert.DoesNotContain("hush", run.Error + run.Output + report.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    [PostgresTheory]
    [InlineData("CID5001", "--key", "no_such_column")]
    [InlineData("CID5002", "--where", "order_id >")]
    [InlineData("CID5002", "--where", "true); drop table x; --")]
    [InlineData("CID4002", "--key", "order_id", "analytics_finance.no_such_table")]
    [InlineData("CID5003", "--key", "order_id", "analytics_finance.fct_orders")]
    public async Task A_comparison_that_cannot_be_made_says_which_part_is_wrong(string code, params string[] arguments)
    {
        await Storefront.LoadAsync(server);
        using var folder = new TemporaryFolder();
        var head = arguments.Length > 2 ? arguments[2] : "dbt_pr_42_finance.fct_orders";

        var run = await CliRun.InAsync(
            folder.Path, ["compare", "analytics_finance.fct_orders", head, .. arguments[..2], "--url", server.Url(Storefront.Database)]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"cidiff : error {code}: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("\n  hint: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at CiDiff.", run.Error, StringComparison.Ordinal);
    }

    private static string InDatabase(string manifest, string database) => manifest
        .Replace("\"database\":\"shop\"", $"\"database\":\"{database}\"", StringComparison.Ordinal)
        .Replace("\\\"shop\\\".", $"\\\"{database}\\\".", StringComparison.Ordinal);

    private static string AssertStopped(CliRun run, TemporaryFolder folder, string code)
    {
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"cidiff : error {code}: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("\n  hint: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at CiDiff.", run.Error, StringComparison.Ordinal);
        using var report = ReadReport(folder);
        Assert.Equal("error", report.RootElement.GetProperty("verdict").GetString());
        Assert.Contains(code, report.RootElement.GetRawText(), StringComparison.Ordinal);
        return report.RootElement.GetRawText();
    }

    private static JsonDocument ReadReport(TemporaryFolder folder) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.Path, "cidiff-report", "run.json")));

    private static IEnumerable<JsonElement> Models(JsonDocument report) => report.RootElement.GetProperty("models").EnumerateArray();
}
