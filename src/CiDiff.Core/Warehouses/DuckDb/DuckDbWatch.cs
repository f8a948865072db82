namespace CiDiff.Warehouses.DuckDb;

/// <summary>Stops a statement when it is cancelled or takes too long.</summary>
internal sealed class DuckDbWatch : IAsyncDisposable
{
    // An interrupt that comes before DuckDB has begun the statement is forgotten, so it is repeated until the statement has ended.
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(20);

    private readonly DuckDbConnection _connection;
    private readonly TimeSpan? _timeout;
    private readonly CancellationToken _cancellationToken;
    private readonly ITimer? _limit;
    private readonly ITimer _repeat;
    private readonly CancellationTokenRegistration _registration;
    private volatile bool _isTimedOut;

    internal DuckDbWatch(DuckDbConnection connection, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        _connection = connection;
        _timeout = timeout;
        _cancellationToken = cancellationToken;
        _repeat = TimeProvider.System.CreateTimer(_ => _connection.Interrupt(), null, Timeout.InfiniteTimeSpan, Again);
        _limit = timeout is null ? null : TimeProvider.System.CreateTimer(_ => StopLate(), null, timeout.Value, Timeout.InfiniteTimeSpan);
        _registration = cancellationToken.Register(Stop);
    }

    /// <summary>Runs a step of the statement on a thread of its own.</summary>
    /// <remarks>The library blocks. On the thread pool a few models at once would take all threads, and the timers that stop them would wait.</remarks>
    /// <exception cref="OperationCanceledException">It was cancelled, and has stopped.</exception>
    /// <exception cref="Errors.UserErrorException">It took longer than it may, and has stopped.</exception>
    internal async Task<T> RunAsync<T>(Func<T> step)
    {
        ThrowIfStopped(null);
        try
        {
            return await Task.Factory.StartNew(step, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (DuckDbException exception) when (exception.Kind == "INTERRUPT")
        {
            ThrowIfStopped(exception);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Each waits for a callback that is under way: one that came late would stop the session's next statement.
        await _registration.DisposeAsync();
        if (_limit is not null)
        {
            await _limit.DisposeAsync();
        }

        await _repeat.DisposeAsync();
    }

    private void StopLate()
    {
        _isTimedOut = true;
        Stop();
    }

    private void Stop() => _repeat.Change(TimeSpan.Zero, Again);

    private void ThrowIfStopped(DuckDbException? exception)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        if (_isTimedOut)
        {
            throw DuckDbErrors.TimedOut(_timeout!.Value, exception);
        }
    }
}
