using System.Text.Json;
using System.Text.Json.Nodes;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Cli;

/// <summary>The demo's shop as a pull request's job on GitHub Actions.</summary>
public sealed class PublishingRunTests : IAsyncLifetime, IDisposable
{
    private readonly FakeGitHub _gitHub = new();
    private readonly TemporaryFolder _folder = new();

    private string Shop => Path.Combine(_folder.Path, "shop");

    private string Summary => Path.Combine(_folder.Path, "summary.md");

    public async Task InitializeAsync()
    {
        await _gitHub.StartAsync();
        Assert.Equal(1, (await CliRun.InAsync(_folder.Path, "demo", "shop", "--verbosity", "quiet")).ExitCode);
    }

    public async Task DisposeAsync()
    {
        await _gitHub.DisposeAsync();
        Assert.Empty(_gitHub.Violations);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_is_posted_and_keeps_its_answer()
    {
        var run = await RunAsync("--output", "json");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("fail", JsonDocument.Parse(run.Output).RootElement.GetProperty("verdict").GetString());
        Assert.Contains("CiDiff: fail", Assert.Single(_gitHub.Comments)["body"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("cidiff", Assert.Single(_gitHub.Statuses)["context"]!.GetValue<string>());
        Assert.NotEmpty(Assert.Single(_gitHub.Annotations).Value);
        Assert.Contains($"\ncidiff : Comment: {_gitHub.Comments[0]["html_url"]}\n", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\n::error ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("warning CID", run.Error, StringComparison.Ordinal);
        Assert.StartsWith("## ❌ CiDiff: fail\n", await File.ReadAllTextAsync(Summary), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pull_request_from_a_fork_gets_summary_and_annotations()
    {
        var run = await RunAsync(Variables(FakeGitHub.ReadOnlyToken, isFork: true));

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(_gitHub.Comments);
        Assert.Contains("cidiff : warning CID6102: GitHub did not write the comment (403:", run.Error, StringComparison.Ordinal);
        Assert.Contains("\n::error file=models/", run.Error, StringComparison.Ordinal);
        Assert.StartsWith("## ❌ CiDiff: fail\n", await File.ReadAllTextAsync(Summary), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_the_run_says_so_in_one_line_and_goes_on()
    {
        var run = await RunAsync(Variables(token: null));

        Assert.Equal(1, run.ExitCode);
        Assert.Single(run.Error.Split('\n'), line => line.Contains("CID6101", StringComparison.Ordinal));
        Assert.Contains("\n::error file=", run.Error, StringComparison.Ordinal);
        Assert.Empty(_gitHub.Requests);
    }

    [Theory]
    [InlineData("ghp_abc\ndef", "line break")]
    [InlineData("ghp_abc\u00fc", "not ASCII")]
    [InlineData("ghp_abc def", "space")]
    [InlineData(" \n", "is empty")]
    public async Task What_can_be_no_token_is_told_in_one_line_and_sent_to_nobody(string token, string problem)
    {
        var run = await RunAsync(Variables(token));

        Assert.Equal(1, run.ExitCode);
        var line = Assert.Single(run.Error.Split('\n'), line => line.Contains("CID6", StringComparison.Ordinal));
        Assert.StartsWith("cidiff : warning CID6107: The token in GITHUB_TOKEN ", line, StringComparison.Ordinal);
        Assert.Contains(problem, line, StringComparison.Ordinal);
        Assert.DoesNotContain("ghp_abc", run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Shop, "cidiff-report", "run.json")));
        Assert.Empty(_gitHub.Requests);
    }

    [Fact]
    public async Task A_host_that_is_down_is_waited_for_once()
    {
        await _gitHub.DisposeAsync();

        var run = await RunAsync("--verbosity", "debug");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(4, run.Error.Split("GitHub is asked again in ").Length - 1);
        Assert.Contains("cidiff : warning CID6104: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 0, "warning CID6104")]
    [InlineData(true, 2, "error CID6104")]
    public async Task A_host_that_is_down_matters_only_when_publishing_is_required(bool isRequired, int exitCode, string told)
    {
        await _gitHub.DisposeAsync();
        var variables = Variables();
        variables["CIDIFF_TRIGGERS_ENABLED"] = "false";
        variables["CIDIFF_PUBLISH_REQUIRED"] = isRequired ? "true" : "false";

        var run = await RunAsync(variables);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains($"cidiff : {told}: GitHub could not be reached", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verdict_of_fail_stays_one_when_publishing_is_required_and_fails()
    {
        var variables = Variables(FakeGitHub.ReadOnlyToken);
        variables["CIDIFF_PUBLISH_REQUIRED"] = "true";

        Assert.Equal(1, (await RunAsync(variables)).ExitCode);
    }

    [Fact]
    public async Task Publish_none_posts_and_shows_nothing()
    {
        var run = await RunAsync("--publish", "none");

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(_gitHub.Requests);
        Assert.False(File.Exists(Summary));
        Assert.DoesNotContain("\n::error ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_pull_request_nothing_is_posted_and_nothing_is_wrong()
    {
        var variables = Variables();
        variables["GITHUB_EVENT_NAME"] = "push";
        variables["GITHUB_REF"] = "refs/heads/main";
        await File.WriteAllTextAsync(variables["GITHUB_EVENT_PATH"], "{}");

        var run = await RunAsync(variables);

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(_gitHub.Requests);
        Assert.DoesNotContain("CID61", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1, "## ❌ CiDiff: fail\n")]
    [InlineData("\ntriggers: {label: data-diff}\n", 0, "## ⏭️ CiDiff: skipped\n")]
    public async Task In_a_merge_queue_the_verdict_and_the_page_are_all(string triggers, int exitCode, string summary)
    {
        await File.AppendAllTextAsync(Path.Combine(Shop, "cidiff.yml"), triggers);
        var variables = Job("merge_group", new JsonObject
        {
            ["merge_group"] = new JsonObject
            {
                ["base_ref"] = "refs/heads/main",
                ["base_sha"] = new string('e', 40),
                ["head_ref"] = "refs/heads/gh-readonly-queue/main/pr-42-" + new string('e', 40),
                ["head_sha"] = FakeGitHub.Commit,
            },
            ["repository"] = new JsonObject { ["full_name"] = "octo/shop" },
        }, FakeGitHub.ActionsToken);

        var run = await RunAsync(variables);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Empty(_gitHub.Requests);
        Assert.DoesNotContain("CID61", run.Error, StringComparison.Ordinal);
        Assert.StartsWith(summary, await File.ReadAllTextAsync(Summary), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_read_is_told_on_the_pull_request()
    {
        await File.WriteAllTextAsync(Path.Combine(Shop, "cidiff.yml"), "rulez: {}\n");

        var run = await RunAsync();

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("CiDiff: could not tell", Assert.Single(_gitHub.Comments)["body"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("error", Assert.Single(_gitHub.Statuses)["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_a_reviewer_accepts_passes_in_the_next_run()
    {
        Assert.Equal(1, (await RunAsync()).ExitCode);
        _gitHub.Now += TimeSpan.FromMinutes(5);
        _gitHub.Say("maintainer", "We know.\n/cidiff accept");

        var run = await RunAsync("--output", "json");

        Assert.Equal(0, run.ExitCode);
        var report = JsonDocument.Parse(run.Output).RootElement;
        Assert.Contains("accepted by maintainer", report.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains(report.GetProperty("rules").EnumerateArray(), rule =>
            rule.GetProperty("note").GetString()?.StartsWith("accepted by maintainer at 9fceb02d (a comment)", StringComparison.Ordinal) == true);
        Assert.Contains("accepted by maintainer", _gitHub.Body(0), StringComparison.Ordinal);
        Assert.Equal("success", _gitHub.Statuses[^1]["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_token_is_in_nothing_that_is_written()
    {
        var run = await RunAsync("--verbosity", "debug");

        var files = Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetExtension(path) is ".json" or ".md" or ".html" or ".yml")
            .Select(File.ReadAllText);
        Assert.DoesNotContain(files.Append(run.Error).Append(run.Output), text => text.Contains(FakeGitHub.ActionsToken, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_finished_run_is_posted_by_another_job()
    {
        await RunAsync("--publish", "none");

        var publish = await CliRun.WithAsync(_folder.Path, WorkflowRun(FakeGitHub.Commit), "publish", "shop/cidiff-report");

        Assert.Equal((0, ""), (publish.ExitCode, publish.Output));
        Assert.Contains("CiDiff: fail", Assert.Single(_gitHub.Comments)["body"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("failure", Assert.Single(_gitHub.Statuses)["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_run_of_an_older_commit_is_not_posted()
    {
        await RunAsync("--publish", "none");

        var byCommit = await CliRun.WithAsync(_folder.Path, WorkflowRun(new string('d', 40)), "publish", "shop/cidiff-report");
        var byNumber = await CliRun.WithAsync(_folder.Path, WorkflowRun(new string('d', 40)), "publish", "shop/cidiff-report", "--pull-request", "42");

        Assert.Equal((2, 2), (byCommit.ExitCode, byNumber.ExitCode));
        Assert.StartsWith("cidiff : error CID6106: octo/shop has no open pull request at commit dddd", byCommit.Error, StringComparison.Ordinal);
        Assert.StartsWith("cidiff : error CID6106: Pull request 42 is at commit 9fceb", byNumber.Error, StringComparison.Ordinal);
        Assert.Empty(_gitHub.Comments);
    }

    [Fact]
    public async Task Publish_takes_everything_from_flags_on_a_host_that_it_does_not_know()
    {
        await RunAsync("--publish", "none");

        var publish = await CliRun.WithAsync(
            _folder.Path,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["CIDIFF_PUBLISH_TOKEN"] = FakeGitHub.ActionsToken },
            "publish", "shop/cidiff-report", "--to", "github", "--repository", "octo/shop", "--api-url", $"{_gitHub.Address}", "--pull-request", "42", "--name", "nightly");

        Assert.Equal(0, publish.ExitCode);
        Assert.StartsWith("<!-- cidiff report name=nightly commit=9fceb02d", _gitHub.Body(0), StringComparison.Ordinal);
        Assert.Equal("cidiff/nightly", Assert.Single(_gitHub.Statuses)["context"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("CID6106", "--to", "github")]
    [InlineData("CID1002", "nowhere")]
    [InlineData("CID1001", "--commit", "abc")]
    [InlineData("CID1001", "--pull-request", "-3")]
    [InlineData("CID1001", "--pull-request", "x")]
    [InlineData("CID1001", "--api-url", "file:///etc")]
    [InlineData("CID1001", "--to", "none")]
    public async Task Publish_with_too_little_exits_2_with_a_code(string code, params string[] arguments)
    {
        await RunAsync("--publish", "none");

        var publish = await CliRun.WithAsync(
            Shop, new Dictionary<string, string>(StringComparer.Ordinal) { ["GITHUB_TOKEN"] = "x" }, ["publish", .. arguments]);

        Assert.Equal(2, publish.ExitCode);
        Assert.StartsWith($"cidiff : error {code}: ", publish.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_outside_of_a_job_exits_2_even_where_a_commit_is_known()
    {
        await RunAsync("--publish", "none");
        using var repository = new TemporaryRepository();
        repository.Commit("first");

        var publish = await CliRun.WithAsync(
            repository.Path, new Dictionary<string, string>(StringComparer.Ordinal) { ["GITHUB_TOKEN"] = "x" }, "publish", Path.Combine(Shop, "cidiff-report"));

        Assert.Equal(2, publish.ExitCode);
        Assert.StartsWith("cidiff : error CID6106: This is no job of a CI host that CiDiff knows", publish.Error, StringComparison.Ordinal);
    }

    private Task<CliRun> RunAsync(params string[] arguments) => RunAsync(Variables(), arguments);

    private Task<CliRun> RunAsync(IReadOnlyDictionary<string, string> variables, params string[] arguments) => CliRun.WithAsync(Shop, variables, ["run", .. arguments]);

    private Dictionary<string, string> Variables(string? token = FakeGitHub.ActionsToken, bool isFork = false)
    {
        var payload = new JsonObject
        {
            ["pull_request"] = new JsonObject
            {
                ["number"] = 42,
                ["html_url"] = "https://github.com/octo/shop/pull/42",
                ["base"] = new JsonObject { ["ref"] = "main", ["sha"] = new string('e', 40), ["repo"] = new JsonObject { ["full_name"] = "octo/shop" } },
                ["head"] = new JsonObject { ["ref"] = "feature", ["sha"] = FakeGitHub.Commit, ["repo"] = new JsonObject { ["full_name"] = isFork ? "somebody/shop" : "octo/shop" } },
                ["labels"] = new JsonArray(),
            },
        };
        return Job("pull_request", payload, token);
    }

    private Dictionary<string, string> WorkflowRun(string commit) => Job("workflow_run", new JsonObject
    {
        ["workflow_run"] = new JsonObject
        {
            ["head_sha"] = commit,
            ["head_branch"] = "feature",
            ["pull_requests"] = new JsonArray(),
            ["repository"] = new JsonObject { ["full_name"] = "octo/shop" },
            ["head_repository"] = new JsonObject { ["full_name"] = "somebody/shop" },
        },
    }, FakeGitHub.ActionsToken);

    private Dictionary<string, string> Job(string name, JsonObject payload, string? token)
    {
        var file = Path.Combine(_folder.Path, "event.json");
        File.WriteAllText(file, payload.ToJsonString());
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CI"] = "true",
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_REPOSITORY"] = "octo/shop",
            ["GITHUB_SERVER_URL"] = "https://github.com",
            ["GITHUB_API_URL"] = _gitHub.Address.AbsoluteUri.TrimEnd('/'),
            ["GITHUB_EVENT_NAME"] = name,
            ["GITHUB_EVENT_PATH"] = file,
            ["GITHUB_RUN_ID"] = "1",
            ["GITHUB_SHA"] = new string('f', 40),
            ["GITHUB_STEP_SUMMARY"] = Summary,
        };
        if (token is not null)
        {
            variables["GITHUB_TOKEN"] = token;
        }

        return variables;
    }
}
