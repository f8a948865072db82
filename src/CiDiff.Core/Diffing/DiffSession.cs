using CiDiff.Errors;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>A warehouse session as the strategies use it. Not safe for concurrent use.</summary>
/// <param name="warehouse">The session.</param>
/// <param name="progress">Told why something was decided; null for nobody.</param>
internal sealed class DiffSession(IWarehouseSession warehouse, IProgress<RunEvent>? progress = null)
{
    private int _queriesElsewhere;

    /// <summary>The session.</summary>
    public IWarehouseSession Warehouse => warehouse;

    /// <summary>Queries sent so far, those of second sessions included.</summary>
    public int QueriesSent => warehouse.QueriesSent + _queriesElsewhere;

    /// <summary>Tells why something was decided.</summary>
    public void Tell(string reason) => progress?.Report(new RunEvent.Reasoning(reason));

    /// <summary>All rows of a statement that has few.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<object?>>> RowsAsync(SqlText statement, CancellationToken cancellationToken)
    {
        var rows = new List<IReadOnlyList<object?>>();
        await foreach (var row in warehouse.QueryAsync(statement, cancellationToken))
        {
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>The row of a statement that has one.</summary>
    public async Task<IReadOnlyList<object?>> RowAsync(SqlText statement, CancellationToken cancellationToken) =>
        (await RowsAsync(statement, cancellationToken)).Single();

    /// <summary>Does two things at once, the second one in a session of its own that sees the same data.</summary>
    /// <param name="first">The one in this session.</param>
    /// <param name="second">The one in the other.</param>
    /// <param name="cancellationToken">Stops both.</param>
    /// <returns>Null, and nothing was done, when there is no second session: the warehouse has none, or no connection to spare.</returns>
    public async Task<(T First, T Second)?> BothAsync<T>(
        Func<DiffSession, CancellationToken, Task<T>> first, Func<DiffSession, CancellationToken, Task<T>> second, CancellationToken cancellationToken)
    {
        IWarehouseSession? sibling;
        try
        {
            sibling = await warehouse.OpenSiblingAsync(cancellationToken);
        }
        catch (UserErrorException error)
        {
            Tell($"There is no second connection: {error.Message}");
            return null;
        }

        if (sibling is null)
        {
            return null;
        }

        await using (sibling)
        {
            try
            {
                var there = new DiffSession(sibling, progress);
                return await AtOnce.RunAsync(token => first(this, token), token => second(there, token), cancellationToken);
            }
            finally
            {
                _queriesElsewhere += sibling.QueriesSent;
            }
        }
    }
}
