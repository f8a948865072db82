using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>Makes <see cref="DuckDbJson.Canonical"/> known to an instance as the SQL function <c>cidiff_json(varchar)</c>.</summary>
internal static unsafe class DuckDbJsonFunction
{
    private const int InlineLength = 12;

    /// <summary>Registers the function for all connections of the instance.</summary>
    internal static void Register(DuckDbConnectionHandle connection)
    {
        var text = DuckDbNative.duckdb_create_logical_type(DuckDbTypeId.Varchar);
        var function = DuckDbNative.duckdb_create_scalar_function();
        try
        {
            DuckDbNative.duckdb_scalar_function_set_name(function, "cidiff_json");
            DuckDbNative.duckdb_scalar_function_add_parameter(function, text);
            DuckDbNative.duckdb_scalar_function_set_return_type(function, text);
            DuckDbNative.duckdb_scalar_function_set_function(function, &Run);
            if (DuckDbNative.duckdb_register_scalar_function(connection, function) != 0)
            {
                throw new DuckDbException("Catalog Error: The library did not take the function cidiff_json.");
            }
        }
        finally
        {
            DuckDbNative.duckdb_destroy_scalar_function(ref function);
            DuckDbNative.duckdb_destroy_logical_type(ref text);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Run(nint info, nint input, nint output)
    {
        try
        {
            var rows = DuckDbNative.duckdb_data_chunk_get_size(input);
            var vector = DuckDbNative.duckdb_data_chunk_get_vector(input, 0);
            var texts = (byte*)DuckDbNative.duckdb_vector_get_data(vector);
            var valid = DuckDbNative.duckdb_vector_get_validity(vector);
            for (ulong row = 0; row < rows; row++)
            {
                if (valid is not null && (valid[row / 64] & (1ul << (int)(row % 64))) == 0)
                {
                    DuckDbNative.duckdb_vector_ensure_validity_writable(output);
                    DuckDbNative.duckdb_validity_set_row_invalid(DuckDbNative.duckdb_vector_get_validity(output), row);
                    continue;
                }

                var canonical = DuckDbJson.Canonical(Text(texts + (row * 16))).Span;
                fixed (byte* first = canonical)
                {
                    DuckDbNative.duckdb_vector_assign_string_element_len(output, row, first, (ulong)canonical.Length);
                }
            }
        }
#pragma warning disable CA1031 // nothing may be thrown through the library's frames
        catch (Exception error)
#pragma warning restore CA1031
        {
            DuckDbNative.duckdb_scalar_function_set_error(info, $"cidiff_json: {error.Message}");
        }
    }

    // 4 bytes of length, then the text itself when it is short, else 4 bytes of prefix and a pointer.
    private static ReadOnlySpan<byte> Text(byte* text)
    {
        var length = *(int*)text;
        return new ReadOnlySpan<byte>(length <= InlineLength ? text + 4 : *(byte**)(text + 8), length);
    }
}

internal static unsafe partial class DuckDbNative
{
    /// <summary>Must be destroyed.</summary>
    [LibraryImport(Library)]
    internal static partial nint duckdb_create_logical_type(DuckDbTypeId type);

    /// <summary>Must be destroyed, also after it was registered.</summary>
    [LibraryImport(Library)]
    internal static partial nint duckdb_create_scalar_function();

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_scalar_function(ref nint function);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void duckdb_scalar_function_set_name(nint function, string name);

    [LibraryImport(Library)]
    internal static partial void duckdb_scalar_function_add_parameter(nint function, nint type);

    [LibraryImport(Library)]
    internal static partial void duckdb_scalar_function_set_return_type(nint function, nint type);

    [LibraryImport(Library)]
    internal static partial void duckdb_scalar_function_set_function(nint function, delegate* unmanaged[Cdecl]<nint, nint, nint, void> run);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void duckdb_scalar_function_set_error(nint info, string error);

    [LibraryImport(Library)]
    internal static partial int duckdb_register_scalar_function(DuckDbConnectionHandle connection, nint function);

    [LibraryImport(Library)]
    internal static partial void duckdb_vector_ensure_validity_writable(nint vector);

    [LibraryImport(Library)]
    internal static partial void duckdb_validity_set_row_invalid(ulong* validity, ulong row);

    /// <summary>Copies the text.</summary>
    [LibraryImport(Library)]
    internal static partial void duckdb_vector_assign_string_element_len(nint vector, ulong row, byte* text, ulong length);
}
