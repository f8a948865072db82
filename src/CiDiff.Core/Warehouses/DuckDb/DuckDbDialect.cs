using System.Globalization;
using System.Text.RegularExpressions;
using CiDiff.Configuration;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>DuckDB's SQL. Expects sessions in UTC that know the function <c>cidiff_json</c>, see <see cref="DuckDbJson"/>.</summary>
public sealed partial class DuckDbDialect : SqlDialect
{
    // More than all the time there is, and few enough to be counted in microseconds.
    private const decimal MaxSeconds = 1e12m;

    /// <inheritdoc/>
    public override StringComparer NameComparer => StringComparer.OrdinalIgnoreCase;

    /// <inheritdoc/>
    /// <remarks>Columns that are not asked for are not computed, and what is kept is uncompressed: running a view again is mostly cheaper.</remarks>
    public override bool KeepsViews => false;

    /// <inheritdoc/>
    public override string Fold(string unquoted) => unquoted;

    /// <inheritdoc/>
    public override string Quote(string identifier) => DuckDbSyntax.Quote(identifier);

    /// <inheritdoc/>
    public override string Quote(RelationName relation) =>
        string.Join('.', new[] { relation.Database, relation.Schema, relation.Name }.OfType<string>().Select(Quote));

    /// <inheritdoc/>
    /// <remarks>A NUL character would end the statement.</remarks>
    public override string QuoteLiteral(string value) => value.Contains('\0', StringComparison.Ordinal)
        ? $"({string.Join(" || chr(0) || ", value.Split('\0').Select(DuckDbSyntax.QuoteLiteral))})"
        : DuckDbSyntax.QuoteLiteral(value);

    /// <inheritdoc/>
    public override ComparedForms Compare(Sides<SqlText> values, Sides<ColumnType> types)
    {
        var isSame = types.Base.Name == types.Head.Name;
        return (types.Base.Family, types.Head.Family) switch
        {
            (TypeFamily.Other, _) or (_, TypeFamily.Other) => isSame && types.Base.Name == "BIT" ? new(values, ComparedBy.Value) : AsText(),
            (TypeFamily.Text, TypeFamily.Text) => new(values.Map(Bytes), ComparedBy.Value),
            (TypeFamily.Json, TypeFamily.Json) => new(values.Map(Json), ComparedBy.Value),
            (TypeFamily.Array or TypeFamily.Composite, TypeFamily.Array or TypeFamily.Composite) when isSame =>
                new(values.Map(value => Nested(value, types.Base)), ComparedBy.Value),
            (TypeFamily.Array or TypeFamily.Composite, _) => AsText(),
            (var first, var second) when first == second && isSame => new(values, ComparedBy.Value),
            (TypeFamily.Float, TypeFamily.Integer or TypeFamily.Decimal or TypeFamily.Float)
                or (TypeFamily.Integer or TypeFamily.Decimal, TypeFamily.Float) =>
                new(values.Map(value => Sql($"cast({value} as double)")), ComparedBy.WiderType),
            (TypeFamily.Integer or TypeFamily.Decimal, TypeFamily.Integer or TypeFamily.Decimal) =>
                WiderNumber(types) is { } wider
                    ? new(values.Map(value => Sql($"cast({value} as {wider})")), ComparedBy.WiderType)
                    : new(new(Digits(values.Base, types.Base), Digits(values.Head, types.Head)), ComparedBy.WiderType),
            (TypeFamily.Timestamp, TypeFamily.Timestamp) when types.Base.Name == "TIMESTAMP_NS" || types.Head.Name == "TIMESTAMP_NS" =>
                // Nanoseconds end in the year 2262, so that the wider type is neither; the texts are the same for the same instant.
                new(values.Map(Text), ComparedBy.WiderType),
            (TypeFamily.Date or TypeFamily.Timestamp, TypeFamily.Date or TypeFamily.Timestamp) =>
                new(values.Map(value => Sql($"cast({value} as timestamp)")), ComparedBy.WiderType),
            (TypeFamily.Date or TypeFamily.Timestamp or TypeFamily.TimestampWithZone, TypeFamily.Date or TypeFamily.Timestamp or TypeFamily.TimestampWithZone) =>
                new(values.Map(value => Sql($"cast({value} as timestamptz)")), ComparedBy.WiderType),
            _ => AsText(),
        };

        ComparedForms AsText() => new(
            new(Bytes(CanonicalText(values.Base, types.Base)), Bytes(CanonicalText(values.Head, types.Head))), ComparedBy.Text);
    }

