using System.Diagnostics;
using System.Globalization;
using CiDiff.Tests.Support;

namespace CiDiff.Bench;

/// <summary>The whole <c>cidiff compare</c> beside the best hand-written query, on a server of the bench's own.</summary>
internal sealed class PostgresBenchmark : IBenchmark
{
    // As on a server that somebody set up: PostgreSQL's own defaults are for a machine with very little memory.
    internal const string Settings = """
        shared_buffers = '2GB'
        work_mem = '256MB'
        max_wal_size = '8GB'
        """;

    public string Name => "postgres";

    public string Description => "cidiff compare beside the best hand-written query [rows=1000000 runs=7 head=pr|same|allx strategy=auto|join|fingerprint|hash]";

    public async Task RunAsync(BenchArguments arguments)
    {
        var rows = arguments.Number("rows", 1_000_000);
        var head = arguments.Text("head", "pr")!;
        var strategy = arguments.Text("strategy", "auto")!;
        var tool = await Tool.PublishAsync();
        await using var cluster = await PostgresCluster.StartAsync(("postgresql.auto.conf", Settings));
        await Measure.RunAsync(Psql(cluster, "tables", ("n", rows.ToString(CultureInfo.InvariantCulture))));

        var runs = await Measure.InTurnAsync(
            arguments.Number("runs", 7),
            Psql(cluster, "floor", ("head", head)),
            Tool.Command(tool, "compare", "prod.orders", $"{head}.orders", "--key", "id", "--strategy", strategy, "--no-attribution", "--output", "json", "--url", Url(cluster)));

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"PostgreSQL, {rows} rows a side, prod against {head}"));
        Measure.PrintTable([("hand-written full outer join (psql)", runs[0]), ($"cidiff compare --strategy {strategy}", runs[1])]);
        Measure.CheckCounts(runs[0][0].Output.Split('\n')[2], runs[1][0].Output);
    }

    internal static string Url(PostgresCluster cluster) =>
        string.Create(CultureInfo.InvariantCulture, $"postgresql://postgres:{Uri.EscapeDataString(cluster.Password)}@127.0.0.1:{cluster.Port}/postgres");

    internal static ProcessStartInfo Psql(PostgresCluster cluster, string script, (string Name, string Value) variable)
    {
        var command = new ProcessStartInfo(cluster.Psql)
        {
            ArgumentList =
            {
                "--no-psqlrc", "--quiet", "--set", $"{variable.Name}={variable.Value}", "--file",
                Path.Combine(Tool.Root, "tests", "CiDiff.Bench", "Sql", $"postgres_{script}.sql"),
            },
        };
        command.Environment["PGHOST"] = "127.0.0.1";
        command.Environment["PGPORT"] = cluster.Port.ToString(CultureInfo.InvariantCulture);
        command.Environment["PGUSER"] = "postgres";
        command.Environment["PGPASSWORD"] = cluster.Password;
        return command;
    }
}
