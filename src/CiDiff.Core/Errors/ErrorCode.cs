namespace CiDiff.Errors;

/// <summary>A stable identifier of one kind of user error, for example <c>CID2001</c>.</summary>
/// <param name="Id">Four digits after the prefix <c>CID</c>; the first digit is the stage. Never reused.</param>
/// <param name="Title">A few words naming the problem; the heading in <c>docs/errors.md</c>.</param>
public sealed record ErrorCode(string Id, string Title)
{
    /// <inheritdoc/>
    public override string ToString() => Id;
}
