using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using CiDiff.Cli.Options;
using CiDiff.Configuration;
using CiDiff.Errors;

namespace CiDiff.Cli;

/// <summary>What is wrong with a command line, said once, with the word that was probably meant.</summary>
internal static partial class ParseErrors
{
    /// <summary>The error of a command line that could not be parsed.</summary>
    public static UserErrorException Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var name = NameOf(parsed);
        var help = $"Run `{name} --help` for what it takes.";

        // A word that is not known makes the parser miss others; the word is the reason.
        var words = command.Arguments.SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? [])
            .Select(token => token.Value)
            .Where(ArgumentRules.IsOption)
            .Concat(parsed.UnmatchedTokens);
        if (words.FirstOrDefault() is { } unknown)
        {
            var isOption = unknown.StartsWith('-');
            IReadOnlyList<string> known = isOption
                ? [.. command.Options.Where(option => !option.Hidden).Select(option => option.Name)]
                : [.. command.Subcommands.Where(subcommand => !subcommand.Hidden).Select(subcommand => subcommand.Name)];
            var meant = Spelling.Nearest(unknown, known);
            var thing = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            return Error(
                $"`{name}` has no {thing} '{unknown}'.",
                meant is not null ? $"Did you mean '{meant}'? {help}" : thing == "command" ? $"Commands: {string.Join(", ", known)}." : help);
        }

        if (command.Subcommands.Count > 0 && parsed.Errors.Any(error => error.SymbolResult == parsed.CommandResult))
        {
            return Error($"`{name}` needs a command.", $"Commands: {string.Join(", ", command.Subcommands.Where(subcommand => !subcommand.Hidden).Select(subcommand => subcommand.Name))}.");
        }

        var missing = command.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > (parsed.GetResult(argument)?.Tokens.Count ?? 0)).Select(argument => argument.Name).ToList();
        return missing.Count > 0 && parsed.Errors.Any(error => error.SymbolResult is ArgumentResult)
            ? Error($"`{name}` needs {string.Join(" and ", missing)}.", help)
            : Error(string.Join(' ', parsed.Errors.Select(Sentence).Distinct(StringComparer.Ordinal)), help);
    }

    private static UserErrorException Error(string message, string hint) => new(ErrorCodes.InvalidCommandLine, message, hint);

    private static string NameOf(ParseResult parsed)
    {
        var names = new List<string>();
        for (SymbolResult? result = parsed.CommandResult; result is not null; result = result.Parent)
        {
            if (result is CommandResult { Command: var command })
            {
                names.Insert(0, command is RootCommand ? "cidiff" : command.Name);
            }
        }

        return string.Join(' ', names);
    }

    // The parser puts what is allowed on lines of their own, with a tab before each, and does not always name the option.
    private static string Sentence(ParseError error)
    {
        var message = error.Message;
        var line = Lines().Replace(message.Trim().TrimEnd('.'), match => match.Index > 0 && message[match.Index - 1] == ':' ? " " : ", ");
        var result = error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult;
        return result is { Option.Name: var option } && !line.Contains(option, StringComparison.Ordinal)
            ? $"{option}: {char.ToLowerInvariant(line[0])}{line[1..]}."
            : $"{line}.";
    }

    [GeneratedRegex(@"\s*[\r\n]\s*")]
    private static partial Regex Lines();
}
