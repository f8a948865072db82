using System.CommandLine;

namespace CiDiff.Cli.Options;

/// <summary>Which models.</summary>
internal sealed class SelectorOptions
{
    private readonly Option<string[]> _select = new("--select", "-s")
    {
        Description = "Only models that this dbt selector names, of those in the change's reach",
        HelpName = "SELECTOR",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _exclude = new("--exclude")
    {
        Description = "Not the models that this dbt selector names",
        HelpName = "SELECTOR",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<bool> _noSlim = new("--no-slim")
    {
        Description = "Compare everything downstream of a change too",
    };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withSlim">The command knows Slim Diff.</param>
    public void AddTo(Command command, bool withSlim)
    {
        command.Add(_select);
        command.Add(_exclude);
        if (!withSlim)
        {
            _select.Description = "The resources that this dbt selector names, such as state:modified+";
            _exclude.Description = "Not the resources that this dbt selector names";
        }
        else
        {
            command.Add(_noSlim);
        }
    }

    /// <summary>What was given.</summary>
    public SelectorFlags Read(ParseResult parsed) => new(
        Joined(parsed.GetValue(_select)),
        Joined(parsed.GetValue(_exclude)),
        parsed.GetValue(_noSlim));

    // dbt takes a selector as one word or as several; a space is a union either way.
    private static string? Joined(string[]? words) => words is null or [] ? null : string.Join(' ', words);
}

/// <summary>The selection part of a command line; null where not given.</summary>
internal sealed record SelectorFlags(string? Select, string? Exclude, bool NoSlim);
