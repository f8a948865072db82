namespace CiDiff.Diffing;

/// <summary>A session on the data that another one sees, opened and prepared while that one goes on.</summary>
internal sealed class SecondSession : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly Task<DiffSession> _opening;
    private readonly Task _preparing;
    private bool _isDisposed;

    /// <summary>Begins.</summary>
    /// <param name="open">Opens it.</param>
    /// <param name="prepare">Prepares it.</param>
    /// <param name="cancellationToken">Stops both.</param>
    public SecondSession(
        Func<CancellationToken, Task<DiffSession>> open, Func<DiffSession, CancellationToken, Task> prepare, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var token = _stop.Token;
        _opening = Task.Run(() => open(token), token);
        _preparing = PrepareAsync();

        async Task PrepareAsync() => await prepare(await _opening, token);
    }

    /// <summary>The session. Until <see cref="PreparedAsync"/> nobody else may use it.</summary>
    /// <exception cref="Errors.UserErrorException">There is no connection to spare.</exception>
    public Task<DiffSession> OpenedAsync() => _opening;

    /// <summary>Waits until it may be used.</summary>
    public Task PreparedAsync() => _preparing;

    /// <inheritdoc/>
    /// <remarks>One that is not ready yet is given up. Disposing of it twice does no harm.</remarks>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _isDisposed, true) ? default : new(CloseAsync());

    private async Task CloseAsync()
    {
        await _stop.CancelAsync();

        // What failed was told to whoever waited for it.
        await Task.WhenAny(_preparing);
        if (_opening.IsCompletedSuccessfully)
        {
            await (await _opening).Warehouse.DisposeAsync();
        }

        _stop.Dispose();
    }
}