    /// <inheritdoc/>
    public override SqlText Differ(Sides<SqlText> values, Sides<ColumnType> types, Tolerance? tolerance)
    {
        var forms = Compare(values, types).Values;
        var differ = Sql($"{forms.Base} is distinct from {forms.Head}");
        if (tolerance is not null && HaveDistance(types, tolerance.Mode))
        {
            return Sql($"({differ} and ({values.Base} is null or {values.Head} is null or {IsBeyond(values, types, tolerance)}))");
        }

        // Most values are the same text, which is much cheaper to see than that they are the same value.
        return types is { Base.Family: TypeFamily.Json, Head.Family: TypeFamily.Json }
            ? Sql($"({values.Base} is distinct from {values.Head} and {differ})")
            : differ;
    }

    /// <inheritdoc/>
    public override bool HaveDistance(Sides<ColumnType> types, ToleranceMode mode) =>
        (mode != ToleranceMode.Time && IsNumber(types.Base) && IsNumber(types.Head))
        || (mode != ToleranceMode.Relative && ((IsMoment(types.Base) && IsMoment(types.Head))
            || (types.Base.Name == types.Head.Name && types.Base.Family is TypeFamily.Time or TypeFamily.Interval)));

    /// <inheritdoc/>
    public override SqlText Display(SqlText value, ColumnType type) =>
        Sql($"case when length({Text(value)}) > {DisplayLength} then left({Text(value)}, {DisplayLength - 1}) || '…' else {Text(value)} end");

    /// <inheritdoc/>
    public override SqlText Text(SqlText value) => Sql($"cast({value} as varchar)");

    /// <inheritdoc/>
    public override Sides<SqlText>? KeyForm(Sides<SqlText> values, Sides<ColumnType> types)
    {
        var (first, second) = (types.Base.Family, types.Head.Family);
        var forms = Compare(values, types);
        return forms.By != ComparedBy.Text || first == TypeFamily.Text || second == TypeFamily.Text || first == second ? forms.Values : null;
    }

    /// <inheritdoc/>
    public override SqlText KeyText(SqlText form, Sides<ColumnType> types) => (types.Base.Family, types.Head.Family) switch
    {
        // There are two zeros, and adding one of them is optimised away.
        (TypeFamily.Float, TypeFamily.Float) => Sql($"case when {form} = 0 then '0.0' else {Text(form)} end"),
        (TypeFamily.Interval, TypeFamily.Interval) => Text(DuckDbPortable.Microseconds(this, form)),
        _ => Text(form),
    };

    /// <inheritdoc/>
    /// <remarks>A key of one column by itself: to order structs, DuckDB makes a text of each.</remarks>
    public override SqlText? FirstRows(IReadOnlyList<SqlText> columns, SqlText condition, int count)
    {
        var row = columns.Count == 1
            ? columns[0]
            : Sql($"struct_pack({SqlText.Join(", ", columns.Select((column, index) => Sql($"c{index} := {column}")))})");
        return Sql($"min(case when {condition} then {row} end, {count})");
    }

    /// <inheritdoc/>
    /// <remarks>Without a filter: for each aggregate that has one, DuckDB keeps room for a chunk of everything that any of them reads. With a count for each column that is the square of
    /// the number of columns.</remarks>
    public override SqlText CountIf(SqlText condition) => Sql($"cast(count_if({condition}) as bigint)");

    /// <inheritdoc/>
    public override SqlText CountDistinctIf(SqlText value, SqlText condition) => Sql($"count(distinct case when {condition} then ({value}) end)");

    /// <inheritdoc/>
    public override SqlText FirstRowsText(SqlText rows, int columns, Func<IReadOnlyList<SqlText>, IEnumerable<SqlText>> texts)
    {
        var row = SqlText.Join(", ", texts(columns == 1 ? [Sql($"first_row")] : [.. Enumerable.Range(0, columns).Select(index => Sql($"first_row.c{index}"))]));
        return Sql($"cast(to_json(list_transform({rows}, lambda first_row: [{row}])) as varchar)");
    }

