using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>One connection to DuckDB, in a read-only transaction.</summary>
internal sealed class DuckDbSession : IWarehouseSession, IBulkSession
{
    private readonly DuckDbConnection _connection;
    private readonly DuckDbCatalog _catalog;
    private readonly SqlDialect _dialect;
    private readonly SessionOptions _options;
    private readonly string _comment;
    private bool _isInTransaction;
    private bool _hasFailed;

    internal DuckDbSession(DuckDbInstance instance, string? schema, SqlDialect dialect, SessionOptions options)
    {
        _connection = instance.Connect();
        _dialect = dialect;
        _options = options;
        _comment = $"\n/* cidiff {options.RunId} {WithoutCommentMarks(options.Model)} */";
        _catalog = new DuckDbCatalog(this, dialect, instance, schema);
    }

    /// <inheritdoc/>
    public int QueriesSent { get; private set; }

    /// <inheritdoc/>
    public Task<RelationInfo?> FindRelationAsync(RelationName relation, CancellationToken cancellationToken) =>
        _catalog.FindAsync(relation, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Column>> DescribeQueryAsync(SqlText query, CancellationToken cancellationToken)
    {
        var describe = new SqlText(_dialect.Sql($"describe {query}").Text, query.Origin);
        var columns = new List<Column>();
        await foreach (var row in QueryAsync(describe, cancellationToken))
        {
            columns.Add(new Column(new ColumnName((string)row[0]!), DuckDbTypes.Parse((string)row[1]!)));
        }

        return columns;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<object?>> QueryAsync(
        SqlText query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var running = await StartAsync(query, cancellationToken);
        while (await StepAsync(running.Watch, query, running.Reader.NextChunk) is { } rows)
        {
            foreach (var row in rows)
            {
                yield return row;
            }
        }
    }

    /// <inheritdoc/>
    public async Task LoadAsync(SqlText query, DuckDbAppender table, CancellationToken cancellationToken)
    {
        await using var running = await StartAsync(query, cancellationToken);
        if (await StepAsync(running.Watch, query, () => Load(running.Reader, table)) is { } failure)
        {
            throw failure;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    // A comment inside a comment nests in DuckDB, so a model's name could leave this one open.
    private static string WithoutCommentMarks(string text) =>
        text.Replace("/*", "/ *", StringComparison.Ordinal).Replace("*/", "* /", StringComparison.Ordinal);

    // What the table says is no error of the query.
    private static DuckDbException? Load(DuckDbReader reader, DuckDbAppender table)
    {
        DuckDbException? failure = null;
        while (failure is null && reader.UseNextChunk(Append))
        {
        }

        return failure;

        void Append(nint chunk)
        {
            try
            {
                table.Append(chunk);
            }
            catch (DuckDbException exception)
            {
                failure = exception;
            }
        }
    }

    private async Task<Running> StartAsync(SqlText query, CancellationToken cancellationToken)
    {
        var sql = query.Text + _comment;
        QueriesSent++;
        _options.Progress?.Report(new RunEvent.QueryStarted(_options.Model, query.Shown + _comment));
        var running = new Running(_connection, _options, cancellationToken);
        try
        {
            running.Reader = await StepAsync(running.Watch, query, () => Start(sql));
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    private DuckDbReader Start(string sql)
    {
        // A failed statement aborts the transaction, and nothing else can be asked in it. The next one sees the same rows: the files
        // are attached read-only, and DuckDB lets nobody write to a file that another process reads.
        if (_hasFailed)
        {
            _connection.Execute("rollback");
            (_hasFailed, _isInTransaction) = (false, false);
        }

        if (!_isInTransaction)
        {
            _connection.Execute("begin transaction read only");
            _isInTransaction = true;
        }

        return _connection.Query(sql);
    }

    private async Task<T> StepAsync<T>(DuckDbWatch watch, SqlText query, Func<T> step)
    {
        try
        {
            return await watch.RunAsync(step);
        }
        catch (Exception exception)
        {
            // Not rolled back here: until the watch is gone it may still interrupt.
            _hasFailed = _isInTransaction;
            if (exception is DuckDbException failure)
            {
                // Nobody stopped it: while one thread of the library failed, another one was the first to say that it had to stop.
                var cause = failure.Kind == "INTERRUPT" ? await watch.RunAsync(() => FailAgain(query)) : null;
                throw DuckDbErrors.QueryFailed(query, cause ?? failure);
            }

            throw;
        }
    }

    // Its rows are only hashed, because they would not be read as they come and could be more than fit in memory.
    private DuckDbException? FailAgain(SqlText query)
    {
        try
        {
            using var reader = Start($"select bit_xor(hash(failing)) from (\n{query.Text}\n) as failing{_comment}");
            while (reader.NextChunk() is not null)
            {
            }

            return null;
        }
        catch (DuckDbException again)
        {
            _hasFailed = _isInTransaction;
            return again.Kind is "INTERRUPT" or "Parser" or "Binder" ? null : again;
        }
    }

    /// <summary>A query on its way.</summary>
    private sealed class Running(DuckDbConnection connection, SessionOptions options, CancellationToken cancellationToken) : IAsyncDisposable
    {
        private readonly long _started = Stopwatch.GetTimestamp();
        private DuckDbReader? _reader;

        public DuckDbWatch Watch { get; } = new(connection, options.StatementTimeout, cancellationToken);

        public DuckDbReader Reader
        {
            get => _reader!;
            set => _reader = value;
        }

        public async ValueTask DisposeAsync()
        {
            _reader?.Dispose();
            await Watch.DisposeAsync();
            options.Progress?.Report(new RunEvent.QueryFinished(options.Model, Stopwatch.GetElapsedTime(_started)));
        }
    }
}
