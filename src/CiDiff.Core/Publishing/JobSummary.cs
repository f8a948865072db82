using System.Text;
using CiDiff.Errors;
using CiDiff.Reports;

namespace CiDiff.Publishing;

/// <summary>The report on the job's own page: what <c>GITHUB_STEP_SUMMARY</c> names.</summary>
/// <remarks>https://docs.github.com/actions/reference/workflow-commands-for-github-actions#adding-a-job-summary (2026-11-21): Markdown is appended, at
/// most 1 MiB a step; a longer one is not shown at all.</remarks>
public static class JobSummary
{
    private const int MostBytes = 1024 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Appends the report, cut to the room that is left.</summary>
    /// <param name="report">The report.</param>
    /// <param name="file">The file; made when it does not exist.</param>
    /// <param name="options">Commit and job to name; the length is set here.</param>
    /// <param name="cancellationToken">Cancels before the file is written.</param>
    /// <exception cref="UserErrorException">There is no room left, or the file cannot be written (CID6001).</exception>
    public static async Task AppendAsync(RunReport report, string file, MarkdownOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var info = new FileInfo(file);
            var used = info.Exists ? info.Length : 0;
            var separator = used == 0 ? "" : "\n\n";
            var room = MostBytes - used - separator.Length;
            if (room < MarkdownOptions.SmallestMaxLength)
            {
                throw new UserErrorException(
                    ErrorCodes.ReportNotWritten,
                    "The job summary is full: this step wrote 1 MiB to it already.",
                    "Run CiDiff in a step of its own.");
            }

            using var text = new StringWriter { NewLine = "\n" };
            new MarkdownReport(options with { MaxLength = (int)room }).Write(report, text);
            await File.AppendAllTextAsync(file, separator + text, Utf8, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(ErrorCodes.ReportNotWritten, $"The job summary could not be written: {error.Message}", inner: error);
        }
    }
}
