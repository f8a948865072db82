using System.Globalization;
using CiDiff.Configuration;

namespace CiDiff.Warehouses.Postgres;

/// <summary>PostgreSQL's SQL. Expects the session settings of <see cref="PostgresWarehouse"/>: UTC, exact floats, standard strings.</summary>
public sealed class PostgresDialect : SqlDialect
{
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
        (PostgresTypes.IsNumber(types.Base) && PostgresTypes.IsNumber(types.Head))
        || (mode == ToleranceMode.Absolute && ((PostgresTypes.IsMoment(types.Base) && PostgresTypes.IsMoment(types.Head))
            || (types.Base.Family == types.Head.Family && types.Base.Name == types.Head.Name && PostgresTypes.IsSpan(types.Base))));

    /// <inheritdoc/>
    public override SqlText Display(SqlText value, ColumnType type) =>
        Sql($"case when length(({value})::text) > {DisplayLength} then left(({value})::text, {DisplayLength - 1}) || '…' else ({value})::text end");

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
    /// <remarks>None: <c>array_agg</c> collects every row before it is cut.</remarks>
    public override SqlText? FirstRows(IReadOnlyList<SqlText> columns, SqlText condition, int count) => null;

    /// <inheritdoc/>
    public override SqlText FirstRowsText(SqlText rows, int columns) =>
        throw new NotSupportedException("PostgreSQL has no aggregate that gives first rows.");

    /// <inheritdoc/>
    public override SqlText AllRows(IReadOnlyList<SqlText> texts, SqlText order) =>
        Sql($"json_agg(to_json(array[{SqlText.Join(", ", texts)}]::text[]) order by {order})::text");

    /// <inheritdoc/>
    public override SqlText SomeRows(SqlText query, int count, long? of) => Sql($"select some_rows.* from ({query}) as some_rows limit {count}");

    /// <inheritdoc/>
    /// <remarks>Two things that the planner gets wrong for a single pass over two tables. It compiles long expressions although reading
    /// them once costs less. And with enough memory it prefers to hash a table whose index gives the rows in heap order, where a merge
    /// join takes half the time; only there, because an index over scattered rows is slow.</remarks>
    public override SqlText? PrepareJoin(Sides<RelationName?> relations, Sides<ColumnName>? key)
    {
        var noCompilation = Sql($"set_config('jit', 'off', true)");
        if (key is not { } column || relations is not { Base: { } @base, Head: { } head })
        {
            return Sql($"select {noCompilation}");
        }

        return Sql($"""
            select {noCompilation},
                case when {HeapOrder(@base, column.Base)} and {HeapOrder(head, column.Head)} then set_config('enable_hashjoin', 'off', true) end
            """);
    }

    private SqlText HeapOrder(RelationName relation, ColumnName column) => Sql($"""
        coalesce((
            select abs(s.correlation) > 0.9
            from pg_catalog.pg_stats as s
            where s.schemaname = {new SqlLiteral(relation.Schema ?? "")}
                and s.tablename = {new SqlLiteral(relation.Name)}
                and s.attname = {new SqlLiteral(column.Value)}
            limit 1
        ), false)
        """);

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
