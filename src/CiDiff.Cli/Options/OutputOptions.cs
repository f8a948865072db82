using System.CommandLine;

namespace CiDiff.Cli.Options;

/// <summary>How much is told, and how.</summary>
internal enum Verbosity
{
    /// <summary>Errors only.</summary>
    Quiet,

    /// <summary>Progress and warnings.</summary>
    Normal,

    /// <summary>Why each model was selected, each query and its time.</summary>
    Debug,
}

/// <summary>What stdout holds.</summary>
internal enum OutputFormat
{
    /// <summary>Text for people.</summary>
    Text,

    /// <summary>JSON for programs, and nothing else.</summary>
    Json,
}

/// <summary>The options that every command has.</summary>
internal sealed class OutputOptions
{
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "What stdout holds: text for people or json for programs",
        HelpName = "text|json",
        DefaultValueFactory = _ => "text",
    };

    private readonly Option<string> _verbosity = new("--verbosity", "-v")
    {
        Description = "What stderr tells: quiet, normal or debug (every decision and query)",
        HelpName = "quiet|normal|debug",
        DefaultValueFactory = _ => "normal",
    };

    private readonly Option<bool> _noColor = new("--no-color")
    {
        Description = "Write without color, as NO_COLOR does",
    };

    /// <summary>Makes the options; one set per command.</summary>
    public OutputOptions()
    {
        // Words rather than enum members, so that help and errors show them as they are typed.
        _output.AcceptOnlyFromAmong("text", "json");
        _verbosity.AcceptOnlyFromAmong("quiet", "normal", "debug");
    }

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withFormat">The command has an answer in JSON.</param>
    public void AddTo(Command command, bool withFormat = true)
    {
        if (withFormat)
        {
            command.Add(_output);
        }

        command.Add(_verbosity);
        command.Add(_noColor);
    }

    /// <summary>What was given.</summary>
    public OutputFlags Read(ParseResult parsed) => new(
        parsed.GetValue(_output) == "json" ? OutputFormat.Json : OutputFormat.Text,
        parsed.GetValue(_verbosity) switch { "quiet" => Verbosity.Quiet, "debug" => Verbosity.Debug, _ => Verbosity.Normal },
        parsed.GetValue(_noColor));
}

/// <summary>The output part of a command line.</summary>
internal sealed record OutputFlags(OutputFormat Format, Verbosity Verbosity, bool NoColor);
