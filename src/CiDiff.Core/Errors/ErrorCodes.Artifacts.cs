namespace CiDiff.Errors;

public static partial class ErrorCodes
{
    /// <summary>No manifest was found at the given place.</summary>
    public static readonly ErrorCode ManifestNotFound = new("CID2001", "Manifest not found");
}
