using System.Text.RegularExpressions;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>How DuckDB's values leave it for a comparison elsewhere, and how values of other warehouses arrive in it.</summary>
internal static partial class DuckDbPortable
{
    /// <summary>The type that a column has then.</summary>
    public static ColumnType TypeOf(ColumnType type) => type.Family switch
    {
        TypeFamily.Enumeration => PortableTypes.Text,
        TypeFamily.Composite => PortableTypes.Json,
        TypeFamily.Array => PortableTypes.Of(FixedLength().Replace(type.Name, "[]")),
        TypeFamily.Integer when type.Name is "BIGNUM" => PortableTypes.Numeric,
        TypeFamily.Time when type.Name is "TIME_NS" => PortableTypes.Of("TIME"),
        _ => type,
    };

    /// <summary>A value's forms.</summary>
    /// <param name="dialect">DuckDB's.</param>
    /// <param name="value">The value.</param>
    /// <param name="from">Its type.</param>
    /// <param name="to">The type that it will have.</param>
    public static PortableForm Form(DuckDbDialect dialect, SqlText value, ColumnType from, ColumnType to)
    {
        var form = TextForm(dialect, value, from, to) with { Typed = TypedForm(dialect, value, from, to) };
        return PortableTypes.HashKind(to) switch
        {
            HashKind.Integer or HashKind.BigInteger => form with { Hashed = value },
            HashKind.Float => form with { Hashed = dialect.Sql($"cast({value} as double)") },
            HashKind.Decimal => form with { Hashed = from.Family == TypeFamily.Decimal ? value : Cast(dialect, value, to) },
            HashKind.Moment or HashKind.MomentWithZone => form with { Hashed = from.Name == to.Name ? value : Cast(dialect, value, to) },
            _ => form,
        };
    }

    private static PortableForm TextForm(DuckDbDialect dialect, SqlText value, ColumnType from, ColumnType to) => (to.Family, from.Family) switch
    {
        (TypeFamily.Decimal, _) when from.Name != to.Name => new(dialect.Text(Cast(dialect, value, to))),
        (TypeFamily.Float, _) => new(FloatText(dialect, from.Name == to.Name ? value : Cast(dialect, value, to), to)),
        (TypeFamily.Text, TypeFamily.Float) => new(FloatText(dialect, value, from)),
        (TypeFamily.Text, TypeFamily.Decimal) when PortableTypes.Size(from) is { Scale: > 0 } => new(dialect.Digits(value, from)),
        (TypeFamily.Text, TypeFamily.Text) => new(value),
        (TypeFamily.Date, _) => new(dialect.Sql($"replace({dialect.Text(value)}, ' (BC)', ' BC')")),
        (TypeFamily.Timestamp or TypeFamily.TimestampWithZone, _) when to.Name is not "TIMESTAMP_NS" =>
            new(Era(dialect, dialect.Text(from.Name == to.Name ? value : Cast(dialect, value, to)))),
        (TypeFamily.Interval, _) => new(Interval(dialect, value)),
        (TypeFamily.Binary, _) => new(dialect.Sql($"lower(hex({value}))")),
        (TypeFamily.Json, TypeFamily.Json) => new(dialect.Text(value), dialect.Sql($"cidiff_json({dialect.Text(value)})")),
        (TypeFamily.Json, _) => new(dialect.Text(dialect.Sql($"to_json({value})")), dialect.Sql($"cidiff_json({dialect.Text(dialect.Sql($"to_json({value})"))})")),
        (TypeFamily.Array, _) => new(dialect.Sql($"cidiff_json({dialect.Text(dialect.Sql($"to_json({Elements(dialect, value, from)})"))})")),
        _ => new(dialect.Text(value)),
    };

    // Everything else is text, or is cut off differently on its way through a text.
    private static SqlText? TypedForm(DuckDbDialect dialect, SqlText value, ColumnType from, ColumnType to)
    {
        if (DuckDbPlainType.Of(to) is null || to.Family == TypeFamily.Text || (to.Family == TypeFamily.Time && from.Name != to.Name))
        {
            return null;
        }

        var typed = from.Name == to.Name ? value : Cast(dialect, value, to);
        return to.Family == TypeFamily.Float ? dialect.Sql($"case when {typed} = 0 then {Cast(dialect, new SqlText("0"), to)} else {typed} end") : typed;
    }

