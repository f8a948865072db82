using System.Diagnostics;

namespace CiDiff.Tests.Cli;

/// <summary>What a process writes to files and pipes.</summary>
public sealed class RedirectedOutputTests
{
    [Theory]
    [InlineData("C")]
    [InlineData("C.UTF-8")]
    [InlineData("de_DE.ISO-8859-1")]
    public async Task Is_UTF8_in_every_locale(string locale)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // there the console's own encoding stays
        }

        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "cidiff.dll"), "compare", "a", "b", "--größer-世界-🦆" },
            Environment = { ["LC_ALL"] = locale },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = System.Text.Encoding.UTF8,
        };

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(2, process.ExitCode);
        Assert.Equal("", await output);
        Assert.Contains("--größer-世界-🦆", error, StringComparison.Ordinal);
    }
}
