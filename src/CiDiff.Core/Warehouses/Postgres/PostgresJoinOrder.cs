namespace CiDiff.Warehouses.Postgres;

/// <summary>What a join needs to know of the order in which tables lie, and how a session is set for it.</summary>
internal static class PostgresJoinOrder
{
    /// <summary>Prepares the session.</summary>
    /// <remarks>Three things that the planner gets wrong for a single pass over two tables. It compiles long expressions although reading
    /// them once costs less. Of a table that was never analyzed it knows the pages, and where it takes a row to be longer than one of them, it takes the table to have one row, and
    /// compares each with each. And with enough memory it prefers to hash a table whose index gives the rows in heap order, where a merge
    /// join takes half the time; only there, because an index over scattered rows is slow.</remarks>
    public static SqlText Prepare(SqlDialect dialect, Sides<RelationInfo?> relations, bool isInOrder) =>
        dialect.Sql($"select {Settings(dialect, relations)}{(isInOrder ? dialect.Sql($", {WithoutHashJoin(dialect)}") : dialect.Sql($""))}");

    /// <summary>Prepares the session, and asks for the order.</summary>
    /// <remarks>The planner's statistics know. They are a view that costs more to plan than to read: it is asked once.</remarks>
    public static SqlText Prepare(SqlDialect dialect, KeyOrder order)
    {
        var columns = new Sides<SqlText>(
            dialect.Sql($"({Named(dialect, order.Relations.Base.Name, order.Column.Base)})"), dialect.Sql($"({Named(dialect, order.Relations.Head.Name, order.Column.Head)})"));
        var keys = order.Percents.Count > 0 && HasOrder(order.Type)
            ? dialect.Sql($"""
                (
                select string_agg(key, ',' order by place)
                from (
                {Divided(dialect, dialect.Sql($"select bounds from known where is_base and bounds is not null"), order.Percents)}
                ) as dividing
                )
                """)
            : dialect.Sql($"null");
        return dialect.Sql($"""
            with known as (
            select
                (s.schemaname, s.tablename, s.attname) = {columns.Base} as is_base,
                abs(s.correlation) > 0.9 as is_in_order,
                {HistogramBounds(dialect)} as bounds
            from pg_catalog.pg_stats as s
            where s.tablename in ({new SqlLiteral(order.Relations.Base.Name.Name)}, {new SqlLiteral(order.Relations.Head.Name.Name)})
                and (s.schemaname, s.tablename, s.attname) in ({columns.Base}, {columns.Head})
            )
            select
                {Settings(dialect, order.Relations.Map(relation => (RelationInfo?)relation))},
                {keys},
                case when (select count(distinct is_base) = 2 and bool_and(is_in_order) from known) then {WithoutHashJoin(dialect)} end
            """);
    }

    private static SqlText WithoutHashJoin(SqlDialect dialect) => dialect.Sql($"set_config('enable_hashjoin', 'off', true)");

    private static SqlText Settings(SqlDialect dialect, Sides<RelationInfo?> relations)
    {
        var settings = new List<SqlText> { dialect.Sql($"set_config('jit', 'off', true)") };
        if (IsNeverAnalyzed(relations.Base) || IsNeverAnalyzed(relations.Head))
        {
            settings.Add(dialect.Sql($"set_config('enable_nestloop', 'off', true)"));
        }

        return SqlText.Join(", ", settings);

        static bool IsNeverAnalyzed(RelationInfo? relation) => relation is { Kind: RelationKind.Table or RelationKind.MaterializedView, EstimatedRows: null };
    }

    /// <summary>A query for keys that divide a table's rows; null for a type without an order to rely on.</summary>
    /// <remarks>The planner's histogram knows. Only of types whose order no collation changes.</remarks>
    public static SqlText? DividingKeys(SqlDialect dialect, RelationName relation, ColumnName column, ColumnType type, IReadOnlyList<int> percents) => HasOrder(type)
        ? dialect.Sql($"""
            {Divided(dialect, dialect.Sql($"select {HistogramBounds(dialect)} as bounds from pg_catalog.pg_stats as s where (s.schemaname, s.tablename, s.attname) = ({Named(dialect, relation, column)})"), percents)}
            order by place
            """)
        : null;

    private static bool HasOrder(ColumnType type) => type.Family
        is TypeFamily.Integer or TypeFamily.Decimal or TypeFamily.Date or TypeFamily.Timestamp or TypeFamily.TimestampWithZone or TypeFamily.Uuid;

    // Not those of a table and its partitions together.
    private static SqlText HistogramBounds(SqlDialect dialect) => dialect.Sql($"case when not s.inherited then s.histogram_bounds::text::text[] end");

    private static SqlText Named(SqlDialect dialect, RelationName relation, ColumnName column) =>
        dialect.Sql($"{new SqlLiteral(relation.Schema ?? "")}, {new SqlLiteral(relation.Name)}, {new SqlLiteral(column.Value)}");

    private static SqlText Divided(SqlDialect dialect, SqlText histogram, IReadOnlyList<int> percents) => dialect.Sql($"""
        select histogram.bounds[dividing.place] as key, dividing.place
        from (
        {histogram}
        ) as histogram
        cross join lateral (
        select distinct 1 + percent * (array_length(histogram.bounds, 1) - 1) / 100 as place
        from unnest(array[{SqlText.Join(", ", percents.Select(percent => dialect.Sql($"{(long)percent}")))}]) as percent
        ) as dividing
        where dividing.place > 1
        """);
}
