using System.Reflection;
using System.Text.RegularExpressions;
using CiDiff.Errors;
using CiDiff.Tests.Support;

namespace CiDiff.Tests;

/// <summary>The design rules of CONTRIBUTING.md, held by machine.</summary>
public sealed partial class ArchitectureTests
{
    // A stage uses the stages before it. Warehouses come before Artifacts, so that they cannot know anything of dbt.
    private static readonly string[] Stages =
    [
        "Errors", "Configuration", "Git", "Warehouses", "Profiles", "Artifacts", "State", "Selection",
        "Diffing", "Protection", "Verdicts", "Reports", "Publishing", "Demo",
    ];

    // "File uses Stage", with the reason.
    private static readonly string[] Exceptions = [];

    [Fact]
    public void A_stage_uses_only_the_stages_before_it()
    {
        var offences =
            from stage in Stages
            where Directory.Exists(CorePath(stage))
            from file in Directory.EnumerateFiles(CorePath(stage), "*.cs", SearchOption.AllDirectories)
            from line in File.ReadLines(file)
            let used = UsingLine().Match(line)
            where used.Success && Stages.AsSpan().IndexOf(used.Groups["stage"].Value) > Stages.AsSpan().IndexOf(stage)
            let offence = $"{Path.GetFileName(file)} uses {used.Groups["stage"].Value}"
            where !Exceptions.Contains(offence)
            select offence;

        Assert.Empty(offences);
    }

    [Fact]
    public void Every_folder_of_the_engine_is_a_stage()
    {
        var folders = Directory.EnumerateDirectories(CorePath(""))
            .Select(folder => Path.GetFileName(folder))
            .Where(folder => folder is not ("bin" or "obj"));

        Assert.Empty(folders.Except(Stages));
    }

    [Fact]
    public void The_engine_touches_neither_console_nor_environment_nor_exit_codes()
    {
        var offences =
            from file in Directory.EnumerateFiles(CorePath(""), "*.cs", SearchOption.AllDirectories)
            where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            from line in File.ReadLines(file)
            where ForbiddenInTheEngine().IsMatch(line) && !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
            select $"{Path.GetFileName(file)}: {line.Trim()}";

        Assert.Empty(offences);
    }

    [Fact]
    public void Records_that_are_not_meant_to_be_derived_from_are_sealed()
    {
        var offences =
            from type in typeof(UserErrorException).Assembly.GetExportedTypes()
            where type.IsClass && !type.IsSealed && !type.IsAbstract
            where type.GetMethod("<Clone>$", BindingFlags.Instance | BindingFlags.Public) is not null
            select type.FullName;

        Assert.Empty(offences);
    }

    [Fact]
    public void No_error_code_is_used_twice()
    {
        var repeated = AllCodes().GroupBy(code => code.Id).Where(group => group.Count() > 1).Select(group => group.Key);

        Assert.Empty(repeated);
    }

    [Fact]
    public void Every_error_code_is_explained_and_every_explanation_has_its_code()
    {
        var headings = Directory.EnumerateFiles(Repository.PathTo("docs", "errors"), "*.md")
            .SelectMany(File.ReadLines)
            .Where(line => line.StartsWith("## CID", StringComparison.Ordinal))
            .Select(line => line[3..].Trim())
            .Order(StringComparer.Ordinal);

        var codes = AllCodes().Select(code => $"{code.Id}: {code.Title}").Order(StringComparer.Ordinal);

        Assert.Equal(codes, headings);
    }

    [Fact]
    public void Every_error_code_is_used()
    {
        var sources = string.Concat(
            from folder in new[] { "CiDiff.Core", "CiDiff.Cli" }
            from file in Directory.EnumerateFiles(Repository.PathTo("src", folder), "*.cs", SearchOption.AllDirectories)
            select File.ReadAllText(file));

        var unused =
            from field in typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
            where !sources.Contains($"ErrorCodes.{field.Name}", StringComparison.Ordinal)
            select field.Name;

        Assert.Empty(unused);
    }

    private static IEnumerable<ErrorCode> AllCodes() =>
        from field in typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        select (ErrorCode)field.GetValue(null)!;

    private static string CorePath(string stage) => Repository.PathTo("src", "CiDiff.Core", stage);

    [GeneratedRegex(@"^\s*(global )?using (static )?CiDiff\.(?<stage>\w+)")]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"\bConsole\.|Environment\.(GetEnvironmentVariable|Exit|ExitCode)")]
    private static partial Regex ForbiddenInTheEngine();
}
