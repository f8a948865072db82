using System.Runtime.InteropServices;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>A connection to an instance of DuckDB in this process. Calls block until the library answers.</summary>
/// <remarks>Not safe for concurrent use, but for <see cref="Interrupt"/>.</remarks>
internal sealed unsafe class DuckDbConnection : IDisposable
{
    private const int SelectStatement = 1;

    private readonly DuckDbDatabaseHandle _database;
    private readonly DuckDbConnectionHandle _handle;

    private DuckDbConnection(DuckDbDatabaseHandle database)
    {
        _database = database;
        if (DuckDbNative.duckdb_connect(database, out var connection) != 0)
        {
            throw new DuckDbException("Connection Error: The library opened the database but gave no connection.");
        }

        _handle = new DuckDbConnectionHandle(connection);
    }

    /// <summary>The library's version, for example <c>v1.5.5</c>.</summary>
    internal static string LibraryVersion => Marshal.PtrToStringUTF8(DuckDbNative.duckdb_library_version())!;

    /// <summary>Starts an instance and connects to it.</summary>
    /// <param name="path">The database file, created when missing, or <c>:memory:</c>.</param>
    /// <param name="options">Options of the instance, name to value.</param>
    /// <exception cref="DuckDbException">The file cannot be opened, or an option is not known.</exception>
    internal static DuckDbConnection Open(string path, IReadOnlyDictionary<string, string> options)
    {
        _ = DuckDbNative.duckdb_create_config(out var config);
        try
        {
            foreach (var (name, value) in options)
            {
                if (DuckDbNative.duckdb_set_config(config, name, value) != 0)
                {
                    throw new DuckDbException($"Settings Error: There is no option '{name}' that could be '{value}'.");
                }
            }

            if (DuckDbNative.duckdb_open_ext(path, out var database, config, out var error) != 0)
            {
                var message = Marshal.PtrToStringUTF8(error) ?? "IO Error: The database could not be opened.";
                DuckDbNative.duckdb_free(error);
                throw new DuckDbException(message);
            }

            DuckDbDatabaseHandle? handle = null;
            try
            {
                handle = new DuckDbDatabaseHandle(database);
                var connection = new DuckDbConnection(handle);
                handle = null; // the connection's now
                return connection;
            }
            finally
            {
                handle?.Dispose();
            }
        }
        finally
        {
            DuckDbNative.duckdb_destroy_config(ref config);
        }
    }

    /// <summary>One more connection to the same instance.</summary>
    internal DuckDbConnection Another() => new(_database);

    /// <summary>Teaches the instance the functions of <see cref="DuckDbDialect"/>.</summary>
    internal void RegisterFunctions() => DuckDbFunctions.Register(_handle);

    /// <summary>Runs statements for their effect.</summary>
    /// <param name="sql">One or more, separated by semicolons.</param>
    internal void Execute(string sql)
    {
        DuckDbNativeResult result;
        var state = DuckDbNative.duckdb_query(_handle, sql, &result);
        try
        {
            if (state != 0)
            {
                throw Failure(DuckDbNative.duckdb_result_error(&result));
            }
        }
        finally
        {
            DuckDbNative.duckdb_destroy_result(&result);
        }
    }

    /// <summary>Starts a query whose rows are made as they are read.</summary>
    /// <param name="sql">A single statement that only reads. Anything else is refused before it runs: a read-only database does
    /// not keep <c>copy ... to</c> from writing a file.</param>
    internal DuckDbReader Query(string sql)
    {
        var state = DuckDbNative.duckdb_prepare(_handle, sql, out var statement);
        try
        {
            if (state != 0)
            {
                throw Failure(DuckDbNative.duckdb_prepare_error(statement));
            }

            if (DuckDbNative.duckdb_prepared_statement_type(statement) != SelectStatement)
            {
                throw new DuckDbException("Permission Error: Only queries are run, and this is another kind of statement.");
            }

            return Start(statement);
        }
        finally
        {
            DuckDbNative.duckdb_destroy_prepare(ref statement);
        }
    }

    /// <summary>Adds rows to a table of this connection's schema.</summary>
    internal DuckDbAppender Append(string table, IReadOnlyList<ColumnName> columns, IReadOnlyList<DuckDbPlainType> types) => new(_handle, table, columns, types);

    /// <summary>Makes a running statement stop with an <c>INTERRUPT</c> error soon. Without effect when none runs.</summary>
    internal void Interrupt()
    {
        // The last connection may be closed while a timer is on its way here.
        try
        {
            DuckDbNative.duckdb_interrupt(_handle);
        }
        catch (ObjectDisposedException)
        {
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    /// <summary>Ends the instance. Connections that are still open keep it alive until they are closed.</summary>
    internal void CloseDatabase()
    {
        Dispose();
        _database.Dispose();
    }

    private static DuckDbReader Start(nint statement)
    {
        var state = DuckDbNative.duckdb_pending_prepared_streaming(statement, out var pending);
        try
        {
            if (state != 0)
            {
                throw Failure(DuckDbNative.duckdb_pending_error(pending));
            }

            DuckDbNativeResult result;
            if (DuckDbNative.duckdb_execute_pending(pending, &result) != 0)
            {
                var failure = Failure(DuckDbNative.duckdb_result_error(&result));
                DuckDbNative.duckdb_destroy_result(&result);
                throw failure;
            }

            return new DuckDbReader(result);
        }
        finally
        {
            DuckDbNative.duckdb_destroy_pending(ref pending);
        }
    }

    private static DuckDbException Failure(nint message) =>
        new(Marshal.PtrToStringUTF8(message) ?? "The library reported an error without saying which.");
}
