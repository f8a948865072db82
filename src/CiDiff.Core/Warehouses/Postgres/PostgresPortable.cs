using System.Globalization;
using System.Text.RegularExpressions;

namespace CiDiff.Warehouses.Postgres;

/// <summary>How PostgreSQL's values leave it for a comparison elsewhere.</summary>
internal static partial class PostgresPortable
{
    /// <summary>The type that a column has then.</summary>
    public static ColumnType TypeOf(ColumnType type) => type.Family switch
    {
        TypeFamily.Integer => PortableTypes.Of(type.Name switch { "smallint" => "SMALLINT", "integer" => "INTEGER", _ => "BIGINT" }),
        TypeFamily.Decimal => Decimal(type),
        TypeFamily.Float => PortableTypes.Of(type.Name == "real" ? "FLOAT" : "DOUBLE"),
        TypeFamily.Boolean => PortableTypes.Of("BOOLEAN"),
        TypeFamily.Text or TypeFamily.Enumeration => PortableTypes.Text,
        TypeFamily.Date => PortableTypes.Of("DATE"),
        TypeFamily.Time => PortableTypes.Of(type.Name.EndsWith("with time zone", StringComparison.Ordinal) ? "TIME WITH TIME ZONE" : "TIME"),
        TypeFamily.Timestamp => PortableTypes.Of("TIMESTAMP"),
        TypeFamily.TimestampWithZone => PortableTypes.Of("TIMESTAMP WITH TIME ZONE"),
        TypeFamily.Interval => PortableTypes.Of("INTERVAL"),
        TypeFamily.Uuid => PortableTypes.Of("UUID"),
        TypeFamily.Binary => PortableTypes.Of("BLOB"),
        TypeFamily.Json or TypeFamily.Composite => PortableTypes.Json,
        TypeFamily.Array => new ColumnType($"{TypeOf(Element(type)).Name}[]", TypeFamily.Array),
        _ => type,
    };

    /// <summary>A value's forms.</summary>
    /// <param name="dialect">PostgreSQL's.</param>
    /// <param name="value">The value.</param>
    /// <param name="from">Its type.</param>
    /// <param name="to">The type that it will have.</param>
    public static PortableForm Form(PostgresDialect dialect, SqlText value, ColumnType from, ColumnType to)
    {
        var form = TextForm(dialect, value, from, to) with { Typed = TypedForm(dialect, value, from, to) };
        return PortableTypes.HashKind(to) switch
        {
            HashKind.Integer or HashKind.BigInteger => form with { Hashed = from.Name is "smallint" or "integer" or "bigint" ? value : dialect.Sql($"({value})::bigint") },
            HashKind.Float => form with { Hashed = dialect.Sql($"({value})::double precision") },
            HashKind.Decimal => form with { Hashed = from.Family == TypeFamily.Decimal ? value : dialect.Sql($"({value})::numeric") },
            HashKind.Moment => form with { Hashed = dialect.Sql($"({value})::timestamp") },
            HashKind.MomentWithZone => form with { Hashed = dialect.Sql($"({value})::timestamptz") },
            _ => form,
        };
    }

    private static PortableForm TextForm(PostgresDialect dialect, SqlText value, ColumnType from, ColumnType to) => (to.Family, from.Family) switch
    {
        (TypeFamily.Decimal, TypeFamily.Decimal) when TypeOf(from).Name == to.Name => new(WithoutZero(dialect, dialect.Text(value), to)),
        (TypeFamily.Decimal, _) => new(WithoutZero(dialect, dialect.Sql($"round(({value})::numeric, {PortableTypes.Size(to)!.Value.Scale})::text"), to)),

        // Plus zero, which turns the negative zero into the other one.
        (TypeFamily.Float, TypeFamily.Float) when to.Name == "FLOAT" => new(dialect.Sql($"(({value}) + 0::real)::text")),
        (TypeFamily.Float, _) => new(dialect.Sql($"(({value})::double precision + 0)::text")),
        (TypeFamily.Text, TypeFamily.Decimal) => new(dialect.Sql($"trim_scale(({value})::numeric)::text")),
        (TypeFamily.Text, TypeFamily.Float) => new(dialect.Sql($"(({value}) + 0::{new SqlText(from.Name)})::text")),
        (TypeFamily.Timestamp, not TypeFamily.Timestamp) => new(dialect.Sql($"({value})::timestamp::text")),
        (TypeFamily.TimestampWithZone, not TypeFamily.TimestampWithZone) => new(dialect.Sql($"({value})::timestamptz::text")),
        (TypeFamily.Interval, _) => new(Interval(dialect, value)),
        (TypeFamily.Binary, _) => new(dialect.Sql($"encode({value}, 'hex')")),
        (TypeFamily.Json, TypeFamily.Json) when from.Name == "json" => new(dialect.Text(value), dialect.Text(dialect.Json(value))),
        (TypeFamily.Json, TypeFamily.Composite) => new(dialect.Sql($"to_jsonb({value})::text")),

        // Numbers as numbers; elements of other types are their texts.
        (TypeFamily.Array, _) when Element(from).Family is TypeFamily.Integer => new(dialect.Sql($"to_jsonb({value})::text")),
        (TypeFamily.Array, _) when Element(from).Family is TypeFamily.Decimal => new(WithoutLastZeros(dialect, dialect.Sql($"to_jsonb({value})::text"))),
        (TypeFamily.Array, _) => new(dialect.Sql($"to_jsonb(({value})::text[])::text")),
        _ => new(dialect.Text(value)),
    };

