using System.CommandLine;
using CiDiff.Configuration;

namespace CiDiff.Cli.Commands;

/// <summary>How the hook goes about it; given when it is installed.</summary>
internal sealed class HookOptions
{
    private const string DefaultTimeout = "60s";

    private readonly Option<string> _timeout = new("--timeout")
    {
        Description = "Stop comparing after this time and let the push go on",
        HelpName = "TIME",
        DefaultValueFactory = _ => DefaultTimeout,
    };

    private readonly Option<bool> _planOnly = new("--plan-only")
    {
        Description = "Only tell what would be compared; read no table",
    };

    private readonly Option<bool> _strict = new("--strict")
    {
        Description = "Stop the push also when it could not be told what it does",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        _timeout.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Durations.TryReadSeconds(token.Value) is not > 0)
            {
                result.AddError($"--timeout takes a time such as 30s or 2m, not '{token.Value}'.");
            }
        });
        command.Add(_timeout);
        command.Add(_planOnly);
        command.Add(_strict);
    }

    /// <summary>The longest that comparing may take.</summary>
    public TimeSpan Timeout(ParseResult parsed) => TimeSpan.FromSeconds((double)Durations.TryReadSeconds(parsed.GetRequiredValue(_timeout))!.Value);

    /// <summary>Whether tables stay unread.</summary>
    public bool IsPlanOnly(ParseResult parsed) => parsed.GetValue(_planOnly);

    /// <summary>Whether not knowing stops the push.</summary>
    public bool IsStrict(ParseResult parsed) => parsed.GetValue(_strict);

    /// <summary>The options again, as words for the hook's own call.</summary>
    public IReadOnlyList<string> Words(ParseResult parsed) =>
    [
        .. parsed.GetRequiredValue(_timeout) is var timeout && timeout != DefaultTimeout ? ["--timeout", timeout] : Array.Empty<string>(),
        .. IsPlanOnly(parsed) ? ["--plan-only"] : Array.Empty<string>(),
        .. IsStrict(parsed) ? ["--strict"] : Array.Empty<string>(),
    ];
}
