using System.Diagnostics;
using System.Globalization;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Cli;

/// <summary>Ctrl+C while the server is at work, in a process of its own.</summary>
[Collection("postgres")]
public sealed class InterruptedCompareTests(PostgresServer server)
{
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
        await server.ExecuteScriptAsync(database, "create function slow(i integer) returns integer language sql volatile as 'select i from pg_sleep(600)'; create table t as select 1 as id;");
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                // With the tests' own libraries, some of which come with the web server's framework.
                "exec", "--depsfile", Here("CiDiff.Tests.deps.json"), "--runtimeconfig", Here("CiDiff.Tests.runtimeconfig.json"), Here("cidiff.dll"),
                "compare", "(select id, slow(id) as v from t)", "(select id, slow(id + 1) as v from t)",
                "--key", "id", "--strategy", strategy, "--url", server.Url(database),
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await UntilAsync(async () => process.HasExited ? throw new InvalidOperationException(await error) : await ActiveAsync(database) != "0");

        using (var signal = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await signal.WaitForExitAsync();
        }

        await process.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(130, process.ExitCode);
        Assert.Equal("", await output);
        Assert.Contains("cancelled", await error, StringComparison.Ordinal);
        await UntilAsync(async () => await ActiveAsync(database) == "0");
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