    /// <inheritdoc/>
    public override SqlText AllRows(IReadOnlyList<SqlText> texts, SqlText order) =>
        Sql($"cast(to_json(list([{SqlText.Join(", ", texts)}] order by {order})) as varchar)");

    /// <inheritdoc/>
    public override SqlText Quantiles(SqlText value, IReadOnlyList<decimal> shares) =>
        Sql($"cast(to_json(list_transform(quantile_disc({value}, [{Numbers(shares)}]), lambda quantile: {Text(Sql($"quantile"))})) as varchar)");

    /// <inheritdoc/>
    /// <remarks>Whole blocks of a table whose size is known, because any other sample reads every row.</remarks>
    public override SqlText SomeRows(SqlText query, int count, long? of) => of switch
    {
        null => Sql($"select some_rows.* from ({query}) as some_rows using sample {count} rows (reservoir, 1)"),
        _ when of <= count => query,
        { } rows => Sql($"select some_rows.* from ({query}) as some_rows using sample {Share(count, rows)}% (system, 1)"),
    };

    /// <inheritdoc/>
    public override FingerprintKind Fingerprints => FingerprintKind.Buckets;

    /// <inheritdoc/>
    /// <remarks>A join of 10 million rows of 8 columns takes 2 GB. With groups of neighbours, in a hash table because the keys lie far apart, a scan and the join
    /// of the groups that differ take less time and a third of that; with groups by hash they take longer, but with 50 million rows a join takes 10 GB, which few
    /// runners have.</remarks>
    public override bool PrefersFingerprint(long rows, bool followsIndex, bool hasNeighbours) => rows > (hasNeighbours ? 4_000_000 : 20_000_000);

    /// <inheritdoc/>
    /// <remarks><c>hash</c> mixes 64 bits of a value without loss. Numbers of 128 bits are the exclusive or of two such hashes, so that 0 and -1 have the
    /// same one, and so have other pairs; intervals, and what is nested, are no better. Those are hashed as text, or not at all.</remarks>
    public override SqlText? Hash(SqlText value, Sides<ColumnType> types, SqlText? seed) =>
        Hashed(value, types) is not { } hashed ? null : seed is null ? Sql($"hash({hashed})") : Sql($"hash({hashed}, {seed})");

    /// <inheritdoc/>
    /// <remarks>Twice, because the hash of several values is the exclusive or of the last one's hash with something that does not depend on it: where two rows swap their
    /// last values, the sum of both hashes often stays what it was.</remarks>
    public override SqlText RowHash(IReadOnlyList<(SqlText Value, Sides<ColumnType> Types)> values) =>
        Sql($"hash(hash({SqlText.Join(", ", values.Select(entry => Hashed(entry.Value, entry.Types)!))}))");

    private SqlText? Hashed(SqlText value, Sides<ColumnType> types)
    {
        var isSame = types.Base.Name == types.Head.Name;
        return types.Head.Family switch
        {
            TypeFamily.Array or TypeFamily.Composite => null,
            _ when types.Base.Family is TypeFamily.Array or TypeFamily.Composite => null,
            TypeFamily.Text or TypeFamily.Boolean or TypeFamily.Float or TypeFamily.Date or TypeFamily.Timestamp or TypeFamily.TimestampWithZone
                or TypeFamily.Binary or TypeFamily.Enumeration when isSame => value,
            TypeFamily.Integer when isSame && types.Head.Name is not ("HUGEINT" or "UHUGEINT" or "BIGNUM") => value,
            TypeFamily.Decimal when isSame && PortableTypes.Size(types.Head) is { } size && size.Whole + size.Scale <= 18 => value,
            _ => Text(value),
        };
    }

    /// <inheritdoc/>
    public override SqlText? CountDistinctBetween(SqlText value, long least, long greatest) =>
        Sql($"bit_count(bitstring_agg(cast({value} as bigint), {SqlText.Found(least)}, {SqlText.Found(greatest)}))");

    /// <inheritdoc/>
    /// <remarks>Where rows lie in no order, every thread comes to need all groups.</remarks>
    public override SqlText? CompareGroups(SqlText isBase, SqlText key, SqlText hash, KeyRange range) =>
        GroupSums.MostBytes(range) * Environment.ProcessorCount > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8
            ? null
            : Sql($"{new SqlText(DuckDbGroups.Name)}({isBase}, {key}, {hash}, {BigInt(range.Least)}, {BigInt(range.Greatest)}, {(long)range.Bits})");

