namespace CiDiff.Errors;

public static partial class ErrorCodes
{
    /// <summary>A column that was named as key is not on both sides.</summary>
    public static readonly ErrorCode KeyColumnNotFound = new("CID5001", "Key column not found");

    /// <summary>The user's filter is not one SQL expression, or the warehouse rejects it.</summary>
    public static readonly ErrorCode InvalidFilter = new("CID5002", "Filter rejected");

    /// <summary>Both sides name the same relation.</summary>
    public static readonly ErrorCode SameRelation = new("CID5003", "Base and head are the same relation");
}
