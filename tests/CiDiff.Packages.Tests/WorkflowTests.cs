using System.Text.RegularExpressions;
using System.Xml.Linq;
using CiDiff.Packages.Tests.Support;
using CiDiff.Tests.Support;
using YamlDotNet.Serialization;

namespace CiDiff.Packages.Tests;

/// <summary>The workflows of this repository and of its documentation, as texts.</summary>
public sealed partial class WorkflowTests
{
    // The labels of GitHub's own runners: https://docs.github.com/en/actions/reference/runners/github-hosted-runners, and the images that
    // https://github.com/actions/runner-images has not announced the end of (read 2026-11-21). A job for another one waits for ever.
    private static readonly string[] Runners =
    [
        "ubuntu-latest", "ubuntu-24.04", "ubuntu-22.04", "ubuntu-24.04-arm", "ubuntu-22.04-arm", "windows-latest", "windows-2025", "windows-2022", "windows-11-arm",
        "macos-latest", "macos-26", "macos-15", "macos-15-intel",
    ];

    [Fact]
    public void Every_job_is_for_a_runner_that_GitHub_has()
    {
        var texts = Directory.GetFiles(Repository.PathTo(".github", "workflows")).Select(File.ReadAllText).Append(First()).Append(Second());
        var names = texts.SelectMany(text => RunnerNames().Matches(text)).SelectMany(match => match.Groups[1].Value.Split([',', '[', ']', ' '], StringSplitOptions.RemoveEmptyEntries))
            .Where(name => !name.Contains('$', StringComparison.Ordinal) && !name.Contains('{', StringComparison.Ordinal) && name is not ("}}" or "matrix.os"))
            .ToList();

        Assert.Contains("macos-15-intel", names);
        Assert.All(names, name => Assert.Contains(name, Runners));
    }

    [Fact]
    public void The_workflow_that_posts_for_forks_waits_for_the_one_of_the_readme()
    {
        var first = Yaml(First());
        var second = Yaml(Second());

        var started = (Dictionary<object, object>)((Dictionary<object, object>)second["on"])["workflow_run"];
        Assert.Equal([first["name"]], (List<object>)started["workflows"]);
        Assert.NotEqual(first["name"], second["name"]);
    }

    [Fact]
    public void A_label_starts_the_readmes_workflow_and_a_newer_run_ends_the_older_one()
    {
        var workflow = Yaml(First());

        var pullRequest = (Dictionary<object, object>)((Dictionary<object, object>)workflow["on"])["pull_request"];
        Assert.Equal(["opened", "synchronize", "reopened", "labeled", "unlabeled"], (List<object>)pullRequest["types"]);
        Assert.Equal("true", ((Dictionary<object, object>)workflow["concurrency"])["cancel-in-progress"]);
        Assert.Contains("${{ github.ref }}", (string)((Dictionary<object, object>)workflow["concurrency"])["group"], StringComparison.Ordinal);
    }

    [Fact]
    public void What_runs_with_a_token_beside_a_strangers_report_is_pinned()
    {
        var version = XDocument.Load(Repository.PathTo("Directory.Build.props")).Descendants("VersionPrefix").Single().Value;
        var lines = Second().Split('\n');

        Assert.All(lines.Where(line => line.Contains(" uses:", StringComparison.Ordinal)), line => Assert.Matches(@"uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line));
        Assert.EndsWith($"dotnet tool install --global CiDiff --version {version}", Assert.Single(lines, line => line.Contains("tool install", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private static string First() => Readme.Block("uses: cidiff/cidiff@");

    private static string Second() => Readme.Block("workflow_run:", "docs/publishing.md");

    private static Dictionary<object, object> Yaml(string text) => new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(text);

    [GeneratedRegex(@"^\s*(?:runs-on|os): (.+)$", RegexOptions.Multiline)]
    private static partial Regex RunnerNames();
}