    /// <inheritdoc/>
    /// <remarks>Two tables of a million rows take six tenths of the processor time of a join when they are equal and eight tenths with 0.2 % changed rows; smaller ones
    /// are compared in an instant either way.</remarks>
    public override bool PrefersGroups(long rows) => rows >= 1_000_000;

    /// <inheritdoc/>
    public override SqlText IsMarked(SqlText key, KeyRange range, string marks) =>
        Sql($"get_bit(cast(from_base64({new SqlValue(marks)}) as bit), cast((cast({key} as bigint) - {BigInt(range.Least)}) >> {(long)range.Bits} as integer)) = 1");

    /// <inheritdoc/>
    public override SqlText IsBelowShare(SqlText hash, decimal share)
    {
        var limit = new SqlLiteral(((ulong)(share * ulong.MaxValue)).ToString(CultureInfo.InvariantCulture));
        return Sql($"{hash} < cast({limit} as ubigint)");
    }

    /// <inheritdoc/>
    public override ColumnType PortableType(ColumnType type) => DuckDbPortable.TypeOf(type);

    /// <inheritdoc/>
    public override PortableForm Portable(SqlText value, ColumnType from, ColumnType to) => DuckDbPortable.Form(this, value, from, to);

    /// <inheritdoc/>
    public override SqlText CommonHash(SqlText value, HashKind kind, SqlText seed) => kind switch
    {
        HashKind.Text => Sql($"cidiff_hash_text({value}, {seed})"),
        HashKind.Integer => Sql($"cidiff_hash_integer({value}, {seed})"),
        HashKind.BigInteger => Sql($"cidiff_hash_bigint({value}, {seed})"),
        HashKind.Float => Sql($"cidiff_hash_float({value}, {seed})"),
        HashKind.Decimal => Sql($"cidiff_hash_decimal({value}, {seed})"),
        HashKind.Moment => Sql($"cidiff_hash_timestamp({value}, {seed})"),
        HashKind.MomentWithZone => Sql($"cidiff_hash_timestamptz({value}, {seed})"),
        _ => throw new System.Diagnostics.UnreachableException($"{kind}"),
    };

    /// <inheritdoc/>
    public override SqlText ExclusiveOr(SqlText first, SqlText second) => Sql($"xor({first}, {second})");

    /// <inheritdoc/>
    public override SqlText IsAmong(SqlText number, IReadOnlyList<long> numbers) =>
        Sql($"{number} in (select unnest([{SqlText.Join(", ", numbers.Select(one => Sql($"{one}")))}]))");

    /// <inheritdoc/>
    protected override ColumnType JsonType { get; } = new("JSON", TypeFamily.Json);

    /// <inheritdoc/>
    /// <remarks>What is no JSON stays the text that it is.</remarks>
    protected override SqlText TextAsJson(SqlText value) => value;

    /// <inheritdoc/>
    protected override SqlText SortedArray(SqlText value, ColumnType type) =>
        Sql($"list_sort({(HoldsFixedArray().IsMatch(type.Name) ? Sql($"cast({value} as {new SqlText(HoldsFixedArray().Replace(type.Name, "[]"))})") : value)})");

    /// <inheritdoc/>
    protected override SqlText Truncated(SqlText value, ColumnType type, TimePrecision precision) =>
        Sql($"date_trunc({Unit(precision)}, cast({value} as {new SqlText(TruncatedType(type))}))");

    /// <inheritdoc/>
    protected override string TruncatedType(ColumnType type) =>
        type.Family == TypeFamily.TimestampWithZone ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP";

    // In quotes, because the least number there is would be a minus before a number that is too large.
    private SqlText BigInt(long number) => Sql($"cast({new SqlValue(number.ToString(CultureInfo.InvariantCulture))} as bigint)");

    private static SqlText Share(int count, long rows) => new((100m * count / rows).ToString("0.######", CultureInfo.InvariantCulture));

    private static bool IsNumber(ColumnType type) => type.Family is TypeFamily.Integer or TypeFamily.Decimal or TypeFamily.Float;

    private static bool IsMoment(ColumnType type) => type.Family is TypeFamily.Date or TypeFamily.Timestamp or TypeFamily.TimestampWithZone;

