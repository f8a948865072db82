using CiDiff.Errors;
using CiDiff.Reports;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Reports;

public sealed class ReportFolderTests
{
    [Fact]
    public async Task Each_format_is_written_to_its_file_and_named_in_the_run_file()
    {
        using var folder = new TemporaryFolder();
        var directory = Path.Combine(folder.Path, "a", "b");

        var written = await ReportFolder.WriteAsync(Scenarios.Rich() with { Files = new Dictionary<string, string>() }, directory, ["markdown", "json"], CancellationToken.None);

        Assert.Equal(["report.md", "run.json"], Names(directory));
        Assert.Equal("json=run.json markdown=report.md", string.Join(' ', written.Files.Select(file => $"{file.Key}={file.Value}")));
        Assert.Equal(written.Files, (await JsonReportReader.ReadAsync(directory, CancellationToken.None)).Files);
    }

    [Fact]
    public async Task Files_are_utf_8_without_a_byte_order_mark()
    {
        using var folder = new TemporaryFolder();

        await ReportFolder.WriteAsync(Scenarios.Rich(), folder.Path, ["markdown"], CancellationToken.None);

        var bytes = await File.ReadAllBytesAsync(Path.Combine(folder.Path, "report.md"));
        Assert.Equal("## ❌"u8.ToArray(), bytes[.."## ❌"u8.Length]);
        Assert.DoesNotContain((byte)'\r', bytes);
    }

    [Fact]
    public async Task A_report_of_an_earlier_run_is_replaced_and_other_files_stay()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "report.md"), new string('x', 100_000));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "mine.txt"), "mine");

        await ReportFolder.WriteAsync(Scenarios.Skip(), folder.Path, ["markdown", "MARKDOWN"], CancellationToken.None);

        Assert.Equal(["mine.txt", "report.md"], Names(folder.Path));
        Assert.StartsWith("## ⏭️ CiDiff: skipped\n", await File.ReadAllTextAsync(Path.Combine(folder.Path, "report.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_format_that_does_not_exist_is_a_coded_error_and_nothing_is_written()
    {
        using var folder = new TemporaryFolder();

        var error = await Assert.ThrowsAsync<UserErrorException>(
            () => ReportFolder.WriteAsync(Scenarios.Skip(), folder.Path, ["markdown", "pdf"], CancellationToken.None));

        Assert.Equal(ErrorCodes.UnknownReportFormat, error.Code);
        Assert.Equal("The formats are code_quality, json, junit, markdown, sarif.", error.Hint);
        Assert.Empty(Names(folder.Path));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_a_coded_error()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "file");
        await File.WriteAllTextAsync(file, "");

        var error = await Assert.ThrowsAsync<UserErrorException>(
            () => ReportFolder.WriteAsync(Scenarios.Skip(), Path.Combine(file, "reports"), ["json"], CancellationToken.None));

        Assert.Equal(ErrorCodes.ReportNotWritten, error.Code);
        Assert.NotNull(error.InnerException);
    }

    [Fact]
    public async Task A_file_that_cannot_be_replaced_is_a_coded_error_and_no_temporary_file_is_left()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "run.json"));

        var error = await Assert.ThrowsAsync<UserErrorException>(
            () => ReportFolder.WriteAsync(Scenarios.Skip(), folder.Path, ["json"], CancellationToken.None));

        Assert.Equal(ErrorCodes.ReportNotWritten, error.Code);
        Assert.Contains("run.json", error.Message, StringComparison.Ordinal);
        Assert.Equal(["run.json"], Names(folder.Path));
    }

    [Fact]
    public async Task A_cancelled_run_leaves_no_half_of_a_file()
    {
        using var folder = new TemporaryFolder();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => ReportFolder.WriteAsync(Scenarios.Rich(), folder.Path, ["json"], new CancellationToken(canceled: true)));

        Assert.Empty(Names(folder.Path));
    }

    private static IEnumerable<string?> Names(string directory) =>
        Directory.EnumerateFileSystemEntries(directory).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