    // The cast also makes the value of a domain one of a built-in type.
    private static SqlText? TypedForm(PostgresDialect dialect, SqlText value, ColumnType from, ColumnType to) => (to.Family, from.Family) switch
    {
        (TypeFamily.Integer, TypeFamily.Integer) => to.Name switch
        {
            "SMALLINT" => dialect.Sql($"({value})::smallint"),
            "INTEGER" => dialect.Sql($"({value})::integer"),
            "BIGINT" => dialect.Sql($"({value})::bigint"),
            _ => null,
        },
        (TypeFamily.Decimal, _) when PortableTypes.Size(to) is { } size => PortableTypes.Size(TypeOf(from)) is { } own && own.Scale <= size.Scale
            ? dialect.Sql($"({value})::numeric")
            : dialect.Sql($"round(({value})::numeric, {size.Scale})"),
        (TypeFamily.Float, TypeFamily.Float) when to.Name == "FLOAT" => dialect.Sql($"({value})::real"),
        (TypeFamily.Float, _) when to.Name == "DOUBLE" => dialect.Sql($"({value})::double precision"),
        (TypeFamily.Boolean, TypeFamily.Boolean) => dialect.Sql($"({value})::boolean"),
        (TypeFamily.Date, TypeFamily.Date) => dialect.Sql($"({value})::date"),
        (TypeFamily.Time, TypeFamily.Time) when to.Name == "TIME" => dialect.Sql($"({value})::time"),
        (TypeFamily.Timestamp, _) when to.Name == "TIMESTAMP" => dialect.Sql($"({value})::timestamp"),
        (TypeFamily.TimestampWithZone, _) => dialect.Sql($"({value})::timestamptz"),
        (TypeFamily.Uuid, TypeFamily.Uuid) => dialect.Sql($"({value})::uuid"),
        (TypeFamily.Binary, TypeFamily.Binary) => dialect.Sql($"({value})::bytea"),
        _ => null,
    };

    // DuckDB writes no zero before the point where a type has no digits there.
    private static SqlText WithoutZero(PostgresDialect dialect, SqlText text, ColumnType to) => PortableTypes.Size(to) is { Whole: 0 }
        ? dialect.Sql($@"regexp_replace({text}, '^(-?)0\.', '\1.')")
        : text;

    // Only numbers are in it.
    private static SqlText WithoutLastZeros(PostgresDialect dialect, SqlText array) =>
        dialect.Sql($@"regexp_replace(regexp_replace({array}, '(\.[0-9]*?)0+(?![0-9])', '\1', 'g'), '\.(?![0-9])', '', 'g')");

    // The parts that an interval has, because its own text depends on a setting and does not look like anybody else's.
    private static SqlText Interval(PostgresDialect dialect, SqlText value) => dialect.Sql($"""
        (extract(year from {value}) * 12 + extract(month from {value}))::bigint || ' months '
            || extract(day from {value})::bigint || ' days '
            || (extract(hour from {value}) * 3600000000 + extract(minute from {value}) * 60000000 + extract(microseconds from {value}))::bigint || ' microseconds'
        """);

    private static ColumnType Decimal(ColumnType type)
    {
        var size = Modifier().Match(type.Name);
        if (!size.Success)
        {
            return PortableTypes.Numeric;
        }

        var precision = int.Parse(size.Groups["precision"].Value, CultureInfo.InvariantCulture);
        var scale = size.Groups["scale"] is { Success: true } written ? int.Parse(written.Value, CultureInfo.InvariantCulture) : 0;
        return precision <= 38 && scale >= 0 && scale <= precision
            ? PortableTypes.Of(string.Create(CultureInfo.InvariantCulture, $"DECIMAL({precision},{scale})"))
            : PortableTypes.Numeric;
    }

    private static ColumnType Element(ColumnType array)
    {
        var name = array.Name;
        while (name.EndsWith("[]", StringComparison.Ordinal))
        {
            name = name[..^2];
        }

        var plain = PostgresTypes.WithoutModifier(name);
        return new ColumnType(name, plain switch
        {
            "smallint" or "integer" or "bigint" => TypeFamily.Integer,
            "numeric" => TypeFamily.Decimal,
            "real" or "double precision" => TypeFamily.Float,
            "boolean" => TypeFamily.Boolean,
            "date" => TypeFamily.Date,
            "time without time zone" or "time with time zone" => TypeFamily.Time,
            "timestamp without time zone" => TypeFamily.Timestamp,
            "timestamp with time zone" => TypeFamily.TimestampWithZone,
            "uuid" => TypeFamily.Uuid,
            "bytea" => TypeFamily.Binary,
            "json" or "jsonb" => TypeFamily.Json,
            "interval" => TypeFamily.Interval,
            _ => TypeFamily.Text,
        });
    }

    [GeneratedRegex(@"^numeric\((?<precision>\d+)(?:,(?<scale>-?\d+))?\)$")]
    private static partial Regex Modifier();
}
