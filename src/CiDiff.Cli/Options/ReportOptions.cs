using System.CommandLine;

namespace CiDiff.Cli.Options;

/// <summary>Where reports go.</summary>
internal sealed class ReportOptions
{
    private readonly Option<string?> _reportDir = new("--report-dir")
    {
        Description = "Folder for the reports [default: cidiff-report]",
        HelpName = "DIR",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command) => command.Add(_reportDir);

    /// <summary>The folder as given; null when not given.</summary>
    public string? Read(ParseResult parsed) => parsed.GetValue(_reportDir);
}
