using System.Text.Json;
using CiDiff.Demo;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Cli;

/// <summary>What <c>cidiff doctor</c> says where things are well, and where one of them is not.</summary>
[Collection("postgres")]
public sealed class DoctorCommandTests(PostgresServer server)
{
    private static readonly string Main = Fixture.PathTo("storefront/main/target");
    private static readonly string PullRequest = Fixture.PathTo("storefront/pr/target");

    [Fact]
    public async Task A_place_where_everything_is_there_is_well()
    {
        using var folder = new TemporaryFolder();
        var shop = await DemoShop.CreateAsync(Path.Combine(folder.Path, "shop"), CancellationToken.None);

        var run = await CliRun.InAsync(shop.Folder, "doctor");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.EndsWith("\n\nEverything that a run needs is there.\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("problem", run.Output, StringComparison.Ordinal);
        foreach (var check in new[] { "tool", "host", "configuration", "triggers", "base manifest", "head manifest", "manifests", "connection", "rights on base", "rights on head", "publishing" })
        {
            Assert.Contains($"ok       {check} ", run.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_empty_folder_has_three_problems_each_with_a_hint()
    {
        using var folder = new TemporaryFolder();

        var run = await CliRun.InAsync(folder.Path, "doctor", "--output", "json");

        Assert.Equal(2, run.ExitCode);
        var problems = Checks(run).Where(check => check.Outcome == "problem").ToList();
        Assert.Equal([("base manifest", "CID2001"), ("head manifest", "CID2001"), ("connection", "CID1101")], problems.Select(problem => (problem.Check, problem.Code!)));
        Assert.All(problems, problem => Assert.NotNull(problem.Hint));
        Assert.False(Parse(run).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_read_is_where_it_ends()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "cidiff.yml"), "ruls: {}\n");

        var run = await CliRun.InAsync(folder.Path, "doctor", "--output", "json");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(("configuration", "problem", "CID1302"), (Checks(run)[^1].Check, Checks(run)[^1].Outcome, Checks(run)[^1].Code!));
    }

    [Fact]
    public async Task The_pull_request_is_told_as_CI_and_the_clone_know_it()
    {
        using var files = new TemporaryRepository();
        var start = files.Commit("start");
        files.Git("switch", "--quiet", "--create", "orders");
        var head = files.Commit("Orders\n\ncidiff-skip", "models/orders.sql");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["GITLAB_CI"] = "true",
            ["CI_PIPELINE_SOURCE"] = "merge_request_event",
            ["CI_PROJECT_PATH"] = "acme/warehouse",
            ["CI_MERGE_REQUEST_IID"] = "7",
            ["CI_MERGE_REQUEST_TARGET_BRANCH_NAME"] = "main",
            ["CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"] = "orders",
            ["CI_MERGE_REQUEST_LABELS"] = "cidiff,##[error]hostile",
            ["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = start,
            ["CI_COMMIT_SHA"] = head,
        };

        var text = await CliRun.WithAsync(files.Path, environment, "doctor", "--base", Main, "--head", PullRequest);
        var json = await CliRun.WithAsync(files.Path, environment, "doctor", "--base", Main, "--head", PullRequest, "--output", "json");

        var told = Parse(json).GetProperty("pull_request");
        Assert.Equal(("gitlab", 7, start, head, start), (
            told.GetProperty("host").GetString(),
            told.GetProperty("number").GetInt32(),
            told.GetProperty("base_commit").GetString(),
            told.GetProperty("head_commit").GetString(),
            told.GetProperty("merge_base").GetString()));
        Assert.Equal(["cidiff", "##[error]hostile"], told.GetProperty("labels").EnumerateArray().Select(label => label.GetString()));
        Assert.Equal(["models/orders.sql"], told.GetProperty("changed_files").EnumerateArray().Select(file => file.GetString()));
        Assert.Contains($"Number 7, orders ({head[..8]}) into main ({start[..8]}); labels cidiff, ", text.Output, StringComparison.Ordinal);
        Assert.Contains("A run would be skipped: The message of the last commit says `cidiff-skip`.", text.Output, StringComparison.Ordinal);
        Assert.Contains("CID6101: GITLAB_TOKEN is not set", text.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("##", text.Output + json.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_only_a_problem_where_publishing_is_required()
    {
        using var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_REF"] = "refs/pull/42/merge",
            ["GITHUB_REPOSITORY"] = "acme/warehouse",
        };

        var wanted = await CliRun.WithAsync(folder.Path, environment, "doctor", "--output", "json");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "cidiff.yml"), "publish: {required: true}\n");
        var required = await CliRun.WithAsync(folder.Path, environment, "doctor", "--output", "json");

        Assert.Equal(("publishing", "note", "CID6101"), (Checks(wanted)[^1].Check, Checks(wanted)[^1].Outcome, Checks(wanted)[^1].Code!));
        Assert.Equal("problem", Checks(required)[^1].Outcome);
        Assert.Contains(Checks(wanted), check => check is { Check: "history", Outcome: "note" } && check.Message.Contains("GITHUB_EVENT_PATH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(FakeGitHub.ActionsToken, "octo/shop", true)]
    [InlineData("ghp_unknown", "octo/shop", false)]
    [InlineData(FakeGitHub.ActionsToken, "octo/elsewhere", false)]
    [InlineData("", "octo/shop", false)]
    public async Task The_last_line_says_when_posting_will_not_work(string token, string repository, bool works)
    {
        using var folder = new TemporaryFolder();
        await using var gitHub = new FakeGitHub();
        await gitHub.StartAsync();
        var shop = await DemoShop.CreateAsync(Path.Combine(folder.Path, "shop"), CancellationToken.None);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_REF"] = "refs/pull/42/merge",
            ["GITHUB_REPOSITORY"] = repository,
            ["GITHUB_API_URL"] = gitHub.Address.AbsoluteUri.TrimEnd('/'),
            ["GITHUB_TOKEN"] = token,
        };

        var run = await CliRun.WithAsync(shop.Folder, environment, "doctor");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(works ? "ok       publishing" : "note     publishing", run.Output, StringComparison.Ordinal);
        Assert.EndsWith(
            works ? "\n\nEverything that a run needs is there.\n" : "\n\nEverything that a run needs to compare is there, but posting to the pull request will not work.\n",
            run.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_server_is_a_problem_and_its_password_is_not_told()
    {
        using var folder = new TemporaryFolder();

        var run = await CliRun.InAsync(
            folder.Path, "doctor", "--base", Main, "--head", PullRequest, "--url", "postgresql://reader:hush@127.0.0.1:1/shop?retries=0", "--output", "json");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(("connection", "CID4001"), Assert.Single(Checks(run).Where(check => check.Outcome == "problem").Select(check => (check.Check, check.Code!))));
        Assert.DoesNotContain("hush", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_manifest_for_both_sides_is_a_problem()
    {
        using var folder = new TemporaryFolder();

        var run = await CliRun.InAsync(folder.Path, "doctor", "--base", Main, "--head", Main, "--output", "json");

        Assert.Contains(Checks(run), check => check is { Check: "manifests", Outcome: "problem" });
    }

    [PostgresFact]
    public async Task Rights_that_are_missing_and_tables_that_are_missing_are_told_apart()
    {
        await Storefront.LoadAsync(server);
        using var folder = new TemporaryFolder();
        var role = $"doctor_{Guid.NewGuid():N}";
        await server.ExecuteScriptAsync(
            Storefront.Database,
            $"create role {role} login password 'hush'; grant usage on schema analytics, analytics_finance to {role};");
        var url = new UriBuilder(server.Url(Storefront.Database)) { UserName = role, Password = "hush" }.Uri.ToString();

        var own = await CliRun.InAsync(folder.Path, "doctor", "--base", Main, "--head", PullRequest, "--url", server.Url(Storefront.Database), "--output", "json");
        var denied = await CliRun.InAsync(folder.Path, "doctor", "--base", Main, "--head", PullRequest, "--url", url, "--output", "json");
        await server.ExecuteScriptAsync(Storefront.Database, $"drop owned by {role}; drop role {role};");

        Assert.DoesNotContain(Checks(own), check => check.Outcome == "problem");
        Assert.Equal((0, 2), (own.ExitCode, denied.ExitCode));
        Assert.Equal("CID4003", Checks(denied).Single(check => check.Check == "rights on base").Code);
        Assert.DoesNotContain("hush", denied.Output + denied.Error, StringComparison.Ordinal);
    }

    private static JsonElement Parse(CliRun run) => JsonDocument.Parse(run.Output).RootElement;

    private static List<(string Check, string Outcome, string Message, string? Code, string? Hint)> Checks(CliRun run) =>
    [
        .. Parse(run).GetProperty("checks").EnumerateArray().Select(check => (
            check.GetProperty("check").GetString()!,
            check.GetProperty("outcome").GetString()!,
            check.GetProperty("message").GetString()!,
            check.GetProperty("code").GetString(),
            check.GetProperty("hint").GetString())),
    ];
}
