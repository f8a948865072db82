using System.Diagnostics;
using System.Globalization;
using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Bench;

/// <summary>How much longer a push takes with the hook, which prints the plan.</summary>
internal sealed class HookBenchmark : IBenchmark
{
    public string Name => "hook";

    public string Description => "git push with the pre-push hook's plan beside one without [models=500] [runs=9]";

    public async Task RunAsync(BenchArguments arguments)
    {
        var models = arguments.Number("models", 500);
        var (@base, head) = new ManifestPairGenerator(models, 2).Write(Path.Combine(Tool.Root, "artifacts", "bench", "manifest"));
        var tool = await Tool.PublishAsync();
        var folder = Path.Combine(Tool.Root, "artifacts", "bench", "hook");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        var work = Path.Combine(folder, "work");
        Directory.CreateDirectory(Path.Combine(work, "models"));
        await File.WriteAllTextAsync(Path.Combine(work, "dbt_project.yml"), "name: storefront\nprofile: storefront\n");
        await File.WriteAllTextAsync(
            Path.Combine(work, "profiles.yml"), "storefront:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: storefront.duckdb, schema: main}\n");
        using (var database = DuckDbConnection.Open(Path.Combine(work, "storefront.duckdb"), new Dictionary<string, string>(StringComparer.Ordinal)))
        {
            database.Execute("create table anything as select 1 as id");
            database.CloseDatabase();
        }

        await File.WriteAllTextAsync(Path.Combine(work, ".gitignore"), "target/\nprod-artifacts/\n*.duckdb\n");
        await File.WriteAllTextAsync(Path.Combine(work, "models", "orders.sql"), "select 1\n");
        Copy(@base, Path.Combine(work, "prod-artifacts"));
        Copy(head, Path.Combine(work, "target"));

        // The program as a package installs it: one word.
        var programs = Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName;
        await File.WriteAllTextAsync(Path.Combine(programs, "cidiff"), $"#!/bin/sh\nexec dotnet '{tool}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(programs, "cidiff"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        await GitAsync(work, programs, "init", "--quiet", "--initial-branch", "main");
        await GitAsync(work, programs, "init", "--quiet", "--bare", Path.Combine(folder, "remote"));
        await GitAsync(work, programs, "remote", "add", "origin", Path.Combine(folder, "remote"));
        await CommitAsync(work, programs);
        await GitAsync(work, programs, "push", "--quiet", "origin", "main");
        await File.AppendAllTextAsync(Path.Combine(work, "models", "orders.sql"), "union all select 2\n");
        await CommitAsync(work, programs);
        var install = Tool.Command(tool, "hook", "install", "--plan-only");
        install.WorkingDirectory = work;
        await Measure.RunAsync(install);

        // A dry run calls the hook with everything that a push gives it, and can be repeated.
        var runs = await Measure.InTurnAsync(
            arguments.Number("runs", 9),
            GitCommand(work, programs, "push", "--dry-run", "--no-verify", "origin", "main"),
            GitCommand(work, programs, "push", "--dry-run", "origin", "main"));

        if (!runs[1].All(run => run.Output.Contains("would be compared", StringComparison.Ordinal) || run.Error.Contains("would be compared", StringComparison.Ordinal)))
        {
            throw new InvalidOperationException($"The hook did not tell the plan:\n{runs[1][0].Output}{runs[1][0].Error}");
        }

        Measure.PrintTable([("git push --no-verify", runs[0]), ("git push with the hook", runs[1])]);
        var extra = Measure.Median(runs[1].Select(run => run.Wall.TotalSeconds)) - Measure.Median(runs[0].Select(run => run.Wall.TotalSeconds));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{models} models: the hook adds {extra:0.000} s"));
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        File.Copy(Path.Combine(from, "manifest.json"), Path.Combine(to, "manifest.json"));
    }

    private static async Task CommitAsync(string work, string programs)
    {
        await GitAsync(work, programs, "add", "--all");
        await GitAsync(work, programs, "-c", "user.name=Bench", "-c", "user.email=bench@example.com", "-c", "commit.gpgsign=false", "commit", "--quiet", "--message", "a change");
    }

    private static async Task GitAsync(string work, string programs, params string[] arguments)
    {
        var run = await Measure.RunAsync(GitCommand(work, programs, arguments));
        if (run.ExitCode != 0)
        {
            throw new InvalidOperationException($"git {string.Join(' ', arguments)} failed:\n{run.Error}");
        }
    }

    private static ProcessStartInfo GitCommand(string work, string programs, params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { WorkingDirectory = work };
        start.Environment["PATH"] = $"{programs}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
