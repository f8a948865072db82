using CiDiff.Cli;

namespace CiDiff.Tests.Support;

/// <summary>One command line, run in this process, with all that it said.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a command line.</summary>
    /// <param name="folder">What relative paths are relative to.</param>
    /// <param name="arguments">The words after <c>cidiff</c>.</param>
    public static Task<CliRun> InAsync(string folder, params string[] arguments) =>
        WithAsync(folder, new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    /// <summary>Runs a command line with environment variables.</summary>
    public static async Task<CliRun> WithAsync(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var host = new CliHost(
            output,
            error,
            CiEnvironment.From(environment),
            folder,
            HomeDirectory: folder,
            IsErrorTerminal: false,
            IsOutputTerminal: false,
            Width: 120)
        {
            Time = new ImpatientTime(DateTimeOffset.UtcNow),
        };

        var exitCode = await CliApp.RunAsync(arguments, host);

        return new CliRun(exitCode, output.ToString(), error.ToString());
    }
}
