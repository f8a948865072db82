using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>The select list of a statement: where each value will stand in its rows.</summary>
internal sealed class SelectList(SqlDialect dialect)
{
    private readonly List<SqlText> _items = [];

    /// <summary>The list.</summary>
    public SqlText Sql => SqlText.Join(",\n    ", _items);

    /// <summary>Adds an expression.</summary>
    /// <param name="name">What it is called in the statement; letters, digits and <c>_</c>.</param>
    /// <param name="expression">The expression.</param>
    /// <returns>Its place in every row.</returns>
    public int Add(string name, SqlText expression)
    {
        _items.Add(dialect.Sql($"{expression} as {new ColumnName(name)}"));
        return _items.Count - 1;
    }

    /// <summary>Adds a column of a table in the statement's <c>from</c>.</summary>
    /// <param name="table">The table's name there.</param>
    /// <param name="column">The column's name.</param>
    public int AddColumn(string table, string column) =>
        Add($"{table}_{column}", dialect.Sql($"{new ColumnName(table)}.{new ColumnName(column)}"));
}
