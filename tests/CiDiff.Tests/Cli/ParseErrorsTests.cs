using CiDiff.Tests.Support;

namespace CiDiff.Tests.Cli;

public sealed class ParseErrorsTests
{
    /// <summary>Help is asked for in these forms as well, wherever a command would take the word for something else.</summary>
    [Theory]
    [InlineData("report -help")]
    [InlineData("report -hv")]
    [InlineData("report /?=1")]
    [InlineData("demo -h=true")]
    [InlineData("compare -hx b --url duckdb:none.duckdb")]
    [InlineData("compare a b --key --help=true")]
    [InlineData("compare --help")]
    [InlineData("hook install -?")]
    public async Task Help_with_something_after_it_is_help(string line)
    {
        var run = await CliRun.InAsync(Path.GetTempPath(), line.Split(' '));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("Usage:", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("`cidiff` has no command 'runn'.", "Did you mean 'run'?", "runn")]
    [InlineData("`cidiff` has no option '--versoin'.", "Did you mean '--version'?", "--versoin")]
    [InlineData("`cidiff run` has no option '--bass'.", "Did you mean '--base'?", "run", "--bass", "x")]
    [InlineData("`cidiff compare` needs HEAD.", "cidiff compare --help", "compare", "a")]
    [InlineData("`cidiff compare` needs BASE and HEAD.", "cidiff compare --help", "compare")]
    [InlineData("`cidiff compare` has no option '--kee'.", "Did you mean '--key'?", "compare", "--kee", "id")]
    [InlineData("`cidiff report` has no option '--formt'.", "Did you mean '--format'?", "report", "--formt", "json")]
    [InlineData("`cidiff demo` has no option '--nonsense'.", "cidiff demo --help", "demo", "--nonsense")]
    [InlineData("`cidiff hook` needs a command.", "Commands: install, remove.", "hook")]
    [InlineData("`cidiff hook` has no command 'instal'.", "Did you mean 'install'?", "hook", "instal")]
    [InlineData("Must be one of: 'selector', ", "cidiff ls --help", "ls", "--base", "a", "--head", "b", "--output", "yaml")]
    public async Task An_error_names_the_word_once_and_what_was_meant(string message, string hint, params string[] arguments)
    {
        using var folder = new TemporaryFolder();

        var run = await CliRun.InAsync(folder.Path, arguments);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        var lines = run.Error.TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Contains(message, lines[0], StringComparison.Ordinal);
        Assert.Contains(hint, lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Commands:")]
    [InlineData("Commands:", "help")]
    [InlineData("--base", "help", "run")]
    public async Task Who_asks_for_nothing_or_for_help_gets_it(string text, params string[] arguments)
    {
        using var folder = new TemporaryFolder();

        var run = await CliRun.InAsync(folder.Path, arguments);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(text, run.Output, StringComparison.Ordinal);
    }
}
