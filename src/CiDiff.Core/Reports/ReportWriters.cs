using CiDiff.Errors;

namespace CiDiff.Reports;

/// <summary>The formats of <c>reports.formats</c> and <c>cidiff report --format</c>.</summary>
public static class ReportWriters
{
    private static readonly IReportWriter[] All =
        [new CodeQualityReport(), new JsonReport(), new JUnitReport(), new MarkdownReport(), new SarifReport()];

    /// <summary>The names of all formats, in ordinal order.</summary>
    public static IReadOnlyList<string> Formats { get; } = [.. All.Select(writer => writer.Format).Order(StringComparer.Ordinal)];

    /// <summary>The writer of a format.</summary>
    /// <param name="format">One of <see cref="Formats"/>, in any case.</param>
    /// <param name="others">What else can be asked for there, for the hint.</param>
    /// <exception cref="UserErrorException">There is none (CID6002).</exception>
    public static IReportWriter Find(string format, params IReadOnlyList<string> others) =>
        All.FirstOrDefault(writer => writer.Format.Equals(format, StringComparison.OrdinalIgnoreCase))
        ?? throw new UserErrorException(
            ErrorCodes.UnknownReportFormat,
            $"There is no report format '{format}'.",
            $"The formats are {string.Join(", ", others.Concat(Formats))}.");
}
