using System.Text;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.DuckDb;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Diffing.Support;

/// <summary>A warehouse with the tables of every scenario, made once per test run.</summary>
internal static class ScenarioDatabase
{
    private static readonly Dictionary<string, Task<IWarehouse>> Opened = [];

    public static IReadOnlyList<DiffScenario> Scenarios(string engine) => [.. DiffScenario.All.Where(scenario => scenario.IsFor(engine))];

    public static Task<IWarehouse> PostgresAsync(PostgresServer server) => OpenAsync("postgres", async script =>
    {
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteScriptAsync(database, PostgresTypes + script);
        return new PostgresWarehouse(server.Settings(database), new PostgresDialect());
    });

    public static Task<IWarehouse> DuckDbAsync() => OpenAsync("duckdb", script =>
    {
        var folder = Directory.CreateTempSubdirectory("cidiff-tests-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        var path = Path.Combine(folder.FullName, "scenarios.duckdb");
        var connection = DuckDbConnection.Open(path, new Dictionary<string, string>());
        connection.Execute(script);
        connection.CloseDatabase();
        return Task.FromResult<IWarehouse>(new DuckDbWarehouse(new ConnectionSettings.DuckDb { Path = path }, new DuckDbDialect()));
    });

    // A failure is kept too, or every case would try again.
    private static Task<IWarehouse> OpenAsync(string engine, Func<string, Task<IWarehouse>> make)
    {
        lock (Opened)
        {
            return Opened.TryGetValue(engine, out var known) ? known : Opened[engine] = make(Script(engine));
        }
    }

    private static string Script(string engine)
    {
        var script = new StringBuilder("create schema scenarios_base; create schema scenarios_head;\n");
        foreach (var (index, scenario) in Scenarios(engine).Index())
        {
            script.Append(scenario.Script(engine, $"s{index}"));
        }

        foreach (var (index, values) in ValueCase.For(engine).Index())
        {
            script.Append(values.Script($"v{index}"));
        }

        return script.ToString();
    }

    private const string PostgresTypes = """
        create extension citext; create extension hstore;
        create collation ignores_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
        create type mood as enum ('good', 'bad'); create type other_mood as enum ('bad', 'good');
        create type address as (street text, number numeric, extra json);
        create type other_address as (street text, number numeric, extra json);
        create domain positive as numeric check (value > 0);
        create domain email as citext;

        """;
}
