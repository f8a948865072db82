using System.Globalization;

namespace CiDiff.Bench;

/// <summary>How long it takes to say what a pull request changes in a large project.</summary>
internal sealed class ManifestBenchmark : IBenchmark
{
    public string Name => "manifest";

    public string Description => "cidiff ls --select state:modified+ over a pair of large manifests [models=5000] [tests=2 each] [runs=9]";

    public async Task RunAsync(BenchArguments arguments)
    {
        var generator = new ManifestPairGenerator(arguments.Number("models", 5000), arguments.Number("tests", 2));
        var (@base, head) = generator.Write(Path.Combine(Tool.Root, "artifacts", "bench", "manifest"));
        foreach (var folder in new[] { @base, head })
        {
            var file = new FileInfo(Path.Combine(folder, "manifest.json"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file.FullName}: {file.Length / 1e6:0.0} MB"));
        }

        var tool = await Tool.PublishAsync();
        var runs = await Measure.InTurnAsync(
            arguments.Number("runs", 9),
            Tool.Command(tool, "--version"),
            Tool.Command(tool, "ls", "--base", @base, "--head", head, "--select", "state:modified+", "--output", "unique_id"));

        if (runs[1].Any(run => run.ExitCode != 0))
        {
            throw new InvalidOperationException($"cidiff ls failed:\n{runs[1][0].Output}");
        }

        Measure.PrintTable([("cidiff --version", runs[0]), ("cidiff ls --select state:modified+", runs[1])]);
        Console.WriteLine($"{runs[1][0].Output.Count(sign => sign == '\n')} resources listed");
    }
}
