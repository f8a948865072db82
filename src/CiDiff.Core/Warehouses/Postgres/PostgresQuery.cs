using System.Data;
using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace CiDiff.Warehouses.Postgres;

/// <summary>One statement on its way, from its start to its last row. Throws what Npgsql throws.</summary>
internal sealed class PostgresQuery : IAsyncDisposable
{
    // How long the rest of a result may take to arrive when the caller wants no more of it.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private readonly NpgsqlCommand _command;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private NpgsqlDataReader? _reader;
    private uint[] _types = [];
    private bool _finished;

    /// <summary>Prepares the statement.</summary>
    /// <param name="connection">Where it will run.</param>
    /// <param name="query">The SQL.</param>
    /// <param name="text">The same as it is sent.</param>
    /// <param name="limit">The server's limit; null for none.</param>
    public PostgresQuery(NpgsqlConnection connection, SqlText query, string text, TimeSpan? limit)
    {
        Query = query;
#pragma warning disable CA2100 // made by SqlDialect.Sql, or the user's own query
        _command = new NpgsqlCommand(text, connection)
        {
            AllResultTypesAreUnknown = true,

            CommandTimeout = limit is { } time ? (int)Math.Min(Beyond(time).TotalSeconds, int.MaxValue) : 0,
        };
#pragma warning restore CA2100

        // With a positional parameter Npgsql sends the text as it is, as one statement, and the server refuses more than one:
        // a filter that tries to end the transaction does not get through. Without one Npgsql would split the text. Its type is one that nothing
        // can be compared with, so that a $1 in a filter is an error there too.
        _command.Parameters.Add(new NpgsqlParameter<string> { NpgsqlDbType = NpgsqlDbType.Refcursor, TypedValue = "" });
    }

    /// <summary>The SQL.</summary>
    public SqlText Query { get; }

    /// <summary>The identifiers of the types of the result's columns.</summary>
    public IReadOnlyList<uint> Types => _types;

    /// <summary>How long an answer is waited for. Above the server's own limit: for a server or a network that no longer answers at all.</summary>
    public static TimeSpan Beyond(TimeSpan limit) => limit + TimeSpan.FromSeconds(60);

    /// <summary>Whether it could not be ended.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Since it was prepared.</summary>
    public TimeSpan Elapsed => _watch.Elapsed;

    /// <summary>Sends the statement and waits for the result's description.</summary>
    public async Task StartAsync(CommandBehavior behavior, CancellationToken cancellationToken)
    {
        _reader = await _command.ExecuteReaderAsync(behavior, cancellationToken);
        _types = new uint[_reader.FieldCount];
        for (var index = 0; index < _types.Length; index++)
        {
            _types[index] = _reader.GetDataTypeOID(index);
        }
    }

    /// <summary>Goes to the next row; false when there is none.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        _finished = !await _reader!.ReadAsync(cancellationToken);
        return !_finished;
    }

    /// <summary>The row's values, as <see cref="IWarehouseSession.QueryAsync"/> promises them.</summary>
    public object?[] Row()
    {
        var row = new object?[_types.Length];
        for (var index = 0; index < row.Length; index++)
        {
            row[index] = _reader!.IsDBNull(index) ? null : PostgresValues.Read(_types[index], _reader.GetString(index));
        }

        return row;
    }

    /// <summary>The result's columns.</summary>
    public IReadOnlyList<ResultColumn> Columns() =>
    [
        .. _reader!.GetColumnSchema().Select(column => new ResultColumn(
            new ColumnName(column.ColumnName),
            column.TypeOID,
            PostgresValues.TypeModifier(column.TypeOID, column.NumericPrecision, column.NumericScale, column.ColumnSize))),
    ];

    /// <summary>Reads the rest when that is quick, as for a caller who took the only row, and otherwise stops the statement.</summary>
    /// <returns>False when it was stopped, which fails the transaction.</returns>
    public async Task<bool> FinishAsync()
    {
        if (_reader is not { IsClosed: false } || _finished)
        {
            return true;
        }

        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (await _reader.ReadAsync(patience.Token))
            {
            }

            return true;
        }
        catch (Exception error) when (error is NpgsqlException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Fails never: all rows were read, or nobody wants the rest, or what failed is on its way to the caller. The next statement meets a broken connection.</remarks>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_reader is not null)
            {
                await _reader.DisposeAsync();
            }
        }
        catch (NpgsqlException)
        {
            IsBroken = true;
        }

        await _command.DisposeAsync();
    }
}
