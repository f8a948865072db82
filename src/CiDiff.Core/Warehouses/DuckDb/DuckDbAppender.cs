using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>Adds rows to a table, a chunk of the library's at a time. Not safe for concurrent use.</summary>
/// <remarks>A row is made value by value, each column's once, and ended; or rows come as a chunk of another instance of the library.</remarks>
#pragma warning disable CA2216 // always in a using, and a finalizer could come after the connection's
internal sealed unsafe class DuckDbAppender : IDisposable
#pragma warning restore CA2216
{
    // A text or blob of up to so many bytes lies in the vector itself, behind its length.
    private const int InlineLength = 12;

    private readonly ulong _capacity = DuckDbNative.duckdb_vector_size();
    private readonly nint[] _vectors;
    private readonly nint[] _values;
    private readonly nint[] _validity;
    private nint _appender;
    private nint _chunk;
    private ulong _rows;
    private byte[] _text = new byte[1024];

    /// <summary>Opens a table.</summary>
    /// <param name="connection">Where it is.</param>
    /// <param name="table">Its name, in the connection's schema.</param>
    /// <param name="columns">The names of its columns.</param>
    /// <param name="types">Their types.</param>
    public DuckDbAppender(DuckDbConnectionHandle connection, string table, IReadOnlyList<ColumnName> columns, IReadOnlyList<DuckDbPlainType> types)
    {
        (Columns, Types) = (columns, types);
        (_vectors, _values, _validity) = (new nint[types.Count], new nint[types.Count], new nint[types.Count]);
        if (DuckDbNative.duckdb_appender_create(connection, null, table, out _appender) != 0)
        {
            var error = Failure();
            DuckDbNative.duckdb_appender_destroy(ref _appender);
            throw error;
        }

        var natives = types.Select(type => type.ToNative()).ToArray();
        fixed (nint* first = natives)
        {
            _chunk = DuckDbNative.duckdb_create_data_chunk(first, (ulong)natives.Length);
        }

        for (var index = 0; index < natives.Length; index++)
        {
            DuckDbNative.duckdb_destroy_logical_type(ref natives[index]);
        }

        LookAtChunk();
    }

    /// <summary>The names of the table's columns.</summary>
    public IReadOnlyList<ColumnName> Columns { get; }

    /// <summary>The types of the table's columns.</summary>
    public IReadOnlyList<DuckDbPlainType> Types { get; }

    /// <summary>Adds a row of texts, or null, one for each column; all columns must be texts.</summary>
    public void Append(IReadOnlyList<object?> row)
    {
        for (var column = 0; column < _vectors.Length; column++)
        {
            if (row[column] is string text)
            {
                SetBytes(column, Encode(text));
            }
            else
            {
                SetNull(column);
            }
        }

        EndRow();
    }

    /// <summary>Adds the rows of a chunk that another instance gave, which stays the caller's. Its columns have the types of the table's.</summary>
    public void Append(nint chunk)
    {
        if (DuckDbNative.duckdb_append_data_chunk(_appender, chunk) != 0)
        {
            throw Failure();
        }
    }

    /// <summary>Gives the row that is being made a value.</summary>
    /// <param name="column">Its column.</param>
    /// <param name="value">As it lies in a vector of the column's type.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set<T>(int column, T value)
        where T : unmanaged => ((T*)_values[column])[_rows] = value;

    /// <summary>Gives the row that is being made a text, in UTF-8, or a blob.</summary>
    public void SetBytes(int column, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= InlineLength)
        {
            var place = (byte*)_values[column] + (_rows * 16);
            new Span<byte>(place, 16).Clear(); // what is behind a short text counts when texts are compared
            *(int*)place = bytes.Length;
            bytes.CopyTo(new Span<byte>(place + 4, InlineLength));
            return;
        }

        fixed (byte* first = bytes)
        {
            DuckDbNative.duckdb_unsafe_vector_assign_string_element_len(_vectors[column], _rows, first, (ulong)bytes.Length);
        }
    }

    /// <summary>Gives the row that is being made a null.</summary>
    public void SetNull(int column)
    {
        if (_validity[column] == 0)
        {
            DuckDbNative.duckdb_vector_ensure_validity_writable(_vectors[column]);
            _validity[column] = (nint)DuckDbNative.duckdb_vector_get_validity(_vectors[column]);
        }

        ((ulong*)_validity[column])[_rows / 64] &= ~(1ul << (int)(_rows % 64));
    }

    /// <summary>Begins the next row.</summary>
    public void EndRow()
    {
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

    private ReadOnlySpan<byte> Encode(string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_text.Length < most)
        {
            _text = new byte[most];
        }

        return _text.AsSpan(0, Encoding.UTF8.GetBytes(text, _text));
    }

    private void Flush()
    {
        DuckDbNative.duckdb_data_chunk_set_size(_chunk, _rows);
        if (_rows > 0)
        {
            Append(_chunk);
        }

        DuckDbNative.duckdb_data_chunk_reset(_chunk);
        _rows = 0;
        LookAtChunk();
    }

    // What is known of a vector holds until its chunk is reset.
    private void LookAtChunk()
    {
        for (var column = 0; column < _vectors.Length; column++)
        {
            _vectors[column] = DuckDbNative.duckdb_data_chunk_get_vector(_chunk, (ulong)column);
            _values[column] = (nint)DuckDbNative.duckdb_vector_get_data(_vectors[column]);
            _validity[column] = 0;
        }
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

    /// <summary>The type must be destroyed.</summary>
    [LibraryImport(Library)]
    internal static partial nint duckdb_create_decimal_type(byte width, byte scale);

    /// <summary>Must be destroyed; the types are copied.</summary>
    [LibraryImport(Library)]
    internal static partial nint duckdb_create_data_chunk(nint* types, ulong columns);

    [LibraryImport(Library)]
    internal static partial void duckdb_data_chunk_set_size(nint chunk, ulong size);

    [LibraryImport(Library)]
    internal static partial void duckdb_data_chunk_reset(nint chunk);

    /// <summary>Copies the bytes, and does not look whether they are a text.</summary>
    [LibraryImport(Library)]
    internal static partial void duckdb_unsafe_vector_assign_string_element_len(nint vector, ulong row, byte* text, ulong length);
}
