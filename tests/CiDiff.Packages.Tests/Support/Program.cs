using System.Diagnostics;
using System.Text;

namespace CiDiff.Packages.Tests.Support;

/// <summary>What a program said and how it ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">stdout.</param>
/// <param name="Error">stderr.</param>
/// <param name="Elapsed">From start to end.</param>
internal sealed record Ended(int ExitCode, string Output, string Error, TimeSpan Elapsed)
{
    /// <summary>Both, for messages of failed tests.</summary>
    public string All => $"exit code {ExitCode}\n{Output}\n{Error}";

    /// <summary>Fails the test when it did not end well.</summary>
    public Ended Expect(int exitCode = 0)
    {
        Assert.True(ExitCode == exitCode, All);
        return this;
    }
}

/// <summary>Runs programs.</summary>
internal static class Program
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="environment">Variables besides this process's own; null takes one away.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments, word by word.</param>
    public static async Task<Ended> RunAsync(
        string folder, IEnumerable<KeyValuePair<string, string?>> environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };

        // The variables of the build that runs these tests are not those of a user's shell, and neither are those of the CI job around it.
        foreach (var name in start.Environment.Keys.Where(IsOfTheOutside).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = Collect(process.StandardOutput);
        var error = Collect(process.StandardError);
        using var limit = new CancellationTokenSource(Longest);
        await process.WaitForExitAsync(limit.Token);

        // A build server that stays behind holds the pipes open: whatever was written when the program itself has ended counts.
        await Task.WhenAny(Task.WhenAll(output.Done, error.Done), Task.Delay(TimeSpan.FromSeconds(2), limit.Token));
        return new Ended(process.ExitCode, output.Text(), error.Text(), watch.Elapsed);
    }

    private static bool IsOfTheOutside(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("GITHUB_", StringComparison.Ordinal) || name.StartsWith("CI_", StringComparison.Ordinal)
        || name.StartsWith("CIDIFF_", StringComparison.Ordinal) || name.StartsWith("RUNNER_", StringComparison.Ordinal)
        || name is "CI" or "GITLAB_CI" or "NO_COLOR" or "DOTNET_HOST_PATH" or "DOTNET_CLI_TELEMETRY_SESSIONID";

    private static (Task Done, Func<string> Text) Collect(StreamReader reader)
    {
        var text = new StringBuilder();
        return (ReadAsync(), Text);

        async Task ReadAsync()
        {
            var buffer = new char[4096];
            while (await reader.ReadAsync(buffer) is > 0 and var count)
            {
                lock (text)
                {
                    text.Append(buffer, 0, count);
                }
            }
        }

        string Text()
        {
            lock (text)
            {
                return text.ToString();
            }
        }
    }
}
