using System.Text;
using CiDiff.Errors;

namespace CiDiff.Reports;

/// <summary>The folder that a run's report files are written to.</summary>
public static class ReportFolder
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a report in every format, each file at once: whoever reads a file finds the old one or the new one, never half
    /// of one. Files are UTF-8 without byte order mark, with <c>\n</c>. Other files in the folder stay.</summary>
    /// <param name="report">The report; its <see cref="RunReport.Files"/> is replaced by what is written here.</param>
    /// <param name="directory">Made when it does not exist.</param>
    /// <param name="formats">Names of <see cref="ReportWriters.Formats"/>; each is written once.</param>
    /// <param name="cancellationToken">Cancels between two files.</param>
    /// <returns>The report with the files that now exist.</returns>
    /// <exception cref="UserErrorException">A format does not exist (CID6002; nothing is written then), or a file cannot be written
    /// (CID6001).</exception>
    public static async Task<RunReport> WriteAsync(
        RunReport report,
        string directory,
        IReadOnlyList<string> formats,
        CancellationToken cancellationToken)
    {
        var writers = formats.Select(format => ReportWriters.Find(format)).Distinct().ToList();
        var files = new SortedDictionary<string, string>(
            writers.ToDictionary(writer => writer.Format, writer => writer.FileName, StringComparer.Ordinal), StringComparer.Ordinal);
        var complete = report with { Files = files };

        Attempt(directory, () => Directory.CreateDirectory(directory));
        foreach (var writer in writers)
        {
            using var text = new StringWriter { NewLine = "\n" };
            writer.Write(complete, text);
            await WriteFileAsync(Path.Combine(directory, writer.FileName), text.ToString(), cancellationToken);
        }

        return complete;
    }

    private static async Task WriteFileAsync(string path, string text, CancellationToken cancellationToken)
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            await File.WriteAllTextAsync(temporary, text, Utf8, cancellationToken);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(path, error);
        }
        finally
        {
            Delete(temporary);
        }
    }

    private static void Attempt(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(path, error);
        }
    }

    private static void Delete(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What matters was told by the exception that is already on its way; after a successful move there is nothing to delete.
        }
    }

    private static UserErrorException NotWritten(string path, Exception error) => new(
        ErrorCodes.ReportNotWritten,
        $"The report '{path}' could not be written: {error.Message}",
        "Check that the folder can be written to and the disk is not full, or name another folder with --report-dir.",
        error);
}
