using System.Text.Json;
using System.Text.RegularExpressions;
using CiDiff.Packages.Tests.Support;
using CiDiff.Tests.Support;
using YamlDotNet.Serialization;

namespace CiDiff.Packages.Tests;

/// <summary>The template and the component, run by gitlab-ci-local.</summary>
[Collection(PackedToolCollection.Name)]
public sealed partial class GitLabTests(PackedTool packed) : IAsyncLifetime
{
    // The job before: its artifacts are what CiDiff reads.
    private const string Dbt = """

        dbt:
          stage: build
          script: ["true"]
          artifacts: {paths: [prod-artifacts/, target/]}
          rules: [{if: $CI_PIPELINE_SOURCE == "merge_request_event"}]
        """;

    private readonly TemporaryFolder _folder = new();

    private string Repo => Path.Combine(_folder.Path, "shop");

    public async Task InitializeAsync()
    {
        await packed.MakeShopAsync(Repo);
        Directory.CreateDirectory(Path.Combine(Repo, "templates"));
        File.Copy(Repository.PathTo("gitlab-ci-template.yml"), Path.Combine(Repo, "gitlab-ci-template.yml"));
        File.Copy(Repository.PathTo("templates", "cidiff.yml"), Path.Combine(Repo, "templates", "cidiff.yml"));
        await File.WriteAllTextAsync(Path.Combine(Repo, ".gitignore"), ".gitlab-ci-local/\n");
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_readmes_template_runs_in_a_merge_request_and_leaves_reports_that_GitLab_reads()
    {
        await CommitAsync(Template());

        var run = await GitLabAsync("--variable", "CIDIFF_SELECTION_SELECT=weekly_orders");

        run.Expect();
        Assert.Contains("pass: ", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"markdown +/\S+/cidiff-report/report\.md", run.Output);
        var reports = Path.Combine(Repo, ".gitlab-ci-local", "artifacts", "cidiff", "cidiff-report");
        Assert.Contains("<testsuites", await File.ReadAllTextAsync(Path.Combine(reports, "junit.xml")), StringComparison.Ordinal);
        using var quality = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(reports, "code-quality.json")));
        Assert.Equal(JsonValueKind.Array, quality.RootElement.ValueKind);
        Assert.True(File.Exists(Path.Combine(reports, "report.md")));
    }

    [Theory]
    [InlineData("[json, sarif]", "code-quality.json", "junit.xml", "report.sarif", "run.json")]
    [InlineData("[markdown]", "code-quality.json", "junit.xml", "report.md")]
    public async Task What_cidiff_yml_says_of_formats_holds_and_GitLab_has_its_two(string formats, params string[] reports)
    {
        await File.AppendAllTextAsync(Path.Combine(Repo, "cidiff.yml"), $"\nreports: {{formats: {formats}}}\n");
        await CommitAsync(Template());

        (await GitLabAsync("--variable", "CIDIFF_SELECTION_SELECT=weekly_orders")).Expect();

        Assert.Equal(reports, Reports());
    }

    [Fact]
    public async Task A_variable_of_formats_says_all_of_them()
    {
        await CommitAsync(Template());

        (await GitLabAsync("--variable", "CIDIFF_SELECTION_SELECT=weekly_orders", "--variable", "CIDIFF_REPORTS_FORMATS=json, junit")).Expect();

        Assert.Equal(["junit.xml", "run.json"], Reports());
    }

    [Fact]
    public async Task A_tool_in_the_checkout_is_not_the_one_that_runs()
    {
        foreach (var folder in (string[])[$".cidiff/{packed.Version}", "tool", "."])
        {
            var fake = Path.Combine(Directory.CreateDirectory(Path.Combine(Repo, folder)).FullName, "cidiff");
            await File.WriteAllTextAsync(fake, $"#!/bin/sh\n[ \"$1\" = --version ] && echo {packed.Version} || touch '{Repo}/owned'\n");
            (await Program.RunAsync(Repo, [], "chmod", "+x", fake)).Expect();
        }

        await CommitAsync(Template());

        var run = await GitLabAsync("--variable", "CIDIFF_SELECTION_SELECT=weekly_orders");

        Assert.Contains("pass: ", run.Expect().Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Repo, "owned")));
    }

    [Fact]
    public async Task A_verdict_of_fail_fails_the_job_and_still_leaves_the_reports()
    {
        await CommitAsync(Template());

        var run = await GitLabAsync();

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("fail: 1 rule failed: primary_keys on customer_contacts", run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Repo, ".gitlab-ci-local", "artifacts", "cidiff", "cidiff-report", "code-quality.json")), run.All);
    }

    [Fact]
    public async Task The_readmes_component_runs_too_and_its_inputs_arrive()
    {
        await CommitAsync(Component("select: weekly_orders, job-name: diff"));

        var run = await GitLabAsync();

        run.Expect();
        Assert.Matches(@"diff\b.*pass: ", run.Output.ReplaceLineEndings(" "));
    }

    [Fact]
    public async Task It_is_no_part_of_other_pipelines()
    {
        await CommitAsync(Template());

        var jobs = await GitLabAsync("--list-csv", "--variable", "CI_PIPELINE_SOURCE=push");

        Assert.DoesNotContain("\ncidiff;", jobs.Expect().Output, StringComparison.Ordinal);
        Assert.Contains("\ncidiff;", (await GitLabAsync("--list-csv")).Expect().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config-from: production", "config-from")]
    [InlineData("allow-failure: perhaps", "allow-failure")]
    [InlineData("depth: all", "depth")]
    public async Task A_wrong_input_is_rejected(string input, string name)
    {
        await CommitAsync(Component(input));

        var run = await GitLabAsync("--list-csv");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(name, run.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_inputs_are_the_flags_of_run()
    {
        var flags = await packed.FlagsOfRunAsync();

        // What may hold a password is a masked variable. The other two are for a person at a terminal, and have no variable.
        flags.ExceptWith(["url", "base-url", "head-url", "force", "verbosity"]);
        string[] ofTheJob = ["job-name", "stage", "image", "allow-failure", "version", "package-source", "depth", "formats"];
        var inputs = Inputs(File.ReadAllText(Repository.PathTo("templates", "cidiff.yml"))).Keys.Cast<string>();

        Assert.Equal(flags.Order(StringComparer.Ordinal), inputs.Except(ofTheJob).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Template_and_component_are_the_same_job()
    {
        var component = File.ReadAllText(Repository.PathTo("templates", "cidiff.yml"));
        var parts = component.Split("\n---\n");
        var inputs = Inputs(component);
        var filled = Input().Replace(parts[1], match => (string)((Dictionary<object, object>)inputs[match.Groups[1].Value])["default"]);
        var job = (Dictionary<object, object>)Yaml(filled)["cidiff"];
        var template = (Dictionary<object, object>)Yaml(File.ReadAllText(Repository.PathTo("gitlab-ci-template.yml")))["cidiff"];

        // The template has its variables from wherever the user sets them; the component hands over its inputs, which are empty by default, as if not set.
        var ofInputs = (Dictionary<object, object>)job["variables"];
        foreach (var name in ofInputs.Where(variable => variable.Value is "").Select(variable => variable.Key).ToList())
        {
            ofInputs.Remove(name);
        }

        Assert.Equal(JsonSerializer.Serialize(Sorted(template)), JsonSerializer.Serialize(Sorted(job)));
        Assert.Equal(
            inputs.Keys.Cast<string>().Order(StringComparer.Ordinal),
            Input().Matches(parts[1]).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal));
    }

    private static Dictionary<object, object> Inputs(string component) =>
        (Dictionary<object, object>)((Dictionary<object, object>)Yaml(component.Split("\n---\n")[0])["spec"])["inputs"];

    private IEnumerable<string?> Reports() =>
        Directory.GetFiles(Path.Combine(Repo, ".gitlab-ci-local", "artifacts", "cidiff", "cidiff-report")).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    // Where a pipeline of GitLab's asks the network, this one asks the repository itself: the two addresses are all that is replaced.
    private static string Template() => RemoteLine().Replace(Readme.Block("gitlab-ci-template.yml"), "- local: /gitlab-ci-template.yml") + Dbt;

    private static string Component(string inputs) => Readme.Block("- component: $CI_SERVER_FQDN/")
        .Replace("cidiff/cidiff/cidiff@v0.1.0", "$CI_PROJECT_PATH/cidiff@$CI_COMMIT_SHA", StringComparison.Ordinal)
        .Replace("head: target}", $"head: target, package-source: \"$PACKAGES\", {inputs}}}", StringComparison.Ordinal) + Dbt;

    private async Task CommitAsync(string pipeline)
    {
        await File.WriteAllTextAsync(Path.Combine(Repo, ".gitlab-ci.yml"), pipeline);
        (await Program.RunAsync(Repo, packed.Environment, "bash", "-euc", """
            git init -q -b main
            git config user.name Tester
            git config user.email tester@example.com
            git remote add origin git@gitlab.example.com:octo/shop.git
            git add -A
            git commit -q -m shop
            git update-ref refs/remotes/origin/main main
            git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main
            """)).Expect();
    }

    private Task<Ended> GitLabAsync(params string[] arguments) => Program.RunAsync(
        Repo,
        packed.Environment,
        Path.Combine(PackedTool.Hosts, "node_modules", ".bin", "gitlab-ci-local"),
        [
            "--force-shell-executor", "--no-color", "--ignore-predefined-vars", "CI_PIPELINE_SOURCE", "--variable", "CI_MERGE_REQUEST_IID=7",
            "--variable", $"CIDIFF_PACKAGE_SOURCE={packed.Packages}", "--variable", $"PACKAGES={packed.Packages}",
            .. arguments.Contains("CI_PIPELINE_SOURCE=push") ? Array.Empty<string>() : ["--variable", "CI_PIPELINE_SOURCE=merge_request_event"],
            .. arguments,
        ]);

    private static object Sorted(object value) => value switch
    {
        Dictionary<object, object> map => new SortedDictionary<string, object>(
            map.ToDictionary(pair => (string)pair.Key, pair => Sorted(pair.Value)), StringComparer.Ordinal),
        List<object> list => list.ConvertAll(Sorted),
        _ => value,
    };

    private static Dictionary<object, object> Yaml(string text) => new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(text);

    [GeneratedRegex(@"\$\[\[ inputs\.([a-z-]+) \]\]")]
    private static partial Regex Input();

    [GeneratedRegex(@"- remote: https://\S+")]
    private static partial Regex RemoteLine();
}
