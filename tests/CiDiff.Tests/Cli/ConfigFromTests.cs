using System.Text.Json;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Cli;

/// <summary>A pull request is judged by the base branch's <c>cidiff.yml</c>; each case in a real repository, as GitHub checks it out.</summary>
public sealed class ConfigFromTests : IDisposable
{
    private const string InBase = "rules: {changed_rows: {warn: 1%, fail: 10%}, primary_keys: fail}\nprivacy: {values: none}\nconnection: {url: 'env:WAREHOUSE_URL'}\n";
    private const string Loosened = "rules: {changed_rows: off, primary_keys: fail}\nprivacy: {values: full}\nconnection: {url: 'env:OTHER_URL'}\nselection: {slim: false}\npublish: {token: 'env:OTHER_SECRET', comment: false}\n";

    private static readonly string Main = Fixture.PathTo("storefront/main/target");
    private static readonly string PullRequest = Fixture.PathTo("storefront/pr/target");

    private readonly TemporaryRepository _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_pull_request_cannot_loosen_what_judges_it_and_what_it_changes_is_told()
    {
        Branches(InBase, Loosened);

        var report = await PlanAsync(OnGitHub());

        Assert.Equal(
            [
                "This pull request changes rules.changed_rows ({fail: 10%, warn: 1%} in main, off here) in cidiff.yml; main's holds until it is merged.",
                "This pull request changes privacy.values (none in main, full here) in cidiff.yml; main's holds until it is merged.",
                "This pull request changes connection.url in cidiff.yml; main's holds until it is merged.",
                "This pull request changes publish.token (the default in main, env:OTHER_SECRET here) in cidiff.yml; main's holds until it is merged.",
                "This pull request changes publish.comment (the default in main, false here) in cidiff.yml; main's holds until it is merged.",
                "This pull request changes selection.slim (the default in main, false here) in cidiff.yml; that holds here already.",
            ],
            Notes(report).Where(note => note.StartsWith("This pull request changes", StringComparison.Ordinal)));
        Assert.Equal("none", report.GetProperty("privacy").GetProperty("values").GetString());
        Assert.Contains(Notes(report), note => note.Contains("WAREHOUSE_URL, which is not set", StringComparison.Ordinal));

        // What is not in those sections is the pull request's own business.
        Assert.Contains(report.GetProperty("models").EnumerateArray(), model => model.GetProperty("reason").GetString()!.Contains("downstream", StringComparison.Ordinal) && model.GetProperty("selected").GetBoolean());
    }

