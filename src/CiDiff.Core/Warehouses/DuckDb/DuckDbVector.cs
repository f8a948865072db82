using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>One column of a chunk of rows, read in place.</summary>
/// <remarks>Layouts: https://duckdb.org/docs/stable/clients/c/vector. Valid as long as the chunk is.</remarks>
internal sealed unsafe partial class DuckDbVector : IDisposable
{
    // 96 bits and 28 decimal places are what System.Decimal holds.
    private static readonly Int128 LargestDecimal = (Int128)decimal.MaxValue;

    private readonly DuckDbTypeId _id;
    private readonly DuckDbTypeId _innerId;
    private readonly byte _scale;
    private readonly DuckDbTypeHandle _type;
    private readonly byte* _data;
    private readonly ulong* _validity;
    private readonly DuckDbVector[] _children;

    /// <summary>Looks at a vector and at the ones inside it.</summary>
    internal DuckDbVector(nint vector)
    {
        _type = new DuckDbTypeHandle(DuckDbNative.duckdb_vector_get_column_type(vector));
        _id = DuckDbNative.duckdb_get_type_id(_type);
        _data = (byte*)DuckDbNative.duckdb_vector_get_data(vector);
        _validity = DuckDbNative.duckdb_vector_get_validity(vector);
        _innerId = _id switch
        {
            DuckDbTypeId.Decimal => DuckDbNative.duckdb_decimal_internal_type(_type),
            DuckDbTypeId.Enum => DuckDbNative.duckdb_enum_internal_type(_type),
            _ => _id,
        };
        _scale = _id == DuckDbTypeId.Decimal ? DuckDbNative.duckdb_decimal_scale(_type) : (byte)0;
        _children = new DuckDbVector[ChildCount()];
        for (var i = 0; i < _children.Length; i++)
        {
            _children[i] = new DuckDbVector(Child(vector, i));
        }
    }

    /// <summary>The value of a row, as <see cref="IWarehouseSession.QueryAsync"/> describes; what is in none of its types is the
    /// text that a cast gives, instants in UTC.</summary>
    /// <exception cref="NotSupportedException">The library has no way to read this type.</exception>
    internal object? Value(int row)
    {
        if (IsNull(row))
        {
            return null;
        }

        return _id switch
        {
            DuckDbTypeId.Boolean => _data[row] != 0,
            DuckDbTypeId.TinyInt => (long)Item<sbyte>(row),
            DuckDbTypeId.SmallInt => (long)Item<short>(row),
            DuckDbTypeId.Integer => (long)Item<int>(row),
            DuckDbTypeId.BigInt => Item<long>(row),
            DuckDbTypeId.UTinyInt => (long)Item<byte>(row),
            DuckDbTypeId.USmallInt => (long)Item<ushort>(row),
            DuckDbTypeId.UInteger => (long)Item<uint>(row),
            DuckDbTypeId.UBigInt => Whole(Item<ulong>(row)),
            DuckDbTypeId.HugeInt => Whole(Item<Int128>(row)),
            DuckDbTypeId.UHugeInt => Whole(Item<UInt128>(row)),
            DuckDbTypeId.BigNum => Whole(BigNumber(row)),
            DuckDbTypeId.Float => (double)Item<float>(row),
            DuckDbTypeId.Double => Item<double>(row),
            DuckDbTypeId.Decimal => Fraction(Unscaled(row)),
            DuckDbTypeId.Varchar => Encoding.UTF8.GetString(Bytes(row)),
            _ => CastToText(row),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _type.Dispose();
        foreach (var child in _children)
        {
            child.Dispose();
        }
    }

    private static object Whole(BigInteger value) =>
        value >= long.MinValue && value <= long.MaxValue ? (long)value
        : BigInteger.Abs(value) <= (BigInteger)decimal.MaxValue ? (decimal)value
        : value.ToString(CultureInfo.InvariantCulture);

    private object Fraction(Int128 unscaled)
    {
        var magnitude = unscaled < 0 ? -unscaled : unscaled;
        if (magnitude <= LargestDecimal && _scale <= 28)
        {
            var (low, middle, high) = ((int)magnitude, (int)(magnitude >> 32), (int)(magnitude >> 64));
            return new decimal(low, middle, high, unscaled < 0, _scale);
        }

        var digits = magnitude.ToString(CultureInfo.InvariantCulture).PadLeft(_scale + 1, '0');
        var sign = unscaled < 0 ? "-" : "";
        return _scale == 0 ? sign + digits : $"{sign}{digits[..^_scale]}.{digits[^_scale..]}";
    }

    private Int128 Unscaled(int row) => _innerId switch
    {
        DuckDbTypeId.SmallInt => Item<short>(row),
        DuckDbTypeId.Integer => Item<int>(row),
        DuckDbTypeId.BigInt => Item<long>(row),
        _ => Item<Int128>(row),
    };

    // Three bytes of header, the first bit set for positive numbers, then the magnitude with its highest byte first; every bit
    // of a negative number is flipped, so that the bytes sort as the numbers do.
    private BigInteger BigNumber(int row)
    {
        var bytes = Bytes(row);
        var isNegative = (bytes[0] & 0x80) == 0;
        var magnitude = bytes[3..].ToArray();
        if (isNegative)
        {
            for (var i = 0; i < magnitude.Length; i++)
            {
                magnitude[i] = (byte)~magnitude[i];
            }
        }

        var value = new BigInteger(magnitude, isUnsigned: true, isBigEndian: true);
        return isNegative ? -value : value;
    }

    private bool IsNull(int row) => _validity != null && (_validity[row >> 6] >> (row & 63) & 1) == 0;

    private T Item<T>(int row) where T : unmanaged => ((T*)_data)[row];

    // A string is 16 bytes: its length, then up to 12 bytes of it, or 4 bytes of it and where all of it is.
    private ReadOnlySpan<byte> Bytes(int row)
    {
        var text = _data + (row * 16);
        var length = *(int*)text;
        return new ReadOnlySpan<byte>(length <= 12 ? text + 4 : *(byte**)(text + 8), length);
    }

    // A union is a struct whose first member says which of the others holds.
    private int ChildCount() => _id switch
    {
        DuckDbTypeId.List or DuckDbTypeId.Map or DuckDbTypeId.Array => 1,
        DuckDbTypeId.Struct => (int)DuckDbNative.duckdb_struct_type_child_count(_type),
        DuckDbTypeId.Union => 1 + (int)DuckDbNative.duckdb_union_type_member_count(_type),
        _ => 0,
    };

    private nint Child(nint vector, int index) => _id switch
    {
        DuckDbTypeId.List or DuckDbTypeId.Map => DuckDbNative.duckdb_list_vector_get_child(vector),
        DuckDbTypeId.Array => DuckDbNative.duckdb_array_vector_get_child(vector),
        _ => DuckDbNative.duckdb_struct_vector_get_child(vector, (ulong)index),
    };

    private string CastToText(int row)
    {
        var value = Native(row);
        try
        {
            var text = DuckDbNative.duckdb_get_varchar(value);
            try
            {
                return Marshal.PtrToStringUTF8(text)!;
            }
            finally
            {
                DuckDbNative.duckdb_free(text);
            }
        }
        finally
        {
            DuckDbNative.duckdb_destroy_value(ref value);
        }
    }
}
