using System.CommandLine;
using CiDiff.Cli;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Cli;

/// <summary>One style for all commands and options.</summary>
public sealed class CommandLineStyleTests
{
    [Fact]
    public void Option_names_are_lower_case_words_with_hyphens()
    {
        var offences = AllOptions()
            .SelectMany(option => option.Option.Aliases.Prepend(option.Option.Name))
            .Where(name => !name.StartsWith('-') || name.Any(character => character is not '-' && !char.IsAsciiLetterLower(character)));

        Assert.Equal([], offences.Except(["-?", "/?", "/h"]));
    }

    [Fact]
    public void Help_lines_begin_with_a_capital_letter_and_have_no_period()
    {
        var lines = AllOptions().Select(option => option.Option.Description)
            .Concat(AllCommands().Select(command => command.Description))
            .Concat(AllCommands().SelectMany(command => command.Arguments).Select(argument => argument.Description));

        Assert.DoesNotContain(lines, line => string.IsNullOrEmpty(line) || line.EndsWith('.') || char.IsLower(line[0]));
    }

    [Fact]
    public void Options_that_take_a_value_name_it()
    {
        var offences = AllOptions()
            .Where(option => option.Option.ValueType != typeof(bool) && option.Option is not System.CommandLine.Help.HelpOption and not VersionOption)
            .Where(option => string.IsNullOrEmpty(option.Option.HelpName))
            .Select(option => $"{option.Command.Name} {option.Option.Name}");

        Assert.Empty(offences);
    }

    [Fact]
    public void Every_command_is_in_the_readme()
    {
        var readme = File.ReadAllText(Repository.PathTo("README.md"));

        Assert.Empty(AllCommands().Where(command => !readme.Contains($"`cidiff {command.Name}", StringComparison.Ordinal)).Select(command => command.Name));
    }

    [Fact]
    public void Every_option_is_in_the_command_line_docs()
    {
        var docs = File.ReadAllText(Repository.PathTo("docs", "commands.md"));

        Assert.Empty(AllOptions()
            .Where(option => option.Command is not RootCommand && option.Option is not System.CommandLine.Help.HelpOption)
            .Where(option => !docs.Contains($"`{option.Option.Name}", StringComparison.Ordinal))
            .Select(option => $"{option.Command.Name} {option.Option.Name}"));
    }

    [Theory]
    [InlineData("run", "--bse", "x")]
    [InlineData("ls", "--select", "a", "--output", "yaml")]
    [InlineData("compare", "a.b")]
    [InlineData("compare", "a", "b", "--samples", "many")]
    [InlineData("compare", "a", "b", "--tolerance", "amount", "--url", "duckdb:x")]
    [InlineData("report", "--formt", "json")]
    [InlineData("demo", "--fast")]
    [InlineData("nonsense")]
    public async Task A_command_line_that_cannot_be_understood_exits_2_with_a_code_and_a_hint(params string[] arguments)
    {
        using var folder = new TemporaryFolder();

        var run = await CliRun.InAsync(folder.Path, arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.StartsWith("cidiff : error CID1001: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("\n  hint: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_word_that_an_option_does_not_take_is_told_with_the_option()
    {
        using var folder = new TemporaryFolder();

        var run = await CliRun.InAsync(folder.Path, "compare", "a", "b", "--strategy", "fast");

        Assert.StartsWith(
            "cidiff : error CID1001: --strategy: argument 'fast' not recognized. Must be one of: 'auto', 'join', 'fingerprint', 'hash'.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_that_is_asked_for_is_made_alone()
    {
        var names = AllCommands().ConvertAll(command => command.Name);

        Assert.Equal(11, names.Count);
        Assert.Equal(names, names.SelectMany(name => Commands(name)).Select(command => command.Name));
        Assert.Equal(names, Commands("--help").ConvertAll(command => command.Name));
        Assert.Equal(names, Commands("nonsense").ConvertAll(command => command.Name));
    }

    private static List<Command> AllCommands() => Commands(null);

    private static List<Command> Commands(string? asked)
    {
        using var nothing = new StringWriter();
        var host = new CliHost(nothing, nothing, CiEnvironment.From(new Dictionary<string, string>(StringComparer.Ordinal)), "/", "/", false, false, 120);
        return [.. CliApp.CreateRoot(host, asked).Subcommands];
    }

    private static IEnumerable<(Command Command, Option Option)> AllOptions() =>
        AllCommands().SelectMany(command => command.Options, (command, option) => (command, option));
}
