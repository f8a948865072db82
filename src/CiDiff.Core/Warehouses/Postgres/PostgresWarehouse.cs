using System.Globalization;
using CiDiff.Errors;
using Npgsql;

namespace CiDiff.Warehouses.Postgres;

/// <summary>PostgreSQL through Npgsql.</summary>
/// <remarks>Connections are kept for the next session, twice as many as there are threads, because a session may open a sibling.
/// Nothing of a session outlives its transaction, so that this is also safe behind a pooler such as PgBouncer.</remarks>
public sealed class PostgresWarehouse : IWarehouse
{
    // Long enough for a process that is done to end.
    private static readonly TimeSpan EndOfProcess = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan LongestClosing = TimeSpan.FromSeconds(1);

    private readonly ConnectionSettings.Postgres _settings;
    private readonly Lazy<NpgsqlDataSource> _connections;
    private Task<NpgsqlConnection>? _first;

    // Of the server that began a session.
    private volatile bool _isEncrypting;

    /// <summary>Takes the settings; nothing is opened yet.</summary>
    /// <param name="settings">Where it is.</param>
    /// <param name="dialect">How its SQL is spelled.</param>
    /// <exception cref="UserErrorException">A setting has a value that does not exist.</exception>
    public PostgresWarehouse(ConnectionSettings.Postgres settings, SqlDialect dialect)
    {
        _settings = settings;
        Dialect = dialect;
        PostgresConnections.Check(settings);
        _connections = new(() => PostgresConnections.Build(settings));
    }

    /// <summary>Where it is.</summary>
    internal ConnectionSettings.Postgres Settings => _settings;

    /// <inheritdoc/>
    public SqlDialect Dialect { get; }

    /// <inheritdoc/>
    public string AdapterType => "postgres";

    /// <inheritdoc/>
    public string Description => _settings.Mask($"PostgreSQL, {PostgresErrors.Place(_settings)}");

    /// <inheritdoc/>
    public int Concurrency => Math.Max(1, _settings.Threads);

    /// <inheritdoc/>
    public bool Connect()
    {
        if (_first is null)
        {
            PrepareToConnect().Start(TaskScheduler.Default);
        }

        _ = Task.Run(() => PostgresConnections.LoadCryptography(_settings));
        return true;
    }

    /// <summary>Begins to connect when the task is started; the first session waits for it already.</summary>
    internal Task PrepareToConnect()
    {
        var connecting = new Task<Task<NpgsqlConnection>>(() => _connections.Value.OpenConnectionAsync().AsTask());
        _first = connecting.Unwrap();
        return connecting;
    }

    /// <inheritdoc/>
    public Task<IWarehouseSession> OpenSessionAsync(SessionOptions options, CancellationToken cancellationToken) =>
        OpenSessionAsync(options, snapshot: null, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>What is left then are connections without a transaction: nobody has to wait until they are closed. A server that does not answer could
    /// take long, and the driver does not notice while it shakes hands that this is not wanted any more. Mostly the process ends now, and its connections with it: the processes of a server on the
    /// same machine, told to end at the same moment, would only take the processors from it.</remarks>
    public ValueTask DisposeAsync()
    {
        var closing = Task.Run(CloseAsync);

        // Below encryption a server notes a connection that breaks.
        return _isEncrypting ? new(Task.WhenAny(closing, Task.Delay(LongestClosing))) : ValueTask.CompletedTask;

        async Task CloseAsync()
        {
            if (!_isEncrypting && PostgresConnections.IsLocal(_settings))
            {
                await Task.Delay(EndOfProcess);
            }

            // Closed, it goes back to the others, and is closed with them.
            await CloseUnusedAsync(Interlocked.Exchange(ref _first, null));
            if (_connections.IsValueCreated)
            {
                await _connections.Value.DisposeAsync();
            }
        }
    }

    /// <summary>Opens a session on a snapshot that another session exported, or on a new one.</summary>
    internal async Task<IWarehouseSession> OpenSessionAsync(SessionOptions options, string? snapshot, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            NpgsqlConnection? connection = null;
            try
            {
                connection = await ConnectAsync(cancellationToken);
                var mayExport = await BeginAsync(connection, options, snapshot, cancellationToken);
                return new PostgresSession(this, connection, _settings, options, mayExport);
            }
            catch (Exception error) when (PostgresErrors.IsOfConnecting(error))
            {
                await CloseAsync(connection);
                if (attempt > _settings.Retries || !PostgresErrors.MayPass(error))
                {
                    throw PostgresErrors.Connecting(error, _settings);
                }
            }
            catch
            {
                await CloseAsync(connection);
                throw;
            }

            // As dbt: at once, then after 1, 4, 9 … seconds.
            await Task.Delay(TimeSpan.FromSeconds((attempt - 1) * (attempt - 1)), cancellationToken);
        }
    }

