namespace CiDiff.Errors;

public static partial class ErrorCodes
{
}