    /// <summary>The value that a text stands for.</summary>
    /// <param name="dialect">DuckDB's.</param>
    /// <param name="text">A <see cref="PortableForm.Text"/>.</param>
    /// <param name="type">The value's type.</param>
    public static SqlText Read(DuckDbDialect dialect, SqlText text, ColumnType type) => type.Family switch
    {
        TypeFamily.Text or TypeFamily.Other or TypeFamily.Enumeration => text,
        TypeFamily.Decimal when type == PortableTypes.Numeric => text,
        TypeFamily.Date => dialect.Sql($"cast(replace({text}, ' BC', ' (BC)') as date)"),
        TypeFamily.Timestamp or TypeFamily.TimestampWithZone => dialect.Sql($"""
            cast(case when {text} like '% BC' then regexp_replace({text}, '^(\S+)(.*) BC$', '\1 (BC)\2') else {text} end as {new SqlText(type.Name)})
            """),
        TypeFamily.Binary => dialect.Sql($"unhex({text})"),
        TypeFamily.Array => dialect.Sql($"from_json(cidiff_json({text}), '[\"VARCHAR\"]')"),
        _ => dialect.Sql($"cast({text} as {new SqlText(type.Name)})"),
    };

    /// <summary>How long an interval is, as DuckDB compares it: a month is 30 days, and a day 24 hours.</summary>
    internal static SqlText Microseconds(DuckDbDialect dialect, SqlText value)
    {
        var days = dialect.Sql($"(datepart('year', {value}) * 12 + datepart('month', {value})) * 30 + datepart('day', {value})");
        return dialect.Sql($"cast({days} as hugeint) * 86400000000 + {MicrosecondsOfDay(dialect, value)}");
    }

    private static SqlText MicrosecondsOfDay(DuckDbDialect dialect, SqlText value) =>
        dialect.Sql($"datepart('hour', {value}) * 3600000000 + datepart('minute', {value}) * 60000000 + datepart('microseconds', {value})");

    private static SqlText Cast(DuckDbDialect dialect, SqlText value, ColumnType type) => dialect.Sql($"cast({value} as {new SqlText(type.Name)})");

    private static SqlText FloatText(DuckDbDialect dialect, SqlText value, ColumnType type) =>
        type.Name == "FLOAT" ? dialect.Sql($"cidiff_float_text({value})") : dialect.Sql($"cidiff_double_text({value})");

    // DuckDB writes the era behind the date, others behind everything.
    private static SqlText Era(DuckDbDialect dialect, SqlText text) =>
        dialect.Sql($"case when {text} like '%(BC)%' then replace({text}, ' (BC)', '') || ' BC' else {text} end");

    private static SqlText Interval(DuckDbDialect dialect, SqlText value)
    {
        var months = dialect.Sql($"cast(datepart('year', {value}) * 12 + datepart('month', {value}) as varchar)");
        var time = dialect.Text(MicrosecondsOfDay(dialect, value));
        return dialect.Sql($"{months} || ' months ' || cast(datepart('day', {value}) as varchar) || ' days ' || {time} || ' microseconds'");
    }

    // Whole numbers and decimals stay numbers, everything else is the text of its elements.
    private static SqlText Elements(DuckDbDialect dialect, SqlText value, ColumnType from)
    {
        var bracket = from.Name.LastIndexOf('[');
        var inner = PortableTypes.Of(from.Name[..bracket]);
        if (inner.Family is TypeFamily.Integer or TypeFamily.Decimal)
        {
            return value;
        }

        var element = new SqlText($"element{from.Name.Count(c => c == '[')}");
        var text = inner.Family switch
        {
            TypeFamily.Array => Elements(dialect, element, inner),
            TypeFamily.Float => FloatText(dialect, element, inner),
            TypeFamily.Binary => dialect.Sql($"'\\x' || lower(hex({element}))"),
            _ => Form(dialect, element, inner, TypeOf(inner)).Text,
        };
        return dialect.Sql($"list_transform({value}, lambda {element}: {text})");
    }

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex FixedLength();
}
