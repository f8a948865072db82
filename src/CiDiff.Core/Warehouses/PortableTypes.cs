using System.Globalization;
using System.Text.RegularExpressions;
using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Warehouses;

/// <summary>The types that columns have once their values left their warehouses: those of the embedded DuckDB, in which rows of different warehouses are
/// compared. The table is in <c>docs/diffing.md</c>.</summary>
public static partial class PortableTypes
{
    /// <summary>Text.</summary>
    public static readonly ColumnType Text = new("VARCHAR", TypeFamily.Text);

    /// <summary>Exact numbers of any size, which no type of DuckDB holds.</summary>
    public static readonly ColumnType Numeric = new("NUMERIC", TypeFamily.Decimal);

    /// <summary>Arrays, as lists of the texts of their elements.</summary>
    internal static readonly ColumnType Texts = new("VARCHAR[]", TypeFamily.Array);

    /// <summary>JSON, and everything with named parts.</summary>
    internal static readonly ColumnType Json = new("JSON", TypeFamily.Json);

    private static readonly ColumnType Double = new("DOUBLE", TypeFamily.Float);
    private static readonly ColumnType Timestamp = new("TIMESTAMP", TypeFamily.Timestamp);
    private static readonly ColumnType TimestampWithZone = new("TIMESTAMP WITH TIME ZONE", TypeFamily.TimestampWithZone);

    /// <summary>A type by its name in DuckDB.</summary>
    public static ColumnType Of(string name) => name == Numeric.Name ? Numeric : DuckDbTypes.Parse(name);

    /// <summary>The one type in which the values of two columns are compared.</summary>
    /// <param name="types">What <see cref="SqlDialect.PortableType"/> says of both.</param>
    /// <param name="isByDistance">Whether values may be some distance apart, which only numbers with a limited number of digits have.</param>
    /// <returns>Null when values of such types are never the same.</returns>
    public static ColumnType? Common(Sides<ColumnType> types, bool isByDistance)
    {
        var (first, second) = types;
        return (first.Family, second.Family) switch
        {
            (TypeFamily.Integer or TypeFamily.Decimal or TypeFamily.Float, TypeFamily.Integer or TypeFamily.Decimal or TypeFamily.Float) => Number(types, isByDistance),
            (TypeFamily.Array, TypeFamily.Array) => Texts,
            (TypeFamily.Json or TypeFamily.Composite, TypeFamily.Json or TypeFamily.Composite) => Json,
            (TypeFamily.Other, TypeFamily.Other) => first.Name == second.Name ? first : Text,
            (TypeFamily.Text or TypeFamily.Enumeration or TypeFamily.Other, _) or (_, TypeFamily.Text or TypeFamily.Enumeration or TypeFamily.Other) => Text,
            _ when first.Name == second.Name => first,
            (TypeFamily.Date or TypeFamily.Timestamp, TypeFamily.Date or TypeFamily.Timestamp) => Timestamp,
            (TypeFamily.Date or TypeFamily.Timestamp or TypeFamily.TimestampWithZone, TypeFamily.Date or TypeFamily.Timestamp or TypeFamily.TimestampWithZone) =>
                TimestampWithZone,
            _ => null,
        };
    }

    /// <summary>What values of a type are hashed as. Numbers and timestamps need no text, which costs more than anything else.</summary>
    public static HashKind HashKind(ColumnType type) => type switch
    {
        { Name: "TINYINT" or "SMALLINT" or "INTEGER" or "UTINYINT" or "USMALLINT" } => Warehouses.HashKind.Integer,
        _ when FitsInt64(type) => Warehouses.HashKind.BigInteger,
        { Family: TypeFamily.Float } => Warehouses.HashKind.Float,
        { Family: TypeFamily.Decimal } when Size(type) is not null => Warehouses.HashKind.Decimal,
        { Name: "TIMESTAMP" } => Warehouses.HashKind.Moment,
        { Family: TypeFamily.TimestampWithZone } => Warehouses.HashKind.MomentWithZone,
        _ => Warehouses.HashKind.Text,
    };

    /// <summary>Whether a type holds no number that 64 bits with a sign do not hold.</summary>
    internal static bool FitsInt64(ColumnType type) =>
        type.Name is "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "UTINYINT" or "USMALLINT" or "UINTEGER";

    /// <summary>How many digits the numbers of a type have before and after the point; null when there is no limit.</summary>
    internal static (int Whole, int Scale)? Size(ColumnType type)
    {
        var decimals = DecimalType().Match(type.Name);
        if (decimals.Success)
        {
            var scale = int.Parse(decimals.Groups["scale"].Value, CultureInfo.InvariantCulture);
            return (int.Parse(decimals.Groups["precision"].Value, CultureInfo.InvariantCulture) - scale, scale);
        }

        return type.Name switch
        {
            "TINYINT" or "UTINYINT" => (3, 0),
            "SMALLINT" or "USMALLINT" => (5, 0),
            "INTEGER" or "UINTEGER" => (10, 0),
            "BIGINT" => (19, 0),
            "UBIGINT" => (20, 0),
            _ => null,
        };
    }

    private static ColumnType Number(Sides<ColumnType> types, bool isByDistance)
    {
        var (first, second) = types;
        if (first.Family == TypeFamily.Float || second.Family == TypeFamily.Float)
        {
            return first.Name == second.Name ? first : Double;
        }

        if (first.Name == second.Name && first != Numeric)
        {
            return first;
        }

        if (FitsInt64(first) && FitsInt64(second))
        {
            return Of("BIGINT");
        }

        if (Size(first) is { } one && Size(second) is { } other
            && Math.Max(one.Whole, other.Whole) + Math.Max(one.Scale, other.Scale) is <= 38 and var digits)
        {
            return Of(string.Create(CultureInfo.InvariantCulture, $"DECIMAL({digits},{Math.Max(one.Scale, other.Scale)})"));
        }

        return isByDistance ? Double : Text;
    }

    [GeneratedRegex(@"^DECIMAL\((?<precision>\d+),\s*(?<scale>\d+)\)$")]
    private static partial Regex DecimalType();
}

/// <summary>What a hash that is the same in every warehouse is made of.</summary>
public enum HashKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A whole number of 32 bits.</summary>
    Integer,

    /// <summary>A whole number of 64 bits.</summary>
    BigInteger,

    /// <summary>A floating point number of 64 bits.</summary>
    Float,

    /// <summary>A decimal of at most 38 digits.</summary>
    Decimal,

    /// <summary>A timestamp.</summary>
    Moment,

    /// <summary>A timestamp with a zone.</summary>
    MomentWithZone,
}

/// <summary>A value as it leaves its warehouse.</summary>
/// <param name="Text">A text that DuckDB reads back as the value; null stays null.</param>
/// <param name="Hashed">What is hashed: equal in every warehouse for the same value, and for no other. Of the kind that
/// <see cref="PortableTypes.HashKind"/> says.</param>
public sealed record PortableForm(SqlText Text, SqlText Hashed)
{
    /// <summary>The value itself, of the type that it will have, for sessions that bring values into the embedded DuckDB without a text. Null where they
    /// do not know the type.</summary>
    public SqlText? Typed { get; init; }

    /// <summary>One text for both.</summary>
    public PortableForm(SqlText text)
        : this(text, text)
    {
    }
}
