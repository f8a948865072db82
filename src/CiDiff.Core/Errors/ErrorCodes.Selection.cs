namespace CiDiff.Errors;

public static partial class ErrorCodes
{
    /// <summary>A selector is malformed.</summary>
    public static readonly ErrorCode InvalidSelector = new("CID3001", "Selector not understood");

    /// <summary>A selector names a method that dbt does not have.</summary>
    public static readonly ErrorCode UnknownSelectorMethod = new("CID3002", "Unknown selector method");

    /// <summary>A selector needs something that is not in two manifests.</summary>
    public static readonly ErrorCode UnsupportedSelectorMethod = new("CID3003", "Selector method not available");

    /// <summary>A <c>state:</c> selector, and no base to compare with.</summary>
    public static readonly ErrorCode NoBaseForState = new("CID3004", "State selector without base");

    /// <summary>There is no such type of resource.</summary>
    public static readonly ErrorCode UnknownResourceType = new("CID3005", "Unknown resource type");

    /// <summary>What only is to be compared does not exist.</summary>
    public static readonly ErrorCode NothingNamed = new("CID3006", "Selector names nothing");
}
