using CiDiff.Configuration;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Cli;

public sealed class InitCommandTests : IDisposable
{
    private readonly TemporaryRepository _repository = new();

    public InitCommandTests()
    {
        Directory.CreateDirectory(Path.Combine(_repository.Path, "dbt", "state"));
        File.WriteAllText(Project("dbt_project.yml"), "name: shop\nprofile: shop\ntarget-path: build # ours\n");
        File.WriteAllText(Project("state/manifest.json"), "{}");
        _repository.Git("remote", "add", "origin", "git@github.com:acme/shop.git");
    }

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task The_configuration_is_valid_and_names_what_is_there()
    {
        var run = await Init();

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var config = ConfigLayers.Resolve(Project("cidiff.yml"), new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        Assert.Equal(Project("state"), Assert.IsType<ManifestLocation.Path>(Assert.Single(config.Base)).Value);
        Assert.Equal(Project("build"), Assert.IsType<ManifestLocation.Path>(config.Head).Value);
        Assert.Empty(config.Notes);
        Assert.Contains("`cidiff init --ci github` writes the job.", run.Output, StringComparison.Ordinal);
        Assert.Equal(3, run.Output.Split('\n').Count(line => line.StartsWith("  ", StringComparison.Ordinal)));
        Assert.False(Directory.Exists(Path.Combine(_repository.Path, ".github")));
    }

    [Fact]
    public async Task What_is_there_stays_unless_it_is_to_be_written_anew()
    {
        await File.WriteAllTextAsync(Project("cidiff.yml"), "version: 1\n");

        var kept = await Init();
        var kind = await File.ReadAllTextAsync(Project("cidiff.yml"));
        await Init("--force");

        Assert.Contains("Kept cidiff.yml", kept.Output, StringComparison.Ordinal);
        Assert.Equal("version: 1\n", kind);
        Assert.NotEqual("version: 1\n", await File.ReadAllTextAsync(Project("cidiff.yml")));
    }

    [Theory]
    [InlineData("github", ".github/workflows/cidiff.yml", "working-directory: dbt", false)]
    [InlineData("gitlab", ".gitlab-ci.yml", "CIDIFF_BASE: dbt/state", false)]
    [InlineData("gitlab", ".gitlab/cidiff.yml", "CIDIFF_HEAD: dbt/build", true)]
    public async Task The_job_is_written_on_request(string host, string path, string text, bool hasPipeline)
    {
        var pipeline = Path.Combine(_repository.Path, ".gitlab-ci.yml");
        if (hasPipeline)
        {
            await File.WriteAllTextAsync(pipeline, "stages: [test]\n");
        }

        var run = await Init("--ci", host);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(text, await File.ReadAllTextAsync(Path.Combine(_repository.Path, path)), StringComparison.Ordinal);
        Assert.Equal(hasPipeline, File.Exists(pipeline) && await File.ReadAllTextAsync(pipeline) == "stages: [test]\n");
    }

    [Fact]
    public async Task The_workflow_starts_and_is_allowed_what_the_readmes_is()
    {
        await Init("--ci", "github");

        var written = await File.ReadAllLinesAsync(Path.Combine(_repository.Path, ".github", "workflows", "cidiff.yml"));
        var readme = await File.ReadAllLinesAsync(Repository.PathTo("README.md"));
        var head = readme.SkipWhile(line => line != "name: cidiff").TakeWhile(line => line != "jobs:").ToList();
        Assert.Equal(4, head.Count);
        Assert.Equal(head, written.Skip(1).TakeWhile(line => line != "jobs:"));
    }

    [Fact]
    public async Task The_hook_comes_along_on_request()
    {
        var run = await Init("--hook");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("cidiff_push 'dbt' ", await File.ReadAllTextAsync(Path.Combine(_repository.Path, ".git", "hooks", "pre-push")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_of_a_repository_there_is_no_hook_and_still_a_list_of_what_is_left()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "dbt_project.yml"), "name: shop\n");

        var run = await CliRun.InAsync(folder.Path, "init", "--hook");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("error CID1202", run.Error, StringComparison.Ordinal);
        Assert.Contains("Left to do:", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("github", "In .github/workflows/cidiff.yml, add a step for this project, which it lacks: build it, then `uses: cidiff/cidiff@…` with `working-directory: sales`.")]
    [InlineData("gitlab", "In .gitlab-ci.yml, add a job for this project, which it lacks: `{extends: cidiff, variables: {CIDIFF_DBT_PROJECT_DIR: sales, CIDIFF_BASE: sales/prod-artifacts, CIDIFF_HEAD: sales/target}}`.")]
    public async Task A_second_project_is_told_what_the_pipeline_of_the_first_one_lacks(string host, string text)
    {
        Directory.CreateDirectory(Path.Combine(_repository.Path, "sales"));
        await File.WriteAllTextAsync(Path.Combine(_repository.Path, "sales", "dbt_project.yml"), "name: sales\n");
        await Init("--ci", host);

        var first = await Init("--ci", host);
        var second = await CliRun.InAsync(Path.Combine(_repository.Path, "sales"), "init", "--ci", host);

        Assert.DoesNotContain("lacks", first.Output, StringComparison.Ordinal);
        Assert.Contains(text, second.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_repository.Path, ".gitlab")));
    }

    [Fact]
    public async Task Without_a_project_nothing_is_written()
    {
        using var folder = new TemporaryFolder();

        var run = await CliRun.InAsync(folder.Path, "init");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("error CID1101", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    private string Project(string path) => Path.Combine(_repository.Path, "dbt", path);

    private Task<CliRun> Init(params string[] arguments) => CliRun.InAsync(Path.Combine(_repository.Path, "dbt"), ["init", .. arguments]);
}
