using System.Diagnostics;

namespace CiDiff.Bench;

/// <summary>How long <c>cidiff --version</c> takes, beside a console program that only says hello.</summary>
internal sealed class StartupBenchmark : IBenchmark
{
    public string Name => "startup";

    public string Description => "cidiff --version beside a bare hello console program [runs=15]";

    public async Task RunAsync(BenchArguments arguments)
    {
        var tool = await Tool.PublishAsync();
        var hello = await PublishHelloAsync();

        var runs = await Measure.InTurnAsync(
            arguments.Number("runs", 15),
            Tool.Command(hello),
            Tool.Command(tool, "--version"));

        Measure.PrintTable([("hello", runs[0]), ("cidiff --version", runs[1])]);
    }

    private static async Task<string> PublishHelloAsync()
    {
        var folder = Path.Combine(Tool.Root, "artifacts", "bench", "hello");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), "System.Console.WriteLine(\"hello\");\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "Directory.Build.props"), "<Project />\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "Directory.Packages.props"), "<Project />\n");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "hello.csproj"),
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <InvariantGlobalization>true</InvariantGlobalization>
              </PropertyGroup>
            </Project>
            """);
        await Measure.RunAsync(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { "build", folder, "--configuration", "Release", "--output", Path.Combine(folder, "out"), "--verbosity", "quiet" },
        });
        return Path.Combine(folder, "out", "hello.dll");
    }
}
