using System.Diagnostics;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Support;

/// <summary>Runs scripts with <c>psql</c>, which also takes the <c>copy … from stdin</c> of dumps.</summary>
internal static class Psql
{
    /// <summary>Runs a script; fails at its first error.</summary>
    /// <param name="program">The program.</param>
    /// <param name="settings">Where to.</param>
    /// <param name="write">Writes the script.</param>
    /// <returns>What it printed: rows without header, columns separated by <c>|</c>.</returns>
    public static async Task<string> RunAsync(string program, ConnectionSettings.Postgres settings, Func<StreamWriter, Task> write)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1" },
        };
        start.Environment["PGHOST"] = settings.Host;
        start.Environment["PGPORT"] = $"{settings.Port}";
        start.Environment["PGUSER"] = settings.User;
        start.Environment["PGPASSWORD"] = settings.Password?.Reveal();
        start.Environment["PGDATABASE"] = settings.Database;
        start.Environment["PGTZ"] = "UTC";
        start.Environment["PGCLIENTENCODING"] = "UTF8";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await write(process.StandardInput);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // psql ended early; its exit code says so
        }

        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? (await output).TrimEnd('\n') : throw new InvalidOperationException($"psql failed: {await errors}");
    }
}
