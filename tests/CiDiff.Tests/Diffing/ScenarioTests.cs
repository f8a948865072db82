using System.Text.RegularExpressions;
using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Errors;
using CiDiff.Tests.Diffing.Support;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Diffing;

[Collection("postgres")]
public sealed class ScenarioTests(PostgresServer server)
{
    public static TheoryData<string> PostgresScenarios { get; } = [.. ScenarioDatabase.Scenarios("postgres").Select(scenario => scenario.Name)];

    public static TheoryData<string> DuckDbScenarios { get; } = [.. ScenarioDatabase.Scenarios("duckdb").Select(scenario => scenario.Name)];

    [PostgresTheory]
    [MemberData(nameof(PostgresScenarios))]
    public async Task PostgreSQL(string scenario) => await CheckAsync("postgres", await ScenarioDatabase.PostgresAsync(server), scenario);

    [Theory]
    [MemberData(nameof(DuckDbScenarios))]
    public async Task DuckDB(string scenario) => await CheckAsync("duckdb", await ScenarioDatabase.DuckDbAsync(), scenario);

    private static async Task CheckAsync(string engine, IWarehouse warehouse, string name)
    {
        var (index, scenario) = ScenarioDatabase.Scenarios(engine).Index().First(entry => entry.Item.Name == name);
        var table = $"s{index}";
        if (DiffScenario.For(scenario.Error, engine) is { } expected)
        {
            var error = await Assert.ThrowsAsync<UserErrorException>(() => DiffAsync(scenario.Rules.ToRules()));
            Assert.Matches($"^{Regex.Escape(expected).Replace("\\*", ".*", StringComparison.Ordinal)}$", $"{error.Code} {error.Message} {error.Hint}".ReplaceLineEndings(" "));
            return;
        }

        var diff = await DiffAsync(scenario.Rules.ToRules());

        Assert.Equal(DiffScenario.For(scenario.Answer, engine), DiffText.Of(diff));
        Assert.Equal(scenario.Samples ?? DiffText.Of(diff.Samples), DiffText.Of(diff.Samples));
        Assert.Equal(scenario.Score ?? diff.MatchScore, diff.MatchScore, 9);
        foreach (var note in scenario.Notes ?? [])
        {
            Assert.Contains(diff.Notes, said => Regex.IsMatch(said, $"^{Regex.Escape(note).Replace("\\*", ".*", StringComparison.Ordinal)}$"));
        }

        foreach (var strategy in new[] { DiffStrategy.Join, DiffStrategy.Fingerprint, DiffStrategy.Hash })
        {
            var forced = await DiffAsync(scenario.Rules.ToRules() with { Strategy = strategy });
            Assert.Equal($"{strategy}: {DiffText.Of(diff)}", $"{strategy}: {DiffText.Of(forced with { Schema = forced.Schema with { Renamed = diff.Schema.Renamed } })}");
            Assert.Equal(Anywhere(DiffText.Of(diff.Samples)), Anywhere(DiffText.Of(forced.Samples)));
            Assert.Equal(diff.MatchScore, forced.MatchScore, 9);
        }

        // On its way a `numeric` without a scale loses its last zeros, and bytes look as in DuckDB.
        static string Anywhere(string samples) => Regex.Replace(samples, @"(\.\d*?)0+(?!\d)", "$1").Replace(@"\x6162", "ab", StringComparison.Ordinal);

        async Task<TableDiff> DiffAsync(CompareRules rules) => await Diff.SourcesAsync(
            warehouse,
            new DiffSource.Relation(new RelationName(null, "scenarios_base", table)),
            new DiffSource.Relation(new RelationName(null, "scenarios_head", table)),
            scenario.Candidates,
            rules);
    }
}
