using CiDiff.Errors;

namespace CiDiff.Git;

/// <summary>A ref that git is about to push, as it tells a pre-push hook (https://git-scm.com/docs/githooks#_pre_push).</summary>
/// <param name="LocalRef">What is pushed, such as <c>refs/heads/topic</c>; <c>(delete)</c> for a deletion.</param>
/// <param name="LocalCommit">Its object id; zeros for a deletion.</param>
/// <param name="RemoteRef">What it becomes over there.</param>
/// <param name="RemoteCommit">What is there now; zeros when it is new.</param>
public sealed record PushedRef(string LocalRef, string LocalCommit, string RemoteRef, string RemoteCommit)
{
    /// <summary>Whether the ref is taken away.</summary>
    public bool IsDeletion => IsNothing(LocalCommit);

    /// <summary>Whether the remote has no such ref yet.</summary>
    public bool IsNew => IsNothing(RemoteCommit);

    /// <summary>Whether it is a branch over there, rather than a tag or a note.</summary>
    public bool IsBranch => RemoteRef.StartsWith("refs/heads/", StringComparison.Ordinal);

    /// <summary>Reads what git writes to the hook's standard input.</summary>
    /// <exception cref="UserErrorException">A line is not four words.</exception>
    public static IReadOnlyList<PushedRef> Parse(string text) =>
        [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).Select(ParseLine)];

    private static PushedRef ParseLine(string line) => line.Split(' ') is [var localRef, var localCommit, var remoteRef, var remoteCommit]
        ? new PushedRef(localRef, localCommit, remoteRef, remoteCommit)
        : throw new UserErrorException(
            ErrorCodes.InvalidCommandLine,
            $"'{line}' is no line that git gives to a pre-push hook.",
            "git runs this command itself; `cidiff hook install` sets it up.");

    private static bool IsNothing(string commit) => commit.All(digit => digit == '0');
}
