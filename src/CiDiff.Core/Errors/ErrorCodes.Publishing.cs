namespace CiDiff.Errors;

public static partial class ErrorCodes
{
    /// <summary>There is no token to publish with.</summary>
    public static readonly ErrorCode NoPublishingToken = new("CID6101", "No token to publish with");

    /// <summary>The host does not know the token, or the token may not do what is needed.</summary>
    public static readonly ErrorCode PublishingDenied = new("CID6102", "Token may not publish");

    /// <summary>The host asks to wait for longer than a job should.</summary>
    public static readonly ErrorCode PublishingRateLimited = new("CID6103", "Rate limited by the host");

    /// <summary>The host cannot be reached, or fails again and again.</summary>
    public static readonly ErrorCode HostUnavailable = new("CID6104", "Host not available");

    /// <summary>The host understood the request and refused it.</summary>
    public static readonly ErrorCode PublishingRejected = new("CID6105", "Refused by the host");

    /// <summary>It is not known which pull request, commit or repository to publish to.</summary>
    public static readonly ErrorCode NoPullRequest = new("CID6106", "No pull request to publish to");

    /// <summary>What is given as the token cannot be one.</summary>
    public static readonly ErrorCode MalformedToken = new("CID6107", "Not a token");
}
