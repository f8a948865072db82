namespace CiDiff.Warehouses;

/// <summary>What kind of values a column holds; decides how two of them are compared.</summary>
public enum TypeFamily
{
    /// <summary>A type the adapter does not know; compared as text, and the report says so.</summary>
    Other,

    /// <summary>Whole numbers of any size.</summary>
    Integer,

    /// <summary>Exact numbers with a scale.</summary>
    Decimal,

    /// <summary>Binary floating point, with NaN and infinities.</summary>
    Float,

    /// <summary>True and false.</summary>
    Boolean,

    /// <summary>Character strings of any length, also <c>char(n)</c> and <c>citext</c>.</summary>
    Text,

    /// <summary>A closed list of words.</summary>
    Enumeration,

    /// <summary>A calendar date.</summary>
    Date,

    /// <summary>A time of day, with or without an offset.</summary>
    Time,

    /// <summary>A date and time without a zone.</summary>
    Timestamp,

    /// <summary>An instant.</summary>
    TimestampWithZone,

    /// <summary>A span of time.</summary>
    Interval,

    /// <summary>A UUID.</summary>
    Uuid,

    /// <summary>Bytes.</summary>
    Binary,

    /// <summary>JSON, textual or binary.</summary>
    Json,

    /// <summary>A list of values of one type.</summary>
    Array,

    /// <summary>A value with named parts: struct, row, map, union.</summary>
    Composite,
}

/// <summary>A column's type.</summary>
/// <param name="Name">As the warehouse writes it in DDL, for example <c>numeric(12,2)</c>.</param>
/// <param name="Family">What kind of values it holds.</param>
/// <remarks>Two types are the same when their names are.</remarks>
public sealed record ColumnType(string Name, TypeFamily Family)
{
    /// <summary>Texts with different bytes can be equal to the warehouse: a collation that ignores case, for example.</summary>
    public bool HasLooseEquality { get; init; }
}

/// <summary>A column of a relation or of a query.</summary>
/// <param name="Name">As stored.</param>
/// <param name="Type">Its type.</param>
public sealed record Column(ColumnName Name, ColumnType Type);

/// <summary>What a relation is in the warehouse.</summary>
public enum RelationKind
{
    /// <summary>A base table.</summary>
    Table,

    /// <summary>A view: reading it runs its query.</summary>
    View,

    /// <summary>A view whose result is kept.</summary>
    MaterializedView,

    /// <summary>Anything else that can be read, such as a foreign or external table.</summary>
    Other,
}

/// <summary>What the catalog of a warehouse knows of a relation.</summary>
/// <param name="Name">The full name, database included where the warehouse has databases.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Columns">In their order.</param>
/// <param name="UniqueKeys">Column sets the warehouse itself holds unique (valid, complete unique indexes and keys), each in
/// index order; empty where there is none or the warehouse does not enforce any.</param>
/// <param name="EstimatedRows">The planner's estimate; null when the warehouse has none.</param>
public sealed record RelationInfo(
    RelationName Name,
    RelationKind Kind,
    IReadOnlyList<Column> Columns,
    IReadOnlyList<IReadOnlyList<ColumnName>> UniqueKeys,
    long? EstimatedRows)
{
    /// <summary>The warehouse shows the connection's user only some rows, by a policy of the relation.</summary>
    public bool IsRowSecured { get; init; }
}
