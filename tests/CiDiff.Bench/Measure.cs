using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CiDiff.Bench;

/// <summary>What one run of a process took.</summary>
/// <param name="Wall">From start to end, as the shell sees it.</param>
/// <param name="PeakMegabytes">Peak resident memory; null where nobody looked, or the system does not tell.</param>
/// <param name="ExitCode">The process's own.</param>
/// <param name="Output">stdout.</param>
/// <param name="Error">stderr.</param>
public sealed record ProcessRun(TimeSpan Wall, double? PeakMegabytes, int ExitCode, string Output, string Error);

/// <summary>Runs processes and times them from outside.</summary>
public static partial class Measure
{
    /// <summary>Runs commands in turn, A B A B …, after one warm-up of each, and returns each one's runs.</summary>
    /// <remarks>In turn, so that a machine whose speed drifts slows all of them alike. Memory is that of the warm-up: who looks at a process takes the processor from it, and stops
    /// it while it maps memory, which a client that waits for its server does not feel.</remarks>
    public static async Task<IReadOnlyList<IReadOnlyList<ProcessRun>>> InTurnAsync(int runs, params ProcessStartInfo[] commands)
    {
        var results = commands.Select(_ => new List<ProcessRun>()).ToList();
        var peaks = new List<double?>();
        foreach (var command in commands)
        {
            peaks.Add((await RunAsync(command, isLookedAt: true)).PeakMegabytes);
        }

        for (var run = 0; run < runs; run++)
        {
            for (var index = 0; index < commands.Length; index++)
            {
                results[index].Add(await RunAsync(commands[index]) with { PeakMegabytes = peaks[index] });
            }
        }

        return results;
    }

    /// <summary>Runs one process to its end.</summary>
    /// <param name="command">The process.</param>
    /// <param name="isLookedAt">Whether its memory is measured, which costs it time.</param>
    public static async Task<ProcessRun> RunAsync(ProcessStartInfo command, bool isLookedAt = false)
    {
        command.RedirectStandardOutput = true;
        command.RedirectStandardError = true;
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(command) ?? throw new InvalidOperationException($"{command.FileName} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        var exit = process.WaitForExitAsync();
        double? peak = null;
        while (isLookedAt && !exit.IsCompleted)
        {
            // The kernel's high-water mark only rises, so looking at it often misses nothing but the last milliseconds.
            peak = Peak(process.Id) ?? peak;
            await Task.WhenAny(exit, Task.Delay(5));
        }

        await exit;
        watch.Stop();
        var text = await output;
        if (process.ExitCode > 1)
        {
            throw new InvalidOperationException($"{command.FileName} ended with {process.ExitCode}: {await error}");
        }

        return new ProcessRun(watch.Elapsed, peak, process.ExitCode, text, await error);
    }

    /// <summary>The middle value of an odd number of runs, the mean of the two middle ones of an even number.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>Prints one line per command: median, least and greatest seconds, the ratio to the first, and peak memory.</summary>
    public static void PrintTable(IReadOnlyList<(string Name, IReadOnlyList<ProcessRun> Runs)> rows)
    {
        var first = Median(rows[0].Runs.Select(run => run.Wall.TotalSeconds));
        Console.WriteLine($"{"",-44} {"median s",9} {"min",7} {"max",7} {"ratio",7} {"peak MB",9}");
        foreach (var (name, runs) in rows)
        {
            var seconds = runs.Select(run => run.Wall.TotalSeconds).ToList();
            var peak = runs.Max(run => run.PeakMegabytes);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-44} {Median(seconds),9:0.000} {seconds.Min(),7:0.000} {seconds.Max(),7:0.000} {Median(seconds) / first,7:0.00} {peak,9:0}"));
        }
    }

    /// <summary>Checks that a comparison counted what the hand-written query did: its added, removed and changed rows.</summary>
    /// <param name="byHand">The query's row: added, removed, matched, changed, and more.</param>
    /// <param name="byTool">The JSON that <c>cidiff compare</c> printed.</param>
    public static void CheckCounts(string byHand, string byTool)
    {
        var counts = Numbers().Matches(byHand).Select(match => match.Value).ToList();
        using var json = JsonDocument.Parse(byTool);
        var rows = json.RootElement.GetProperty("rows");
        var found = new[] { "added", "removed", "changed" }.Select(name => rows.GetProperty(name).GetInt64().ToString(CultureInfo.InvariantCulture)).ToList();
        if (!found.SequenceEqual([counts[0], counts[1], counts[3]]))
        {
            throw new InvalidOperationException($"The counts differ: {string.Join(' ', counts)} by hand, {string.Join(' ', found)} by cidiff.");
        }

        Console.WriteLine($"Both counted {found[0]} added, {found[1]} removed, {found[2]} changed.");
    }

    private static double? Peak(int processId)
    {
        try
        {
            var match = HighWaterMark().Match(File.ReadAllText($"/proc/{processId}/status"));
            return match.Success ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) / 1024 : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"VmHWM:\s+(\d+) kB")]
    private static partial Regex HighWaterMark();
}
