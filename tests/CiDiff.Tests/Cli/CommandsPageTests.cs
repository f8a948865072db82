using CiDiff.Tests.Support;

namespace CiDiff.Tests.Cli;

/// <summary>What docs/commands.md says of all commands is so.</summary>
public sealed class CommandsPageTests
{
    [Theory]
    [InlineData("--verbosity", "Every command but `init` and `hook`", "init", "hook install")]
    [InlineData("--no-color", "Every command but `init` and `hook`", "init", "hook install")]
    [InlineData("--output", "(not for `report` and `publish`;", "init", "hook install", "report", "publish")]
    public async Task The_options_of_every_command_are_missing_where_the_page_says(string option, string sentence, params string[] without)
    {
        using var folder = new TemporaryFolder();
        string[] commands = ["run", "plan", "compare", "state", "ls", "report", "publish", "demo", "doctor", "init", "hook install"];

        var missing = new List<string>();
        foreach (var command in commands)
        {
            var help = (await CliRun.InAsync(folder.Path, [.. command.Split(' '), "--help"])).Output;
            if (!help.Contains($" {option} ", StringComparison.Ordinal))
            {
                missing.Add(command);
            }
        }

        var page = await File.ReadAllTextAsync(Repository.PathTo("docs", "commands.md"));
        Assert.Equal(without.Order(StringComparer.Ordinal), missing.Order(StringComparer.Ordinal));
        Assert.Contains(sentence, page, StringComparison.Ordinal);
        Assert.All(commands, command => Assert.Contains($"\n## {command.Split(' ')[0]}", page, StringComparison.Ordinal));
    }
}
