using System.Data;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using CiDiff.Warehouses.DuckDb;
using Npgsql;

namespace CiDiff.Warehouses.Postgres;

/// <summary>One transaction: repeatable read, read only, everything set for it alone.</summary>
/// <remarks>A savepoint at its beginning lets it go on, with the same snapshot, after a query that failed or was cancelled.</remarks>
internal sealed class PostgresSession(
    PostgresWarehouse warehouse,
    NpgsqlConnection connection,
    ConnectionSettings.Postgres settings,
    SessionOptions options,
    bool mayExport) : IWarehouseSession, IBulkSession
{
    private readonly string _comment = $"\n/* cidiff {Plain(options.RunId)} {Plain(options.Model)} */";
    private readonly PostgresErrors _errors = new(settings, options);
    private readonly int _process = connection.ProcessID; // a connection that broke does not tell any more
    private bool _failed;

    /// <inheritdoc/>
    public int QueriesSent { get; private set; }

    /// <summary>Ends the opening of every session.</summary>
    internal static SqlText Savepoint { get; } = new("savepoint cidiff");

    /// <inheritdoc/>
    public async Task<RelationInfo?> FindRelationAsync(RelationName relation, CancellationToken cancellationToken) =>
        (await FindRelationsAsync(new(relation, null), cancellationToken)).Base;

    /// <inheritdoc/>
    public async Task<Sides<RelationInfo?>> FindRelationsAsync(Sides<RelationName?> relations, CancellationToken cancellationToken)
    {
        var wanted = new List<SqlText>();
        AddTo(wanted, relations.Base, isHead: false);
        AddTo(wanted, relations.Head, isHead: true);
        return wanted.Count == 0
            ? new(null, null)
            : PostgresCatalog.Read(
                connection.Database, await AllRowsAsync(PostgresCatalog.Columns(warehouse.Dialect, wanted, connection.PostgreSqlVersion), cancellationToken));
    }

    private void AddTo(List<SqlText> wanted, RelationName? relation, bool isHead)
    {
        if (relation?.Database is { } other && !string.Equals(other, connection.Database, StringComparison.Ordinal))
        {
            throw PostgresErrors.OtherDatabase(relation, connection.Database);
        }

        if (relation is not null)
        {
            wanted.Add(PostgresCatalog.Relation(warehouse.Dialect, relation, isHead, settings.Schema));
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Column>> DescribeQueryAsync(SqlText query, CancellationToken cancellationToken)
    {
        var running = await StartAsync(query, CommandBehavior.SchemaOnly, cancellationToken);
        var columns = running.Columns();
        await EndAsync(running);
        if (columns.Count == 0)
        {
            return [];
        }

        var types = await AllRowsAsync(PostgresCatalog.Types(warehouse.Dialect, columns, connection.PostgreSqlVersion), cancellationToken);
        return [.. columns.Zip(types, (column, type) => new Column(column.Name, PostgresCatalog.ReadType(type)))];
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<object?>> QueryAsync(
        SqlText query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var running = await StartAsync(query, CommandBehavior.Default, cancellationToken);
        try
        {
            while (await ReadAsync(running, cancellationToken))
            {
                yield return running.Row();
            }
        }
        finally
        {
            await EndAsync(running);
        }
    }

    /// <inheritdoc/>
    public async Task LoadAsync(SqlText query, DuckDbAppender table, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await ForgetFailureAsync(cancellationToken);
        var limit = options.StatementTimeout;
        var running = new PostgresCopy(connection, query, _comment, limit, limit is { } time ? PostgresQuery.Beyond(time) : null);
        QueriesSent++;
        options.Progress?.Report(new RunEvent.QueryStarted(options.Model, running.Shown));
        try
        {
            await running.RunAsync(table, cancellationToken);
        }
        catch (Exception error) when (IsExpected(error))
        {
            throw await FailedAsync(error, query, running.Elapsed, cancellationToken);
        }
        catch
        {
            _failed = true;
            throw;
        }
        finally
        {
            options.Progress?.Report(new RunEvent.QueryFinished(options.Model, running.Elapsed));
        }
    }

    /// <inheritdoc/>
    public async Task<Func<CancellationToken, Task<IWarehouseSession>>?> ShareSnapshotAsync(CancellationToken cancellationToken)
    {
        // Refused, it would take the savepoint with it to which a session goes back after a failure.
        if (!mayExport)
        {
            return null;
        }

        await ForgetFailureAsync(cancellationToken);
        var export = new SqlText("select pg_catalog.pg_export_snapshot()");
        var watch = Stopwatch.StartNew();
        QueriesSent++;
        options.Progress?.Report(new RunEvent.QueryStarted(options.Model, export.Text + _comment));
        try
        {
            // A snapshot cannot be exported from below a savepoint.
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands = { new NpgsqlBatchCommand("release savepoint cidiff"), new NpgsqlBatchCommand(export.Text + _comment), new NpgsqlBatchCommand(Savepoint.Text) },
            };
            await using var answers = await batch.ExecuteReaderAsync(cancellationToken);
            await answers.ReadAsync(cancellationToken);
            var snapshot = answers.GetString(0);
            return token => warehouse.OpenSessionAsync(options, snapshot, token);
        }
        catch (Exception error) when (IsExpected(error))
        {
            throw await FailedAsync(error, export, watch.Elapsed, cancellationToken);
        }
        finally
        {
            options.Progress?.Report(new RunEvent.QueryFinished(options.Model, watch.Elapsed));
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(CloseAsync());

    private async Task CloseAsync()
    {
        try
        {
            if (connection.State == ConnectionState.Open)
            {
                // Not left to the pool, which would do it only before the next use and keep the snapshot until then.
                await using var rollback = new NpgsqlCommand("rollback", connection);
                await using var done = await rollback.ExecuteReaderAsync(CancellationToken.None);
            }
        }
        catch (NpgsqlException)
        {
            // The connection is lost, and the transaction with it.
        }

        await connection.DisposeAsync();
    }

    // Anything else could end the comment.
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            plain.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_');
        }

        return plain.ToString();
    }

    private static bool IsExpected(Exception error) => error is NpgsqlException or OperationCanceledException or IOException;

    private async Task<List<IReadOnlyList<object?>>> AllRowsAsync(SqlText query, CancellationToken cancellationToken)
    {
        var rows = new List<IReadOnlyList<object?>>();
        await foreach (var row in QueryAsync(query, cancellationToken))
        {
            rows.Add(row);
        }

        return rows;
    }

    private async Task<PostgresQuery> StartAsync(SqlText query, CommandBehavior behavior, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await ForgetFailureAsync(cancellationToken);
        var text = query.Text + _comment;
        QueriesSent++;
        options.Progress?.Report(new RunEvent.QueryStarted(options.Model, query.Shown + _comment));
        var running = new PostgresQuery(connection, query, text, options.StatementTimeout);
        try
        {
            await running.StartAsync(behavior, cancellationToken);
            return running;
        }
        catch (Exception error) when (IsExpected(error))
        {
            await EndAsync(running);
            throw await FailedAsync(error, running.Query, running.Elapsed, cancellationToken);
        }
    }

    private async ValueTask<bool> ReadAsync(PostgresQuery running, CancellationToken cancellationToken)
    {
        try
        {
            return await running.ReadAsync(cancellationToken);
        }
        catch (Exception error) when (IsExpected(error))
        {
            throw await FailedAsync(error, running.Query, running.Elapsed, cancellationToken);
        }
    }

    private async Task EndAsync(PostgresQuery running)
    {
        _failed |= !await running.FinishAsync();
        await running.DisposeAsync();
        _failed |= running.IsBroken;
        options.Progress?.Report(new RunEvent.QueryFinished(options.Model, running.Elapsed));
    }

    private async Task<Exception> FailedAsync(Exception error, SqlText query, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        _failed = true;
        if (cancellationToken.IsCancellationRequested)
        {
            if (connection.State != ConnectionState.Open)
            {
                await warehouse.EndAbandonedAsync(_process, _comment);
            }

            return new OperationCanceledException("The query was cancelled.", error, cancellationToken);
        }

        var unreadable = error is PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege }
            ? await FindUnreadableAsync(query, cancellationToken)
            : [];
        return _errors.Querying(error, query, elapsed, unreadable);
    }

    /// <summary>Which relations of a query may not be read: the server's message names one without its schema, and base and head
    /// often have the same name.</summary>
    private async Task<IReadOnlyList<UnreadableRelation>> FindUnreadableAsync(SqlText query, CancellationToken cancellationToken)
    {
        try
        {
            await ForgetFailureAsync(cancellationToken);
            await using var running = new PostgresQuery(
                connection, query, PostgresCatalog.Unreadable(warehouse.Dialect, query).Text + _comment, options.StatementTimeout);
            await running.StartAsync(CommandBehavior.Default, cancellationToken);
            var found = new List<UnreadableRelation>();
            while (await running.ReadAsync(cancellationToken))
            {
                found.Add(PostgresCatalog.ReadUnreadable(running.Row()));
            }

            return found;
        }
        catch (NpgsqlException)
        {
            return []; // then the server's own words have to do
        }
    }

    private async Task ForgetFailureAsync(CancellationToken cancellationToken)
    {
        if (connection.State != ConnectionState.Open)
        {
            throw _errors.Lost(null);
        }

        if (_failed)
        {
            await ExecuteAsync("rollback to savepoint cidiff", cancellationToken);
            _failed = false;
        }
    }

    private async Task ExecuteAsync(string statement, CancellationToken cancellationToken)
    {
        try
        {
#pragma warning disable CA2100 // one of three fixed texts
            await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException error)
        {
            throw _errors.Lost(error);
        }
    }
}
