using CiDiff.Tests.Support;

namespace CiDiff.Tests.Cli;

/// <summary>What a run leaves for later steps of a job on GitHub Actions.</summary>
public sealed class StepOutputsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Outputs => Path.Combine(_folder.Path, "outputs");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{dir: out/diff, formats: [markdown]}", "report-dir=shop/out/diff", "report=shop/out/diff/report.md")]
    [InlineData("{formats: [json, sarif]}", "report-dir=shop/cidiff-report", null)]
    public async Task They_follow_the_configuration(string reports, string folder, string? report)
    {
        await MakeShopAsync(reports);

        var run = await RunAsync("true", "--select", "weekly_orders");

        Assert.Equal(0, run.ExitCode);
        string?[] lines = ["verdict=pass", "selected=1", "compared=1", "different=1", "failed=0", folder, report];
        Assert.Equal(lines.Where(line => line is not null), await File.ReadAllLinesAsync(Outputs));
    }

    [Fact]
    public async Task A_folder_outside_of_the_workspace_is_named_whole_and_a_line_break_ends_no_line()
    {
        await MakeShopAsync("{}");

        await RunAsync("true", "--select", "weekly_orders", "--report-dir", "../../" + Path.GetFileName(_folder.Path) + ".out\nverdict=skipped");

        var outside = $"{_folder.Path}.out\nverdict=skipped";
        var lines = await File.ReadAllLinesAsync(Outputs);
        Directory.Delete(outside, recursive: true);
        Assert.Contains($"report-dir={outside.Replace('\n', ' ')}", lines);
        Assert.Equal("verdict=pass", Assert.Single(lines, line => line.StartsWith("verdict=", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_error_of_the_configuration_has_outputs_too()
    {
        await MakeShopAsync("{}");
        await File.AppendAllTextAsync(Path.Combine(_folder.Path, "shop", "cidiff.yml"), "nonsense: 1\n");

        Assert.Equal(2, (await RunAsync("true")).ExitCode);

        Assert.Contains("verdict=error", await File.ReadAllLinesAsync(Outputs));
    }

    [Fact]
    public async Task Where_they_cannot_be_written_the_run_says_so_and_keeps_its_answer()
    {
        await MakeShopAsync("{}");
        Directory.CreateDirectory(Outputs);

        var run = await RunAsync("true", "--select", "weekly_orders");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("warning CID6001: The step's outputs could not be written", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Elsewhere_there_are_none()
    {
        await MakeShopAsync("{}");

        await RunAsync("false", "--select", "weekly_orders");

        Assert.False(File.Exists(Outputs));
    }

    private async Task MakeShopAsync(string reports)
    {
        Assert.Equal(1, (await CliRun.InAsync(_folder.Path, "demo", "shop", "--verbosity", "quiet")).ExitCode);
        var path = Path.Combine(_folder.Path, "shop", "cidiff.yml");
        await File.WriteAllTextAsync(path, $"{await File.ReadAllTextAsync(path)}\nreports: {reports}\n");
    }

    private Task<CliRun> RunAsync(string isAction, params string[] arguments) => CliRun.WithAsync(
        Path.Combine(_folder.Path, "shop"),
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["GITHUB_ACTIONS"] = isAction,
            ["GITHUB_OUTPUT"] = Outputs,
            ["GITHUB_WORKSPACE"] = _folder.Path,
        },
        ["run", "--publish", "none", .. arguments]);
}
