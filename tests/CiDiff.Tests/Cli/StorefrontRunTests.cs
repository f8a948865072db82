using System.Text.Json;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Cli;

/// <summary>The main job on a project that real dbt built in PostgreSQL, against numbers that plain SQL joins gave.</summary>
[Collection("postgres")]
public sealed class StorefrontRunTests(PostgresServer server)
{
    [PostgresTheory]
    [InlineData("pr", false)]
    [InlineData("pr", true)]
    [InlineData("pr_slim", false)]
    public async Task A_run_gives_exactly_the_numbers_that_plain_joins_give(string pullRequest, bool everythingDownstream)
    {
        await Storefront.LoadAsync(server);
        using var folder = new TemporaryFolder();
        string[] arguments =
        [
            "run", "--base", Fixture.PathTo("storefront/main/target"), "--head", Fixture.PathTo($"storefront/{pullRequest}/target"),
            "--url", server.Url(Storefront.Database), "--output", "json", .. everythingDownstream ? ["--no-slim"] : Array.Empty<string>(),
        ];

        var run = await CliRun.InAsync(folder.Path, arguments);

        // customer_contacts has duplicate keys in head, which is what this pull request is to be stopped for.
        Assert.Equal((1, ""), (run.ExitCode, Errors(run)));
        using var report = JsonDocument.Parse(run.Output);
        using var expected = JsonDocument.Parse(Fixture.Text("storefront/expected.json"));
        var compared = 0;
        foreach (var model in report.RootElement.GetProperty("models").EnumerateArray().Where(model => model.GetProperty("selected").GetBoolean()))
        {
            var name = model.GetProperty("unique_id").GetString()!.Split('.', 3)[2].Replace(".v", "_v", StringComparison.Ordinal);
            var wanted = expected.RootElement.GetProperty("models").GetProperty(name);
            switch (wanted.GetProperty("status").GetString())
            {
                case "added":
                    Assert.Equal((name, "not_compared"), (name, model.GetProperty("outcome").GetString()));
                    Assert.Equal(wanted.GetProperty("rows")[1].GetInt64(), model.GetProperty("rows").GetProperty("head").GetInt64());
                    break;
                case "removed":
                    Assert.Equal((name, "not_compared"), (name, model.GetProperty("outcome").GetString()));
                    break;
                default:
                    Assert.Equal(Facts(name, wanted), Facts(name, model, wanted));
                    compared++;
                    break;
            }
        }

        Assert.Equal(everythingDownstream ? 20 : 15, compared);
    }

    [PostgresFact]
    public async Task One_error_of_all_models_is_told_once_and_is_no_verdict()
    {
        using var folder = new TemporaryFolder();
        var database = await server.CreateDatabaseAsync();

        var run = await CliRun.InAsync(
            folder.Path,
            ["run", "--base", Fixture.PathTo("storefront/main/target"), "--head", Fixture.PathTo("storefront/pr/target"), "--url", server.Url(database), "--output", "json"]);

        Assert.Equal(2, run.ExitCode);
        using var report = JsonDocument.Parse(run.Output);
        Assert.Equal("error", report.RootElement.GetProperty("verdict").GetString());
        Assert.Contains("selected models could be compared", run.Error, StringComparison.Ordinal);
        Assert.True(report.RootElement.GetProperty("models").GetArrayLength() > 1);
    }

    [PostgresFact]
    public async Task A_run_of_samples_estimates_and_calls_nothing_identical_of_which_a_sample_was_read()
    {
        await Storefront.LoadAsync(server);
        using var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["CIDIFF_COMPARE_SAMPLING"] = "{share: 50%, threshold: 0, key_errors: 100%}" };

        var run = await CliRun.WithAsync(
            folder.Path,
            environment,
            "run", "--base", Fixture.PathTo("storefront/main/target"), "--head", Fixture.PathTo("storefront/pr/target"), "--url", server.Url(Storefront.Database), "--output", "json");

