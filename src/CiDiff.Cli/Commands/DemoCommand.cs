using System.CommandLine;
using CiDiff.Cli.Options;
using CiDiff.Cli.Output;
using CiDiff.Configuration;
using CiDiff.Demo;
using CiDiff.Profiles;
using CiDiff.Reports;

namespace CiDiff.Cli.Commands;

/// <summary><c>cidiff demo</c>: the main job over a made-up shop.</summary>
internal static class DemoCommand
{
    private const string DefaultFolder = "cidiff-demo";

    /// <summary>The command.</summary>
    public static Command Create(CliHost host)
    {
        var folder = new Argument<string>("FOLDER")
        {
            Description = "Folder to make the shop in",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => DefaultFolder,
        };
        folder.RejectOptions();
        var output = new OutputOptions();

        var command = new Command("demo", "Make a small shop in a DuckDB file and run the main job over it; needs no dbt and no server") { folder };
        output.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(host, parsed.GetRequiredValue(folder), output.Read(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliHost host, string folder, OutputFlags output, CancellationToken cancellationToken)
    {
        RunReport report;
        CiDiffConfig config;
        DemoShop shop;
        await using (var story = Story.For(host, output))
        {
            story.Report(new RunEvent.StageStarted($"Making a shop in {folder}"));
            shop = await DemoShop.CreateAsync(Path.GetFullPath(folder, host.WorkingDirectory), cancellationToken);

            // The demo goes by its own cidiff.yml alone, so that everybody sees the same.
            var environment = new Dictionary<string, string>(StringComparer.Ordinal);
            config = ConfigLayers.Resolve(shop.ConfigPath, environment, environment);
            report = await DiffRun.ExecuteAsync(
                new DiffRunRequest
                {
                    ToolVersion = ToolVersion.Text,
                    RunId = "demo",
                    Config = config,
                    Profile = new ProfileRequest { WorkingDirectory = shop.Folder, Environment = environment },
                },
                story,
                cancellationToken);
        }

        var exitCode = await RunAnswer.WriteAsync(
            host, output, report, Path.Combine(folder, config.Reports.Dir), config.Reports.Formats, publishing: null, cancellationToken);
        if (output.Verbosity != Verbosity.Quiet)
        {
            await host.Error.WriteLineAsync(
                $"""

                This was a demo: the shop is in {folder}. Look at {Path.Combine(folder, config.Reports.Dir, "report.md")}, which would be the comment on the pull
                request, change {Path.Combine(folder, "cidiff.yml")}, and run `cidiff run` in the folder again. The exit code is {exitCode}, as the verdict is {report.Status.ToString().ToLowerInvariant()}.
                """);
        }

        return exitCode;
    }
}
