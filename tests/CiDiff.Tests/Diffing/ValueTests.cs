using CiDiff.Configuration;
using CiDiff.Tests.Diffing.Support;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Diffing;

/// <summary>When two values of a type, or of two types, are the same: in a column, in a row without a key, and as a key.</summary>
[Collection("postgres")]
public sealed class ValueTests(PostgresServer server)
{
    public static TheoryData<string> PostgresTypes { get; } = [.. ValueCase.For("postgres").Select(values => values.Type)];

    public static TheoryData<string> DuckDbTypes { get; } = [.. ValueCase.For("duckdb").Select(values => values.Type)];

    [PostgresTheory]
    [MemberData(nameof(PostgresTypes))]
    public async Task PostgreSQL(string type) => await CheckAsync("postgres", await ScenarioDatabase.PostgresAsync(server), type);

    [Theory]
    [MemberData(nameof(DuckDbTypes))]
    public async Task DuckDB(string type) => await CheckAsync("duckdb", await ScenarioDatabase.DuckDbAsync(), type);

    private static async Task CheckAsync(string engine, IWarehouse warehouse, string type)
    {
        var (index, values) = ValueCase.For(engine).Index().First(entry => entry.Item.Type == type);
        var different = values.Pairs.Index().Where(pair => !pair.Item.IsSame).Select(pair => $"{pair.Index}").ToList();
        foreach (var strategy in new[] { DiffStrategy.Join, DiffStrategy.Fingerprint, DiffStrategy.Hash })
        {
            await CheckAsync(warehouse, $"v{index}", values, different, new CompareRules { Samples = 100, Strategy = strategy });
        }
    }

    private static async Task CheckAsync(IWarehouse warehouse, string table, ValueCase values, List<string> different, CompareRules rules)
    {
        var byKey = await Diff.TablesAsync(warehouse, "scenarios_base", "scenarios_head", table, ["id"], rules);
        Assert.Equal(different, byKey.Samples.Changed.Select(row => row.Key[0]));
        Assert.Equal((different.Count, values.Pairs.Count - different.Count), (byKey.Rows.Changed, byKey.Rows.Same));

        var asRows = await Diff.TablesAsync(warehouse, "scenarios_base", "scenarios_head", table, null, rules);
        Assert.Equal(different, asRows.Samples.Added.Select(Id).Order(StringComparer.Ordinal).OrderBy(id => id.Length));
        Assert.Equal(different, asRows.Samples.Removed.Select(Id).Order(StringComparer.Ordinal).OrderBy(id => id.Length));

        if (values.Matches)
        {
            var asKey = await Diff.TablesAsync(warehouse, "scenarios_base", "scenarios_head", table, ["v", "id"], rules);
            Assert.Equal(values.Pairs.Count(pair => pair.IsSame && pair.Base != "null"), asKey.Rows.Same);
            Assert.Equal(values.Pairs.Count(pair => !pair.IsSame && pair.Base != "null"), asKey.Rows.Removed);
            Assert.Equal(values.Pairs.Count(pair => !pair.IsSame && pair.Head != "null"), asKey.Rows.Added);
            Assert.Equal(asKey.Rows.Added, asKey.Samples.Added.Count);
            Assert.Equal(asKey.Rows.Removed, asKey.Samples.Removed.Count);
        }

        static string Id(CiDiff.Diffing.SampleRow row) => row.Values.First(value => value.Key == "id").Value!;
    }
}