    /// <summary>Ends the server's process of a query whose cancellation was not answered in time.</summary>
    /// <remarks>A server ignores a request to cancel that overtakes the query. It would notice by itself that the connection was closed, but
    /// only some seconds later.</remarks>
    internal async Task EndAbandonedAsync(int process, string comment)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await using var connection = await WaitAsync(_connections.Value.OpenConnectionAsync(limit.Token).AsTask(), limit.Token);
            var statement = Dialect.Sql($"""
                select pg_catalog.pg_terminate_backend(pid)
                from pg_catalog.pg_stat_activity
                where pid = {(long)process} and pg_catalog.right(query, {(long)comment.Length}) = {new SqlLiteral(comment)}
                """);
#pragma warning disable CA2100 // made by SqlDialect.Sql
            await using var command = new NpgsqlCommand(statement.Text, connection);
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(limit.Token);
        }
        catch (Exception error) when (PostgresErrors.IsOfConnecting(error) || error is OperationCanceledException)
        {
            // The server is gone, or will find out by itself.
        }
    }

    private Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken) =>
        WaitAsync(Interlocked.Exchange(ref _first, null) ?? _connections.Value.OpenConnectionAsync(cancellationToken).AsTask(), cancellationToken);

    // The driver does not notice a cancellation while it shakes hands with a server, which may take as long as the server likes.
    private static async Task<NpgsqlConnection> WaitAsync(Task<NpgsqlConnection> connecting, CancellationToken cancellationToken)
    {
        try
        {
            return await connecting.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _ = CloseUnusedAsync(connecting);
            throw;
        }
    }

    private static async Task CloseUnusedAsync(Task<NpgsqlConnection>? connecting)
    {
        if (connecting is not null)
        {
            // Nobody wanted it: what it failed of concerns nobody.
            await Task.WhenAny(connecting);
            await CloseAsync(connecting.IsCompletedSuccessfully ? await connecting : null);
        }
    }

    private static async Task CloseAsync(NpgsqlConnection? connection)
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }

    /// <summary>Begins the transaction and sets everything in it, in one round trip.</summary>
    /// <returns>Whether its snapshot may be exported.</returns>
    private async Task<bool> BeginAsync(NpgsqlConnection connection, SessionOptions options, string? snapshot, CancellationToken cancellationToken)
    {
        var statements = new List<SqlText> { Dialect.Sql($"begin transaction isolation level repeatable read read only") };
        if (snapshot is not null)
        {
            statements.Add(Dialect.Sql($"set transaction snapshot {new SqlLiteral(snapshot)}"));
        }

        if (_settings.Role is { Length: > 0 } role)
        {
            statements.Add(Dialect.Sql($"set local role {new ColumnName(role)}"));
        }

        statements.Add(SessionParameters(connection, options));
        statements.Add(PostgresSession.Savepoint);

        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement.Text));
        }

        // As every query, whose code is loaded here then, and not that of two more ways to ask.
        await using var answers = await batch.ExecuteReaderAsync(cancellationToken);
        await answers.ReadAsync(cancellationToken);
        _isEncrypting |= answers.GetString(0) != "off";
        var mayExport = answers.GetString(1) == "true";
        while (await answers.NextResultAsync(cancellationToken))
        {
        }

        return mayExport;
    }

    private SqlText SessionParameters(NpgsqlConnection connection, SessionOptions options)
    {
        var limit = options.StatementTimeout is { } timeout ? Math.Max(1, (long)timeout.TotalMilliseconds) : 0;
        var parameters = new List<SqlText>
        {
            Set("statement_timeout", Text(limit)),

            // A session waits while the other side's query runs, but one whose process is gone must not keep its snapshot.
            Set("idle_in_transaction_session_timeout", Text(limit == 0 ? 3_600_000 : limit + 600_000)),
            Set("TimeZone", "UTC"),
            Set("DateStyle", "ISO, YMD"),
            Set("IntervalStyle", "postgres"),
            Set("bytea_output", "hex"),
            Set("extra_float_digits", "3"), // the shortest text that reads back as the same number; before PostgreSQL 12, enough digits
            Set("standard_conforming_strings", "on"),
        };
        if (_settings.SearchPath is { Length: > 0 } path)
        {
            parameters.Add(Set("search_path", path));
        }

        var calls = SqlText.Join(", ", parameters);

        var facts = Dialect.Sql($"""
            current_setting('ssl'),
            coalesce(has_function_privilege(to_regprocedure('pg_catalog.pg_export_snapshot()'), 'execute'), false)::text
            """);

        // Has the server look, while a query runs, whether its client is still there; only Linux servers can, others refuse the value.
        return connection.PostgreSqlVersion.Major >= 14
            ? Dialect.Sql($"""
                select {facts}, {calls},
                    case when version() like '%linux%' then set_config('client_connection_check_interval', '5s', true) end
                """)
            : Dialect.Sql($"select {facts}, {calls}");

        SqlText Set(string name, string value) => Dialect.Sql($"set_config({new SqlLiteral(name)}, {new SqlLiteral(value)}, true)");
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
