namespace CiDiff.Errors;

public static partial class ErrorCodes
{
    /// <summary>The git program is not there.</summary>
    public static readonly ErrorCode GitNotFound = new("CID1201", "git not found");

    /// <summary>A git command failed.</summary>
    public static readonly ErrorCode GitFailed = new("CID1202", "git failed");

    /// <summary>A commit is not in this clone.</summary>
    public static readonly ErrorCode GitHistoryMissing = new("CID1203", "History missing");

    /// <summary>The pre-push hook cannot be written where it would go.</summary>
    public static readonly ErrorCode HookInTheWay = new("CID1204", "Hook not installed");
}