    // A collation such as nocase makes different texts equal, and the catalog does not tell which columns have one. This one is none.
    private SqlText Bytes(SqlText value) => Sql($"({value}) collate \"C\"");

    // Arrays of fixed length are compared as lists, because `coalesce` is not implemented for them.
    private SqlText Nested(SqlText value, ColumnType type) =>
        HoldsJson().IsMatch(type.Name) ? Json(Sql($"to_json({value})"))
        : HoldsFixedArray().IsMatch(type.Name) ? Sql($"cast({value} as {new SqlText(HoldsFixedArray().Replace(type.Name, "[]"))})")
        : value;

    private SqlText Json(SqlText value) => Sql($"cidiff_json(cast({value} as varchar))");

    private SqlText CanonicalText(SqlText value, ColumnType type) => type.Family == TypeFamily.Decimal ? Digits(value, type) : Text(value);

    /// <summary>The shortest decimal text of an exact number.</summary>
    internal SqlText Digits(SqlText value, ColumnType type)
    {
        var text = Text(value);
        return PortableTypes.Size(type) switch
        {
            // DuckDB writes no zero before the point where a type has no digits there, and of zero nothing would be left.
            { Whole: 0, Scale: > 0 } => Sql($"rtrim(rtrim(case when {text} like '-.%' then '-0' || substr({text}, 2) when {text} like '.%' then '0' || {text} else {text} end, '0'), '.')"),
            { Scale: > 0 } => Sql($"rtrim(rtrim({text}, '0'), '.')"),
            null when type.Family == TypeFamily.Decimal => Sql($"rtrim(rtrim({text}, '0'), '.')"),
            _ => text,
        };
    }

    /// <summary>A type that holds every value of two types of exact numbers; null when there is none.</summary>
    private SqlText? WiderNumber(Sides<ColumnType> types)
    {
        if (PortableTypes.Size(types.Base) is not { } first || PortableTypes.Size(types.Head) is not { } second)
        {
            return null;
        }

        var (whole, scale) = (Math.Max(first.Whole, second.Whole), Math.Max(first.Scale, second.Scale));
        return whole + scale <= 38 ? Sql($"decimal({whole + scale}, {scale})") : null;
    }

    // Only asked for two values that are different and not null. `try` gives null where a difference does not fit its type: then it is
    // beyond every tolerance.
    private SqlText IsBeyond(Sides<SqlText> values, Sides<ColumnType> types, Tolerance tolerance)
    {
        var amount = new SqlText(tolerance.Amount.ToString(CultureInfo.InvariantCulture));
        var (first, second) = (values.Base, values.Head);
        if (!IsNumber(types.Base))
        {
            var isSpan = types.Base.Family is TypeFamily.Time or TypeFamily.Interval;
            var unit = isSpan ? Sql($"epoch") : Sql($"epoch_us");
            var limit = new SqlText((Math.Min(tolerance.Amount, MaxSeconds) * (isSpan ? 1 : 1_000_000)).ToString(CultureInfo.InvariantCulture));
            return Sql($"coalesce(try(abs({unit}({first}) - {unit}({second})) > {limit}), true)");
        }

        if (tolerance.Mode == ToleranceMode.Absolute && types is { Base.Family: not TypeFamily.Float, Head.Family: not TypeFamily.Float })
        {
            // In this order, because unsigned numbers have no difference below zero.
            return Sql($"coalesce(try(greatest({first}, {second}) - least({first}, {second}) > {amount}), true)");
        }

        // Subtracting two doubles rounds, at most by the last bit of the larger one: 0.3 and 0.2 are 0.09999999999999998 apart, and
        // count as 0.1. Infinities and NaN are beyond everything but themselves.
        var (a, b) = (Sql($"cast({first} as double)"), Sql($"cast({second} as double)"));
        var larger = Sql($"greatest(abs({a}), abs({b}))");
        var apart = tolerance.Mode == ToleranceMode.Relative ? Sql($"cast({amount} as double) * {larger}") : Sql($"cast({amount} as double)");
        return Sql($"(not isfinite({a}) or not isfinite({b}) or abs({a} - {b}) > {apart} + 2.220446049250313e-16 * {larger})");
    }

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex HoldsFixedArray();

    [GeneratedRegex(@"\bJSON\b")]
    private static partial Regex HoldsJson();
}
