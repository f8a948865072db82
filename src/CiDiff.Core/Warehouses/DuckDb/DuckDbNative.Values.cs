using System.Runtime.InteropServices;

namespace CiDiff.Warehouses.DuckDb;

// Single values, which the library turns into text as a cast would. Every one must be destroyed; the ones that are made of others
// copy them.
internal static unsafe partial class DuckDbNative
{
    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_value(ref nint value);

    /// <summary>The text must be freed with <see cref="duckdb_free"/>.</summary>
    [LibraryImport(Library)]
    internal static partial nint duckdb_get_varchar(nint value);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_null_value();

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_bool([MarshalAs(UnmanagedType.U1)] bool value);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_int8(sbyte value);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_int16(short value);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_int32(int value);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_uint8(byte value);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_uint16(ushort value);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_uint32(uint value);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_bignum(DuckDbBigNum value);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_int64(long value);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_uint64(ulong value);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_hugeint(DuckDbHugeInt value);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_uhugeint(DuckDbHugeInt value);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_uuid(DuckDbHugeInt value);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_float(float value);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_double(double value);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_decimal(DuckDbDecimal value);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_varchar_length(byte* text, ulong length);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_blob(byte* data, ulong length);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_bit(DuckDbBytes bits);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_date(int days);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_time(long microseconds);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_time_ns(long nanoseconds);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_time_tz_value(ulong bits);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_timestamp(long microseconds);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_timestamp_tz(long microseconds);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_timestamp_s(long seconds);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_timestamp_ms(long milliseconds);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_timestamp_ns(long nanoseconds);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_interval(DuckDbInterval value);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_enum_value(DuckDbTypeHandle type, ulong value);

    /// <summary>The type is that of the elements.</summary>
    [LibraryImport(Library)]
    internal static partial nint duckdb_create_list_value(DuckDbTypeHandle type, nint* values, ulong count);

    /// <summary>The type is that of the elements.</summary>
    [LibraryImport(Library)]
    internal static partial nint duckdb_create_array_value(DuckDbTypeHandle type, nint* values, ulong count);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_struct_value(DuckDbTypeHandle type, nint* values);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_map_value(DuckDbTypeHandle type, nint* keys, nint* values, ulong count);

    [LibraryImport(Library)]
    internal static partial nint duckdb_create_union_value(DuckDbTypeHandle type, ulong tag, nint value);
}

/// <summary><c>duckdb_hugeint</c> and <c>duckdb_uhugeint</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct DuckDbHugeInt(ulong Lower, ulong Upper);

/// <summary><c>duckdb_decimal</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct DuckDbDecimal(byte Width, byte Scale, DuckDbHugeInt Value);

/// <summary><c>duckdb_interval</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct DuckDbInterval(int Months, int Days, long Microseconds);

/// <summary><c>duckdb_bit</c> and <c>duckdb_blob</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct DuckDbBytes(nint Data, ulong Size);

/// <summary><c>duckdb_bignum</c>: the magnitude, highest byte first.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct DuckDbBigNum(nint Data, ulong Size, byte IsNegative);
