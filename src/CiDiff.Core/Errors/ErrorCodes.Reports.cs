namespace CiDiff.Errors;

public static partial class ErrorCodes
{
    /// <summary>A report file could not be written.</summary>
    public static readonly ErrorCode ReportNotWritten = new("CID6001", "Report not written");

    /// <summary>There is no such report format.</summary>
    public static readonly ErrorCode UnknownReportFormat = new("CID6002", "Unknown report format");

    /// <summary>A file given as <c>run.json</c> is none.</summary>
    public static readonly ErrorCode InvalidRunFile = new("CID6003", "Not a run file");

    /// <summary>A <c>run.json</c> of a later format.</summary>
    public static readonly ErrorCode RunFileTooNew = new("CID6004", "Run file of a newer version");
}
