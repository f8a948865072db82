using System.Globalization;
using System.Text.RegularExpressions;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>A type whose values lie side by side in a vector, so that they can be written there: everything but what has parts.</summary>
/// <param name="Id">The library's name for it.</param>
/// <param name="Width">How many digits a decimal has; 0 for other types.</param>
/// <param name="Scale">How many of them are behind the point.</param>
internal readonly partial record struct DuckDbPlainType(DuckDbTypeId Id, byte Width = 0, byte Scale = 0)
{
    /// <summary>Text.</summary>
    internal static readonly DuckDbPlainType Text = new(DuckDbTypeId.Varchar);

    // A decimal is a whole number of the smallest of these sizes that holds all of its digits.
    private const int MostDigitsOfInt16 = 4;
    private const int MostDigitsOfInt32 = 9;
    private const int MostDigitsOfInt64 = 18;

    /// <summary>A type by its name; null when its values cannot be written like this.</summary>
    internal static DuckDbPlainType? Of(ColumnType type)
    {
        if (DecimalType().Match(type.Name) is { Success: true } match)
        {
            return new DuckDbPlainType(
                DuckDbTypeId.Decimal,
                byte.Parse(match.Groups["width"].Value, CultureInfo.InvariantCulture),
                byte.Parse(match.Groups["scale"].Value, CultureInfo.InvariantCulture));
        }

        return type.Name switch
        {
            "BOOLEAN" => new(DuckDbTypeId.Boolean),
            "TINYINT" => new(DuckDbTypeId.TinyInt),
            "SMALLINT" => new(DuckDbTypeId.SmallInt),
            "INTEGER" => new(DuckDbTypeId.Integer),
            "BIGINT" => new(DuckDbTypeId.BigInt),
            "HUGEINT" => new(DuckDbTypeId.HugeInt),
            "UTINYINT" => new(DuckDbTypeId.UTinyInt),
            "USMALLINT" => new(DuckDbTypeId.USmallInt),
            "UINTEGER" => new(DuckDbTypeId.UInteger),
            "UBIGINT" => new(DuckDbTypeId.UBigInt),
            "FLOAT" => new(DuckDbTypeId.Float),
            "DOUBLE" => new(DuckDbTypeId.Double),
            "VARCHAR" => Text,
            "BLOB" => new(DuckDbTypeId.Blob),
            "DATE" => new(DuckDbTypeId.Date),
            "TIME" => new(DuckDbTypeId.Time),
            "TIMESTAMP" => new(DuckDbTypeId.Timestamp),
            "TIMESTAMP_S" => new(DuckDbTypeId.TimestampSeconds),
            "TIMESTAMP_MS" => new(DuckDbTypeId.TimestampMilliseconds),
            "TIMESTAMP_NS" => new(DuckDbTypeId.TimestampNanoseconds),
            "TIMESTAMP WITH TIME ZONE" => new(DuckDbTypeId.TimestampTz),
            "INTERVAL" => new(DuckDbTypeId.Interval),
            "UUID" => new(DuckDbTypeId.Uuid),
            _ => null,
        };
    }

    /// <summary>What a value is in a vector.</summary>
    internal DuckDbTypeId Physical => this switch
    {
        { Id: not DuckDbTypeId.Decimal } => Id,
        { Width: <= MostDigitsOfInt16 } => DuckDbTypeId.SmallInt,
        { Width: <= MostDigitsOfInt32 } => DuckDbTypeId.Integer,
        { Width: <= MostDigitsOfInt64 } => DuckDbTypeId.BigInt,
        _ => DuckDbTypeId.HugeInt,
    };

    /// <summary>The library's description, to be destroyed.</summary>
    internal nint ToNative() =>
        Id == DuckDbTypeId.Decimal ? DuckDbNative.duckdb_create_decimal_type(Width, Scale) : DuckDbNative.duckdb_create_logical_type(Id);

    [GeneratedRegex(@"^DECIMAL\((?<width>\d+),\s*(?<scale>\d+)\)$")]
    private static partial Regex DecimalType();
}
