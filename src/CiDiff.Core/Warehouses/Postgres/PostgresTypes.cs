namespace CiDiff.Warehouses.Postgres;

/// <summary>What PostgreSQL's types, by their names from <c>format_type</c>, can be trusted with.</summary>
internal static class PostgresTypes
{
    // Types without a family whose `=` is the equality of values. Not among them: box, circle and path compare areas and lengths; point,
    // polygon, xml and others have no `=` at all.
    private static readonly HashSet<string> SoundEquality = new(StringComparer.Ordinal)
    {
        "inet", "cidr", "macaddr", "macaddr8", "money", "pg_lsn", "tsvector", "tsquery", "oid", "xid8",
        "int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange",
        "int4multirange", "int8multirange", "nummultirange", "datemultirange", "tsmultirange", "tstzmultirange",
    };

    private static readonly HashSet<string> Numbers = new(StringComparer.Ordinal)
    {
        "smallint", "integer", "bigint", "numeric", "real", "double precision",
    };

    private static readonly HashSet<string> Texts = new(StringComparer.Ordinal) { "text", "character varying", "character", "name" };

    private static readonly HashSet<string> Scalars = new(StringComparer.Ordinal)
    {
        "boolean", "date", "time without time zone", "time with time zone", "timestamp without time zone", "timestamp with time zone", "interval",
        "uuid", "bytea", "jsonb", "bit", "bit varying",
    };

    /// <summary>Whether <c>=</c> exists and means the same value.</summary>
    public static bool HasSoundEquality(string name) => WithoutModifier(name) is var plain && (SoundEquality.Contains(plain) || plain is "bit" or "bit varying");

    /// <summary>A number with a difference.</summary>
    public static bool IsNumber(ColumnType type) => type.Family is TypeFamily.Integer or TypeFamily.Decimal or TypeFamily.Float;

    /// <summary>A point in time.</summary>
    public static bool IsMoment(ColumnType type) => type.Family is TypeFamily.Date or TypeFamily.Timestamp or TypeFamily.TimestampWithZone;

    /// <summary>A length of time, or a time of day.</summary>
    public static bool IsSpan(ColumnType type) => type.Family is TypeFamily.Interval or TypeFamily.Time;

    /// <summary>A text whose own equality is that of the bytes, so that it can be compared as it is.</summary>
    public static bool IsPlainText(ColumnType type) => !type.HasLooseEquality && WithoutModifier(type.Name) is "text" or "character varying";

    /// <summary>Arrays are compared element by element as their elements would be.</summary>
    public static ComparedForms Arrays(PostgresDialect dialect, Sides<SqlText> values, Sides<ColumnType> types)
    {
        var by = types.Base.Name == types.Head.Name ? ComparedBy.Value : ComparedBy.WiderType;
        var elements = types.Map(type => WithoutModifier(Element(type.Name)));
        if (elements.Base == elements.Head && (Numbers.Contains(elements.Base) || Scalars.Contains(elements.Base) || SoundEquality.Contains(elements.Base)))
        {
            return new(values, by);
        }

        if (Texts.Contains(elements.Base) && Texts.Contains(elements.Head))
        {
            return new(values.Map(value => dialect.Sql($"({value})::text[] collate \"C\"")), ComparedBy.Value);
        }

        // Among numbers, and in everything that is nested, jsonb compares by value: numbers exactly, json whatever the order of its keys.
        return new(values.Map(value => dialect.Sql($"to_jsonb({value})")), by);
    }

    private static string Element(string name)
    {
        while (name.EndsWith("[]", StringComparison.Ordinal))
        {
            name = name[..^2];
        }

        return name;
    }

    /// <summary>"numeric(12,2)" is numeric, "timestamp(3) without time zone" is timestamp without time zone. Quoted names keep their parentheses.</summary>
    internal static string WithoutModifier(string name)
    {
        if (name.StartsWith('"') || name.IndexOf('(', StringComparison.Ordinal) is not (>= 0 and var open))
        {
            return name;
        }

        var close = name.IndexOf(')', open);
        return close < 0 ? name : name[..open] + name[(close + 1)..];
    }
}
