namespace CiDiff.Warehouses.DuckDb;

/// <summary>What DuckDB's catalog functions say of a relation:
/// https://duckdb.org/docs/stable/sql/meta/duckdb_table_functions</summary>
internal sealed class DuckDbCatalog(IWarehouseSession session, SqlDialect dialect, DuckDbInstance instance, string? schema)
{
    // What DuckDB calls the schema that every database begins with.
    private const string DefaultSchema = "main";

    /// <summary>The relation, its name as stored, or null when there is none.</summary>
    internal async Task<RelationInfo?> FindAsync(RelationName relation, CancellationToken cancellationToken)
    {
        var database = relation.Database ?? instance.Database;
        var mirror = instance.Mirrored.FirstOrDefault(mirrored => dialect.NameComparer.Equals(mirrored.Name, database));
        RelationName? stored = null;
        var kind = RelationKind.Table;
        long? estimate = null;
        var columns = new List<Column>();
        await foreach (var row in session.QueryAsync(Columns(relation with { Database = mirror?.File ?? database }), cancellationToken))
        {
            stored = new RelationName((string)row[0]!, (string)row[1]!, (string)row[2]!);
            kind = (bool)row[3]! ? RelationKind.View : RelationKind.Table;
            estimate = (long?)row[4];
            columns.Add(new Column(new ColumnName((string)row[5]!), DuckDbTypes.Parse((string)row[6]!)));
        }

        if (stored is null)
        {
            return null;
        }

        var keys = kind == RelationKind.Table ? await UniqueKeysAsync(stored, columns, cancellationToken) : [];
        return new RelationInfo(mirror is null ? stored : stored with { Database = mirror.Name }, kind, columns, keys, estimate);
    }

    // Names ignore case in DuckDB, and two that differ in nothing else cannot stand side by side.
    private SqlText Columns(RelationName relation) => dialect.Sql(
        $"""
        select c.database_name, c.schema_name, c.table_name, t.table_name is null as is_view, t.estimated_size, c.column_name, c.data_type
        from duckdb_columns() as c
        left join duckdb_tables() as t on t.database_oid = c.database_oid and t.table_oid = c.table_oid
        where lower(c.database_name) = lower({new SqlLiteral(relation.Database!)})
        and lower(c.schema_name) = lower({new SqlLiteral(relation.Schema ?? schema ?? DefaultSchema)})
        and lower(c.table_name) = lower({new SqlLiteral(relation.Name)})
        order by c.column_index
        """);

    // One row per key and column, keys in the order of their definition.
    private async Task<IReadOnlyList<IReadOnlyList<ColumnName>>> UniqueKeysAsync(
        RelationName stored, List<Column> columns, CancellationToken cancellationToken)
    {
        var query = dialect.Sql(
            $"""
            select constraint_index, unnest(constraint_column_names) as column_name
            from duckdb_constraints()
            where constraint_type in ('PRIMARY KEY', 'UNIQUE')
            and database_name = {new SqlLiteral(stored.Database!)}
            and schema_name = {new SqlLiteral(stored.Schema!)}
            and table_name = {new SqlLiteral(stored.Name)}
            union all
            select 1000000 + index_oid, unnest(cast(expressions as varchar[])) as column_name
            from duckdb_indexes()
            where is_unique
            and database_name = {new SqlLiteral(stored.Database!)}
            and schema_name = {new SqlLiteral(stored.Schema!)}
            and table_name = {new SqlLiteral(stored.Name)}
            """);

        var keys = new List<UniqueKey>();
        await foreach (var row in session.QueryAsync(query, cancellationToken))
        {
            var number = (long)row[0]!;
            var key = keys.Find(known => known.Number == number);
            if (key is null)
            {
                keys.Add(key = new UniqueKey(number, []));
            }

            key.Columns.Add(ColumnOf((string)row[1]!, columns));
        }

        keys.Sort((first, second) => first.Number.CompareTo(second.Number));
        return [.. keys
            .Where(key => key.Columns.TrueForAll(column => column is not null))
            .Select(key => (IReadOnlyList<ColumnName>)[.. key.Columns.Select(column => column!)])];
    }

    // An index lists expressions: a column as its name, in double quotes where it needs them, and anything else in parentheses. A key
    // over an expression says nothing of columns.
    private ColumnName? ColumnOf(string expression, List<Column> columns)
    {
        var name = expression.Length > 1 && expression[0] == '"' && expression[^1] == '"'
            ? expression[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal)
            : expression;

        return columns.Find(column => dialect.NameComparer.Equals(column.Name.Value, name))?.Name;
    }

    private sealed record UniqueKey(long Number, List<ColumnName?> Columns);
}
