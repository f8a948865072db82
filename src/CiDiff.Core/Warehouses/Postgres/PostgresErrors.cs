using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using CiDiff.Errors;
using Npgsql;

namespace CiDiff.Warehouses.Postgres;

/// <summary>From the server's and the driver's errors to ours. The SQLSTATE stays in the message, the error inside.</summary>
internal static partial class PostgresErrors
{
    /// <summary>Host, port and database, for people.</summary>
    public static string Place(ConnectionSettings.Postgres settings) =>
        $"database \"{settings.Database}\" at {(settings.Host.Length > 0 ? settings.Host : "the local socket")}:{settings.Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>A relation that the catalog of this database cannot know.</summary>
    public static UserErrorException OtherDatabase(RelationName relation, string database) => new(
        ErrorCodes.OtherDatabase,
        $"{relation} is in another database than the connection, \"{database}\", and PostgreSQL cannot read across databases.",
        hint: $"Connect to \"{relation.Database}\", with dbname of the profile's output or with --base-url or --head-url.");

    /// <summary>Whether trying again can help: the server is starting or full, or did not answer.</summary>
    public static bool MayPass(Exception error) => error switch
    {
        PostgresException server => server.SqlState is "57P03" or "57P01" or "57P02" or "53300" or "08006" or "08001" or "08004",
        NpgsqlException { InnerException: AuthenticationException } => false,
        NpgsqlException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound } } => false,
        NpgsqlException driver => driver.InnerException is SocketException or IOException or TimeoutException,
        _ => error is TimeoutException or IOException,
    };

    /// <summary>Why a session could not be opened.</summary>
    public static UserErrorException Connecting(Exception error, ConnectionSettings.Postgres settings)
    {
        var (reason, hint) = error switch
        {
            PostgresException server => (ServerText(server), HintFor(server, settings)),
            _ => Explain(error, settings),
        };
        return new UserErrorException(ErrorCodes.ConnectionFailed, $"Cannot connect to PostgreSQL, {Place(settings)}: {reason}.", hint, error);
    }

    /// <summary>Why a query failed.</summary>
    /// <param name="error">The driver's error.</param>
    /// <param name="query">The query.</param>
    /// <param name="elapsed">How long it ran.</param>
    /// <param name="options">The session's limit.</param>
    public static UserErrorException Querying(Exception error, SqlText query, TimeSpan elapsed, SessionOptions options) => error switch
    {
        PostgresException server => FromServer(server, query, elapsed, options),
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => TimedOut("the server did not answer", error, options),
        _ => new UserErrorException(
            ErrorCodes.ConnectionLost,
            "The connection to PostgreSQL broke while a query was running.",
            hint: "Look into the server's log: it stopped, it ended the session, or the network in between did.",
            error),
    };

    private static UserErrorException FromServer(PostgresException server, SqlText query, TimeSpan elapsed, SessionOptions options)
    {
        var text = ServerText(server);
        return server.SqlState switch
        {
            "42501" => new UserErrorException(
                ErrorCodes.AccessDenied,
                $"PostgreSQL: {text}.",
                hint: "Grant select on the table, and usage on its schema, to the user that CiDiff connects as, or set the profile's role.",
                server),
            "42P01" or "3F000" => new UserErrorException(
                ErrorCodes.RelationNotFound,
                $"PostgreSQL: {text}.",
                hint: server.Hint,
                server),
            "57014" when IsLimit(elapsed, options) => TimedOut(text, server, options),
            "55P03" => TimedOut(text, server, options),
            "57P01" or "57P02" or "57P03" or "25P03" or "08000" or "08003" or "08006" => new UserErrorException(
                ErrorCodes.ConnectionLost,
                $"PostgreSQL ended the session: {text}.",
                hint: "Somebody ended it, or the server stopped: its log says which.",
                server),
            _ => new UserErrorException(
                ErrorCodes.QueryFailed,
                $"PostgreSQL{Origin(query)}: {text}{Position(server, query)}.",
                HintFor(server),
                server),
        };
    }

    private static UserErrorException TimedOut(string reason, Exception error, SessionOptions options) => new(
        ErrorCodes.QueryTimedOut,
        options.StatementTimeout is { } limit
            ? $"A query took longer than {limit.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s: {reason}."
            : $"A query took too long: {reason}.",
        hint: "Compare fewer rows with a filter or a sample, or raise compare.timeout.",
        error);

    // The server says "canceled" for its own limit and for somebody's pg_cancel_backend alike, in the language it is set to.
    private static bool IsLimit(TimeSpan elapsed, SessionOptions options) =>
        options.StatementTimeout is { } limit && elapsed >= 0.9 * limit;

    private static (string Reason, string? Hint) Explain(Exception error, ConnectionSettings.Postgres settings)
    {
        var cause = error.InnerException ?? error;
        return cause switch
        {
            SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.AddressNotAvailable } =>
                ("nothing answers there", "Is the server running, and are host and port right?"),
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
                ($"the name '{settings.Host}' is not known", "Is the host right, and can this machine look it up?"),
            SocketException socket => ($"{OneLine(socket.Message)}", "Is the host right, and may this machine reach it?"),
            TimeoutException => (
                $"no answer within {settings.ConnectTimeoutSeconds.ToString(CultureInfo.InvariantCulture)} s",
                "Is the host right, and does a firewall let this machine through? connect_timeout sets the limit."),
            AuthenticationException => (
                $"the server's certificate was not accepted: {OneLine(cause.Message)}",
                "Set sslrootcert to the certificate of the authority that signed the server's; verify-full also wants the host's name in it."),
            _ => ($"{OneLine(error.Message)}", HintForDriver(error)),
        };
    }

    private static string? HintForDriver(Exception error) => error.Message switch
    {
        var text when text.Contains("SSL", StringComparison.Ordinal) => "The server offers no TLS: set sslmode to prefer or disable, or turn ssl on in the server.",
        var text when text.Contains("password", StringComparison.Ordinal) => "Set the password in the profile or the URL, in PGPASSWORD, or in ~/.pgpass.",
        _ => null,
    };

    private static string? HintFor(PostgresException server, ConnectionSettings.Postgres settings) => server.SqlState switch
    {
        "28P01" => "Check user and password, also those in PGPASSWORD and ~/.pgpass.",
        "28000" => "Check user and database, and what pg_hba.conf in the server says of them, also about TLS (sslmode).",
        "3D000" => $"Check dbname: the server has no \"{settings.Database}\".",
        "53300" => "Lower threads, or give the server more connections.",
        "57P03" => "The server is starting or stopping: try again, or raise retries.",
        "42501" or "22023" when settings.Role is not null => $"Check role: the user must be a member of \"{settings.Role}\".",
        "42501" => "Grant connect on the database to this user.",
        _ => server.Hint,
    };

    private static string? HintFor(PostgresException server) => server.SqlState switch
    {
        "53100" or "53400" => "The server ran out of disk, or into temp_file_limit: compare fewer columns or rows, or raise work_mem.",
        "53200" => "The server ran out of memory: lower threads or work_mem.",
        "40001" => "A standby cancels queries that hold back replication: ask the primary, or raise max_standby_streaming_delay.",
        "57014" => "Somebody cancelled the query in the server.",
        _ => server.Hint,
    };

    private static string ServerText(PostgresException server)
    {
        var text = OneLine(server.MessageText);

        // Data exceptions quote the value they failed on, and values stay in the warehouse.
        return $"{(server.SqlState.StartsWith("22", StringComparison.Ordinal) ? Quoted().Replace(text, "\"…\"") : text)} (SQLSTATE {server.SqlState})";
    }

    private static string Origin(SqlText query) => query.Origin is { } origin ? $" rejects the SQL of {origin}" : "";

    /// <summary>Line, column and word of the error; empty when the server names none.</summary>
    private static string Position(PostgresException server, SqlText query)
    {
        var position = server.Position - 1;
        if (position < 0 || position >= query.Text.Length)
        {
            return "";
        }

        var before = query.Text[..position];
        var line = before.Count(c => c == '\n') + 1;
        var column = position - (before.LastIndexOf('\n') + 1) + 1;
        var rest = query.Text[position..];
        var end = rest.IndexOf('\n', StringComparison.Ordinal) is var newline && newline >= 0 ? newline : rest.Length;
        return string.Create(CultureInfo.InvariantCulture, $", line {line}, column {column}, at `{rest[..Math.Min(end, 40)].Trim()}`");
    }

    private static string OneLine(string text) => WhiteSpace().Replace(text, " ").Trim().TrimEnd('.');

    [GeneratedRegex("\".*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
