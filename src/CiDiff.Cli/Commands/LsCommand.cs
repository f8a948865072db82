using System.CommandLine;
using CiDiff.Artifacts;
using CiDiff.Cli.Options;
using CiDiff.Selection;
using CiDiff.State;

namespace CiDiff.Cli.Commands;

/// <summary><c>cidiff ls</c>: what <c>dbt ls --state</c> lists, from two manifests.</summary>
internal static class LsCommand
{
    private static readonly IReadOnlyDictionary<string, LsFormat> Formats = new Dictionary<string, LsFormat>(StringComparer.Ordinal)
    {
        ["selector"] = LsFormat.Selector,
        ["name"] = LsFormat.Name,
        ["path"] = LsFormat.Path,
        ["json"] = LsFormat.Json,
        ["unique_id"] = LsFormat.UniqueId,
    };

    /// <summary>The command.</summary>
    public static Command Create(CliHost host)
    {
        var manifests = new ManifestOptions();
        var selection = new SelectorOptions();
        var types = new Option<string[]>("--resource-type")
        {
            Description = "Only these types of resources; several are allowed [default: all that dbt lists]",
            HelpName = "TYPE",
            AllowMultipleArgumentsPerToken = true,
        };
        var indirect = new Option<string>("--indirect-selection")
        {
            Description = "Which tests come along with what they test: eager, cautious, buildable or empty",
            HelpName = "MODE",
            DefaultValueFactory = _ => "eager",
        };
        indirect.AcceptOnlyFromAmong("eager", "cautious", "buildable", "empty");
        var format = new Option<string>("--output", "-o")
        {
            Description = $"How a resource is written: {string.Join(", ", Formats.Keys)}",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => "selector",
        };
        format.AcceptOnlyFromAmong([.. Formats.Keys]);
        var output = new OutputOptions();

        var command = new Command("ls", "List what dbt ls --state would list, from two manifests");
        manifests.AddTo(command, required: false);
        selection.AddTo(command, withSlim: false);
        command.Add(types);
        command.Add(indirect);
        command.Add(format);
        output.AddTo(command, withFormat: false);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (inBase, inHead) = manifests.Read(parsed).Map(path => path is null ? null : Path.GetFullPath(path, host.WorkingDirectory));
            var head = inHead ?? Path.GetFullPath("target", host.WorkingDirectory);
            Manifest manifest;
            StateComparison? state = null;
            if (inBase is null)
            {
                manifest = ManifestReader.Read(head, cancellationToken);
            }
            else
            {
                var both = await ManifestReader.ReadBothAsync(new Sides<string>(inBase, head), ManifestReadOptions.Default, cancellationToken);
                manifest = both.Head;
                state = StateComparison.Compare(both);
            }

            var flags = selection.Read(parsed);
            var found = new NodeSelector(manifest, state).Select(new NodeSelectionRequest
            {
                Select = flags.Select,
                Exclude = flags.Exclude,
                ResourceTypes = parsed.GetValue(types) ?? [],
                IndirectSelection = Enum.Parse<IndirectSelection>(parsed.GetRequiredValue(indirect), ignoreCase: true),
            });

            if (output.Read(parsed).Verbosity != Verbosity.Quiet)
            {
                foreach (var warning in found.Warnings)
                {
                    await host.Error.WriteLineAsync($"cidiff : warning: {warning}");
                }
            }

            NodeList.Write(found.Nodes, Formats[parsed.GetRequiredValue(format)], host.Output);
            return ExitCodes.Pass;
        });

        return command;
    }
}
