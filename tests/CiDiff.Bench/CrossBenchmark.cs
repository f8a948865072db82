using System.Globalization;
using CiDiff.Tests.Support;

namespace CiDiff.Bench;

/// <summary>The whole <c>cidiff compare</c> of PostgreSQL with DuckDB, beside a join of the same rows inside PostgreSQL and beside one checksum of both
/// tables as tools send it that compare checksums.</summary>
internal sealed class CrossBenchmark : IBenchmark
{
    public string Name => "cross";

    public string Description => "cidiff compare of PostgreSQL with DuckDB [rows=1000000 runs=7 head=pr|same|allx]";

    public async Task RunAsync(BenchArguments arguments)
    {
        var rows = arguments.Number("rows", 1_000_000);
        var head = arguments.Text("head", "pr")!;
        var tool = await Tool.PublishAsync();
        await using var cluster = await PostgresCluster.StartAsync(("postgresql.auto.conf", PostgresBenchmark.Settings));
        await Measure.RunAsync(PostgresBenchmark.Psql(cluster, "tables", ("n", rows.ToString(CultureInfo.InvariantCulture))));
        var file = DuckDbBenchmark.Tables(rows);

        var runs = await Measure.InTurnAsync(
            arguments.Number("runs", 7),
            PostgresBenchmark.Psql(cluster, "floor", ("head", head)),
            PostgresBenchmark.Psql(cluster, "checksum", ("head", head)),
            Tool.Command(
                tool, "compare", "prod.orders", $"{head}_orders", "--key", "id", "--output", "json", "--base-url", PostgresBenchmark.Url(cluster), "--head-url", $"duckdb:{file}"));

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"PostgreSQL against DuckDB, {rows} rows a side, prod against {head}"));
        Measure.PrintTable([("full outer join inside PostgreSQL (psql)", runs[0]), ("one checksum of both tables (psql)", runs[1]), ("cidiff compare", runs[2])]);
        Measure.CheckCounts(runs[0][0].Output.Split('\n')[2], runs[2][0].Output);
    }
}
