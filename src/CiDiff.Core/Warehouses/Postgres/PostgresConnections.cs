using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CiDiff.Errors;
using Npgsql;

namespace CiDiff.Warehouses.Postgres;

/// <summary>From the fields of a dbt profile to Npgsql's.</summary>
/// <remarks>What a profile leaves out is found where libpq finds it: the environment variables PGPASSWORD, PGPASSFILE, PGUSER and
/// PGSSL…, <c>~/.pgpass</c>, <c>~/.postgresql/</c>.</remarks>
internal static class PostgresConnections
{
    // Where libpq looks when no host is given; the first is Debian's and Red Hat's, the second everybody else's.
    private static readonly string[] DefaultSocketFolders = ["/var/run/postgresql", "/tmp"];

    private static readonly TimeSpan LongestLoading = TimeSpan.FromMilliseconds(20);

    /// <summary>Refuses values that do not exist.</summary>
    public static void Check(ConnectionSettings.Postgres settings)
    {
        Mode(settings, UsesSystemRoots(settings));
        Binding(settings.ChannelBinding);
    }

    /// <summary>Whether the server runs on this machine.</summary>
    public static bool IsLocal(ConnectionSettings.Postgres settings) =>
        settings.Host.Length == 0
        || settings.Host.StartsWith('/')
        || string.Equals(settings.Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(settings.Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Loads what a password is proven with, while the server is still to answer.</summary>
    /// <remarks>Where the library is not installed the process would end, although a server may not ask for the password.</remarks>
    public static void LoadCryptography(ConnectionSettings.Postgres settings)
    {
        if (settings.Password is not null && OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libssl.so.3", out _))
        {
            RandomNumberGenerator.GetBytes(1);
            HMACSHA256.HashData([], []);
            SHA256.HashData([]);
        }
    }

    /// <summary>Loads what the driver connects and waits with, while the driver itself is being loaded: a byte goes from a socket to itself.</summary>
    /// <returns>Whether it arrived. Where that is not allowed, the driver loads it later.</returns>
    public static bool LoadNetwork()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            _ = IPAddress.TryParse("127.0.0.1", out _);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var received = socket.ReceiveAsync(new byte[1].AsMemory()).AsTask();
            socket.SendTo(new byte[1], socket.LocalEndPoint!);
            return received.Wait(LongestLoading);
        }
        catch (Exception error) when (error is SocketException or AggregateException)
        {
            return false;
        }
    }

    public static NpgsqlDataSource Build(ConnectionSettings.Postgres settings)
    {
        var systemRoots = UsesSystemRoots(settings);
        var host = settings.Host.Length > 0 ? settings.Host : DefaultHost(settings.Port);
        var builder = new NpgsqlSlimDataSourceBuilder
        {
            ConnectionStringBuilder =
            {
                Host = host,
                Port = settings.Port,
                Username = settings.User,
                Password = settings.Password?.Reveal(),
                Database = settings.Database,
                SslMode = Mode(settings, systemRoots),
                SslCertificate = settings.SslCert,
                SslKey = settings.SslKey,
                RootCertificate = systemRoots ? null : settings.SslRootCert,
                ChannelBinding = Binding(settings.ChannelBinding),
                ApplicationName = settings.ApplicationName,
                Timeout = Math.Clamp(settings.ConnectTimeoutSeconds, 0, 1024),
                CommandTimeout = 0, // the server holds the limit
                CancellationTimeout = 2000, // then the session ends the server's process
                ReadBufferSize = 1 << 16, // whole tables come through it
                TcpKeepAlive = true,
                TcpKeepAliveTime = host.StartsWith('/') ? 0 : settings.KeepalivesIdleSeconds, // a Unix socket refuses it
                MaxPoolSize = 2 * Math.Max(1, settings.Threads),
                NoResetOnClose = true, // nothing is set outside of a transaction
                GssEncryptionMode = GssEncryptionMode.Disable,
                Timezone = "UTC",
                Enlist = false,
            },
        };

        // Values are asked for as text, and columns are known by the identifiers of built-in types: no need to read pg_type first.
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
#pragma warning disable NPG9001 // see PostgresTexts
        builder.AddTypeInfoResolverFactory(new PostgresTexts());
#pragma warning restore NPG9001
        builder.EnableTransportSecurity();
        builder.EnableIntegratedSecurity();
        return builder.Build();
    }

    private static bool UsesSystemRoots(ConnectionSettings.Postgres settings) => string.Equals(settings.SslRootCert, "system", StringComparison.Ordinal);

    private static SslMode Mode(ConnectionSettings.Postgres settings, bool systemRoots)
    {
        var mode = settings.SslMode?.ToLowerInvariant() switch
        {
            null or "" => systemRoots ? SslMode.VerifyFull : SslMode.Prefer,
            "disable" => SslMode.Disable,
            "allow" => SslMode.Allow,
            "prefer" => SslMode.Prefer,
            "require" => SslMode.Require,
            "verify-ca" => SslMode.VerifyCA,
            "verify-full" => SslMode.VerifyFull,
            _ => throw new UserErrorException(
                ErrorCodes.ConnectionFailed,
                $"There is no sslmode '{settings.SslMode}'.",
                hint: "Use disable, allow, prefer, require, verify-ca or verify-full."),
        };
        if (systemRoots && mode != SslMode.VerifyFull)
        {
            // https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-SSLROOTCERT
            throw new UserErrorException(
                ErrorCodes.ConnectionFailed,
                $"sslmode '{settings.SslMode}' is too weak for sslrootcert 'system'.",
                hint: "Set sslmode to verify-full: anybody can have a certificate that the system's authorities signed.");
        }

        // As libpq: with an authority to check against, require checks as verify-ca does.
        return mode == SslMode.Require && !string.IsNullOrEmpty(settings.SslRootCert) ? SslMode.VerifyCA : mode;
    }

    private static ChannelBinding Binding(string? binding) => binding?.ToLowerInvariant() switch
    {
        null or "" or "prefer" => ChannelBinding.Prefer,
        "disable" => ChannelBinding.Disable,
        "require" => ChannelBinding.Require,
        _ => throw new UserErrorException(
            ErrorCodes.ConnectionFailed,
            $"There is no channel_binding '{binding}'.",
            hint: "Use disable, prefer or require."),
    };

    private static string DefaultHost(int port) =>
        DefaultSocketFolders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, $".s.PGSQL.{port}"))) ?? "localhost";
}
