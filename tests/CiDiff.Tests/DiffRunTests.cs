using CiDiff.Configuration;
using CiDiff.Demo;
using CiDiff.Diffing;
using CiDiff.Profiles;
using CiDiff.Reports;
using CiDiff.Tests.Support;

namespace CiDiff.Tests;

public sealed class DiffRunTests
{
    [Fact]
    public async Task A_cancelled_run_is_no_verdict_and_keeps_what_it_knows()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        var shop = await DemoShop.CreateAsync(folder.Path, CancellationToken.None);
        var request = new DiffRunRequest
        {
            ToolVersion = "0.1.0",
            RunId = "test",
            Config = ConfigLayers.Resolve(shop.ConfigPath, environment, environment),
            Profile = new ProfileRequest { WorkingDirectory = shop.Folder, Environment = environment },
        };

        var report = await DiffRun.ExecuteAsync(request, new CancelAt<RunEvent.ModelFinished>(cancellation), cancellation.Token);

        Assert.Equal(RunStatus.Error, report.Status);
        Assert.StartsWith("The run was cancelled: ", report.Reason, StringComparison.Ordinal);
        Assert.Empty(report.Rules);
        Assert.Contains(report.Models, model => model.Outcome is ModelOutcome.Compared);
        Assert.Contains(report.Models, model => model.Outcome is ModelOutcome.NotCompared { Reason: NotComparedReason.NotReached });
    }

    private sealed class CancelAt<T>(CancellationTokenSource cancellation) : IProgress<RunEvent>
        where T : RunEvent
    {
        public void Report(RunEvent value)
        {
            if (value is T)
            {
                cancellation.Cancel();
            }
        }
    }
}
