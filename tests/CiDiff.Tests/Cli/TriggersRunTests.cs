using System.Text.Json;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Cli;

/// <summary>Triggers and labels through the whole run, with the environment that GitHub gives a job.</summary>
public sealed class TriggersRunTests : IDisposable
{
    private static readonly string Main = Fixture.PathTo("storefront/main/target");
    private static readonly string PullRequest = Fixture.PathTo("storefront/pr/target");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_closed_trigger_skips_the_run_everywhere_a_person_looks()
    {
        Configure("triggers: {label: data-diff}");

        var run = await RunAsync("run", Labels("other"));

        const string Reason = "This pull request does not have the label `data-diff` (triggers.label).";
        Assert.Equal((0, "skipped"), (run.ExitCode, Report().GetProperty("verdict").GetString()));
        Assert.Equal(Reason, Report().GetProperty("reason").GetString());
        Assert.StartsWith($"skipped: {Reason}\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("does not have the label", File.ReadAllText(Path.Combine(_folder.Path, "cidiff-report", "report.md")), StringComparison.Ordinal);
        Assert.Empty(Report().GetProperty("models").EnumerateArray());
    }

    [Fact]
    public async Task A_plan_says_that_the_run_would_be_skipped()
    {
        Configure("triggers: {base_branches: [develop]}");

        var run = await RunAsync("plan", Labels());

        Assert.Equal((0, "skipped: This pull request is for main, and triggers.base_branches is develop.\n"), (run.ExitCode, run.Output));
    }

    [Fact]
    public async Task Force_opens_a_closed_trigger_and_says_which()
    {
        Configure("triggers: {label: data-diff}");

        var run = await RunAsync("plan", Labels(), "--force");

        Assert.Contains("would be compared", run.Output, StringComparison.Ordinal);
        Assert.Contains("Compared because of `--force`, although: This pull request does not have the label", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_models_than_max_diffs_are_only_planned()
    {
        Configure("triggers: {max_diffs: 3}");

        var run = await RunAsync("run", Labels());

        Assert.Equal((0, "skipped"), (run.ExitCode, Report().GetProperty("verdict").GetString()));
        Assert.Contains(
            "more than triggers.max_diffs (3), so no table was read; to compare them, give the pull request the label `cidiff:run`, or run with `--force`.",
            Report().GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Report().GetProperty("models").EnumerateArray(), model => model.GetProperty("outcome").GetString() is "compared" or "failed");

        // Somebody copies the label from the comment: nothing unseen may be in it.
        var markdown = File.ReadAllText(Path.Combine(_folder.Path, "cidiff-report", "report.md"));
        Assert.Contains("the label `cidiff:run`, or run with `--force`.", markdown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exclude: ['*']", "selection.exclude leaves none: nothing is known of what this changes.")]
    [InlineData("select: [no_such_tag:x, 'path:nowhere'], exclude: [tag:none]", null)]
    public async Task A_configuration_that_leaves_nothing_is_no_silent_pass(string selection, string? reason)
    {
        Configure($"selection: {{{selection}}}");

        var run = await RunAsync("run", Labels());
        var plan = await RunAsync("plan", Labels());

        // A selector that names nothing at all is an error already.
        Assert.Equal(reason is null ? (2, "error") : (0, "skipped"), (run.ExitCode, Report().GetProperty("verdict").GetString()));
        if (reason is not null)
        {
            Assert.EndsWith(reason, Report().GetProperty("reason").GetString(), StringComparison.Ordinal);
            Assert.Contains("selection.exclude leaves none", await File.ReadAllTextAsync(Path.Combine(_folder.Path, "cidiff-report", "report.md")), StringComparison.Ordinal);
            Assert.Contains("selection.exclude leaves none", plan.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_label_lifts_max_diffs()
    {
        Configure("triggers: {max_diffs: 3}");

        // No table is there; that it is looked for shows that the limit is lifted.
        var run = await RunAsync("run", Labels("cidiff:run"), "--url", "duckdb:nothing.duckdb");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("CID4", Report().GetProperty("error").GetProperty("code").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cidiff:all-downstream")]
    [InlineData("datafold:diff-all-downstream")]
    public async Task A_label_selects_everything_downstream(string label)
    {
        var slim = await RunAsync("plan", Labels(), "--output", "json");
        var wide = await RunAsync("plan", Labels(label), "--output", "json");
        var flag = await RunAsync("plan", Labels(), "--output", "json", "--no-slim");

        Assert.True(Selected(slim).Count < Selected(wide).Count);
        Assert.Equal(Selected(flag), Selected(wide));
        Assert.Contains(label, Parse(wide).GetProperty("notes").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fork_without_secrets_still_gets_the_plan()
    {
        Configure("connection: {url: 'env:WAREHOUSE_URL'}");

        var run = await RunAsync("run", Labels(), isFork: true);
        var own = await RunAsync("run", Labels());

        Assert.Equal((0, 2), (run.ExitCode, own.ExitCode));
        Assert.Contains("comes from a fork", run.Output, StringComparison.Ordinal);
        Assert.Contains("WAREHOUSE_URL", own.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_commit_stands_in_the_path_of_base()
    {
        var inBase = new string('b', 40);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "artifacts", inBase));
        File.Copy(Path.Combine(Main, "manifest.json"), Path.Combine(_folder.Path, "artifacts", inBase, "manifest.json"));
        Configure("base: ['artifacts/{commit}', elsewhere]");

        var found = Parse(await RunAsync("plan", Labels(), "--output", "json"));
        Directory.Move(Path.Combine(_folder.Path, "artifacts"), Path.Combine(_folder.Path, "moved"));
        Directory.Move(Path.Combine(_folder.Path, "moved", inBase), Path.Combine(_folder.Path, "elsewhere"));
        var replaced = Parse(await RunAsync("plan", Labels(), "--output", "json"));

        Assert.Contains(inBase, found.GetProperty("base").GetProperty("source").GetString(), StringComparison.Ordinal);
        Assert.Contains("elsewhere", replaced.GetProperty("base").GetProperty("source").GetString(), StringComparison.Ordinal);
        Assert.Contains($"There are no artifacts of commit {inBase}", replaced.GetProperty("notes").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_merge_base_that_is_not_known_is_no_commit()
    {
        Configure("triggers: {commit: merge_base}\nbase: 'artifacts/{commit}'");

        var run = await RunAsync("run", Labels());

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("CID2001", run.Error, StringComparison.Ordinal);
    }

    private static List<string> Selected(CliRun run) =>
        [.. Parse(run).GetProperty("models").EnumerateArray().Where(model => model.GetProperty("selected").GetBoolean()).Select(model => model.GetProperty("unique_id").GetString()!)];

    private static JsonElement Parse(CliRun run) => JsonDocument.Parse(run.Output).RootElement;

    private static string Labels(params string[] names) => JsonSerializer.Serialize(names.Select(name => new { name }));

    private void Configure(string text) => File.WriteAllText(Path.Combine(_folder.Path, "cidiff.yml"), text);

    private JsonElement Report() => JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder.Path, "cidiff-report", "run.json"))).RootElement;

    private Task<CliRun> RunAsync(string command, string labels, params string[] arguments) => RunAsync(command, labels, isFork: false, arguments);

    private Task<CliRun> RunAsync(string command, string labels, bool isFork, params string[] arguments)
    {
        var payload = Path.Combine(_folder.Path, "event.json");
        File.WriteAllText(
            payload,
            $$"""
            {"pull_request": {"number": 42, "draft": false, "labels": {{labels}},
              "head": {"ref": "orders", "sha": "{{new string('a', 40)}}", "repo": {"full_name": "{{(isFork ? "visitor" : "acme")}}/warehouse"} },
              "base": {"ref": "main", "sha": "{{new string('b', 40)}}", "repo": {"full_name": "acme/warehouse"} } } }
            """);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_EVENT_NAME"] = "pull_request",
            ["GITHUB_EVENT_PATH"] = payload,
            ["GITHUB_REPOSITORY"] = "acme/warehouse",
        };
        string[] manifests = File.Exists(Path.Combine(_folder.Path, "cidiff.yml"))
            && File.ReadAllText(Path.Combine(_folder.Path, "cidiff.yml")).Contains("base:", StringComparison.Ordinal)
                ? ["--head", PullRequest]
                : ["--base", Main, "--head", PullRequest];
        return CliRun.WithAsync(_folder.Path, environment, [command, .. manifests, .. arguments]);
    }
}
