using System.Net;
using System.Net.Sockets;

namespace CiDiff.Tests.Support;

/// <summary>Stands between a client and a server and passes bytes on, so that a test can let the network misbehave.</summary>
/// <param name="host">The server.</param>
/// <param name="port">Its port.</param>
/// <param name="passes">Whether the connection of this number, from 1, is passed on; otherwise it is closed at once.</param>
internal sealed class TcpFront(string host, int port, Func<int, bool> passes) : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<(TcpClient Client, TcpClient Server)> _pairs = [];
    private readonly List<Task> _passing = [];
    private Task _accepting = Task.CompletedTask;

    /// <summary>Where the client connects to, on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Begins to accept connections.</summary>
    public TcpFront Start()
    {
        _listener.Start();
        _accepting = AcceptAsync();
        return this;
    }

    /// <summary>Closes every connection on both ends, as when the client's machine goes away.</summary>
    public void Cut()
    {
        foreach (var (client, server) in _pairs)
        {
            client.Dispose();
            server.Dispose();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        Cut();
        await Task.WhenAll(_passing);
    }

    private async Task AcceptAsync()
    {
        for (var number = 1; ; number++)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return; // disposed of
            }

            if (!passes(number))
            {
                client.Dispose();
                continue;
            }

            var server = new TcpClient();
            _pairs.Add((client, server));
            await server.ConnectAsync(host, port);
            _passing.Add(PassAsync(_pairs.Count - 1, toServer: true));
            _passing.Add(PassAsync(_pairs.Count - 1, toServer: false));
        }
    }

    // One end's closing is not passed on: that is up to the test.
    private async Task PassAsync(int pair, bool toServer)
    {
        var (client, server) = _pairs[pair];
        var (from, to) = toServer ? (client, server) : (server, client);
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
        }
        catch (Exception error) when (error is IOException or InvalidOperationException or ObjectDisposedException)
        {
            // cut
        }
    }
}
