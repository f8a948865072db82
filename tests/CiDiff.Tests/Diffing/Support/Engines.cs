using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Diffing.Support;

/// <summary>The same script on every engine: it makes <c>base_table</c> and <c>head_table</c> in a schema <c>t</c>.</summary>
internal static class Engines
{
    /// <summary>Compares the two tables.</summary>
    public static async Task<TableDiff> DiffAsync(
        string engine, PostgresServer server, string script, IReadOnlyList<string>? key, CompareRules? rules = null)
    {
        script = $"create schema t;\n{script}";
        if (engine == "duckdb")
        {
            using var file = new DuckDbFile(script);
            await using var warehouse = file.Open();
            return await DiffAsync(warehouse, key, rules);
        }

        var database = await server.CreateDatabaseAsync();
        await server.ExecuteScriptAsync(database, script + "\nanalyze;");
        await using var postgres = new PostgresWarehouse(server.Settings(database), new PostgresDialect());
        return await DiffAsync(postgres, key, rules);
    }

    private static Task<TableDiff> DiffAsync(IWarehouse warehouse, IReadOnlyList<string>? key, CompareRules? rules) => Diff.SourcesAsync(
        warehouse, Table("base_table"), Table("head_table"), key, rules);

    private static DiffSource.Relation Table(string name) => new(new RelationName(null, "t", name));
}
