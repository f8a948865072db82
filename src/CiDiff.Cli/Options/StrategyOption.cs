using System.CommandLine;
using CiDiff.Configuration;

namespace CiDiff.Cli.Options;

/// <summary>How rows are compared.</summary>
internal sealed class StrategyOption
{
    private readonly Option<string?> _strategy = new("--strategy")
    {
        Description = "How to compare rows; all ways give the same answer [default: auto]",
        HelpName = "auto|join|fingerprint|hash",
    };

    /// <summary>Adds it to a command.</summary>
    public void AddTo(Command command)
    {
        _strategy.AcceptOnlyFromAmong("auto", "join", "fingerprint", "hash");
        command.Add(_strategy);
    }

    /// <summary>The word as given; null for none.</summary>
    public string? Read(ParseResult parsed) => parsed.GetValue(_strategy);

    /// <summary>What it means.</summary>
    public DiffStrategy Strategy(ParseResult parsed) => Read(parsed) is { } word ? Enum.Parse<DiffStrategy>(word, ignoreCase: true) : DiffStrategy.Auto;
}
