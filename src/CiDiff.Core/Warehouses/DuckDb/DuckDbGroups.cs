using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>The aggregate <c>cidiff_groups(is_base, key, hash, least, greatest, bits)</c>, see <see cref="SqlDialect.CompareGroups"/>: the text of a
/// <see cref="GroupDifferences"/>, null of no rows.</summary>
/// <remarks>The library keeps a handle of a <see cref="GroupSums"/> for each of its threads. <c>least</c>, <c>greatest</c> and <c>bits</c> are the
/// same in every row.</remarks>
internal static unsafe class DuckDbGroups
{
    /// <summary>The function's name.</summary>
    public const string Name = "cidiff_groups";

    /// <summary>Registers it for all connections of the instance.</summary>
    internal static void Register(DuckDbConnectionHandle connection)
    {
        var function = DuckDbNative.duckdb_create_aggregate_function();
        try
        {
            DuckDbNative.duckdb_aggregate_function_set_name(function, Name);
            foreach (var type in (ReadOnlySpan<DuckDbTypeId>)
                [DuckDbTypeId.Boolean, DuckDbTypeId.BigInt, DuckDbTypeId.UBigInt, DuckDbTypeId.BigInt, DuckDbTypeId.BigInt, DuckDbTypeId.BigInt])
            {
                DuckDbFunctions.WithType(type, parameter => DuckDbNative.duckdb_aggregate_function_add_parameter(function, parameter));
            }

            DuckDbFunctions.WithType(DuckDbTypeId.Varchar, result => DuckDbNative.duckdb_aggregate_function_set_return_type(function, result));

            // Otherwise rows with a null would be left out.
            DuckDbNative.duckdb_aggregate_function_set_special_handling(function);
            DuckDbNative.duckdb_aggregate_function_set_functions(function, &Size, &Begin, &Update, &Combine, &Finish);
            DuckDbNative.duckdb_aggregate_function_set_destructor(function, &Destroy);
            if (DuckDbNative.duckdb_register_aggregate_function(connection, function) != 0)
            {
                throw new DuckDbException($"Catalog Error: The library did not take the function {Name}.");
            }
        }
        finally
        {
            DuckDbNative.duckdb_destroy_aggregate_function(ref function);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static ulong Size(nint info) => (ulong)sizeof(nint);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Begin(nint info, nint* state) => *state = 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Update(nint info, nint input, nint** states) => Guard(info, () => Add(input, states));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Combine(nint info, nint** sources, nint** targets, ulong count) => Guard(info, () =>
    {
        for (ulong row = 0; row < count; row++)
        {
            if (*sources[row] == 0)
            {
                continue;
            }

            if (*targets[row] == 0)
            {
                // The source is not needed any more: only its destructor is still called.
                (*targets[row], *sources[row]) = (*sources[row], 0);
            }
            else
            {
                Sums(*targets[row]).Add(Sums(*sources[row]));
            }
        }
    });

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Finish(nint info, nint** states, nint result, ulong count, ulong offset) => Guard(info, () =>
    {
        for (ulong row = 0; row < count; row++)
        {
            if (*states[row] == 0)
            {
                DuckDbNative.duckdb_vector_ensure_validity_writable(result);
                DuckDbNative.duckdb_validity_set_row_invalid(DuckDbNative.duckdb_vector_get_validity(result), offset + row);
            }
            else
            {
                DuckDbFunctions.Assign(result, offset + row, System.Text.Encoding.ASCII.GetBytes(Sums(*states[row]).Differences().ToString()));
            }
        }
    });

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Destroy(nint** states, ulong count)
    {
        for (ulong row = 0; row < count; row++)
        {
            if (*states[row] != 0)
            {
                GCHandle.FromIntPtr(*states[row]).Free();
                *states[row] = 0;
            }
        }
    }

    private static void Guard(nint info, Action action)
    {
        try
        {
            action();
        }
#pragma warning disable CA1031 // nothing may be thrown through the library's frames
        catch (Exception error)
#pragma warning restore CA1031
        {
            DuckDbNative.duckdb_aggregate_function_set_error(info, $"cidiff: {error.Message}");
        }
    }

    // Called for every 2,048 rows, so that its first version would be in use for much of a short run.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(nint input, nint** states)
    {
        var rows = (int)DuckDbNative.duckdb_data_chunk_get_size(input);
        var (isBase, keys, hashes) = ((nint)Column(input, 0), (nint)Column(input, 1), (nint)Column(input, 2));
        var valid = DuckDbNative.duckdb_vector_get_validity(DuckDbNative.duckdb_data_chunk_get_vector(input, 1));
        for (int first = 0, end; first < rows; first = end)
        {
            // Rows of one state and without a null come together: mostly all of them.
            var state = states[first];
            var isNull = !DuckDbFunctions.IsValid(valid, (ulong)first);
            end = first + 1;
            while (end < rows && states[end] == state && !isNull && DuckDbFunctions.IsValid(valid, (ulong)end))
            {
                end++;
            }

            if (*state == 0)
            {
                var range = new KeyRange(((long*)Column(input, 3))[first], ((long*)Column(input, 4))[first], (int)((long*)Column(input, 5))[first]);
                *state = GCHandle.ToIntPtr(GCHandle.Alloc(new GroupSums(range)));
            }

            if (isNull)
            {
                Sums(*state).AddNull();
            }
            else
            {
                var count = end - first;
                Sums(*state).Add(new((bool*)isBase + first, count), new((long*)keys + first, count), new((ulong*)hashes + first, count));
            }
        }
    }

    private static void* Column(nint input, ulong index) => DuckDbNative.duckdb_vector_get_data(DuckDbNative.duckdb_data_chunk_get_vector(input, index));

    private static GroupSums Sums(nint handle) => (GroupSums)GCHandle.FromIntPtr(handle).Target!;
}

internal static unsafe partial class DuckDbNative
{
    /// <summary>Must be destroyed, also after it was registered.</summary>
    [LibraryImport(Library)]
    internal static partial nint duckdb_create_aggregate_function();

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_aggregate_function(ref nint function);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void duckdb_aggregate_function_set_name(nint function, string name);

    [LibraryImport(Library)]
    internal static partial void duckdb_aggregate_function_add_parameter(nint function, nint type);

    [LibraryImport(Library)]
    internal static partial void duckdb_aggregate_function_set_return_type(nint function, nint type);

    [LibraryImport(Library)]
    internal static partial void duckdb_aggregate_function_set_special_handling(nint function);

    [LibraryImport(Library)]
    internal static partial void duckdb_aggregate_function_set_functions(
        nint function,
        delegate* unmanaged[Cdecl]<nint, ulong> size,
        delegate* unmanaged[Cdecl]<nint, nint*, void> begin,
        delegate* unmanaged[Cdecl]<nint, nint, nint**, void> update,
        delegate* unmanaged[Cdecl]<nint, nint**, nint**, ulong, void> combine,
        delegate* unmanaged[Cdecl]<nint, nint**, nint, ulong, ulong, void> finish);

    [LibraryImport(Library)]
    internal static partial void duckdb_aggregate_function_set_destructor(nint function, delegate* unmanaged[Cdecl]<nint**, ulong, void> destroy);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void duckdb_aggregate_function_set_error(nint info, string error);

    [LibraryImport(Library)]
    internal static partial int duckdb_register_aggregate_function(DuckDbConnectionHandle connection, nint function);
}
