using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Tests.Diffing.Support;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Diffing;

/// <summary>All strategies agree, on any two tables, with a differ of a few lines in memory.</summary>
[Collection("postgres")]
public sealed class RandomTablesTests(PostgresServer server)
{
    // DuckDB takes some ten times as long over a statement about a tiny table.
    private const int PostgresDraws = 700;
    private const int DuckDbDraws = 60;

    // By key; the strategy without a key is asked as well.
    private static readonly DiffStrategy[] Strategies = [DiffStrategy.Join, DiffStrategy.Fingerprint, DiffStrategy.Hash];

    // Which brings every row into another database, and takes as long as all others together. Between two databases it is asked every time.
    private const int DrawsPerHash = 8;
    private static readonly Sampling Half = new Sampling.Share(0.5m) { Threshold = 0, KeyErrors = 1 };

    [PostgresTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task PostgreSQL(int seed)
    {
        var database = await server.CreateDatabaseAsync();
        var draws = Draw(seed, PostgresDraws);
        await server.ExecuteScriptAsync(database, Script(draws, isDuckDb: false));
        await using var warehouse = new PostgresWarehouse(server.Settings(database), new PostgresDialect());

        await CheckAsync(warehouse, draws, seed, isDuckDb: false);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task DuckDB(int seed)
    {
        // In many files, because looking a table up takes DuckDB the longer the more there are.
        foreach (var draws in Draw(seed, DuckDbDraws).Chunk(20))
        {
            using var file = new DuckDbFile(Script(draws, isDuckDb: true));
            await using var warehouse = file.Open();

            await CheckAsync(warehouse, draws, seed, isDuckDb: true);
        }
    }

    [PostgresTheory]
    [InlineData(7, true)]
    [InlineData(8, false)]
    public async Task Base_and_head_in_different_databases(int seed, bool isBaseInPostgres)
    {
        foreach (var draws in Draw(seed, DuckDbDraws).Chunk(20))
        {
            var database = await server.CreateDatabaseAsync();
            await server.ExecuteScriptAsync(database, Script(draws, isDuckDb: false));
            using var file = new DuckDbFile(Script(draws, isDuckDb: true));
            var (postgres, duckDb) = (new PostgresWarehouse(server.Settings(database), new PostgresDialect()), file.Open());
            await using var warehouses = isBaseInPostgres ? WarehousePair.Of(postgres, duckDb) : WarehousePair.Of(duckDb, postgres);

            foreach (var (index, tables) in draws.Index())
            {
                var diff = await Diff.TablesAsync(warehouses, "random_base", "random_head", $"t{index}", [.. tables.Key]);
                var (expected, found) = (tables.AnswerByKey(), RandomTables.AnswerByKey(diff));
                Assert.True(expected == found, $"seed {seed}, t{index}:\n{found}\ninstead of\n{expected}\nof\n{tables.Script(isDuckDb: false, $"t{index}")}");

                var sample = await Diff.TablesAsync(warehouses, "random_base", "random_head", $"t{index}", [.. tables.Key], new CompareRules { Sampling = Half });
                CheckSample(diff, sample, $"seed {seed}, t{index}");

                var byRows = await Diff.TablesAsync(warehouses, "random_base", "random_head", $"t{index}", null);
                Assert.Equal($"t{index} {tables.AnswerByRows()}", $"t{index} +{byRows.Rows.Added} -{byRows.Rows.Removed} ={byRows.Rows.Same}");

                var itself = await Diff.TablesAsync(warehouses, "random_base", "random_copy", $"t{index}", [.. tables.Key]);
                Assert.True(itself.IsIdentical, $"t{index} {DiffText.Of(itself)}");
            }
        }
    }

    private static List<RandomTables> Draw(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => RandomTables.Draw(random))];
    }

    private static string Script(IReadOnlyList<RandomTables> draws, bool isDuckDb) =>
        "create schema random_base; create schema random_head; create schema random_copy;\n"
        + string.Concat(draws.Select((draw, index) => draw.Script(isDuckDb, $"t{index}")));

