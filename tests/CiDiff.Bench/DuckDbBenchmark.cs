using System.Diagnostics;
using System.Globalization;
using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Bench;

/// <summary>The whole <c>cidiff compare</c> beside a program that only runs the hand-written query.</summary>
internal sealed class DuckDbBenchmark : IBenchmark
{
    /// <summary>The verb with which the bench starts itself for the hand-written query: file and head's prefix follow.</summary>
    public const string QueryVerb = "duckdb-query";

    private static readonly Dictionary<string, string> NoOptions = [];

    public string Name => "duckdb";

    public string Description => "cidiff compare beside the hand-written query [rows=10000000 runs=7 head=pr|same|allx strategy=auto|join|fingerprint|hash sample=1% memory=LIMIT]";

    /// <summary>Runs the hand-written query and prints its row.</summary>
    public static void Query(string file, string head)
    {
        using var connection = DuckDbConnection.Open(file, new Dictionary<string, string> { ["access_mode"] = "READ_ONLY" });
        using (var reader = connection.Query(Script("floor").Replace(":head", head, StringComparison.Ordinal)))
        {
            while (reader.NextChunk() is { } rows)
            {
                Console.WriteLine(string.Join(' ', rows[0]));
            }
        }

        connection.CloseDatabase();
    }

    public async Task RunAsync(BenchArguments arguments)
    {
        var rows = arguments.Number("rows", 10_000_000);
        var head = arguments.Text("head", "pr")!;
        var strategy = arguments.Text("strategy", "auto")!;

        // Without its threshold, so that a small table has one too.
        var sample = arguments.Text("sample") is { } share ? $"{{share: {share}, threshold: 0}}" : "off";

        // Of the tool only: the hand-written join takes what it wants.
        var limit = arguments.Text("memory") is { } memory ? $"?memory_limit={memory}" : "";
        var tool = await Tool.PublishAsync();
        var file = Tables(rows);

        var runs = await Measure.InTurnAsync(
            arguments.Number("runs", 7),
            new ProcessStartInfo("dotnet") { ArgumentList = { typeof(DuckDbBenchmark).Assembly.Location, QueryVerb, file, head } },
            Tool.Command(tool, "compare", "prod_orders", $"{head}_orders", "--key", "id", "--strategy", strategy, "--sample", sample, "--no-attribution", "--output", "json", "--url", $"duckdb:{file}{limit}"));

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"DuckDB, {rows} rows a side, prod against {head}"));
        Measure.PrintTable([("hand-written full outer join", runs[0]), ($"cidiff compare --strategy {strategy} --sample '{sample}'{limit}", runs[1])]);
        if (sample == "off")
        {
            Measure.CheckCounts(runs[0][0].Output, runs[1][0].Output);
        }
    }

    private static string Script(string name) => File.ReadAllText(Path.Combine(Tool.Root, "tests", "CiDiff.Bench", "Sql", $"duckdb_{name}.sql"));

    internal static string Tables(int rows)
    {
        var folder = Path.Combine(Tool.Root, "artifacts", "bench");
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"orders_{rows}.duckdb"));
        if (!File.Exists(file))
        {
            using var connection = DuckDbConnection.Open(file, NoOptions);
            connection.Execute(Script("tables").Replace(":n", rows.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
            connection.CloseDatabase();
        }

        return file;
    }
}
