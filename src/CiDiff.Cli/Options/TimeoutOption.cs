using System.CommandLine;
using CiDiff.Configuration;

namespace CiDiff.Cli.Options;

/// <summary>The option for the longest that a statement may take.</summary>
internal sealed class TimeoutOption
{
    private const string None = "none";

    private readonly Option<string> _timeout = new("--timeout")
    {
        Description = "The longest one statement may take, or none",
        HelpName = "TIME",
        DefaultValueFactory = _ => "10m",
    };

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command)
    {
        _timeout.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && token.Value != None && Durations.TryReadSeconds(token.Value) is not > 0)
            {
                result.AddError($"--timeout takes a time such as 90s, 10m or 1h, or none, not '{token.Value}'.");
            }
        });
        command.Add(_timeout);
    }

    /// <summary>The time; null for no limit.</summary>
    public TimeSpan? Time(ParseResult parsed) =>
        parsed.GetRequiredValue(_timeout) is var text && text != None ? TimeSpan.FromSeconds((double)Durations.TryReadSeconds(text)!.Value) : null;
}
