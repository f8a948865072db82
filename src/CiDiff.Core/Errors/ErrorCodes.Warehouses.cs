namespace CiDiff.Errors;

public static partial class ErrorCodes
{
    /// <summary>The warehouse could not be reached, or refused the connection.</summary>
    public static readonly ErrorCode ConnectionFailed = new("CID4001", "Connection failed");

    /// <summary>There is no such table or view.</summary>
    public static readonly ErrorCode RelationNotFound = new("CID4002", "Relation not found");

    /// <summary>The warehouse's user may not read something.</summary>
    public static readonly ErrorCode AccessDenied = new("CID4003", "Access denied");

    /// <summary>The warehouse rejected or aborted a query for another reason.</summary>
    public static readonly ErrorCode QueryFailed = new("CID4004", "Query failed");

    /// <summary>A query ran into the time limit.</summary>
    public static readonly ErrorCode QueryTimedOut = new("CID4005", "Query timed out");

    /// <summary>The connection broke while it was in use.</summary>
    public static readonly ErrorCode ConnectionLost = new("CID4006", "Connection lost");

    /// <summary>No adapter for this kind of warehouse.</summary>
    public static readonly ErrorCode UnknownAdapter = new("CID4007", "Unknown adapter");

    /// <summary>A connection URL could not be read.</summary>
    public static readonly ErrorCode InvalidUrl = new("CID4008", "Connection URL not understood");

    /// <summary>A relation is in a database that the connection cannot read.</summary>
    public static readonly ErrorCode OtherDatabase = new("CID4009", "Relation in another database");

    /// <summary>The manifest is of another kind of warehouse.</summary>
    public static readonly ErrorCode OtherAdapter = new("CID4011", "Manifest of another adapter");

    /// <summary>DuckDB's library is not part of this build, or is one for another machine.</summary>
    public static readonly ErrorCode DuckDbMissing = new("CID4020", "DuckDB is not part of this build");
}
