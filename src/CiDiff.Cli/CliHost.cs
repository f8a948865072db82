using System.Collections;
using System.Text;

namespace CiDiff.Cli;

/// <summary>The world around the process, read once, so that tests can give another.</summary>
/// <param name="Output">stdout: the answer.</param>
/// <param name="Error">stderr: the story.</param>
/// <param name="Environment">Every environment variable.</param>
/// <param name="WorkingDirectory">What relative paths are relative to; absolute.</param>
/// <param name="HomeDirectory">Where <c>~/.dbt</c> is looked for.</param>
/// <param name="IsErrorTerminal">stderr is a terminal, so progress may be drawn live.</param>
/// <param name="IsOutputTerminal">stdout is a terminal, so it may be colored.</param>
/// <param name="Width">Characters in a line of the terminal; 120 when there is none.</param>
internal sealed record CliHost(
    TextWriter Output,
    TextWriter Error,
    CiEnvironment Environment,
    string WorkingDirectory,
    string HomeDirectory,
    bool IsErrorTerminal,
    bool IsOutputTerminal,
    int Width)
{
    /// <summary>The clock, for what has to wait.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Opens stdin: what git tells its hook. Only who reads it waits for that.</summary>
    public Func<TextReader> OpenInput { get; init; } = () => TextReader.Null;

    /// <summary>The process's own.</summary>
    public static CliHost OfThisProcess()
    {
        var environment = new Dictionary<string, string>(EnvironmentNames);
        foreach (DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            environment[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        var (isErrorTerminal, isOutputTerminal) = (!Console.IsErrorRedirected, !Console.IsOutputRedirected);
        return new CliHost(
            isOutputTerminal || OperatingSystem.IsWindows() ? Console.Out : Writer(Console.OpenStandardOutput()),
            isErrorTerminal || OperatingSystem.IsWindows() ? Console.Error : Writer(Console.OpenStandardError()),
            CiEnvironment.From(environment),
            Directory.GetCurrentDirectory(),
            System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile),
            isErrorTerminal,
            isOutputTerminal,
            ConsoleWidth())
        {
            OpenInput = () => Console.In,
        };
    }

    /// <summary>How names of environment variables compare on this system.</summary>
    public static StringComparer EnvironmentNames { get; } =
        OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    // What goes to a file or to a program is UTF-8, as everything that is written to files; only a terminal has an encoding of its own, which takes a while to be found.
    private static TextWriter Writer(Stream stream)
    {
#pragma warning disable CA2000 // the process's own, flushed with every text and open until it ends
        return TextWriter.Synchronized(new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 256) { AutoFlush = true });
#pragma warning restore CA2000
    }

    private static int ConsoleWidth()
    {
        if (Console.IsOutputRedirected)
        {
            return 120;
        }

        try
        {
            // Some terminals say 0.
            return Console.WindowWidth is > 0 and var width ? width : 120;
        }
        catch (IOException)
        {
            return 120;
        }
    }
}
