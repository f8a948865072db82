using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using CiDiff.Errors;

namespace CiDiff.Git;

/// <summary>The git program: arguments are a list and never pass through a shell, answers are in English and UTF-8, and it cannot ask
/// for a password.</summary>
/// <param name="folder">The folder to run it in.</param>
/// <param name="timeout">The longest one command may take.</param>
/// <param name="program">The program's name or path.</param>
public sealed class GitCli(string folder, TimeSpan timeout, string program = "git")
{
    /// <summary>Runs a command that has to succeed.</summary>
    /// <returns>Its standard output.</returns>
    /// <exception cref="UserErrorException">git is missing, failed, or took too long.</exception>
    public async Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var answer = await TryRunAsync(arguments, cancellationToken);
        return answer.ExitCode == 0
            ? answer.Output
            : throw new UserErrorException(
                ErrorCodes.GitFailed,
                $"`git {arguments[0]}` failed in '{folder}': {FirstLine(answer.Error)}.",
                hint: "Run CiDiff inside the repository's working copy; on CI, after the checkout step.");
    }

    /// <summary>Runs a command that may fail.</summary>
    /// <exception cref="UserErrorException">git is missing, or took too long.</exception>
    public async Task<GitAnswer> TryRunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Start(arguments);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            // Both pipes are read at once: git would wait on a full one.
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await Task.WhenAll(output, error);
            await process.WaitForExitAsync(limit.Token);
            return new GitAnswer(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new UserErrorException(
                ErrorCodes.GitFailed,
                FormattableString.Invariant($"`git {arguments[0]}` was stopped after {timeout.TotalSeconds:0} seconds."),
                hint: "Try the command by hand: another process may hold a lock, or the repository is on a slow disk.");
        }
    }

    private Process Start(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            Environment =
            {
                ["LC_ALL"] = "C",
                ["GIT_TERMINAL_PROMPT"] = "0",
                ["GIT_OPTIONAL_LOCKS"] = "0",
                ["GIT_PAGER"] = "cat",
            },
        };

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Exception error) when (error is Win32Exception or DirectoryNotFoundException)
        {
            throw Directory.Exists(folder)
                ? new UserErrorException(
                    ErrorCodes.GitNotFound,
                    $"The program '{program}' cannot be started.",
                    "Install git, or put it into PATH.",
                    error)
                : new UserErrorException(ErrorCodes.FileNotFound, $"There is no folder '{folder}'.", "Check the path.", error);
        }
    }

    private static string FirstLine(string text) =>
        text.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0)?.TrimEnd('.') ?? "it said nothing";
}

/// <summary>What git answered.</summary>
/// <param name="ExitCode">0 for success.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record GitAnswer(int ExitCode, string Output, string Error);
