using System.CommandLine;
using CiDiff.Cli.Commands;
using CiDiff.Cli.Output;
using CiDiff.Errors;

namespace CiDiff.Cli;

/// <summary>The command line: parses, runs one command, and turns what happened into text and an exit code.</summary>
internal static class CliApp
{
    // A word with '@' in front is dbt's: `--select @orders`. It is not the name of a file with more words.
    private static readonly ParserConfiguration Syntax = new() { ResponseFileTokenReplacer = null };

    private static readonly OrderedDictionary<string, Func<CliHost, Command>> Commands = new(StringComparer.Ordinal)
    {
        ["run"] = RunCommand.Create,
        ["plan"] = PlanCommand.Create,
        ["compare"] = CompareCommand.Create,
        ["state"] = StateCommand.Create,
        ["ls"] = LsCommand.Create,
        ["report"] = ReportCommand.Create,
        ["publish"] = PublishCommand.Create,
        ["demo"] = DemoCommand.Create,
        ["doctor"] = DoctorCommand.Create,
        ["init"] = InitCommand.Create,
        ["hook"] = HookCommand.Create,
    };

    /// <summary>The commands.</summary>
    /// <param name="host">The process's surroundings.</param>
    /// <param name="asked">The one that is asked for, which is then made alone: all of them together have hundreds of options. Any other word, or none, for every command.</param>
    public static RootCommand CreateRoot(CliHost host, string? asked = null)
    {
        var root = new RootCommand(
            "Shows what a dbt pull request does to the data, and fails it when a rule says so. Start with: cidiff demo");
        if (asked is not null && Commands.TryGetValue(asked, out var create))
        {
            root.Add(create(host));
            return root;
        }

        foreach (var each in Commands.Values)
        {
            root.Add(each(host));
        }

        return root;
    }

    /// <summary>Runs one command line.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] args, CliHost host, CancellationToken cancellationToken = default)
    {
        try
        {
            var words = WithHelp(args);
            var parsed = Parse(host, words);
            if (parsed.Errors.Count > 0)
            {
                ErrorText.Write(host.Error, ParseErrors.Of(parsed));
                return ExitCodes.Error;
            }

            using var interruption = new Interruption(cancellationToken);
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = host.Output,
                    Error = host.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null, // see Interruption
                },
                interruption.Token);
        }
        catch (UserErrorException error)
        {
            ErrorText.Write(host.Error, error);
            return ExitCodes.Error;
        }
        catch (OperationCanceledException)
        {
            await host.Error.WriteLineAsync("cidiff : cancelled.");
            return ExitCodes.Cancelled;
        }
        catch (IOException error) when (IsBrokenPipe(error))
        {
            // The reader of our stdout, `head` for example, has seen enough.
            return ExitCodes.Pass;
        }
#pragma warning disable CA1031 // the last catch: whatever arrives here is a bug, and is told as one
        catch (Exception bug)
#pragma warning restore CA1031
        {
            ErrorText.WriteBug(host.Error, bug);
            return ExitCodes.Error;
        }
    }

    // A root has texts in every language for its own options, which take longer to load than a command line to read: it is only needed for help, and for errors.
    private static ParseResult Parse(CliHost host, string[] words)
    {
        if (Commands.TryGetValue(words[0], out var create) && !words.Any(IsOfRoot))
        {
            var plain = new Command(RootCommand.ExecutableName) { create(host) };
            if (plain.Parse(words, Syntax) is { Errors.Count: 0 } parsed)
            {
                return parsed;
            }
        }

        return CreateRoot(host, words[0]).Parse(words, Syntax);

        // Also with a value, or other options, after it. Who only begins like it is read by the root, as everything else.
        static bool IsOfRoot(string word) =>
            word is ['[', ..] or ['-' or '/', 'h' or '?', ..] || word.StartsWith("--help", StringComparison.Ordinal);
    }

    private static bool IsBrokenPipe(IOException error) => error.Message.Contains("Broken pipe", StringComparison.OrdinalIgnoreCase);

    // Who types the name alone, or `cidiff help run`, wants to know what there is.
    private static string[] WithHelp(string[] args) => args switch
    {
        [] => ["--help"],
        ["help", .. var rest] => [.. rest, "--help"],
        _ => args,
    };
}
