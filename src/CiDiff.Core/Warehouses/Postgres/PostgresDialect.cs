using System.Globalization;
using System.Numerics;
using CiDiff.Configuration;

namespace CiDiff.Warehouses.Postgres;

/// <summary>PostgreSQL's SQL. Expects the session settings of <see cref="PostgresWarehouse"/>: UTC, exact floats, standard strings.</summary>
public sealed class PostgresDialect : SqlDialect
{
    // From here on compiling the expressions of a scan pays, and only then is the scan quicker than a join along an index.
    private const long FewestRowsToCompile = 3_000_000;

    private const long MostBytesToGather = 500_000_000;

    // Below, the server's own parallel workers would compile the same once more each, beside the two sessions that run at once anyway.
    private const long FewestRowsForWorkers = 30_000_000;

    /// <inheritdoc/>
    public override StringComparer NameComparer => StringComparer.Ordinal;

    /// <inheritdoc/>
    /// <remarks>A row that a plan passes on holds at most 1,664 columns, and a join passes on both sides':
    /// https://www.postgresql.org/docs/current/limits.html</remarks>
    public override int MaxComparedColumns => 700;

    /// <inheritdoc/>
    public override bool KeepsViews => true;

    /// <inheritdoc/>
    public override string Fold(string unquoted) => unquoted.ToLowerInvariant();

    /// <inheritdoc/>
    public override string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <inheritdoc/>
    /// <remarks>Without the database: PostgreSQL only takes the one it is connected to, and sessions check that.</remarks>
    public override string Quote(RelationName relation) =>
        relation.Schema is { } schema ? $"{Quote(schema)}.{Quote(relation.Name)}" : Quote(relation.Name);

