using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>The SQL functions that CiDiff adds to an instance: <c>cidiff_json</c>, see <see cref="DuckDbJson"/>; <c>cidiff_double_text</c> and
/// <c>cidiff_float_text</c>, see <see cref="FloatText"/>; <c>cidiff_hash_…</c>, see <see cref="CommonHash"/>; <c>cidiff_groups</c>, see
/// <see cref="DuckDbGroups"/>.</summary>
/// <remarks>Null gives null.</remarks>
internal static unsafe class DuckDbFunctions
{
    private const int InlineLength = 12;

    /// <summary>Registers the functions for all connections of the instance.</summary>
    internal static void Register(DuckDbConnectionHandle connection)
    {
        Register(connection, "cidiff_json", [DuckDbTypeId.Varchar], DuckDbTypeId.Varchar, &Json);
        Register(connection, "cidiff_double_text", [DuckDbTypeId.Double], DuckDbTypeId.Varchar, &DoubleText);
        Register(connection, "cidiff_float_text", [DuckDbTypeId.Float], DuckDbTypeId.Varchar, &SingleText);
        DuckDbHashes.Register(connection);
        DuckDbGroups.Register(connection);
    }

    /// <summary>Registers a function.</summary>
    internal static void Register(
        DuckDbConnectionHandle connection,
        string name,
        ReadOnlySpan<DuckDbTypeId> parameters,
        DuckDbTypeId result,
        delegate* unmanaged[Cdecl]<nint, nint, nint, void> run)
    {
        var function = DuckDbNative.duckdb_create_scalar_function();
        try
        {
            DuckDbNative.duckdb_scalar_function_set_name(function, name);
            foreach (var parameter in parameters)
            {
                WithType(parameter, type => DuckDbNative.duckdb_scalar_function_add_parameter(function, type));
            }

            WithType(result, type => DuckDbNative.duckdb_scalar_function_set_return_type(function, type));
            DuckDbNative.duckdb_scalar_function_set_function(function, run);
            if (DuckDbNative.duckdb_register_scalar_function(connection, function) != 0)
            {
                throw new DuckDbException($"Catalog Error: The library did not take the function {name}.");
            }
        }
        finally
        {
            DuckDbNative.duckdb_destroy_scalar_function(ref function);
        }
    }

    /// <summary>Uses one of the library's types, and destroys it.</summary>
    internal static void WithType(DuckDbTypeId id, Action<nint> use)
    {
        var type = DuckDbNative.duckdb_create_logical_type(id);
        try
        {
            use(type);
        }
        finally
        {
            DuckDbNative.duckdb_destroy_logical_type(ref type);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Json(nint info, nint input, nint output) =>
        Run(info, input, output, (values, row) => Assign(output, row, DuckDbJson.Canonical(Text((byte*)values, row)).Span));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void DoubleText(nint info, nint input, nint output) => Run(info, input, output, (values, row) =>
    {
        Span<byte> text = stackalloc byte[FloatText.MaxLength];
        Assign(output, row, text[..FloatText.Write(((double*)values)[row], text)]);
    });

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void SingleText(nint info, nint input, nint output) => Run(info, input, output, (values, row) =>
    {
        Span<byte> text = stackalloc byte[FloatText.MaxLength];
        Assign(output, row, text[..FloatText.Write(((float*)values)[row], text)]);
    });

    private static void Run(nint info, nint input, nint output, Action<nint, ulong> assign)
    {
        try
        {
            var first = DuckDbNative.duckdb_data_chunk_get_vector(input, 0);
            var values = (nint)DuckDbNative.duckdb_vector_get_data(first);
            var valid = DuckDbNative.duckdb_vector_get_validity(first);
            var rows = DuckDbNative.duckdb_data_chunk_get_size(input);
            for (ulong row = 0; row < rows; row++)
            {
                if (IsValid(valid, row))
                {
                    assign(values, row);
                }
                else
                {
                    DuckDbNative.duckdb_vector_ensure_validity_writable(output);
                    DuckDbNative.duckdb_validity_set_row_invalid(DuckDbNative.duckdb_vector_get_validity(output), row);
                }
            }
        }
#pragma warning disable CA1031 // nothing may be thrown through the library's frames
        catch (Exception error)
#pragma warning restore CA1031
        {
            DuckDbNative.duckdb_scalar_function_set_error(info, $"cidiff: {error.Message}");
        }
    }

    /// <summary>Whether a row's value is not null.</summary>
    internal static bool IsValid(ulong* valid, ulong row) => valid is null || (valid[row / 64] & (1ul << (int)(row % 64))) != 0;

    /// <summary>A row's text, which lives as long as the vector.</summary>
    /// <remarks>4 bytes of length, then the text itself when it is short, else 4 bytes of prefix and a pointer.</remarks>
    internal static ReadOnlySpan<byte> Text(byte* texts, ulong row)
    {
        var text = TextAt(texts, row, out var length);
        return new ReadOnlySpan<byte>(text, length);
    }

    /// <summary>Where a row's text is.</summary>
    internal static byte* TextAt(byte* texts, ulong row, out int length)
    {
        var text = texts + (row * 16);
        length = *(int*)text;
        return length <= InlineLength ? text + 4 : *(byte**)(text + 8);
    }

    /// <summary>Sets a row's text.</summary>
    internal static void Assign(nint output, ulong row, ReadOnlySpan<byte> text)
    {
        fixed (byte* first = text)
        {
            DuckDbNative.duckdb_vector_assign_string_element_len(output, row, first, (ulong)text.Length);
        }
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
