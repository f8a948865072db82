using System.Runtime.InteropServices;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>The rows of a running query, a chunk of up to 2,048 at a time; the library buffers little more than that.</summary>
internal sealed unsafe class DuckDbReader : IDisposable
{
    private DuckDbNativeResult _result;
    private bool _isDisposed;

    internal DuckDbReader(DuckDbNativeResult result)
    {
        _result = result;
        fixed (DuckDbNativeResult* start = &_result)
        {
            var names = new string[DuckDbNative.duckdb_column_count(start)];
            for (var i = 0; i < names.Length; i++)
            {
                names[i] = Marshal.PtrToStringUTF8(DuckDbNative.duckdb_column_name(start, (ulong)i))!;
            }

            ColumnNames = names;
        }
    }

    /// <summary>In the order of the select list; names may repeat.</summary>
    internal IReadOnlyList<string> ColumnNames { get; }

    /// <summary>The next rows, or null after the last.</summary>
    /// <exception cref="DuckDbException">The query failed on the way, or was interrupted.</exception>
    internal IReadOnlyList<object?[]>? NextChunk()
    {
        IReadOnlyList<object?[]>? rows = null;
        return UseNextChunk(chunk => rows = Rows(chunk)) ? rows : null;
    }

    /// <summary>Does something with the next rows as the library gives them, which are gone afterwards.</summary>
    /// <returns>False after the last.</returns>
    /// <exception cref="DuckDbException">The query failed on the way, or was interrupted.</exception>
    internal bool UseNextChunk(Action<nint> use)
    {
        var chunk = DuckDbNative.duckdb_fetch_chunk(_result);
        if (chunk == 0)
        {
            fixed (DuckDbNativeResult* start = &_result)
            {
                // Also set by a query that failed half-way, whose rows end like those of one that is done.
                return Marshal.PtrToStringUTF8(DuckDbNative.duckdb_result_error(start)) is { Length: > 0 } message
                    ? throw new DuckDbException(message)
                    : false;
            }
        }

        try
        {
            use(chunk);
            return true;
        }
        finally
        {
            DuckDbNative.duckdb_destroy_data_chunk(ref chunk);
        }
    }

    /// <summary>Ends the query, whether or not all of its rows were read.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            fixed (DuckDbNativeResult* start = &_result)
            {
                DuckDbNative.duckdb_destroy_result(start);
            }
        }
    }

    private object?[][] Rows(nint chunk)
    {
        var rows = new object?[DuckDbNative.duckdb_data_chunk_get_size(chunk)][];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = new object?[ColumnNames.Count];
        }

        for (var column = 0; column < ColumnNames.Count; column++)
        {
            try
            {
                using var vector = new DuckDbVector(DuckDbNative.duckdb_data_chunk_get_vector(chunk, (ulong)column));
                for (var i = 0; i < rows.Length; i++)
                {
                    rows[i][column] = vector.Value(i);
                }
            }
            catch (NotSupportedException exception)
            {
                throw new DuckDbException($"Not implemented Error: Column {ColumnNames[column]}: {exception.Message} Cast it to varchar.");
            }
        }

        return rows;
    }
}