    private static async Task CheckAsync(IWarehouse warehouse, IReadOnlyList<RandomTables> draws, int seed, bool isDuckDb) => await Parallel.ForEachAsync(
        draws.Index(),
        new ParallelOptions { MaxDegreeOfParallelism = warehouse.Concurrency },
        async (draw, _) =>
        {
            var (index, tables) = draw;
            var expected = $"t{index}\n{tables.AnswerByKey()}";
            var byKey = await ByKeyAsync(DiffStrategy.Join);
            foreach (var strategy in Strategies.Where(strategy => strategy != DiffStrategy.Hash || index % DrawsPerHash == 0))
            {
                var diff = strategy == DiffStrategy.Join ? byKey : await ByKeyAsync(strategy);
                var found = $"t{index}\n{RandomTables.AnswerByKey(diff)}";
                Assert.True(expected == found, $"seed {seed}, by {strategy}:\n{found}\ninstead of\n{expected}\nof\n{tables.Script(isDuckDb, $"t{index}")}");
                Assert.Equal(byKey.Samples.Changed.Count, diff.Samples.Changed.Count);
                Assert.Equal(byKey.MatchScore, diff.MatchScore);
            }

            CheckSample(byKey, await ByKeyAsync(Strategies[index % Strategies.Length], Half), $"seed {seed}, t{index}");

            Assert.Equal(Math.Min(10, byKey.Rows.Changed!.Value), byKey.Samples.Changed.Count);
            Assert.Equal(Math.Min(10, byKey.Rows.Added), byKey.Samples.Added.Count);
            Assert.InRange(byKey.MatchScore, 0, 1);

            var swapped = await Diff.TablesAsync(warehouse, "random_head", "random_base", $"t{index}", [.. tables.Key]);
            Assert.Equal((byKey.Rows.Removed, byKey.Rows.Added, byKey.Rows.Changed, byKey.Rows.Same), (swapped.Rows.Added, swapped.Rows.Removed, swapped.Rows.Changed, swapped.Rows.Same));
            Assert.Equal(byKey.MatchScore, swapped.MatchScore);

            var byRows = await Diff.TablesAsync(warehouse, "random_base", "random_head", $"t{index}", null);
            Assert.Equal($"t{index} {tables.AnswerByRows()}", $"t{index} +{byRows.Rows.Added} -{byRows.Rows.Removed} ={byRows.Rows.Same}");

            var itself = await Diff.TablesAsync(warehouse, "random_base", "random_copy", $"t{index}", [.. tables.Key], new CompareRules { Strategy = Strategies[index % 2] });
            Assert.True(itself.IsIdentical, $"t{index} {DiffText.Of(itself)}");

            Task<TableDiff> ByKeyAsync(DiffStrategy strategy, Sampling? sampling = null) => Diff.TablesAsync(
                warehouse, "random_base", "random_head", $"t{index}", [.. tables.Key], new CompareRules { Strategy = strategy, Sampling = sampling ?? new Sampling.Off() });
        });

    // A row that is in the sample on one side only would look as if it were added or removed.
    private static void CheckSample(TableDiff whole, TableDiff diff, string name)
    {
        if (diff.Sample is not { Found: var found } sample)
        {
            Assert.Contains(diff.Notes, note => note.Contains("no sample", StringComparison.Ordinal));
            return;
        }

        Assert.Equal((name, whole.Rows.Base, whole.Rows.Head), (name, diff.Rows.Base, diff.Rows.Head));
        Assert.Equal((name, whole.Keys!.Base.Null, whole.Keys.Head.Null), (name, diff.Keys!.Base.Null, diff.Keys.Head.Null));
        Assert.True(
            found.Added <= whole.Rows.Added && found.Removed <= whole.Rows.Removed && found.Changed <= whole.Rows.Changed && found.Same <= whole.Rows.Same,
            $"{name}: {found} is more than {whole.Rows}");
        Assert.True(
            sample.Added.High >= found.Added && sample.Removed.High >= found.Removed && sample.Changed.High >= found.Changed && sample.Same.High >= found.Same, name);
        Assert.False(diff.IsIdentical);
        Assert.True(whole.HasDifferences || !diff.HasDifferences, name);
    }
}
