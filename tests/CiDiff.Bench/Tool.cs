using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CiDiff.Bench;

/// <summary>The tool as it ships: published, compiled ahead of time where the platform's compiler can be had.</summary>
public static class Tool
{
    /// <summary>The folder of <c>CiDiff.sln</c>.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    /// <summary>Publishes once per run of the bench and gives the path of <c>cidiff.dll</c>.</summary>
    public static async Task<string> PublishAsync()
    {
        var folder = Path.Combine(Root, "artifacts", "bench", "tool");
        var publish = await Measure.RunAsync(new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                "publish", Path.Combine(Root, "src", "CiDiff.Cli"), "--configuration", "Release", "--runtime",
                RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "-p:PublishReadyToRun=true", "--output", folder, "--verbosity", "quiet",
            },
        });
        return publish.ExitCode == 0
            ? Path.Combine(folder, "cidiff.dll")
            : throw new InvalidOperationException($"The tool does not build:\n{publish.Output}");
    }

    /// <summary>A command line of the tool.</summary>
    public static ProcessStartInfo Command(string tool, params string[] arguments)
    {
        var command = new ProcessStartInfo("dotnet") { ArgumentList = { tool } };
        foreach (var argument in arguments)
        {
            command.ArgumentList.Add(argument);
        }

        return command;
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
