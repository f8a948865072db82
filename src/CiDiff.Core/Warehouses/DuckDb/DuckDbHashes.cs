using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>The SQL functions <c>cidiff_hash_…</c> of a value and a seed, see <see cref="CommonHash"/>.</summary>
/// <remarks>Null gives null. There is a loop for each type and no generic one, which could not be compiled ahead of time: most runs are shorter than it would take to
/// become quick.</remarks>
internal static unsafe class DuckDbHashes
{
    /// <summary>Registers the functions for all connections of the instance.</summary>
    internal static void Register(DuckDbConnectionHandle connection)
    {
        Register("text", DuckDbTypeId.Varchar, &OfText);
        Register("integer", DuckDbTypeId.Integer, &OfInteger);
        Register("bigint", DuckDbTypeId.BigInt, &OfBigInteger);
        Register("float", DuckDbTypeId.Double, &OfFloat);

        // There is a type of decimals for each precision and scale.
        Register("decimal", DuckDbTypeId.Any, &OfDecimal);
        Register("timestamp", DuckDbTypeId.Timestamp, &OfMoment);
        Register("timestamptz", DuckDbTypeId.TimestampTz, &OfMoment);

        void Register(string name, DuckDbTypeId type, delegate* unmanaged[Cdecl]<nint, nint, nint, void> run) =>
            DuckDbFunctions.Register(connection, $"cidiff_hash_{name}", [type, DuckDbTypeId.BigInt], DuckDbTypeId.BigInt, run);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OfText(nint info, nint input, nint output)
    {
        var rows = new Rows(input, output);
        for (ulong row = 0; row < rows.Count; row++)
        {
            if (rows.IsValid(row))
            {
                var text = DuckDbFunctions.TextAt((byte*)rows.Values, row, out var length);
                rows.Results[row] = CommonHash.Of(text, length, rows.Seeds[row]);
            }
        }

        rows.SetNulls();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OfInteger(nint info, nint input, nint output)
    {
        var rows = new Rows(input, output);
        var values = (int*)rows.Values;
        for (ulong row = 0; row < rows.Count; row++)
        {
            rows.Results[row] = CommonHash.Of((uint)values[row], rows.Seeds[row]);
        }

        rows.SetNulls();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OfBigInteger(nint info, nint input, nint output)
    {
        var rows = new Rows(input, output);
        var values = (long*)rows.Values;
        for (ulong row = 0; row < rows.Count; row++)
        {
            rows.Results[row] = CommonHash.Of(values[row], rows.Seeds[row]);
        }

        rows.SetNulls();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OfFloat(nint info, nint input, nint output)
    {
        var rows = new Rows(input, output);
        var values = (double*)rows.Values;
        for (ulong row = 0; row < rows.Count; row++)
        {
            rows.Results[row] = CommonHash.Of(values[row], rows.Seeds[row]);
        }

        rows.SetNulls();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OfMoment(nint info, nint input, nint output)
    {
        var rows = new Rows(input, output);
        var values = (long*)rows.Values;
        for (ulong row = 0; row < rows.Count; row++)
        {
            rows.Results[row] = CommonHash.OfMoment(values[row], rows.Seeds[row]);
        }

        rows.SetNulls();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OfDecimal(nint info, nint input, nint output)
    {
        using var type = new DuckDbTypeHandle(DuckDbNative.duckdb_vector_get_column_type(DuckDbNative.duckdb_data_chunk_get_vector(input, 0)));
        if (DuckDbNative.duckdb_get_type_id(type) != DuckDbTypeId.Decimal)
        {
            DuckDbNative.duckdb_scalar_function_set_error(info, "cidiff: a decimal was expected.");
            return;
        }

        var rows = new Rows(input, output);
        var (inner, scale) = (DuckDbNative.duckdb_decimal_internal_type(type), DuckDbNative.duckdb_decimal_scale(type));
        if (inner == DuckDbTypeId.HugeInt)
        {
            Hash128(rows, scale);
        }
        else
        {
            Hash64(rows, inner, scale);
        }

        rows.SetNulls();
    }

    private static void Hash64(in Rows rows, DuckDbTypeId type, int scale)
    {
        for (ulong row = 0; row < rows.Count; row++)
        {
            if (rows.IsValid(row))
            {
                rows.Results[row] = CommonHash.Of(Unscaled(rows.Values, type, row), scale, rows.Seeds[row]);
            }
        }
    }

    // By itself, because nothing with numbers of 128 bits is compiled ahead of time.
    private static void Hash128(in Rows rows, int scale)
    {
        for (ulong row = 0; row < rows.Count; row++)
        {
            if (rows.IsValid(row))
            {
                rows.Results[row] = CommonHash.Of(((Int128*)rows.Values)[row], scale, rows.Seeds[row]);
            }
        }
    }

    private static long Unscaled(void* values, DuckDbTypeId type, ulong row) => type switch
    {
        DuckDbTypeId.SmallInt => ((short*)values)[row],
        DuckDbTypeId.Integer => ((int*)values)[row],
        _ => ((long*)values)[row],
    };

    /// <summary>Where the arguments are, and where the results go.</summary>
    private readonly ref struct Rows
    {
        public readonly ulong Count;
        public readonly void* Values;
        public readonly ulong* Seeds;
        public readonly ulong* Results;
        private readonly ulong* _valid;
        private readonly ulong* _seedValid;
        private readonly nint _output;

        public Rows(nint input, nint output)
        {
            var (values, seeds) = (DuckDbNative.duckdb_data_chunk_get_vector(input, 0), DuckDbNative.duckdb_data_chunk_get_vector(input, 1));
            Count = DuckDbNative.duckdb_data_chunk_get_size(input);
            Values = DuckDbNative.duckdb_vector_get_data(values);
            Seeds = (ulong*)DuckDbNative.duckdb_vector_get_data(seeds);
            Results = (ulong*)DuckDbNative.duckdb_vector_get_data(output);
            _valid = DuckDbNative.duckdb_vector_get_validity(values);
            _seedValid = DuckDbNative.duckdb_vector_get_validity(seeds);
            _output = output;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool IsValid(ulong row) => DuckDbFunctions.IsValid(_valid, row) && DuckDbFunctions.IsValid(_seedValid, row);

        public void SetNulls()
        {
            if (_valid is null && _seedValid is null)
            {
                return;
            }

            DuckDbNative.duckdb_vector_ensure_validity_writable(_output);
            var results = DuckDbNative.duckdb_vector_get_validity(_output);
            for (ulong word = 0; word < (Count + 63) / 64; word++)
            {
                results[word] = (_valid is null ? ulong.MaxValue : _valid[word]) & (_seedValid is null ? ulong.MaxValue : _seedValid[word]);
            }
        }
    }
}
