using System.Data;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Npgsql;

namespace CiDiff.Warehouses.Postgres;

/// <summary>One transaction: repeatable read, read only, everything set for it alone.</summary>
/// <remarks>A savepoint at its beginning lets it go on, with the same snapshot, after a query that failed or was cancelled.</remarks>
internal sealed class PostgresSession(
    PostgresWarehouse warehouse,
    NpgsqlConnection connection,
    ConnectionSettings.Postgres settings,
    SessionOptions options) : IWarehouseSession
{
    private readonly string _comment = $"\n/* cidiff {Plain(options.RunId)} {Plain(options.Model)} */";
    private bool _failed;

    private NpgsqlConnection Connection => connection;

    private SessionOptions Options => options;

    /// <inheritdoc/>
    public int QueriesSent { get; private set; }

    /// <summary>Ends the opening of every session.</summary>
    internal static SqlText Savepoint { get; } = new("savepoint cidiff");

    /// <inheritdoc/>
    public async Task<RelationInfo?> FindRelationAsync(RelationName relation, CancellationToken cancellationToken)
    {
        var database = connection.Database;
        if (relation.Database is { } other && !string.Equals(other, database, StringComparison.Ordinal))
        {
            throw PostgresErrors.OtherDatabase(relation, database);
        }

        var query = PostgresCatalog.Relation(warehouse.Dialect, relation, settings.Schema, connection.PostgreSqlVersion);
        var rows = new List<IReadOnlyList<object?>>();
        await foreach (var row in QueryAsync(query, cancellationToken))
        {
            rows.Add(row);
        }

        return PostgresCatalog.ReadRelation(database, rows);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Column>> DescribeQueryAsync(SqlText query, CancellationToken cancellationToken)
    {
        IReadOnlyList<ResultColumn> columns;
        await using (var running = await StartAsync(query, CommandBehavior.SchemaOnly, cancellationToken))
        {
            columns = running.Columns();
        }

        if (columns.Count == 0)
        {
            return [];
        }

        var types = new List<ColumnType>();
        await foreach (var row in QueryAsync(PostgresCatalog.Types(warehouse.Dialect, columns), cancellationToken))
        {
            types.Add(PostgresCatalog.ReadType(row));
        }

        return [.. columns.Zip(types, (column, type) => new Column(column.Name, type))];
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<object?>> QueryAsync(
        SqlText query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var running = await StartAsync(query, CommandBehavior.Default, cancellationToken);
        while (await running.ReadAsync(cancellationToken))
        {
            yield return running.Row();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (connection.State == ConnectionState.Open)
            {
                // Not left to the pool, which would do it only before the next use and keep the snapshot until then.
                await using var rollback = new NpgsqlCommand("rollback", connection);
                await rollback.ExecuteNonQueryAsync(CancellationToken.None);
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

    private async Task<RunningQuery> StartAsync(SqlText query, CommandBehavior behavior, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var text = query.Text + _comment;
        QueriesSent++;
        options.Progress?.Report(new RunEvent.QueryStarted(options.Model, text));
        var running = new RunningQuery(this, query, text);
        try
        {
            await running.StartAsync(behavior, cancellationToken);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    private void TellFinished(TimeSpan elapsed) => options.Progress?.Report(new RunEvent.QueryFinished(options.Model, elapsed));

    private async Task ForgetFailureAsync(CancellationToken cancellationToken)
    {
        if (_failed)
        {
            await using var rollback = new NpgsqlCommand("rollback to savepoint cidiff", connection);
            await rollback.ExecuteNonQueryAsync(cancellationToken);
            _failed = false;
        }
    }

    /// <summary>A query from its start to its last row, whose errors are translated.</summary>
    private sealed class RunningQuery : IAsyncDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

        private readonly PostgresSession _session;
        private readonly SqlText _query;
        private readonly NpgsqlCommand _command;
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private NpgsqlDataReader? _reader;
        private uint[] _types = [];
        private bool _finished;

        public RunningQuery(PostgresSession session, SqlText query, string text)
        {
            _session = session;
            _query = query;
#pragma warning disable CA2100 // made by SqlDialect.Sql, or the user's own query
            _command = new NpgsqlCommand(text, session.Connection)
            {
                AllResultTypesAreUnknown = true,

                // Above the server's own limit: for a server or a network that no longer answers at all.
                CommandTimeout = session.Options.StatementTimeout is { } limit ? (int)Math.Min(limit.TotalSeconds + 60, int.MaxValue) : 0,
            };
#pragma warning restore CA2100

            // With a positional parameter Npgsql sends the text as it is, as one statement, and the server refuses more than one:
            // a filter that tries to end the transaction does not get through. Without one Npgsql would split the text.
            _command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = 0 });
        }

        public async Task StartAsync(CommandBehavior behavior, CancellationToken cancellationToken)
        {
            try
            {
                await _session.ForgetFailureAsync(cancellationToken);
                _reader = await _command.ExecuteReaderAsync(behavior, cancellationToken);
            }
            catch (Exception error) when (IsExpected(error))
            {
                throw Failed(error, cancellationToken);
            }

            _types = [.. Enumerable.Range(0, _reader.FieldCount).Select(_reader.GetDataTypeOID)];
        }

        public async Task<bool> ReadAsync(CancellationToken cancellationToken)
        {
            try
            {
                _finished = !await _reader!.ReadAsync(cancellationToken);
                return !_finished;
            }
            catch (Exception error) when (IsExpected(error))
            {
                throw Failed(error, cancellationToken);
            }
        }

        public object?[] Row()
        {
            var row = new object?[_types.Length];
            for (var index = 0; index < row.Length; index++)
            {
                row[index] = _reader!.IsDBNull(index) ? null : PostgresValues.Read(_types[index], _reader.GetString(index));
            }

            return row;
        }

        public IReadOnlyList<ResultColumn> Columns() =>
        [
            .. _reader!.GetColumnSchema().Select(column => new ResultColumn(
                new ColumnName(column.ColumnName),
                column.TypeOID,
                PostgresValues.TypeModifier(column.TypeOID, column.NumericPrecision, column.NumericScale, column.ColumnSize))),
        ];

        public async ValueTask DisposeAsync()
        {
            if (_reader is not null)
            {
                try
                {
                    await FinishAsync(_reader);
                    await _reader.DisposeAsync();
                }
                catch (Exception error) when (IsExpected(error))
                {
                    _session._failed = true;
                }
            }

            await _command.DisposeAsync();
            _session.TellFinished(_watch.Elapsed);
        }

        /// <summary>Reads what is left when that is quick, as for a caller who took the only row, and otherwise stops the query.</summary>
        private async Task FinishAsync(NpgsqlDataReader reader)
        {
            if (_finished || reader.IsClosed)
            {
                return;
            }

            using var patience = new CancellationTokenSource(Patience);
            while (await reader.ReadAsync(patience.Token))
            {
            }
        }

        private static bool IsExpected(Exception error) =>
            error is NpgsqlException or OperationCanceledException or TimeoutException or IOException or InvalidOperationException;

        private Exception Failed(Exception error, CancellationToken cancellationToken)
        {
            _session._failed = true;
            if (cancellationToken.IsCancellationRequested)
            {
                return new OperationCanceledException("The query was cancelled.", error, cancellationToken);
            }

            return PostgresErrors.Querying(error, _query, _watch.Elapsed, _session.Options);
        }
    }
}
