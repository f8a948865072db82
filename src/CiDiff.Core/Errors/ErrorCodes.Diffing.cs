namespace CiDiff.Errors;

public static partial class ErrorCodes
{
    /// <summary>A column that was named as key is not on both sides.</summary>
    public static readonly ErrorCode KeyColumnNotFound = new("CID5001", "Key column not found");

    /// <summary>The user's filter is not one SQL expression, or the warehouse rejects it.</summary>
    public static readonly ErrorCode InvalidFilter = new("CID5002", "Filter rejected");

    /// <summary>Both sides name the same relation.</summary>
    public static readonly ErrorCode SameRelation = new("CID5003", "Base and head are the same relation");

    /// <summary>A key column's types on base and head cannot be matched.</summary>
    public static readonly ErrorCode KeyTypesDiffer = new("CID5004", "Key types differ");

    /// <summary>A query to compare has two columns of one name.</summary>
    public static readonly ErrorCode DuplicateColumn = new("CID5005", "Column name occurs twice");

    /// <summary>No selected model exists on head.</summary>
    public static readonly ErrorCode NothingBuilt = new("CID5006", "Nothing is built");

    /// <summary>A column named for the comparison is on neither side.</summary>
    public static readonly ErrorCode ColumnNotFound = new("CID5007", "Column not found");

    /// <summary>A model took longer than its time budget, and a sample was not wanted, or is not possible.</summary>
    public static readonly ErrorCode OverTimeBudget = new("CID5008", "Over the time budget");

    /// <summary>A table is to be read as it was, and the warehouse cannot.</summary>
    public static readonly ErrorCode NoTimeTravel = new("CID5009", "No time travel");
}
