using System.Diagnostics;
using System.Globalization;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Cli;

/// <summary>Ctrl+C while the server is at work, in a process of its own.</summary>
[Collection("postgres")]
public sealed class InterruptedCompareTests(PostgresServer server)
{
    private const string Slow =
        "create function slow(i integer) returns integer language sql volatile as 'select i from pg_sleep(600)'; create table t as select 1 as id;";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [PostgresTheory]
    [InlineData("join")]
    [InlineData("hash")]
    public async Task Ends_the_query_and_the_process(string strategy)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // has no such signal to send
        }

        var database = await server.CreateDatabaseAsync();
        await server.ExecuteScriptAsync(database, Slow);
        using var process = Start(server.Url(database), strategy);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await UntilAsync(async () => process.HasExited ? throw new InvalidOperationException(await error) : await ActiveAsync(database) != "0");

        await SignalAsync("-INT", process.Id);

        await process.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(130, process.ExitCode);
        Assert.Equal("", await output);
        Assert.Contains("cancelled", await error, StringComparison.Ordinal);
        await UntilAsync(async () => await ActiveAsync(database) == "0");
    }

    [PostgresTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Does_not_wait_for_a_server_that_is_frozen(int times)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var frozen = await PostgresCluster.StartAsync();
        await frozen.ExecuteScriptAsync("postgres", Slow);
        using var process = Start($"postgresql://postgres:{Uri.EscapeDataString(frozen.Password)}@127.0.0.1:{frozen.Port.ToString(CultureInfo.InvariantCulture)}/postgres", "hash");
        var error = process.StandardError.ReadToEndAsync();
        await UntilAsync(async () => process.HasExited
            ? throw new InvalidOperationException(await error)
            : await frozen.ExecuteScriptAsync("postgres", "select count(*) from pg_stat_activity where wait_event = 'PgSleep';") == "2");
        var first = await frozen.ProcessIdAsync();
        await SignalAsync("-STOP", first);
        try
        {
            for (var time = 0; time < times; time++)
            {
                await Task.Delay(200);
                await SignalAsync("-INT", process.Id);
            }

            // The driver would wait for ten seconds, and for each of both sessions.
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(15));
            Assert.Equal(130, process.ExitCode);
            Assert.Contains("cancelled", await error, StringComparison.Ordinal);
        }
        finally
        {
            await SignalAsync("-CONT", first);
        }
    }

    private static Process Start(string url, string strategy) => Process.Start(new ProcessStartInfo("dotnet")
    {
        ArgumentList =
        {
            // With the tests' own libraries, some of which come with the web server's framework.
            "exec", "--depsfile", Here("CiDiff.Tests.deps.json"), "--runtimeconfig", Here("CiDiff.Tests.runtimeconfig.json"), Here("cidiff.dll"),
            "compare", "(select id, slow(id) as v from t)", "(select id, slow(id + 1) as v from t)",
            "--key", "id", "--strategy", strategy, "--url", url,
        },
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static async Task SignalAsync(string signal, int process)
    {
        using var kill = Process.Start("kill", [signal, process.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private static string Here(string file) => Path.Combine(AppContext.BaseDirectory, file);

    private Task<string> ActiveAsync(string database) => server.ExecuteScriptAsync(
        database, $"select count(*) from pg_stat_activity where datname = '{database}' and wait_event = 'PgSleep';");

    private static async Task UntilAsync(Func<Task<bool>> isTrue)
    {
        var watch = Stopwatch.StartNew();
        while (!await isTrue())
        {
            Assert.True(watch.Elapsed < Patience);
            await Task.Delay(100);
        }
    }
}
