namespace CiDiff.Errors;

/// <summary>Every error code. One file per stage: 1xxx invocation and configuration, 2xxx artifacts, 3xxx state and
/// selection, 4xxx warehouses, 5xxx diffing and verdicts, 6xxx reports and publishing, 9xxx bugs.</summary>
/// <remarks>A test holds that each has its heading in <c>docs/errors.md</c>.</remarks>
public static partial class ErrorCodes
{
    /// <summary>Something happened that CiDiff's authors did not think of.</summary>
    public static readonly ErrorCode Bug = new("CID9001", "A bug in CiDiff");
}
