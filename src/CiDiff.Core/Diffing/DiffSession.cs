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
        await using var other = await BeginSecondAsync((_, _) => Task.CompletedTask, cancellationToken);
        if (other is null || await OpenedAsync(other) is not { } there)
        {
            return null;
        }

        await other.PreparedAsync();
        try
        {
            return await AtOnce.RunAsync(token => first(this, token), token => second(there, token), cancellationToken);
        }
        finally
        {
            _queriesElsewhere += there.QueriesSent;
        }
    }

    /// <summary>Works in this session and, from when it is ready, in a second one as well.</summary>
    /// <param name="other">The second one. Disposed of, when it took part.</param>
    /// <param name="work">What each of the two does: it takes what is left to be done, until nothing is, and tells whether there was anything.</param>
    /// <param name="cancellationToken">Stops both.</param>
    /// <returns>Whether the second one did anything. When there is no connection to spare, or it comes too late, this one does everything.</returns>
    public async Task<bool> WithHelpAsync(SecondSession other, Func<DiffSession, CancellationToken, Task<bool>> work, CancellationToken cancellationToken)
    {
        var isDone = new TaskCompletionSource();
        return (await AtOnce.RunAsync(HereAsync, ThereAsync, cancellationToken)).Second;

        async Task<bool> HereAsync(CancellationToken token)
        {
            await work(this, token);
            isDone.SetResult();
            return true;
        }

        async Task<bool> ThereAsync(CancellationToken token)
        {
            var ready = other.PreparedAsync();
            await Task.WhenAny(ready, isDone.Task).WaitAsync(token);
            if (!ready.IsCompleted || await OpenedAsync(other) is not { } there)
            {
                return false;
            }

            try
            {
                await ready;
                return await work(there, token);
            }
            finally
            {
                _queriesElsewhere += there.QueriesSent;
                await other.DisposeAsync(); // while this one is still at work
            }
        }
    }

    private async Task<DiffSession?> OpenedAsync(SecondSession other)
    {
        try
        {
            return await other.OpenedAsync();
        }
        catch (UserErrorException error)
        {
            Tell($"There is no second connection: {error.Message}");
            return null;
        }
    }

    /// <summary>Begins to open a second session that sees the same data, while this one goes on.</summary>
    /// <param name="prepare">Prepares it.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>Null when the warehouse has no such thing.</returns>
    public async Task<SecondSession?> BeginSecondAsync(Func<DiffSession, CancellationToken, Task> prepare, CancellationToken cancellationToken)
    {
        try
        {
            return await warehouse.ShareSnapshotAsync(cancellationToken) is { } open
                ? new SecondSession(async token => new DiffSession(await open(token), progress), prepare, cancellationToken)
                : null;
        }
        catch (UserErrorException error)
        {
            Tell($"There is no second connection: {error.Message}");
            return null;
        }
    }
}