    [Fact]
    public async Task The_job_can_go_by_the_pull_requests_own()
    {
        Branches(InBase, Loosened);

        var report = await PlanAsync(OnGitHub(), "--config-from", "head");
        var byVariable = await PlanAsync(With(OnGitHub(), "CIDIFF_CONFIG_FROM", "head"));

        Assert.Equal("full", report.GetProperty("privacy").GetProperty("values").GetString());
        Assert.Equal("full", byVariable.GetProperty("privacy").GetProperty("values").GetString());
        Assert.DoesNotContain(Notes(report), note => note.Contains("until it is merged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Locally_the_file_at_hand_counts_unless_asked_otherwise()
    {
        Branches(InBase, Loosened);

        var own = await PlanAsync(new Dictionary<string, string>(StringComparer.Ordinal));
        var asked = await PlanAsync(new Dictionary<string, string>(StringComparer.Ordinal), "--config-from", "base");

        Assert.Equal("full", own.GetProperty("privacy").GetProperty("values").GetString());
        Assert.Equal("none", asked.GetProperty("privacy").GetProperty("values").GetString());
    }

    [Fact]
    public async Task A_pull_request_that_deletes_the_file_is_still_judged_by_it()
    {
        Branches("privacy: {values: keys}\n", null);

        var report = await PlanAsync(OnGitHub());

        Assert.Equal("keys", report.GetProperty("privacy").GetProperty("values").GetString());
        Assert.Contains(Notes(report), note => note.StartsWith("This pull request has no cidiff.yml;", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Models_of_the_base_branch_hold_and_are_only_named()
    {
        Branches("models: [{select: fct_orders, rules: {changed_rows: 0}}]\n", "models: []\n");

        var report = await PlanAsync(OnGitHub());

        Assert.Contains("This pull request changes models in cidiff.yml; main's holds until it is merged.", Notes(report));
    }

    [Fact]
    public async Task A_base_branch_without_the_file_leaves_the_pull_requests_own()
    {
        Branches(null, "privacy: {values: full}\n");

        var report = await PlanAsync(OnGitHub());

        Assert.Equal("full", report.GetProperty("privacy").GetProperty("values").GetString());
    }

    [Fact]
    public async Task The_same_file_on_both_sides_has_nothing_to_tell()
    {
        Branches(InBase, InBase.Replace("{warn: 1%, fail: 10%}", "{'fail': '10%', warn: 1%}", StringComparison.Ordinal));

        Assert.DoesNotContain(Notes(await PlanAsync(OnGitHub())), note => note.Contains("until it is merged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mistake_in_the_base_branch_names_the_base_branch()
    {
        Branches("version: 1\nruls: {}\n", "version: 1\n");

        var run = await RunAsync(OnGitHub());

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("CID1302: cidiff.yml of main, line 2, column 1: There is no key 'ruls'.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_the_dbt_project_is_found_in_the_same_folder_of_the_base_branch()
    {
        _files.Commit("project", "dbt/dbt_project.yml");
        Branches("privacy: {values: keys}\n", "privacy: {values: full}\n", "dbt/cidiff.yml");

        var byProject = await PlanAsync(OnGitHub(), "--project-dir", Path.Combine(_files.Path, "dbt"));
        var byName = await PlanAsync(OnGitHub(), "--config", Path.Combine("dbt", "cidiff.yml"));

        Assert.Equal("keys", byProject.GetProperty("privacy").GetProperty("values").GetString());
        Assert.Equal("keys", byName.GetProperty("privacy").GetProperty("values").GetString());
    }

    [Fact]
    public async Task A_clone_without_the_base_branch_says_so_and_what_to_fetch()
    {
        Branches(InBase, Loosened);
        using var clone = new TemporaryRepository(initialize: false);
        clone.Git("clone", "--quiet", "--depth", "1", "--branch", "orders", new Uri(_files.Path).AbsoluteUri, ".");

        var report = Parse(await RunInAsync(clone.Path, OnGitHub()));
        var asked = await RunInAsync(clone.Path, OnGitHub(), "--config-from", "base");

        Assert.Contains(Notes(report), note => note.EndsWith("`git fetch --no-tags --depth=1 origin +refs/heads/main:refs/remotes/origin/main`", StringComparison.Ordinal));
        Assert.Equal(2, asked.ExitCode);
        Assert.Contains("CID1203", asked.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_that_says_neither_is_an_error()
    {
        Branches(InBase, Loosened);

        var run = await RunAsync(With(OnGitHub(), "CIDIFF_CONFIG_FROM", "main"));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("CID1303: environment variable CIDIFF_CONFIG_FROM", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pull_request_does_not_choose_what_a_finished_run_is_posted_with()
    {
        Branches("publish: {token: 'env:BOT_TOKEN'}\n", "publish: {token: 'env:WAREHOUSE_PASSWORD'}\n");
        using var folder = new TemporaryFolder();
        var run = Path.Combine(folder.Path, "run.json");
        await File.WriteAllTextAsync(run, (await RunAsync(OnGitHub())).Output);

        var publish = await CliRun.WithAsync(_files.Path, OnGitHub(), "publish", run);
        var own = await CliRun.WithAsync(_files.Path, With(OnGitHub(), "CIDIFF_CONFIG_FROM", "head"), "publish", run);

        Assert.Equal((2, 2), (publish.ExitCode, own.ExitCode));
        Assert.Contains("BOT_TOKEN", publish.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("WAREHOUSE_PASSWORD", publish.Error, StringComparison.Ordinal);
        Assert.Contains("WAREHOUSE_PASSWORD", own.Error, StringComparison.Ordinal);
    }

    private void Branches(string? inBase, string? inHead, string file = "cidiff.yml")
    {
        var path = Path.Combine(_files.Path, file);
        if (inBase is not null)
        {
            File.WriteAllText(path, inBase);
        }

        _files.Commit("main", "README.md");
        _files.Git("switch", "--quiet", "--create", "orders");
        File.Delete(path);
        if (inHead is not null)
        {
            File.WriteAllText(path, inHead);
        }

        _files.Commit("orders", "README.md");
    }

    private static Dictionary<string, string> OnGitHub() => new(StringComparer.Ordinal)
    {
        ["GITHUB_ACTIONS"] = "true",
        ["GITHUB_EVENT_NAME"] = "pull_request",
        ["GITHUB_REF"] = "refs/pull/42/merge",
        ["GITHUB_BASE_REF"] = "main",
    };

    private static Dictionary<string, string> With(Dictionary<string, string> variables, string name, string value) => new(variables, StringComparer.Ordinal) { [name] = value };

    private static JsonElement Parse(CliRun run)
    {
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonDocument.Parse(run.Output).RootElement;
    }

    private static List<string> Notes(JsonElement report) => [.. report.GetProperty("notes").EnumerateArray().Select(note => note.GetString()!)];

    private async Task<JsonElement> PlanAsync(Dictionary<string, string> variables, params string[] arguments) => Parse(await RunAsync(variables, arguments));

    private Task<CliRun> RunAsync(Dictionary<string, string> variables, params string[] arguments) => RunInAsync(_files.Path, variables, arguments);

    private static Task<CliRun> RunInAsync(string folder, Dictionary<string, string> variables, params string[] arguments) =>
        CliRun.WithAsync(folder, variables, ["plan", "--base", Main, "--head", PullRequest, "--output", "json", .. arguments]);
}
