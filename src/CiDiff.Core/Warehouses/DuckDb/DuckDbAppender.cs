using System.Runtime.InteropServices;
using System.Text;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>Adds rows of texts to a table, a chunk of the library's at a time. Not safe for concurrent use.</summary>
#pragma warning disable CA2216 // always in a using, and a finalizer could come after the connection's
internal sealed unsafe class DuckDbAppender : IDisposable
#pragma warning restore CA2216
{
    private readonly ulong _capacity = DuckDbNative.duckdb_vector_size();
    private readonly int _columns;
    private nint _appender;
    private nint _chunk;
    private ulong _rows;
    private byte[] _text = new byte[1024];

    /// <summary>Opens a table.</summary>
    /// <param name="connection">Where it is.</param>
    /// <param name="table">Its name, in the connection's schema; all of its columns are texts.</param>
    /// <param name="columns">How many columns it has.</param>
    public DuckDbAppender(DuckDbConnectionHandle connection, string table, int columns)
    {
        _columns = columns;
        if (DuckDbNative.duckdb_appender_create(connection, null, table, out _appender) != 0)
        {
            var error = Failure();
            DuckDbNative.duckdb_appender_destroy(ref _appender);
            throw error;
        }

        var type = DuckDbNative.duckdb_create_logical_type(DuckDbTypeId.Varchar);
        var types = Enumerable.Repeat(type, columns).ToArray();
        fixed (nint* first = types)
        {
            _chunk = DuckDbNative.duckdb_create_data_chunk(first, (ulong)columns);
        }

        DuckDbNative.duckdb_destroy_logical_type(ref type);
    }

    /// <summary>Adds a row.</summary>
    /// <param name="row">Texts, or null, one for each column.</param>
    public void Append(IReadOnlyList<object?> row)
    {
        for (var column = 0; column < _columns; column++)
        {
            var vector = DuckDbNative.duckdb_data_chunk_get_vector(_chunk, (ulong)column);
            if (row[column] is string text)
            {
                var length = Encode(text);
                fixed (byte* first = _text)
                {
                    DuckDbNative.duckdb_vector_assign_string_element_len(vector, _rows, first, (ulong)length);
                }
            }
            else
            {
                DuckDbNative.duckdb_vector_ensure_validity_writable(vector);
                DuckDbNative.duckdb_validity_set_row_invalid(DuckDbNative.duckdb_vector_get_validity(vector), _rows);
            }
        }

        if (++_rows == _capacity)
        {
            Flush();
        }
    }

    /// <summary>Adds what is left and closes the table.</summary>
    public void Complete()
    {
        Flush();
        if (DuckDbNative.duckdb_appender_close(_appender) != 0)
        {
            throw Failure();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_chunk != 0)
        {
            DuckDbNative.duckdb_destroy_data_chunk(ref _chunk);
        }

        if (_appender != 0)
        {
            _ = DuckDbNative.duckdb_appender_destroy(ref _appender);
        }
    }

    private int Encode(string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_text.Length < most)
        {
            _text = new byte[most];
        }

        return Encoding.UTF8.GetBytes(text, _text);
    }

    private void Flush()
    {
        DuckDbNative.duckdb_data_chunk_set_size(_chunk, _rows);
        if (_rows > 0 && DuckDbNative.duckdb_append_data_chunk(_appender, _chunk) != 0)
        {
            throw Failure();
        }

        DuckDbNative.duckdb_data_chunk_reset(_chunk);
        _rows = 0;
    }

    private DuckDbException Failure() =>
        new(Marshal.PtrToStringUTF8(DuckDbNative.duckdb_appender_error(_appender)) ?? "The library did not take the rows.");
}

internal static unsafe partial class DuckDbNative
{
    [LibraryImport(Library)]
    internal static partial ulong duckdb_vector_size();

    /// <summary>The appender must be destroyed whatever the state.</summary>
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int duckdb_appender_create(DuckDbConnectionHandle connection, string? schema, string table, out nint appender);

    [LibraryImport(Library)]
    internal static partial nint duckdb_appender_error(nint appender);

    [LibraryImport(Library)]
    internal static partial int duckdb_appender_close(nint appender);

    [LibraryImport(Library)]
    internal static partial int duckdb_appender_destroy(ref nint appender);

    [LibraryImport(Library)]
    internal static partial int duckdb_append_data_chunk(nint appender, nint chunk);

    /// <summary>Must be destroyed; the types are copied.</summary>
    [LibraryImport(Library)]
    internal static partial nint duckdb_create_data_chunk(nint* types, ulong columns);

    [LibraryImport(Library)]
    internal static partial void duckdb_data_chunk_set_size(nint chunk, ulong size);

    [LibraryImport(Library)]
    internal static partial void duckdb_data_chunk_reset(nint chunk);
}
