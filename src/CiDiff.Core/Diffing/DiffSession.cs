using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>A warehouse session as the strategies use it.</summary>
/// <param name="Warehouse">The session.</param>
internal sealed record DiffSession(IWarehouseSession Warehouse)
{
    /// <summary>All rows of a statement that has few.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<object?>>> RowsAsync(SqlText statement, CancellationToken cancellationToken)
    {
        var rows = new List<IReadOnlyList<object?>>();
        await foreach (var row in Warehouse.QueryAsync(statement, cancellationToken))
        {
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>The row of a statement that has one.</summary>
    public async Task<IReadOnlyList<object?>> RowAsync(SqlText statement, CancellationToken cancellationToken) =>
        (await RowsAsync(statement, cancellationToken)).Single();
}
