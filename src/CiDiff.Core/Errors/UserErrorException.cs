namespace CiDiff.Errors;

/// <summary>A problem the person running CiDiff can fix.</summary>
/// <param name="code">Which kind of problem.</param>
/// <param name="message">What is wrong with which thing; one sentence with a period. Never holds a secret.</param>
/// <param name="hint">What to try next, as one sentence, or null when there is nothing to add.</param>
/// <param name="inner">The error of the driver or the file system, when there was one.</param>
public sealed class UserErrorException(ErrorCode code, string message, string? hint = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Which kind of problem.</summary>
    public ErrorCode Code { get; } = code;

    /// <summary>What to try next, or null when there is nothing to add.</summary>
    public string? Hint { get; } = hint;
}
