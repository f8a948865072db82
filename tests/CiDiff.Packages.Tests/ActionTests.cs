using System.Text.Json.Nodes;
using CiDiff.Packages.Tests.Support;
using CiDiff.Tests.Support;
using YamlDotNet.Serialization;

namespace CiDiff.Packages.Tests;

/// <summary><c>action.yml</c>, executed step by step on a fake host, with a fake GitHub behind it.</summary>
[Collection(PackedToolCollection.Name)]
public sealed class ActionTests(PackedTool packed) : IAsyncLifetime
{
    private const string Hostile = "x\"; touch owned; echo \"$(touch owned)`touch owned`' ; touch owned #\n::error::owned\nverdict=pass";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeGitHub _gitHub = new();

    private string Workspace => Path.Combine(_folder.Path, "checkout");

    private string Artifacts => Path.Combine(_folder.Path, "artifacts");

    public async Task InitializeAsync()
    {
        await packed.MakeShopAsync(Workspace);
        await _gitHub.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _gitHub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_readmes_workflow_posts_fails_and_leaves_its_report()
    {
        var run = await RunAsync(StepOfTheReadme(), FakeGitHub.ActionsToken);

        Assert.Empty(run.Errors);
        Assert.True(run.IsFailed, run.Log);
        Assert.Equal(1, run.Run["exitCode"]!.GetValue<int>());
        Assert.Equal("fail", run.Output("verdict"));
        Assert.Equal("cidiff-report/report.md", run.Output("report"));
        Assert.Equal(("17", "0"), (run.Output("selected"), run.Output("failed")));
        Assert.True(int.Parse(run.Output("different"), null) < int.Parse(run.Output("compared"), null));
        Assert.StartsWith("<!-- cidiff", Assert.Single(_gitHub.Comments)["body"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("failure", Assert.Single(_gitHub.Statuses)["state"]!.GetValue<string>());
        Assert.Contains("customer_contacts", run.Summary, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Artifacts, "cidiff-report", "report.md")));
        Assert.True(File.Exists(Path.Combine(Artifacts, "cidiff-report", "run.json")));
        Assert.Equal("skipped", run.Outcome("actions/cache"));
        Assert.Empty(_gitHub.Violations);
    }

    [Fact]
    public async Task On_a_fresh_runner_it_installs_the_tool_at_its_own_version_and_passes()
    {
        var run = await RunAsync(
            new() { ["working-directory"] = "checkout", ["select"] = "weekly_orders", ["publish"] = "none", ["upload-report"] = "false" },
            temp: Path.Combine(_folder.Path, "fresh"), workspace: _folder.Path);

        Assert.False(run.IsFailed, run.Log);
        Assert.Contains($"version '{packed.Version}'", run.Log, StringComparison.Ordinal);
        Assert.Equal("pass", run.Output("verdict"));
        Assert.Equal(("1", "1", "1"), (run.Output("selected"), run.Output("compared"), run.Output("different")));
        Assert.Equal("checkout/cidiff-report", run.Output("report-dir"));
        Assert.False(Directory.Exists(Artifacts));
        Assert.Empty(_gitHub.Requests);
    }

    [Fact]
    public async Task A_pull_request_from_a_fork_gets_the_page_and_annotations_and_the_same_exit_code()
    {
        var run = await RunAsync([], FakeGitHub.ReadOnlyToken, isFork: true);

        Assert.Equal(1, run.Run["exitCode"]!.GetValue<int>());
        Assert.Equal("fail", run.Output("verdict"));
        Assert.Empty(_gitHub.Comments);
        Assert.Empty(_gitHub.Statuses);
        Assert.Contains("customer_contacts", run.Summary, StringComparison.Ordinal);
        Assert.Contains("\n::error ", run.Log, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Artifacts, "cidiff-report", "run.json")), "the second workflow needs it");
    }

    [Fact]
    public async Task Without_a_token_nothing_is_asked_of_GitHub_and_the_verdict_is_the_same()
    {
        var run = await RunAsync(new() { ["token"] = "" }, FakeGitHub.ActionsToken);

        Assert.Equal("fail", run.Output("verdict"));
        Assert.Empty(_gitHub.Comments);
        Assert.Contains("customer_contacts", run.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cidiff_yml_says_of_reports_holds()
    {
        await File.AppendAllTextAsync(Path.Combine(Workspace, "cidiff.yml"), "\nreports: {dir: out/diff, formats: [markdown, sarif]}\n");

        var run = await RunAsync(new() { ["select"] = "weekly_orders", ["publish"] = "none" });

        Assert.Equal(("pass", "out/diff", "out/diff/report.md"), (run.Output("verdict"), run.Output("report-dir"), run.Output("report")));
        Assert.Equal(["report.md", "report.sarif"], Directory.GetFiles(Path.Combine(Artifacts, "cidiff-report")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_cached_tool_that_does_not_start_is_installed_again()
    {
        var temp = Path.Combine(_folder.Path, "fresh");
        await packed.InstallAsync(Path.Combine(temp, "cidiff-tool"));
        await File.WriteAllTextAsync(Path.Combine(temp, "cidiff-tool", "cidiff"), "of another processor");

        var run = await RunAsync(new() { ["select"] = "weekly_orders", ["publish"] = "none" }, temp: temp);

        Assert.Equal("pass", run.Output("verdict"));
    }

    [Fact]
    public async Task A_cached_tool_stays_also_where_lines_end_as_on_Windows()
    {
        var tool = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.Path, "windows", "cidiff-tool")).FullName, "cidiff");
        var script = $"#!/bin/sh\nif [ \"$1\" = --version ]; then printf '{packed.Version}\\r\\n'; else exec '{packed.Cidiff}' \"$@\"; fi\n";
        await File.WriteAllTextAsync(tool, script);
        (await Program.RunAsync(_folder.Path, [], "chmod", "+x", tool)).Expect();

        var run = await RunAsync(new() { ["select"] = "weekly_orders", ["publish"] = "none" }, temp: Path.Combine(_folder.Path, "windows"));

        Assert.Equal("pass", run.Output("verdict"));
        Assert.Equal(script, await File.ReadAllTextAsync(tool));
    }

    [Fact]
    public async Task The_second_workflow_posts_what_a_forks_job_could_not()
    {
        await RunAsync([], FakeGitHub.ReadOnlyToken, isFork: true);
        Assert.Empty(_gitHub.Comments);

        // Its checkout is the default branch's, and the name of the comment is a setting of that.
        await File.AppendAllTextAsync(Path.Combine(Workspace, "cidiff.yml"), "\npublish: {name: warehouse}\n");
        var run = await PublishAsync();

        Assert.False(run.IsFailed, run.Log);
        Assert.Contains("CiDiff: fail", Assert.Single(_gitHub.Comments)["body"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("cidiff/warehouse", Assert.Single(_gitHub.Statuses)["context"]!.GetValue<string>());
        Assert.Empty(_gitHub.Violations);
    }

    [Fact]
    public async Task The_second_workflow_ends_well_where_the_first_one_uploaded_nothing()
    {
        var run = await PublishAsync();

        Assert.False(run.IsFailed, run.Log);
        Assert.Equal("failure", run.Outcome("actions/download-artifact"));
        Assert.Equal("skipped", run.Outcome("actions/setup-dotnet"));
        Assert.Empty(_gitHub.Requests);
    }

    [Theory]
    [InlineData("base")]
    [InlineData("head")]
    [InlineData("project-dir")]
    [InlineData("profile")]
    [InlineData("url")]
    [InlineData("select")]
    [InlineData("exclude")]
    [InlineData("config")]
    [InlineData("config-from")]
    [InlineData("slim")]
    [InlineData("strategy")]
    [InlineData("sample")]
    [InlineData("attribution")]
    [InlineData("column-profiles")]
    [InlineData("force")]
    [InlineData("publish")]
    [InlineData("verbosity")]
    [InlineData("report-dir")]
    [InlineData("version")]
    [InlineData("artifact-name")]
    public async Task No_value_of_an_input_is_read_as_code(string input)
    {
        var run = await RunAsync(new() { ["publish"] = "none", [input] = Hostile });

        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "owned", SearchOption.AllDirectories));
        Assert.NotEqual("pass", run.Output("verdict"));
        Assert.DoesNotContain("\n::error::owned", run.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "pass", true)]
    [InlineData("false", "", "pass", false)]
    [InlineData("true", "", "pass", true)]
    [InlineData("true", "true", "pass", true)]
    [InlineData("sometimes", "", "error", false)]
    [InlineData("", "sometimes", "error", false)]
    public async Task A_switch_wins_over_cidiff_yml_either_way_and_knows_no_other_word(string columnProfiles, string slim, string verdict, bool hasProfiles)
    {
        var config = Path.Combine(Workspace, "cidiff.yml");
        await File.WriteAllTextAsync(config, (await File.ReadAllTextAsync(config)).Replace("\ncompare:\n", "\ncompare:\n  column_profiles: true\n", StringComparison.Ordinal));

        var run = await RunAsync(new() { ["select"] = "weekly_orders", ["publish"] = "none", ["column-profiles"] = columnProfiles, ["slim"] = slim });

        Assert.Equal(verdict, run.Output("verdict"));
        var report = Path.Combine(Workspace, "cidiff-report", "run.json");
        Assert.Equal(hasProfiles, File.Exists(report) && (await File.ReadAllTextAsync(report)).Contains("\"profiles\":", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_value_that_looks_like_a_flag_is_a_value()
    {
        var run = await RunAsync(new() { ["base"] = "--publish=github", ["publish"] = "none" }, FakeGitHub.ActionsToken);

        Assert.Equal("error", run.Output("verdict"));
        Assert.Contains("--publish=github", run.Log, StringComparison.Ordinal);
        Assert.Empty(_gitHub.Requests);
    }

    [Fact]
    public async Task A_url_with_a_password_is_no_argument()
    {
        var run = await RunAsync(new() { ["url"] = "postgresql://ci:geheim@127.0.0.1:1/shop", ["publish"] = "none" });

        Assert.Equal("error", run.Output("verdict"));
        Assert.Contains("error CID4", run.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", run.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", run.Run["script"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_payload_it_still_compares()
    {
        File.Delete(Path.Combine(_folder.Path, "event.json"));
        var run = await RunAsync([], FakeGitHub.ActionsToken, withPayload: false);

        Assert.Equal("fail", run.Output("verdict"));
    }

    [Fact]
    public void No_expression_of_an_input_stands_in_a_script()
    {
        var action = Yaml(File.ReadAllText(Repository.PathTo("action.yml")));
        var scripts = ((List<object>)((Dictionary<object, object>)action["runs"])["steps"])
            .Cast<Dictionary<object, object>>()
            .Where(step => step.ContainsKey("run"))
            .Select(step => (string)step["run"])
            .ToList();

        Assert.NotEmpty(scripts);
        Assert.All(scripts, script => Assert.DoesNotContain("${{", script, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_inputs_are_the_flags_of_run()
    {
        var flags = await packed.FlagsOfRunAsync();
        string[] ofTheAction = ["working-directory", "token", "upload-report", "artifact-name", "setup-dotnet", "version", "package-source"];
        var inputs = ((Dictionary<object, object>)Yaml(File.ReadAllText(Repository.PathTo("action.yml")))["inputs"]).Keys.Cast<string>();

        Assert.Equal(flags.Order(StringComparer.Ordinal), inputs.Except(ofTheAction).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_action_is_pinned_by_its_commit_and_says_the_version()
    {
        string[] files = [Repository.PathTo("action.yml"), .. Directory.GetFiles(Repository.PathTo(".github", "workflows"))];
        var uses = files.SelectMany(File.ReadLines).Where(line => line.Contains("uses:", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(uses);
        Assert.All(uses, line => Assert.Matches(@"uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line));
    }

    [Fact]
    public async Task GitHubs_parser_accepts_every_workflow_of_ours_and_of_the_documentation()
    {
        List<string> files = [.. Directory.GetFiles(Repository.PathTo(".github", "workflows"))];
        foreach (var (text, path) in (IEnumerable<(string, string)>)[("uses: cidiff/cidiff@", "README.md"), ("workflow_run:", "docs/publishing.md")])
        {
            files.Add(Path.Combine(_folder.Path, $"{files.Count}.yml"));
            await File.WriteAllTextAsync(files[^1], Readme.Block(text, path));
        }

        var parser = await Program.RunAsync(PackedTool.Hosts, [], "node", ["--import", "./json-modules.mjs", "workflow.mjs", .. files]);

        Assert.Equal("", parser.Expect().Output);
    }

    // The job of docs/publishing.md, as an action: its steps are what is to be seen.
    private async Task<ActionRun> PublishAsync()
    {
        var job = (Dictionary<object, object>)((Dictionary<object, object>)Yaml(Readme.Block("workflow_run:", "docs/publishing.md"))["jobs"])["publish"];
        var steps = (List<object>)job["steps"];
        foreach (var step in steps.Cast<Dictionary<object, object>>().Where(step => step.ContainsKey("run")))
        {
            step["shell"] = "bash";
        }

        var action = Directory.CreateDirectory(Path.Combine(_folder.Path, "publish")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(action, "action.yml"), new SerializerBuilder().Build().Serialize(new { name = "publish", description = "posts", runs = new { @using = "composite", steps } }));
        await File.WriteAllTextAsync(
            Path.Combine(Workspace, "nuget.config"), $"<configuration><packageSources><clear /><add key=\"here\" value=\"{packed.Packages}\" /></packageSources></configuration>");

        // The first job's payload is not this one's.
        var repository = new JsonObject { ["full_name"] = "octo/shop" };
        var payload = new JsonObject
        {
            ["workflow_run"] = new JsonObject
            {
                ["id"] = 1,
                ["event"] = "pull_request",
                ["head_sha"] = FakeGitHub.Commit,
                ["head_branch"] = "feature",
                ["pull_requests"] = new JsonArray(),
                ["repository"] = repository.DeepClone(),
                ["head_repository"] = new JsonObject { ["full_name"] = "somebody/shop" },
            },
            ["repository"] = repository,
        };
        var variables = new Dictionary<string, string?>(packed.Environment)
        {
            ["GITHUB_REPOSITORY"] = "octo/shop",
            ["GITHUB_SERVER_URL"] = "https://github.com",
            ["GITHUB_API_URL"] = _gitHub.Address.AbsoluteUri.TrimEnd('/'),
            ["GITHUB_EVENT_NAME"] = "workflow_run",
            ["GITHUB_REF"] = "refs/heads/main",
            ["GITHUB_SHA"] = new string('b', 40),
            ["GITHUB_EVENT_PATH"] = Path.Combine(_folder.Path, "workflow_run.json"),
            ["DOTNET_CLI_HOME"] = Path.Combine(_folder.Path, "home"),
        };
        await File.WriteAllTextAsync(variables["GITHUB_EVENT_PATH"]!, payload.ToJsonString());

        // setup-dotnet puts the folder of global tools into PATH.
        return await new ActionHost(Workspace, Path.Combine(_folder.Path, "runner"), Artifacts, [Path.Combine(variables["DOTNET_CLI_HOME"]!, ".dotnet", "tools")])
            .RunAsync(action, new Dictionary<string, string>(), variables, FakeGitHub.ActionsToken, payload);
    }

    private async Task<ActionRun> RunAsync(
        Dictionary<string, string> inputs,
        string token = "",
        bool isFork = false,
        bool withPayload = true,
        string? temp = null,
        string? workspace = null)
    {
        var variables = new Dictionary<string, string?>(packed.Environment)
        {
            ["GITHUB_REPOSITORY"] = "octo/shop",
            ["GITHUB_SERVER_URL"] = "https://github.com",
            ["GITHUB_API_URL"] = _gitHub.Address.AbsoluteUri.TrimEnd('/'),
            ["GITHUB_EVENT_NAME"] = "pull_request",
            ["GITHUB_REF"] = "refs/pull/42/merge",
            ["GITHUB_RUN_ID"] = "1",
            ["GITHUB_SHA"] = new string('f', 40),
            ["GITHUB_EVENT_PATH"] = Path.Combine(_folder.Path, "event.json"),
        };
        if (withPayload)
        {
            await File.WriteAllTextAsync(variables["GITHUB_EVENT_PATH"]!, Payload(isFork).ToJsonString());
        }

        return await new ActionHost(workspace ?? Workspace, temp ?? Path.Combine(packed.Packages, "..", "runner"), Artifacts)
            .RunAsync(Repository.Root, new Dictionary<string, string>(inputs) { ["package-source"] = packed.Packages }, variables, token);
    }

    private static JsonObject Payload(bool isFork) => new()
    {
        ["pull_request"] = new JsonObject
        {
            ["number"] = 42,
            ["title"] = "Refunds",
            ["draft"] = false,
            ["labels"] = new JsonArray(),
            ["base"] = new JsonObject { ["ref"] = "main", ["sha"] = new string('b', 40), ["repo"] = new JsonObject { ["full_name"] = "octo/shop" } },
            ["head"] = new JsonObject
            {
                ["ref"] = "feature",
                ["sha"] = FakeGitHub.Commit,
                ["repo"] = new JsonObject { ["full_name"] = isFork ? "somebody/shop" : "octo/shop" },
            },
        },
        ["repository"] = new JsonObject { ["full_name"] = "octo/shop" },
    };

    private static Dictionary<string, string> StepOfTheReadme()
    {
        var workflow = Yaml(Readme.Block("uses: cidiff/cidiff@"));
        var job = (Dictionary<object, object>)((Dictionary<object, object>)workflow["jobs"])["cidiff"];
        var step = ((List<object>)job["steps"]).Cast<Dictionary<object, object>>().Single(step => ((string)step["uses"]).StartsWith("cidiff/", StringComparison.Ordinal));
        return ((Dictionary<object, object>)step["with"]).ToDictionary(pair => (string)pair.Key, pair => (string)pair.Value);
    }

    private static Dictionary<object, object> Yaml(string text) => new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(text);
}
