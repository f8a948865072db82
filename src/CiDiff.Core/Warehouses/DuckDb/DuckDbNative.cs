using System.Reflection;
using System.Runtime.InteropServices;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace CiDiff.Warehouses.DuckDb;

/// <summary>The part of DuckDB's C interface that CiDiff calls, name by name as in <c>duckdb.h</c>:
/// https://duckdb.org/docs/stable/clients/c/api</summary>
/// <remarks>States are 0 for success. Pointers to text are UTF-8; what the caller must free says so.</remarks>
internal static unsafe partial class DuckDbNative
{
    private const string Library = "duckdb";

    static DuckDbNative() => NativeLibrary.SetDllImportResolver(typeof(DuckDbNative).Assembly, Resolve);

    /// <summary>The library's file name on this platform.</summary>
    internal static string LibraryFile =>
        OperatingSystem.IsWindows() ? "duckdb.dll" : OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so";

    [LibraryImport(Library)]
    internal static partial nint duckdb_library_version();

    [LibraryImport(Library)]
    internal static partial int duckdb_create_config(out nint config);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int duckdb_set_config(nint config, string name, string value);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_config(ref nint config);

    /// <summary>The error must be freed with <see cref="duckdb_free"/>.</summary>
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int duckdb_open_ext(string path, out nint database, nint config, out nint error);

    [LibraryImport(Library)]
    internal static partial void duckdb_close(ref nint database);

    [LibraryImport(Library)]
    internal static partial int duckdb_connect(DuckDbDatabaseHandle database, out nint connection);

    [LibraryImport(Library)]
    internal static partial void duckdb_disconnect(ref nint connection);

    [LibraryImport(Library)]
    internal static partial void duckdb_interrupt(DuckDbConnectionHandle connection);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int duckdb_query(DuckDbConnectionHandle connection, string sql, DuckDbNativeResult* result);

    /// <summary>The statement must be destroyed whatever the state.</summary>
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int duckdb_prepare(DuckDbConnectionHandle connection, string sql, out nint statement);

    [LibraryImport(Library)]
    internal static partial nint duckdb_prepare_error(nint statement);

    [LibraryImport(Library)]
    internal static partial int duckdb_prepared_statement_type(nint statement);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_prepare(ref nint statement);

    /// <summary>The pending result must be destroyed whatever the state.</summary>
    [LibraryImport(Library)]
    internal static partial int duckdb_pending_prepared_streaming(nint statement, out nint pending);

    [LibraryImport(Library)]
    internal static partial nint duckdb_pending_error(nint pending);

    [LibraryImport(Library)]
    internal static partial int duckdb_execute_pending(nint pending, DuckDbNativeResult* result);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_pending(ref nint pending);

    [LibraryImport(Library)]
    internal static partial nint duckdb_result_error(DuckDbNativeResult* result);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_result(DuckDbNativeResult* result);

    [LibraryImport(Library)]
    internal static partial ulong duckdb_column_count(DuckDbNativeResult* result);

    [LibraryImport(Library)]
    internal static partial nint duckdb_column_name(DuckDbNativeResult* result, ulong column);

    /// <summary>Zero at the end and after an error; the result's error tells which.</summary>
    [LibraryImport(Library)]
    internal static partial nint duckdb_fetch_chunk(DuckDbNativeResult result);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_data_chunk(ref nint chunk);

    [LibraryImport(Library)]
    internal static partial ulong duckdb_data_chunk_get_size(nint chunk);

    [LibraryImport(Library)]
    internal static partial nint duckdb_data_chunk_get_vector(nint chunk, ulong column);

    /// <summary>The type must be destroyed.</summary>
    [LibraryImport(Library)]
    internal static partial nint duckdb_vector_get_column_type(nint vector);

    [LibraryImport(Library)]
    internal static partial void* duckdb_vector_get_data(nint vector);

    /// <summary>One bit per row, 1 for a value; null when no row is null.</summary>
    [LibraryImport(Library)]
    internal static partial ulong* duckdb_vector_get_validity(nint vector);

    [LibraryImport(Library)]
    internal static partial nint duckdb_list_vector_get_child(nint vector);

    [LibraryImport(Library)]
    internal static partial nint duckdb_array_vector_get_child(nint vector);

    [LibraryImport(Library)]
    internal static partial nint duckdb_struct_vector_get_child(nint vector, ulong index);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_logical_type(ref nint type);

    [LibraryImport(Library)]
    internal static partial DuckDbTypeId duckdb_get_type_id(DuckDbTypeHandle type);

    [LibraryImport(Library)]
    internal static partial byte duckdb_decimal_width(DuckDbTypeHandle type);

    [LibraryImport(Library)]
    internal static partial byte duckdb_decimal_scale(DuckDbTypeHandle type);

    [LibraryImport(Library)]
    internal static partial DuckDbTypeId duckdb_decimal_internal_type(DuckDbTypeHandle type);

    [LibraryImport(Library)]
    internal static partial DuckDbTypeId duckdb_enum_internal_type(DuckDbTypeHandle type);

    [LibraryImport(Library)]
    internal static partial ulong duckdb_array_type_array_size(DuckDbTypeHandle type);

    [LibraryImport(Library)]
    internal static partial ulong duckdb_struct_type_child_count(DuckDbTypeHandle type);

    [LibraryImport(Library)]
    internal static partial ulong duckdb_union_type_member_count(DuckDbTypeHandle type);

    [LibraryImport(Library)]
    internal static partial void duckdb_free(nint pointer);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Library)
        {
            return 0;
        }

        // Only beside the program: a library of another version somewhere on the system has another layout.
        return NativeLibrary.Load(Path.Combine(AppContext.BaseDirectory, LibraryFile));
    }
}

/// <summary><c>duckdb_result</c>; its fields are deprecated, only its size counts.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DuckDbNativeResult
{
#pragma warning disable CS0169, CA1823, IDE0051, IDE0044 // the C library's fields
    private nint _columnCount;
    private nint _rowCount;
    private nint _rowsChanged;
    private nint _columns;
    private nint _error;
    private nint _internal;
#pragma warning restore CS0169, CA1823, IDE0051, IDE0044
}

/// <summary><c>DUCKDB_TYPE</c>.</summary>
internal enum DuckDbTypeId
{
    Invalid = 0,
    Boolean = 1,
    TinyInt = 2,
    SmallInt = 3,
    Integer = 4,
    BigInt = 5,
    UTinyInt = 6,
    USmallInt = 7,
    UInteger = 8,
    UBigInt = 9,
    Float = 10,
    Double = 11,
    Timestamp = 12,
    Date = 13,
    Time = 14,
    Interval = 15,
    HugeInt = 16,
    Varchar = 17,
    Blob = 18,
    Decimal = 19,
    TimestampSeconds = 20,
    TimestampMilliseconds = 21,
    TimestampNanoseconds = 22,
    Enum = 23,
    List = 24,
    Struct = 25,
    Map = 26,
    Uuid = 27,
    Union = 28,
    Bit = 29,
    TimeTz = 30,
    TimestampTz = 31,
    UHugeInt = 32,
    Array = 33,
    Any = 34,
    BigNum = 35,
    SqlNull = 36,
    TimeNanoseconds = 39,
}