        using var report = JsonDocument.Parse(run.Output);
        Assert.Empty(JsonSchema.Load("schemas", "run.schema.json").Errors(report.RootElement));
        var sampled = report.RootElement.GetProperty("models").EnumerateArray().Where(model => model.GetProperty("sampled").ValueKind == JsonValueKind.Object).ToList();
        Assert.True(sampled.Count >= 10, $"{sampled.Count} models");
        Assert.All(sampled, model => Assert.NotEqual("identical", model.GetProperty("status").GetString()));
        Assert.Contains(sampled, model => model.GetProperty("status").ValueKind == JsonValueKind.Null);
        Assert.Contains(
            report.RootElement.GetProperty("rules").EnumerateArray(),
            rule => rule.GetProperty("note").GetString()?.Contains("estimated from a sample of", StringComparison.Ordinal) == true);
        Assert.Contains("no difference in a sample of", File.ReadAllText(Path.Combine(folder.Path, "cidiff-report", "report.md")), StringComparison.Ordinal);
    }

    private static string Errors(CliRun run) =>
        string.Join('\n', run.Error.Split('\n').Where(line => line.Contains("error CID", StringComparison.Ordinal)));

    // Rows, keys, changed columns, columns in and out, and types, one line each.
    private static string Facts(string name, JsonElement expected)
    {
        var changed = expected.TryGetProperty("changed_by_column", out var columns)
            ? columns.EnumerateObject().Where(column => column.Value.GetInt64() > 0).ToDictionary(column => column.Name, column => column.Value.GetInt64(), StringComparer.Ordinal)
            : [];
        return Facts(
            name,
            expected.GetProperty("rows")[0].GetInt64(),
            expected.GetProperty("rows")[1].GetInt64(),
            expected.GetProperty("keys_only_in_head").GetInt64(),
            expected.GetProperty("keys_only_in_base").GetInt64(),
            expected.TryGetProperty("rows_changed", out var rows) ? rows.GetInt64() : null,
            expected.GetProperty("duplicate_keys")[0].GetInt64(),
            expected.GetProperty("duplicate_keys")[1].GetInt64(),
            changed,
            expected.GetProperty("columns_added").EnumerateArray().Select(column => column.GetString()!),
            expected.GetProperty("columns_removed").EnumerateArray().Select(column => column.GetString()!),
            expected.GetProperty("types_changed").EnumerateObject().Select(column => $"{column.Name} {column.Value[0]} {column.Value[1]}"));
    }

    private static string Facts(string name, JsonElement model, JsonElement expected)
    {
        Assert.Equal((name, "compared"), (name, model.GetProperty("outcome").GetString()));
        var rows = model.GetProperty("rows");
        var schema = model.GetProperty("schema");

        // Without a key there are no changed rows; tables that are the same row by row have none either way.
        var isKeyed = model.GetProperty("key").ValueKind != JsonValueKind.Null;
        var changed = model.GetProperty("columns").EnumerateArray()
            .Where(column => column.GetProperty("changed").ValueKind == JsonValueKind.Number && column.GetProperty("changed").GetInt64() > 0)
            .ToDictionary(column => column.GetProperty("name").GetString()!, column => column.GetProperty("changed").GetInt64(), StringComparer.Ordinal);
        long Duplicates(string side) => isKeyed ? model.GetProperty("keys").GetProperty(side).GetProperty("duplicate").GetInt64() : 0;
        return Facts(
            name,
            rows.GetProperty("base").GetInt64(),
            rows.GetProperty("head").GetInt64(),
            rows.GetProperty("added").GetInt64(),
            rows.GetProperty("removed").GetInt64(),
            expected.TryGetProperty("rows_changed", out _) ? isKeyed ? rows.GetProperty("changed").GetInt64() : 0 : null,
            Duplicates("base"),
            Duplicates("head"),
            expected.TryGetProperty("changed_by_column", out _) ? changed : [],
            schema.GetProperty("added").EnumerateArray().Select(column => column.GetProperty("name").GetString()!),
            schema.GetProperty("removed").EnumerateArray().Select(column => column.GetProperty("name").GetString()!),
            schema.GetProperty("retyped").EnumerateArray()
                .Select(column => $"{column.GetProperty("name")} {column.GetProperty("base")} {column.GetProperty("head")}"));
    }

    private static string Facts(
        string name,
        long inBase,
        long inHead,
        long added,
        long removed,
        long? changed,
        long duplicatesInBase,
        long duplicatesInHead,
        Dictionary<string, long> changedByColumn,
        IEnumerable<string> columnsAdded,
        IEnumerable<string> columnsRemoved,
        IEnumerable<string> retyped) =>
        $"""
        {name}
        rows {inBase} {inHead}, added {added}, removed {removed}, changed {changed}
        duplicate keys {duplicatesInBase} {duplicatesInHead}
        columns changed: {string.Join(", ", changedByColumn.OrderBy(column => column.Key, StringComparer.Ordinal).Select(column => $"{column.Key} {column.Value}"))}
        columns added: {string.Join(", ", columnsAdded)}; removed: {string.Join(", ", columnsRemoved)}; retyped: {string.Join(", ", retyped)}
        """;
}
