using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using CiDiff.Configuration;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Support;

/// <summary>A PostgreSQL server of our own in a temporary folder, on a free port of 127.0.0.1 and on a Unix socket.</summary>
/// <remarks>It lives exactly as long as this process: a shell that waits for the end of its standard input stops the server and
/// deletes the folder, and that end comes even when this process is killed.</remarks>
public sealed class PostgresCluster : IAsyncDisposable
{
    // $1 binaries, $2 port; then pairs of file name and content for the data folder, which are appended to what initdb wrote, or
    // come first in pg_hba.conf, where the first match counts. $password is the superuser's; arguments can be seen by everybody.
    private const string Script =
        """
        set -eu
        bin=$1; port=$2; shift 2
        umask 077
        dir=$(mktemp -d "${TMPDIR:-/tmp}/cidiff-pg-XXXXXX")
        cd "$dir"
        finish() {
          trap '' INT TERM HUP
          "$bin/pg_ctl" stop --pgdata "$dir/data" --mode immediate --wait >/dev/null 2>&1 || true
          rm -rf "$dir"
        }
        trap finish EXIT
        trap 'exit 1' INT TERM HUP
        printf %s "$password" >password
        LC_ALL=C "$bin/initdb" --pgdata data --username postgres --pwfile password --auth scram-sha-256 \
          --encoding UTF8 --locale C --no-sync >initdb.log 2>&1 || { cat initdb.log >&2; exit 1; }
        rm password
        while [ $# -gt 0 ]; do
          case $1 in
            pg_hba.conf) { printf '%s\n' "$2"; cat data/pg_hba.conf; } >hba && mv hba data/pg_hba.conf ;;
            *) printf '%s\n' "$2" >>"data/$1" ;;
          esac
          shift 2
        done
        cat >>data/postgresql.conf <<CONF
        listen_addresses = '127.0.0.1'
        port = $port
        unix_socket_directories = '$dir'
        timezone = 'UTC'
        log_timezone = 'UTC'
        fsync = off
        synchronous_commit = off
        full_page_writes = off
        shared_buffers = 64MB
        max_wal_size = 2GB
        CONF
        "$bin/pg_ctl" start --pgdata data --log server.log --wait --timeout 60 >start.log 2>&1 ||
          { cat start.log server.log >&2; exit 1; }
        echo "ready $dir"
        cat >/dev/null
        """;

    private readonly Process _keeper;

    private PostgresCluster(Process keeper, string binaries, string folder, int port, string password)
    {
        _keeper = keeper;
        Psql = Path.Combine(binaries, "psql");
        Folder = folder;
        Port = port;
        Password = password;
    }

    /// <summary>The path of <c>psql</c>.</summary>
    public string Psql { get; }

    /// <summary>Holds the Unix socket, <c>server.log</c> and <c>data</c>.</summary>
    public string Folder { get; }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The password of the superuser <c>postgres</c>.</summary>
    public string Password { get; }

    /// <summary>How to reach a database as the superuser.</summary>
    public ConnectionSettings.Postgres Settings(string database) => new()
    {
        Host = "127.0.0.1",
        Port = Port,
        User = "postgres",
        Password = new Secret(Password),
        Database = database,
        Retries = 0,
    };

    /// <summary>Starts a server.</summary>
    /// <param name="dataFiles">Name and content of files for the data folder; see the script.</param>
    public static async Task<PostgresCluster> StartAsync(params (string Name, string Content)[] dataFiles)
    {
        var binaries = FindBinaries() ?? throw new InvalidOperationException("No PostgreSQL server binaries were found.");
        for (var attempt = 1; ; attempt++)
        {
            // Somebody else may take the port between our look and the server's start.
            try
            {
                return await StartOnceAsync(binaries, FreePort(), dataFiles);
            }
            catch (InvalidOperationException) when (attempt < 3)
            {
            }
        }
    }

    /// <summary>The folder that holds <c>initdb</c>, the newest version first; null when there is none.</summary>
    public static string? FindBinaries()
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql")
                .OrderByDescending(folder => double.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return onPath.Concat(installed).FirstOrDefault(HasServer) ?? BinariesOfPgConfig();
    }

    /// <summary>Runs SQL as <c>psql</c> does; fails at the first error.</summary>
    public Task<string> ExecuteScriptAsync(string database, string sql) =>
        Support.Psql.RunAsync(Psql, Settings(database), async input => await input.WriteAsync(sql));

    /// <summary>The process id of the server's first process.</summary>
    public async Task<int> ProcessIdAsync() =>
        int.Parse((await File.ReadAllLinesAsync(Path.Combine(Folder, "data", "postmaster.pid")))[0], provider: null);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync();
        _keeper.Dispose();
    }

    private static async Task<PostgresCluster> StartOnceAsync(string binaries, int port, (string Name, string Content)[] dataFiles)
    {
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        var start = new ProcessStartInfo { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] shell = ["/bin/sh", "-c", Script, "sh", binaries, $"{port}", .. dataFiles.SelectMany(file => new[] { file.Name, file.Content })];

        // The server refuses to run as root.
        string[] command = Environment.IsPrivilegedProcess ? ["runuser", "-u", UnprivilegedUser(), "--", .. shell] : shell;
        start.FileName = command[0];
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["password"] = password;
        start.WorkingDirectory = Path.GetTempPath();
        var keeper = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
        var errors = keeper.StandardError.ReadToEndAsync();
        var line = await keeper.StandardOutput.ReadLineAsync();
        if (line is null || !line.StartsWith("ready ", StringComparison.Ordinal))
        {
            await keeper.WaitForExitAsync();
            throw new InvalidOperationException($"PostgreSQL did not start: {await errors}");
        }

        return new PostgresCluster(keeper, binaries, line["ready ".Length..], port, password);
    }

    private static string UnprivilegedUser() =>
        File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    private static bool HasServer(string folder) =>
        new[] { "initdb", "pg_ctl", "postgres", "psql" }.All(program => File.Exists(Path.Combine(folder, program)));

    private static string? BinariesOfPgConfig()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("pg_config", "--bindir") { RedirectStandardOutput = true })!;
            var folder = process.StandardOutput.ReadToEnd().Trim();
            return HasServer(folder) ? folder : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // not installed
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
