using System.CommandLine;
using CiDiff.Artifacts;
using CiDiff.Cli.Options;
using CiDiff.State;

namespace CiDiff.Cli.Commands;

/// <summary><c>cidiff state</c>: what differs between two manifests.</summary>
internal static class StateCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CliHost host)
    {
        var manifests = new ManifestOptions();
        var output = new OutputOptions();

        var command = new Command("state", "Tell what differs between two manifests, for every kind of resource, with reasons");
        manifests.AddTo(command, required: true);
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var paths = manifests.Read(parsed).Map(path => Path.GetFullPath(path!, host.WorkingDirectory));
            var state = StateComparison.Compare(await ManifestReader.ReadBothAsync(paths, ManifestReadOptions.Default, cancellationToken));
            if (output.Read(parsed).Format == OutputFormat.Json)
            {
                StateJson.Write(state, host.Output);
            }
            else
            {
                StateText.Write(state, host.Output);
            }

            return ExitCodes.Pass;
        });

        return command;
    }
}
