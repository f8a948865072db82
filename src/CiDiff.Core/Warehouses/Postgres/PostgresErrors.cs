using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using CiDiff.Errors;
using Npgsql;

namespace CiDiff.Warehouses.Postgres;

/// <summary>From the server's and the driver's errors to ours. The SQLSTATE stays in the message, the error inside.</summary>
internal sealed partial class PostgresErrors(ConnectionSettings.Postgres settings, SessionOptions options)
{
    private const string IdleInTransactionTimeout = "25P03"; // missing in PostgresErrorCodes

    /// <summary>Host, port and database, for people.</summary>
    public static string Place(ConnectionSettings.Postgres settings) =>
        $"database \"{settings.Database}\" at {(settings.Host.Length > 0 ? settings.Host : "the local socket")}:{settings.Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>A relation that the catalog of this database cannot know.</summary>
    public static UserErrorException OtherDatabase(RelationName relation, string database) => new(
        ErrorCodes.OtherDatabase,
        $"{relation} is in another database than the connection, \"{database}\", and PostgreSQL cannot read across databases.",
        hint: $"Connect to \"{relation.Database}\", with dbname in the profile's output or with --url; a side that is elsewhere takes --base-url or --head-url.");

    /// <summary>Whether an error can come from opening a connection, rather than from a mistake of ours.</summary>
    public static bool IsOfConnecting(Exception error) =>
        error is NpgsqlException or SocketException or IOException or UnauthorizedAccessException or TimeoutException
            or AuthenticationException or CryptographicException or ArgumentException;

    /// <summary>Whether trying again can help: the server is starting or full, or did not answer.</summary>
    public static bool MayPass(Exception error) => error switch
    {
        PostgresException server => server.SqlState is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.TooManyConnections,
        NpgsqlException driver => driver.InnerException is not null && MayPass(driver.InnerException),
        SocketException socket => socket.SocketErrorCode != SocketError.HostNotFound,
        FileNotFoundException or DirectoryNotFoundException => false,
        _ => error is TimeoutException or IOException,
    };

    /// <summary>Why a session could not be opened.</summary>
    public static UserErrorException Connecting(Exception error, ConnectionSettings.Postgres settings)
    {
        var (reason, hint) = error is PostgresException server
            ? (WithState(server, OneLine(server.MessageText)), HintForRefusal(server, settings))
            : Explain(error, settings);
        return new UserErrorException(
            ErrorCodes.ConnectionFailed,
            settings.Mask($"Cannot connect to PostgreSQL, {Place(settings)}: {reason}."),
            hint is null ? null : settings.Mask(hint),
            error);
    }

    /// <summary>The connection broke.</summary>
    public UserErrorException Lost(Exception? error) => new(
        ErrorCodes.ConnectionLost,
        settings.Mask($"The connection to PostgreSQL, {Place(settings)}, broke while it was in use."),
        hint: "The server's log says whether it stopped or ended the session; otherwise the network in between did.",
        error);

    /// <summary>Why a query failed.</summary>
    /// <param name="error">The driver's error.</param>
    /// <param name="query">The query.</param>
    /// <param name="elapsed">How long it ran.</param>
    /// <param name="unreadable">The relations in it that may not be read, when that is what the error says.</param>
    public UserErrorException Querying(
        Exception error, SqlText query, TimeSpan elapsed, IReadOnlyList<UnreadableRelation> unreadable) => error switch
        {
            PostgresException server => FromServer(server, query, elapsed, unreadable),
            NpgsqlException { InnerException: TimeoutException } => TimedOut("the server did not answer any more", error),
            _ => Lost(error),
        };

