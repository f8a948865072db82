using System.CommandLine;
using CiDiff.Configuration;

namespace CiDiff.Cli.Options;

/// <summary>Which part of the rows is read.</summary>
internal sealed class SampleOption
{
    private readonly Option<string?> _sample = new("--sample")
    {
        Description = "Read only a part of large tables, the same keys on both sides, and estimate [default: off]",
        HelpName = "1%|ROWS|off",
    };

    /// <summary>Adds it to a command.</summary>
    public void AddTo(Command command) => command.Add(_sample);

    /// <summary>As given; null for none.</summary>
    public string? Read(ParseResult parsed) => parsed.GetValue(_sample);

    /// <summary>What it means.</summary>
    public Sampling Sampling(ParseResult parsed) => Read(parsed) is { } text ? SamplingText.Parse(text) : new Sampling.Off();
}