    /// <inheritdoc/>
    public override string QuoteLiteral(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <inheritdoc/>
    public override ComparedForms Compare(Sides<SqlText> values, Sides<ColumnType> types)
    {
        var by = types.Base.Name == types.Head.Name ? ComparedBy.Value : ComparedBy.WiderType;
        return (types.Base.Family, types.Head.Family) switch
        {
            (TypeFamily.Other, _) or (_, TypeFamily.Other) =>
                by == ComparedBy.Value && PostgresTypes.HasSoundEquality(types.Base.Name) ? new(values, by) : AsText(),
            (TypeFamily.Enumeration, TypeFamily.Enumeration) when by == ComparedBy.Value => new(values, by),
            (TypeFamily.Text, TypeFamily.Text) => new(values.Map(Bytes), ComparedBy.Value),
            (TypeFamily.Json, TypeFamily.Json) => new(values.Map(Json), ComparedBy.Value),
            (TypeFamily.Array, TypeFamily.Array) => PostgresTypes.Arrays(this, values, types),
            (TypeFamily.Composite, TypeFamily.Composite) => new(values.Map(value => Sql($"to_jsonb({value})")), by),
            var (first, second) when first == second && first != TypeFamily.Enumeration => new(values, by),
            (TypeFamily.Integer or TypeFamily.Decimal or TypeFamily.Float, TypeFamily.Integer or TypeFamily.Decimal or TypeFamily.Float) =>
                new(new(Number(values.Base, types.Base), Number(values.Head, types.Head)), ComparedBy.WiderType),
            (TypeFamily.Date or TypeFamily.Timestamp, TypeFamily.Date or TypeFamily.Timestamp) =>
                new(values.Map(value => Sql($"({value})::timestamp")), ComparedBy.WiderType),
            (TypeFamily.Date or TypeFamily.Timestamp or TypeFamily.TimestampWithZone, TypeFamily.Date or TypeFamily.Timestamp or TypeFamily.TimestampWithZone) =>
                new(values.Map(value => Sql($"({value})::timestamptz")), ComparedBy.WiderType),
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
        return types is { Base.Name: "json", Head.Name: "json" }
            ? Sql($"(({values.Base})::text is distinct from ({values.Head})::text and {differ})")
            : differ;
    }

    /// <inheritdoc/>
    public override bool HaveDistance(Sides<ColumnType> types, ToleranceMode mode) =>
        (mode != ToleranceMode.Time && PostgresTypes.IsNumber(types.Base) && PostgresTypes.IsNumber(types.Head))
        || (mode != ToleranceMode.Relative && ((PostgresTypes.IsMoment(types.Base) && PostgresTypes.IsMoment(types.Head))
            || (types.Base.Family == types.Head.Family && types.Base.Name == types.Head.Name && PostgresTypes.IsSpan(types.Base))));

    /// <inheritdoc/>
    /// <remarks>Not every encoding of a database has the character, which cannot even stand in a statement then.</remarks>
    public override SqlText Display(SqlText value, ColumnType type) => Sql($"""
        case
            when length(({value})::text) <= {DisplayLength} then ({value})::text
            when current_setting('server_encoding') = 'UTF8' then left(({value})::text, {DisplayLength - 1}) || convert_from('\xe280a6', 'UTF8')
            else left(({value})::text, {DisplayLength - 3}) || '...'
        end
        """);

    /// <inheritdoc/>
    public override SqlText Text(SqlText value) => Sql($"({value})::text");

    /// <inheritdoc/>
    public override Sides<SqlText>? KeyForm(Sides<SqlText> values, Sides<ColumnType> types)
    {
        var (first, second) = (types.Base.Family, types.Head.Family);
        if (first == TypeFamily.Text && second == TypeFamily.Text)
        {
            // As it is, so that an index on it can be used; equality is that of the bytes unless the type says otherwise.
            return PostgresTypes.IsPlainText(types.Base) && PostgresTypes.IsPlainText(types.Head) ? values : Compare(values, types).Values;
        }

        var forms = Compare(values, types);
        return forms.By != ComparedBy.Text || first == TypeFamily.Text || second == TypeFamily.Text || first == second ? forms.Values : null;
    }

    /// <inheritdoc/>
    public override SqlText KeyText(SqlText form, Sides<ColumnType> types) => (types.Base.Family, types.Head.Family) switch
    {
        // Plus zero, which turns the negative zero into the other one.
        (TypeFamily.Float, TypeFamily.Float) => Sql($"({form} + 0)::text"),
        (TypeFamily.Decimal or TypeFamily.Float, TypeFamily.Integer or TypeFamily.Decimal or TypeFamily.Float)
            or (TypeFamily.Integer, TypeFamily.Decimal or TypeFamily.Float) => Sql($"trim_scale({form})::text"),
        (TypeFamily.Interval, TypeFamily.Interval) => Text(Sql($"justify_interval({form})")),
        _ => Text(form),
    };

    /// <inheritdoc/>
    /// <remarks>None: <c>array_agg</c> collects every row before it is cut.</remarks>
    public override SqlText? FirstRows(IReadOnlyList<SqlText> columns, SqlText condition, int count) => null;

    /// <inheritdoc/>
    public override SqlText FirstRowsText(SqlText rows, int columns, Func<IReadOnlyList<SqlText>, IEnumerable<SqlText>> texts) =>
        throw new NotSupportedException("PostgreSQL has no aggregate that gives first rows.");

    /// <inheritdoc/>
    public override SqlText AllRows(IReadOnlyList<SqlText> texts, SqlText order) =>
        Sql($"json_agg(to_json(array[{SqlText.Join(", ", texts)}]::text[]) order by {order})::text");

    /// <inheritdoc/>
    /// <remarks>An array of rows without a type, whose columns have to be named when they are taken out.</remarks>
    public override SqlText? Gather(IReadOnlyList<GatheredColumn> columns, SqlText condition)
    {
        var values = SqlText.Join(", ", columns.Select(column => Sql($"({column.Value})::{new SqlText(column.Type)}")));
        return Sql($"array_agg(row({values})) filter (where {condition})");
    }

    /// <inheritdoc/>
    /// <remarks>Half a gigabyte of them. The server keeps each row in a piece of memory whose size is a power of two, copies it into an array, and the array's rows out of it.</remarks>
    public override long MostRowsToGather(int flags)
    {
        var bytes = 40 + flags;
        return MostBytesToGather / (BitOperations.RoundUpToPowerOf2((uint)bytes) + 25 + (2 * bytes));
    }

    /// <inheritdoc/>
    public override SqlText Gathered(SqlText rows, IReadOnlyList<GatheredColumn> columns)
    {
        var definitions = SqlText.Join(", ", columns.Select(column => Sql($"{column.Name} {new SqlText(column.Type)}")));
        return Sql($"unnest({rows}) as gathered({definitions})");
    }

    /// <inheritdoc/>
    public override SqlText Quantiles(SqlText value, IReadOnlyList<decimal> shares) =>
        Sql($"array_to_json((percentile_disc(array[{Numbers(shares)}]::float8[]) within group (order by {value}))::text[])::text");

    /// <inheritdoc/>
    public override SqlText SomeRows(SqlText query, int count, long? of) => Sql($"select some_rows.* from ({query}) as some_rows limit {count}");

    /// <inheritdoc/>
    public override SqlText SomeBlocks(decimal share) => Sql($"tablesample system ({Numbers([Math.Round(share * 100, 6)])}) repeatable (1)");

    /// <inheritdoc/>
    public override SqlText? PrepareJoin(Sides<RelationInfo?> relations, bool isInOrder) => PostgresJoinOrder.Prepare(this, relations, isInOrder);

    /// <inheritdoc/>
    public override SqlText? PrepareJoin(KeyOrder order) => PostgresJoinOrder.Prepare(this, order);

    /// <inheritdoc/>
    public override SqlText? DividingKeys(RelationName relation, ColumnName column, ColumnType type, IReadOnlyList<int> percents) =>
        PostgresJoinOrder.DividingKeys(this, relation, column, type, percents);

    /// <inheritdoc/>
    public override FingerprintKind Fingerprints => FingerprintKind.Columns;

    /// <inheritdoc/>
    /// <remarks>A join that follows an index of both runs in parts, two at once, which is as fast as a scan for hashes unless that is compiled and the hashes are mixed with a
    /// whole number. A join that has to hash or to sort first costs several times as much.</remarks>
    public override bool PrefersFingerprint(long rows, bool followsIndex, bool hasNeighbours) =>
        followsIndex ? hasNeighbours && rows >= FewestRowsToCompile : rows >= 1_000_000;

    /// <inheritdoc/>
    /// <remarks>A compiled expression takes three quarters of the time, and compiling it a tenth of a second.</remarks>
    public override SqlText? PrepareScan(long rows)
    {
        var hasExclusiveOr = Sql($"current_setting('server_version_num')::integer >= 140000 as has_bit_xor");
        if (rows < FewestRowsToCompile)
        {
            return Sql($"select set_config('jit', 'off', true), {hasExclusiveOr}");
        }

        var workers = rows < FewestRowsForWorkers ? Sql($"set_config('max_parallel_workers_per_gather', '0', true), ") : Sql($"");
        return Sql($"""
            select set_config('jit', 'on', true), set_config('jit_above_cost', '0', true), set_config('jit_inline_above_cost', '0', true),
                set_config('jit_optimize_above_cost', '0', true), {workers}{hasExclusiveOr}
            """);
    }

    /// <inheritdoc/>
    public override SqlText? EndScan(long rows) => rows < FewestRowsToCompile
        ? null
        : Sql($"""
            select set_config(s.name, s.reset_val, true)
            from pg_catalog.pg_settings as s
            where s.name in ('jit', 'jit_above_cost', 'jit_inline_above_cost', 'jit_optimize_above_cost', 'max_parallel_workers_per_gather')
            """);

    /// <inheritdoc/>
    /// <remarks>Not what <c>hash_record_extended</c> takes of a row: PostgreSQL's hashes of single types only have to spread a hash table. That of a bigint
    /// folds it to 32 bits first, so that the upper half is mixed in here. That of a numeric knows no sign and has the power of ten thousand beside the hash of the
    /// digits, in the lowest bits, where two rows whose values were multiplied by it cancel out, and that of a floating point zero is the seed: both are hashed once more. That of a timestamp folds it too,
    /// so that it is mixed with the hash of its seconds, which the operators of ranges take as a floating point number: no two moments have both in common. What has no better hash is hashed as text: equal texts of one type are equal values.
    /// https://github.com/postgres/postgres/blob/REL_15_STABLE/src/backend/access/hash/hashfunc.c,
    /// https://github.com/postgres/postgres/blob/REL_15_STABLE/src/backend/utils/adt/numeric.c</remarks>
    public override SqlText? Hash(SqlText value, Sides<ColumnType> types, SqlText? seed)
    {
        var mixed = seed ?? Sql($"0");
        return (types.Base.Name == types.Head.Name, types.Head) switch
        {
            (true, { Name: "smallint" or "integer" }) => Sql($"hashint4extended({value}, {mixed})"),
            (true, { Name: "bigint" }) => Sql($"hashint8extended({value}, hashint4extended(({value} >> 32)::integer, {mixed}))"),
            (true, { Family: TypeFamily.Decimal }) => Sql($"hashint4extended({Sign(value, types.Head)}, hash_numeric_extended({value}, {mixed}))"),
            (_, { Family: TypeFamily.Float }) when types.Base.Family == TypeFamily.Float => Sql($"hashint4extended(1, hashfloat8extended(({value})::float8, {mixed}))"),
            (true, { Name: "boolean" }) => Sql($"hashint4extended(({value})::integer, {mixed})"),
            (true, { Name: "uuid" }) => Sql($"uuid_hash_extended({value}, {mixed})"),
            (true, { Family: TypeFamily.Timestamp }) => MomentHash(Sql($"({value})::timestamp"), mixed),
            (true, { Family: TypeFamily.TimestampWithZone }) => MomentWithZoneHash(value, mixed),
            _ => Sql($"hashtextextended(({value})::text collate \"C\", {mixed})"),
        };
    }

    /// <inheritdoc/>
    /// <remarks>Twice, so that it is not what a value has in the row of this number.</remarks>
    public override SqlText NumberHash(SqlText number) => Sql($"hashint4extended(1, hashint4extended(1, {number}))");

    // The hash of zero is the seed less 1, and of infinity and NaN the seed itself: the key before has that one too. Only numerics without a precision can be infinite.
    private SqlText Sign(SqlText value, ColumnType type) => type.Name.EndsWith(')')
        ? Sql($"numeric_cmp({value}, 0)")
        : Sql($"case when {value} = 'NaN' then 2 else numeric_cmp({value}, 0) end");

    private SqlText MomentHash(SqlText value, SqlText seed) =>
        Sql($"timestamp_hash_extended({value}, hashfloat8extended(tsrange_subdiff({value}, timestamp '2000-01-01'), {seed}))");

    private SqlText MomentWithZoneHash(SqlText value, SqlText seed) =>
        Sql($"timestamp_hash_extended({Utc(value)}, hashfloat8extended(tstzrange_subdiff({value}, timestamptz '2000-01-01 00:00+00'), {seed}))");

    // By an offset of its own, which is an addition; a cast looks the session's zone up for every value.
    private SqlText Utc(SqlText value) => Sql($"timezone(interval '0', {value})");

    /// <inheritdoc/>
    public override long SamplingThreshold => 300_000;

    /// <inheritdoc/>
    public override SqlText IsBelowShare(SqlText hash, decimal share)
    {
        // Hashes are signed.
        var limit = new SqlLiteral(((long)(share * ulong.MaxValue + long.MinValue)).ToString(CultureInfo.InvariantCulture));
        return Sql($"{hash} < {limit}::bigint");
    }

    /// <inheritdoc/>
    public override ColumnType PortableType(ColumnType type) => PostgresPortable.TypeOf(type);

    /// <inheritdoc/>
    public override PortableForm Portable(SqlText value, ColumnType from, ColumnType to) => PostgresPortable.Form(this, value, from, to);

    /// <inheritdoc/>
    public override SqlText CommonHash(SqlText value, HashKind kind, SqlText seed) => kind switch
    {
        HashKind.Text => Sql($"hashtextextended({value} collate \"C\", {seed})"),
        HashKind.Integer => Sql($"hashint4extended(({value})::integer, {seed})"),
        HashKind.BigInteger => Sql($"hashint8extended({value}, hashint4extended((({value})::bigint >> 32)::integer, {seed}))"),
        HashKind.Float => Sql($"hashint4extended(1, hashfloat8extended({value}, {seed}))"),
        HashKind.Decimal => Sql($"hashint4extended(numeric_cmp({value}, 0), hash_numeric_extended({value}, {seed}))"),
        HashKind.Moment => MomentHash(value, seed),
        HashKind.MomentWithZone => MomentWithZoneHash(value, seed),
        _ => throw new System.Diagnostics.UnreachableException($"{kind}"),
    };

    /// <inheritdoc/>
    public override SqlText ExclusiveOr(SqlText first, SqlText second) => Sql($"({first} # {second})");

    /// <inheritdoc/>
    public override SqlText IsAmong(SqlText number, IReadOnlyList<long> numbers) =>
        Sql($"{number} = any('{{{SqlText.Join(",", numbers.Select(one => Sql($"{one}")))}}}'::bigint[])");

    /// <inheritdoc/>
    public override SqlText Fixed(SqlText query) => Sql($"{query}\noffset 0");

    /// <inheritdoc/>
    protected override ColumnType JsonType { get; } = new("jsonb", TypeFamily.Json);

    /// <inheritdoc/>
    /// <remarks>In an array, because an empty text is no JSON and has to be something that no JSON is.</remarks>
    protected override SqlText TextAsJson(SqlText value) =>
        Sql($"case when {value} is null then null when {value} = '' then '[]'::jsonb else jsonb_build_array(({value})::json) end");

    /// <inheritdoc/>
    /// <remarks>By the elements' texts, because not every type has an order. What is in an array of arrays stays as it is; PostgreSQL knows 6 levels, and
    /// an array of slices has one more.</remarks>
    protected override SqlText SortedArray(SqlText value, ColumnType type) => Sql($"""
        case
            when cardinality({value}) = 0 or array_ndims({value}) = 6 then {value}
            when array_ndims({value}) > 1 then (
                select array_agg(({value})[i:i] order by (({value})[i:i])::text collate "C") from generate_subscripts({value}, 1) as places(i)
            )
            else (select array_agg(element order by (element)::text collate "C") from unnest({value}) as elements(element))
        end
        """);

    /// <inheritdoc/>
    protected override SqlText Truncated(SqlText value, ColumnType type, TimePrecision precision) =>
        Sql($"date_trunc({Unit(precision)}, {value})");

    /// <inheritdoc/>
    protected override string TruncatedType(ColumnType type) => type.Name;

    /// <summary>Text that is equal only to itself; char(n) loses its padding, as in every comparison of PostgreSQL.</summary>
    internal SqlText Bytes(SqlText value) => Sql($"({value})::text collate \"C\"");

    // Not every json is a jsonb: a NUL character or half a surrogate pair is none. Such values are compared as text.
    internal SqlText Json(SqlText value) => Sql($$"""
        case
            when ({{value}})::text ~ '\\u(0000|[dD][89abAB]..(?!\\u[dD][c-fC-F]))|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F]' then to_jsonb(({{value}})::text)
            else ({{value}})::jsonb
        end
        """);

    /// <summary>A float counts as the number it is written as: the shortest one that reads back as the same float.</summary>
    private SqlText Number(SqlText value, ColumnType type) =>
        type.Family == TypeFamily.Float ? Sql($"({value})::text::numeric") : Sql($"({value})::numeric");

    private SqlText CanonicalText(SqlText value, ColumnType type) =>
        type.Family == TypeFamily.Decimal ? Sql($"trim_scale(({value})::numeric)") : value;

    // Only asked for two values that are different and not null. Numbers are subtracted as numeric, which has no rounding error and
    // no overflow; an infinity or NaN is beyond everything but itself.
    private SqlText IsBeyond(Sides<SqlText> values, Sides<ColumnType> types, Tolerance tolerance)
    {
        var amount = new SqlText(tolerance.Amount.ToString(CultureInfo.InvariantCulture));
        if (PostgresTypes.IsNumber(types.Base))
        {
            var (first, second) = (Number(values.Base, types.Base), Number(values.Head, types.Head));
            var distance = Sql($"abs({first} - {second})");
            var limit = tolerance.Mode == ToleranceMode.Relative ? Sql($"{amount} * greatest(abs({first}), abs({second}))") : amount;
            return Sql($"({distance} > {limit} or {distance}::text in ('NaN', 'Infinity'))");
        }

        if (PostgresTypes.IsMoment(types.Base))
        {
            var (first, second) = (Sql($"({values.Base})::timestamptz"), Sql($"({values.Head})::timestamptz"));
            return Sql($"""
                case
                    when isfinite({first}) and isfinite({second}) then abs(extract(epoch from {first} - {second})) > {amount}
                    else true
                end
                """);
        }

        return Sql($"abs(extract(epoch from ({values.Base})) - extract(epoch from ({values.Head}))) > {amount}");
    }
}
