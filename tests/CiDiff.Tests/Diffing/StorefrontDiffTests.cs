using System.Text.Json;
using CiDiff.Diffing;
using CiDiff.Tests.Diffing.Support;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Diffing;

/// <summary>The numbers for a whole dbt project, against those that plain SQL gave.</summary>
[Collection("postgres")]
public sealed class StorefrontDiffTests(PostgresServer server)
{
    private static readonly JsonElement Expected = JsonDocument.Parse(Fixture.Text("storefront/expected.json")).RootElement;

    // Where keys repeat, a join in plain SQL has no answer.
    private const string NotAsked = "not asked";

    public static TheoryData<string> ModelNames { get; } = [.. Expected.GetProperty("models").EnumerateObject().Select(model => model.Name)];

    [PostgresTheory]
    [MemberData(nameof(ModelNames))]
    public async Task Every_model_has_the_numbers_that_plain_SQL_gives(string name)
    {
        await Storefront.LoadAsync(server);
        await using var warehouse = new PostgresWarehouse(server.Settings(Storefront.Database), new PostgresDialect());
        var expected = Expected.GetProperty("models").GetProperty(name);
        var key = expected.GetProperty("key").EnumerateArray().Select(column => column.GetString()!).ToList();
        var model = Models.Selected(name, Relation(expected, "base"), Relation(expected, "head"), key);

        var outcome = await new ModelRunner(WarehousePair.Of(warehouse), "test", null).RunAsync(model, default);

        Assert.Equal(Describe(expected), Describe(outcome));
    }

    private static RelationName? Relation(JsonElement expected, string side) =>
        expected.TryGetProperty(side, out var name) && name.GetString()?.Split('.') is [var schema, var table] ? new RelationName("shop", schema, table) : null;

    private static string Describe(JsonElement expected)
    {
        var rows = expected.GetProperty("rows").EnumerateArray().Select(count => count.ToString()).ToList();
        if (expected.GetProperty("status").GetString() is "added" or "removed")
        {
            return $"{expected.GetProperty("status")} {rows[0]}/{rows[1]}";
        }

        var duplicates = expected.GetProperty("duplicate_keys").EnumerateArray().Select(count => count.GetInt64()).ToList();
        var duplicateRows = expected.GetProperty("rows_in_duplicate_keys").EnumerateArray().Select(count => count.GetInt64()).ToList();
        var changed = expected.TryGetProperty("changed_by_column", out var columns)
            ? columns.EnumerateObject().Select(column => $"{column.Name} {column.Value}").Order(StringComparer.Ordinal)
            : Enumerable.Empty<string>();
        return $"""
            rows {rows[0]}/{rows[1]}
            only base {expected.GetProperty("keys_only_in_base")}, only head {expected.GetProperty("keys_only_in_head")}
            changed {(expected.TryGetProperty("rows_changed", out var count) ? $"{count}: {string.Join(", ", changed)}" : NotAsked)}
            twice {duplicates[0]}/{duplicates[1]}, rows {duplicateRows[0]}/{duplicateRows[1]}
            +{Texts("columns_added")} -{Texts("columns_removed")}
            types {string.Join(", ", expected.GetProperty("types_changed").EnumerateObject().Select(type => $"{type.Name} {string.Join(">", type.Value.EnumerateArray())}"))}
            """;

        string Texts(string property) => string.Join(",", expected.GetProperty(property).EnumerateArray());
    }

    private static string Describe(ModelOutcome outcome)
    {
        switch (outcome)
        {
            case ModelOutcome.NotCompared { Reason: NotComparedReason.New } added:
                return $"added {added.Rows.Base}/{added.Rows.Head}";
            case ModelOutcome.NotCompared { Reason: NotComparedReason.Removed } removed:
                return $"removed {removed.Rows.Base}/{removed.Rows.Head}";
        }

        var diff = Assert.IsType<ModelOutcome.Compared>(outcome).Diff;
        var keys = diff.Keys!;
        var changed = diff.Columns.Where(column => column.Changed > 0).Select(column => $"{column.Head.Name} {column.Changed}").Order(StringComparer.Ordinal);
        return $"""
            rows {diff.Rows.Base}/{diff.Rows.Head}
            only base {diff.Rows.Removed}, only head {diff.Rows.Added}
            changed {(keys.Head.Duplicate > 0 ? NotAsked : $"{diff.Rows.Changed}: {string.Join(", ", changed)}")}
            twice {keys.Base.Duplicate}/{keys.Head.Duplicate}, rows {keys.Base.DuplicateRows}/{keys.Head.DuplicateRows}
            +{string.Join(",", diff.Schema.Added.Select(column => column.Name))} -{string.Join(",", diff.Schema.Removed.Select(column => column.Name))}
            types {string.Join(", ", diff.Schema.Retyped.Select(column => $"{column.Name} {column.Base.Name}>{column.Head.Name}"))}
            """;
    }
}
