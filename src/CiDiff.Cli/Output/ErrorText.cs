using CiDiff.Errors;
using CiDiff.Reports;

namespace CiDiff.Cli.Output;

/// <summary>How errors look on stderr: <c>cidiff : error CID2001: message</c>, the form MSBuild and editors recognise, and a hint below.</summary>
internal static class ErrorText
{
    /// <summary>Writes a user error.</summary>
    public static void Write(TextWriter writer, UserErrorException error) => Write(writer, error.Code.Id, error.Message, error.Hint);

    /// <summary>Writes a user error that changes nothing about the answer.</summary>
    public static void WriteWarning(TextWriter writer, UserErrorException error)
    {
        writer.WriteLine($"cidiff : warning {error.Code.Id}: {Lines(error.Message)}");
        if (error.Hint is { } hint)
        {
            writer.WriteLine($"  hint: {Lines(hint)}");
        }
    }

    /// <summary>Writes an error by its parts.</summary>
    public static void Write(TextWriter writer, string code, string message, string? hint)
    {
        writer.WriteLine($"cidiff : error {code}: {Lines(message)}");
        if (hint is not null)
        {
            writer.WriteLine($"  hint: {Lines(hint)}");
        }
    }

    /// <summary>Writes a bug, with all that its report needs.</summary>
    public static void WriteBug(TextWriter writer, Exception bug)
    {
        Write(
            writer,
            ErrorCodes.Bug.Id,
            $"This is a bug in CiDiff {ToolVersion.Text}: {bug.Message}",
            "Please report it at https://github.com/cidiff/cidiff/issues with the lines below, after a look whether they hold a value of yours.");
        writer.WriteLine(bug.ToString());
    }

    // Paths, branches and what a server said are in messages, and none of them may be a command to the CI host that reads the log.
    private static string Lines(string text) => string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(VisibleText.ForLog));
}