    private UserErrorException FromServer(
        PostgresException server, SqlText query, TimeSpan elapsed, IReadOnlyList<UnreadableRelation> unreadable)
    {
        var text = ServerText(server, query);
        return server.SqlState switch
        {
            PostgresErrorCodes.InsufficientPrivilege => Denied(server, query, unreadable),
            PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName =>
                new UserErrorException(
                    ErrorCodes.RelationNotFound,
                    $"PostgreSQL{Origin(query)}: {text}.",
                    server.Hint ?? "Check the schema and the spelling, and whether it was built. A name without a schema is looked for along the user's search_path.",
                    server),
            PostgresErrorCodes.QueryCanceled when IsOverLimit(elapsed) => TimedOut(text, server),
            PostgresErrorCodes.LockNotAvailable => TimedOut(text, server),
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
                or IdleInTransactionTimeout => new UserErrorException(
                    ErrorCodes.ConnectionLost,
                    $"PostgreSQL ended the session: {text}.",
                    hint: "Somebody ended it, or the server stopped: its log says which.",
                    server),
            _ => new UserErrorException(
                ErrorCodes.QueryFailed, $"PostgreSQL{Origin(query)}: {text}{Position(server, query)}.", HintForFailure(server), server),
        };
    }

    private static UserErrorException Denied(PostgresException server, SqlText query, IReadOnlyList<UnreadableRelation> unreadable)
    {
        if (unreadable.Count == 0)
        {
            return new UserErrorException(
                ErrorCodes.AccessDenied,
                $"PostgreSQL: {ServerText(server, query)}.",
                hint: server.Routine == "check_enable_rls" // no grant helps where a policy would hide rows and the user's row_security is off
                    ? "Set row_security to on for the user that CiDiff connects as, so that it reads the rows it may see, or connect as one with bypassrls."
                    : "Grant the right to the user that CiDiff connects as, or set the profile's role.",
                server);
        }

        var user = Quote(unreadable[0].User);
        var grants = unreadable.Where(relation => relation.NeedsUsage).Select(relation => $"grant usage on schema {Quote(relation.Name.Schema!)} to {user};").Distinct(StringComparer.Ordinal)
            .Concat(unreadable.Where(relation => relation.NeedsSelect).Select(relation => $"grant select on {relation.Name} to {user};"));
        return new UserErrorException(
            ErrorCodes.AccessDenied,
            $"The user {user} may not read {string.Join(" and ", unreadable.Select(relation => relation.Name.ToString()))}: {ServerText(server, query)}.",
            hint: $"Run as the owner: {string.Join(' ', grants)} Or set the profile's role.",
            server);
    }

    private UserErrorException TimedOut(string reason, Exception error) => new(
        ErrorCodes.QueryTimedOut,
        options.StatementTimeout is { } limit
            ? $"A query took longer than {limit.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s: {reason}."
            : $"A query took too long: {reason}.",
        hint: "Compare fewer rows with a filter or a sample, or raise compare.timeout (`--timeout` of compare).",
        error);

    // The server says "canceled" for its own limit and for somebody's pg_cancel_backend alike, in the language it is set to.
    private bool IsOverLimit(TimeSpan elapsed) => options.StatementTimeout is { } limit && elapsed >= 0.9 * limit;

