using CiDiff.Cli.Options;
using CiDiff.Reports;

namespace CiDiff.Cli.Output;

/// <summary>How the answer on stdout looks.</summary>
internal static class Answers
{
    /// <summary>Color and width for this place and these flags.</summary>
    public static ConsoleOptions ConsoleOptions(CliHost host, OutputFlags flags, string? reportDirectory) => new()
    {
        Width = host.IsOutputTerminal ? host.Width : null,
        Paint = host.IsOutputTerminal && !flags.NoColor && !host.Environment.NoColor ? ConsolePaint.Ansi : ConsolePaint.None,
        ReportDirectory = reportDirectory,
    };
}
