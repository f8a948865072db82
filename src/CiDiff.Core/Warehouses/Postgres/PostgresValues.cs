using System.Globalization;

namespace CiDiff.Warehouses.Postgres;

/// <summary>Values as PostgreSQL writes them, by the identifiers of its built-in types, which are the same in every server.</summary>
internal static class PostgresValues
{
    // https://github.com/postgres/postgres/blob/REL_17_STABLE/src/include/catalog/pg_type.dat
    private const uint Bool = 16;
    private const uint Int8 = 20;
    private const uint Int2 = 21;
    private const uint Int4 = 23;
    private const uint Oid = 26;
    private const uint Float4 = 700;
    private const uint Float8 = 701;
    private const uint Bpchar = 1042;
    private const uint BpcharArray = 1014;
    private const uint Varchar = 1043;
    private const uint VarcharArray = 1015;
    private const uint Time = 1083;
    private const uint TimeArray = 1183;
    private const uint Timestamp = 1114;
    private const uint TimestampArray = 1115;
    private const uint TimestampTz = 1184;
    private const uint TimestampTzArray = 1185;
    private const uint TimeTz = 1266;
    private const uint TimeTzArray = 1270;
    private const uint Bit = 1560;
    private const uint BitArray = 1561;
    private const uint Varbit = 1562;
    private const uint VarbitArray = 1563;
    private const uint Numeric = 1700;
    private const uint NumericArray = 1231;

    // The length of the header that some types count into their modifier.
    private const int Header = 4;

    /// <summary>From the text of a value to what <see cref="IWarehouseSession.QueryAsync"/> promises.</summary>
    public static object Read(uint type, string text) => type switch
    {
        Bool => text == "t",
        Int2 or Int4 or Int8 or Oid => long.Parse(text, CultureInfo.InvariantCulture),
        Float4 or Float8 => double.Parse(text, CultureInfo.InvariantCulture),
        Numeric => Exact(text) is { } number ? number : text,
        _ => text,
    };

    /// <summary>The type's modifier, put together from what the protocol's description was taken apart into; -1 for none.</summary>
    public static int TypeModifier(uint type, int? precision, int? scale, int? length) => (type, precision, scale, length) switch
    {
        (Numeric or NumericArray, { } digits, _, _) => ((digits << 16) | ((scale ?? 0) & 0x7ff)) + Header,
        (Bpchar or Varchar or BpcharArray or VarcharArray, _, _, { } characters) => characters + Header,
        (Time or TimeTz or Timestamp or TimestampTz or TimeArray or TimeTzArray or TimestampArray or TimestampTzArray, { } digits, _, _) => digits,
        (Bit or Varbit or BitArray or VarbitArray, _, _, { } bits) => bits,
        _ => -1,
    };

    /// <summary>The number, or null when a decimal would round it or cannot hold it: NaN, infinities, more than 28 digits.</summary>
    private static decimal? Exact(string text) =>
        decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
        && (text.Length <= 28 || number.ToString(CultureInfo.InvariantCulture) == text)
            ? number
            : null;
}
