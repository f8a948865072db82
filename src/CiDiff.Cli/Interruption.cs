using System.Runtime.InteropServices;

namespace CiDiff.Cli;

/// <summary>Cancels the command when somebody presses Ctrl-C or a job is stopped, and ends the process when that takes too long or is asked for again.</summary>
/// <remarks>Not what the library for command lines has: the driver of a server tells it of a cancellation before the call that cancels returns, one session after the other, and where the server's
/// machine is frozen each waits as long as for a connection. The library's time begins after that.</remarks>
internal sealed class Interruption : IDisposable
{
    // Cancelling a query waits for the server's answer; only after that the process is torn down.
    private static readonly TimeSpan TimeToCancel = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop;
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private int _times;

    /// <summary>Listens until it is disposed of.</summary>
    /// <param name="cancellationToken">Cancels as well.</param>
    public Interruption(CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Token = _stop.Token;
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
    }

    /// <summary>Of the command.</summary>
    public CancellationToken Token { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _stop.Dispose();
    }

    private void Cancel(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref _times) > 1)
        {
            End();
        }

        _ = CancelAsync();
    }

    private async Task CancelAsync()
    {
        _ = Task.Run(TryCancel);
        await Task.Delay(TimeToCancel);
        End();
    }

    // The command may have ended meanwhile.
    private void TryCancel()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
        }
    }

    private static void End()
    {
        Console.Error.WriteLine("cidiff : cancelled.");
        Environment.Exit(ExitCodes.Cancelled);
    }
}