    private static (string Reason, string? Hint) Explain(Exception error, ConnectionSettings.Postgres settings)
    {
        var cause = (error as NpgsqlException)?.InnerException ?? error;
        return cause switch
        {
            SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.AddressNotAvailable } =>
                ("nothing answers there", "Is the server running, and are host and port right?"),
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
                ($"the name '{settings.Host}' is not known", "Is the host right, and can this machine look it up?"),
            SocketException => (OneLine(cause.Message), "Is the host right, and may this machine reach it?"),
            TimeoutException => (
                $"no answer within {settings.ConnectTimeoutSeconds.ToString(CultureInfo.InvariantCulture)} s",
                "Is the host right, and does a firewall let this machine through? connect_timeout sets the limit."),
            AuthenticationException => (
                $"the server's certificate is not accepted: {OneLine(cause.Message)}",
                "Set sslrootcert to the certificate of the authority that signed it; verify-full also wants the host's name in it."),
            FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or CryptographicException =>
                ($"a certificate or key cannot be read: {OneLine(cause.Message)}", "Check sslcert, sslkey and sslrootcert."),
            _ when error.Message.Contains("unknown response", StringComparison.Ordinal) =>
                (OneLine(error.Message), "Something else than PostgreSQL answers there: check host and port."),
            _ when error.Message.Contains("SSL", StringComparison.Ordinal) =>
                (OneLine(error.Message), "The server offers no TLS: set sslmode to prefer or disable, or turn ssl on in the server."),
            _ when error.Message.Contains("password", StringComparison.Ordinal) =>
                (OneLine(error.Message), "Set the password in the profile or the URL, in PGPASSWORD, or in ~/.pgpass."),
            _ => (OneLine(error.Message), null),
        };
    }

    private static string? HintForRefusal(PostgresException server, ConnectionSettings.Postgres settings) => server.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword when settings.Password?.Reveal().Any(sign => sign > '~') == true =>
            "Check user and password. The password has signs beyond ASCII and is sent as it is written, but the server has its normal form (NFKC): write é as one sign, a no-break space as a blank, a ligature as its letters.",
        PostgresErrorCodes.InvalidPassword => "Check user and password, also those in PGPASSWORD and ~/.pgpass.",
        PostgresErrorCodes.InvalidAuthorizationSpecification =>
            "Check user and database, and what pg_hba.conf in the server says of them, also about TLS (sslmode).",
        PostgresErrorCodes.InvalidCatalogName => $"Check dbname: the server has no \"{settings.Database}\".",
        PostgresErrorCodes.TooManyConnections => "Lower threads, or give the server more connections: a comparison needs one, with `--strategy hash` one for each side.",
        PostgresErrorCodes.CannotConnectNow => "The server is starting or stopping: try again, or raise retries.",
        PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidParameterValue when settings.Role is { } role =>
            $"Check role: it has to exist, and the user has to be a member of \"{role}\".",
        PostgresErrorCodes.InsufficientPrivilege => "Grant connect on the database to this user.",
        _ => server.Hint,
    };

    private static string? HintForFailure(PostgresException server) => server.SqlState switch
    {
        PostgresErrorCodes.DiskFull or PostgresErrorCodes.ConfigurationLimitExceeded =>
            "The server ran out of disk, or into temp_file_limit: compare fewer columns or rows, or raise work_mem.",
        PostgresErrorCodes.OutOfMemory => "The server ran out of memory: lower threads or work_mem.",
        PostgresErrorCodes.SerializationFailure =>
            "A standby cancels queries that hold back replication: ask the primary, or raise max_standby_streaming_delay.",
        PostgresErrorCodes.ReadOnlySqlTransaction => "CiDiff only reads: leave out what writes, such as a function that changes a table or a sequence.",
        PostgresErrorCodes.QueryCanceled => "Somebody cancelled the query in the server.",
        _ => server.Hint,
    };

    // Values stay in the warehouse.
    private static string ServerText(PostgresException server, SqlText query)
    {
        var text = OneLine(server.MessageText);
        return WithState(server, server.SqlState[..2] switch
        {
            // Data exceptions quote the value they failed on.
            "22" => Quoted().Replace(text, "\"…\""),

            // What a function looks up by a value, or runs as SQL, is not in the statement.
            "42" when server.Position == 0 && Names().Matches(text).Any(name => !query.Text.Contains(name.Groups[1].Value, StringComparison.Ordinal)) =>
                Quoted().Replace(text, "\"…\""),

            // The author of a function wrote it, and may have written a value into it.
            "P0" => "a function in the database raised an error, whose text is in the server's log",
            _ => text,
        });
    }

    private static string WithState(PostgresException server, string text) => $"{text} (SQLSTATE {server.SqlState})";

    private static string Origin(SqlText query) => query.Origin is { } origin ? $" rejects the SQL of {origin}" : "";

    /// <summary>Line, column and text of the error; empty when the server names none.</summary>
    private static string Position(PostgresException server, SqlText query)
    {
        var position = server.Position - 1;
        if (position < 0 || position >= query.Text.Length)
        {
            return "";
        }

        var before = query.Text[..position];
        var line = before.Count(c => c == '\n') + 1;
        var column = position - before.LastIndexOf('\n');
        var rest = query.Text[position..].Split('\n')[0];
        var place = string.Create(CultureInfo.InvariantCulture, $", line {line}, column {column}");
        return query.Hides ? place : string.Create(CultureInfo.InvariantCulture, $"{place}, at `{rest[..Math.Min(rest.Length, 40)].Trim()}`");
    }

    private static string OneLine(string text) => WhiteSpace().Replace(text, " ").Trim().TrimEnd('.');

    private static string Quote(string name) => new RelationName(null, null, name).ToString();

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Names();

    [GeneratedRegex("\".*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
