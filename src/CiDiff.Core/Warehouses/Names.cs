namespace CiDiff.Warehouses;

/// <summary>A column name as the warehouse stores it, unquoted.</summary>
public sealed record ColumnName(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A table or view as the warehouse stores its name, every part unquoted.</summary>
/// <param name="Database">Database, catalog or project; null means the connection's own.</param>
/// <param name="Schema">Schema or dataset; null means that the warehouse's search path decides.</param>
/// <param name="Name">The table's or view's own name.</param>
public sealed record RelationName(string? Database, string? Schema, string Name)
{
    /// <summary>The parts joined by dots, each in double quotes (doubled inside), for messages and reports; not for SQL.</summary>
    public override string ToString() =>
        string.Join(
            '.',
            new[] { Database, Schema, Name }
                .Where(part => part is not null)
                .Select(part => $"\"{part!.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
}
