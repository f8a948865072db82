using System.CommandLine;

namespace CiDiff.Cli.Options;

/// <summary>What a comparison tells beyond counts.</summary>
internal sealed class InsightOptions
{
    private readonly Option<bool> _noAttribution = new("--no-attribution")
    {
        Description = "Do not look for the values that changed rows have more often than others",
    };

    private readonly Option<bool> _columnProfiles = new("--column-profiles")
    {
        Description = "Tell what the values of each column are like, base beside head",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_noAttribution);
        command.Add(_columnProfiles);
    }

    /// <summary>Whether the values of each column are looked at.</summary>
    public bool ColumnProfiles(ParseResult parsed) => parsed.GetValue(_columnProfiles);

    /// <summary>Whether where the changed rows are concentrated is not looked for.</summary>
    public bool NoAttribution(ParseResult parsed) => parsed.GetValue(_noAttribution);
}
