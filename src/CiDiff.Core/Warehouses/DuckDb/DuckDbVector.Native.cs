using System.Numerics;

namespace CiDiff.Warehouses.DuckDb;

// Makes a value of the library's own from a place in a vector: only the library knows how it writes an interval or a map.
internal sealed unsafe partial class DuckDbVector
{
    /// <summary>The caller destroys it.</summary>
    private nint Native(int row) => IsNull(row) ? DuckDbNative.duckdb_create_null_value() : _id switch
    {
        DuckDbTypeId.Boolean => DuckDbNative.duckdb_create_bool(_data[row] != 0),
        DuckDbTypeId.TinyInt => DuckDbNative.duckdb_create_int8(Item<sbyte>(row)),
        DuckDbTypeId.SmallInt => DuckDbNative.duckdb_create_int16(Item<short>(row)),
        DuckDbTypeId.Integer => DuckDbNative.duckdb_create_int32(Item<int>(row)),
        DuckDbTypeId.BigInt => DuckDbNative.duckdb_create_int64(Item<long>(row)),
        DuckDbTypeId.UTinyInt => DuckDbNative.duckdb_create_uint8(Item<byte>(row)),
        DuckDbTypeId.USmallInt => DuckDbNative.duckdb_create_uint16(Item<ushort>(row)),
        DuckDbTypeId.UInteger => DuckDbNative.duckdb_create_uint32(Item<uint>(row)),
        DuckDbTypeId.UBigInt => DuckDbNative.duckdb_create_uint64(Item<ulong>(row)),
        DuckDbTypeId.HugeInt => DuckDbNative.duckdb_create_hugeint(Item<DuckDbHugeInt>(row)),
        DuckDbTypeId.UHugeInt => DuckDbNative.duckdb_create_uhugeint(Item<DuckDbHugeInt>(row)),
        DuckDbTypeId.BigNum => BigNum(BigNumber(row)),
        DuckDbTypeId.Float => DuckDbNative.duckdb_create_float(Item<float>(row)),
        DuckDbTypeId.Double => DuckDbNative.duckdb_create_double(Item<double>(row)),
        DuckDbTypeId.Decimal => DuckDbNative.duckdb_create_decimal(NativeDecimal(row)),
        DuckDbTypeId.Varchar => Text(Bytes(row)),
        DuckDbTypeId.Blob => Blob(Bytes(row)),
        DuckDbTypeId.Bit => Bits(Bytes(row)),
        DuckDbTypeId.Uuid => DuckDbNative.duckdb_create_uuid(NativeUuid(row)),
        DuckDbTypeId.Date => DuckDbNative.duckdb_create_date(Item<int>(row)),
        DuckDbTypeId.Time => DuckDbNative.duckdb_create_time(Item<long>(row)),
        DuckDbTypeId.TimeNanoseconds => DuckDbNative.duckdb_create_time_ns(Item<long>(row)),
        DuckDbTypeId.TimeTz => DuckDbNative.duckdb_create_time_tz_value(Item<ulong>(row)),
        DuckDbTypeId.Timestamp => DuckDbNative.duckdb_create_timestamp(Item<long>(row)),
        DuckDbTypeId.TimestampTz => DuckDbNative.duckdb_create_timestamp_tz(Item<long>(row)),
        DuckDbTypeId.TimestampSeconds => DuckDbNative.duckdb_create_timestamp_s(Item<long>(row)),
        DuckDbTypeId.TimestampMilliseconds => DuckDbNative.duckdb_create_timestamp_ms(Item<long>(row)),
        DuckDbTypeId.TimestampNanoseconds => DuckDbNative.duckdb_create_timestamp_ns(Item<long>(row)),
        DuckDbTypeId.Interval => DuckDbNative.duckdb_create_interval(Item<DuckDbInterval>(row)),
        DuckDbTypeId.Enum => DuckDbNative.duckdb_create_enum_value(_type, EnumIndex(row)),
        DuckDbTypeId.List => List(row),
        DuckDbTypeId.Array => Array(row),
        DuckDbTypeId.Struct => Struct(row),
        DuckDbTypeId.Map => Map(row),
        DuckDbTypeId.Union => Union(row),
        _ => throw new NotSupportedException($"DuckDB's C interface does not give values of type number {(int)_id}."),
    };

    private DuckDbDecimal NativeDecimal(int row)
    {
        var unscaled = (UInt128)Unscaled(row);
        var bits = new DuckDbHugeInt((ulong)unscaled, (ulong)(unscaled >> 64));
        return new DuckDbDecimal(DuckDbNative.duckdb_decimal_width(_type), _scale, bits);
    }

    // In a vector the first bit is flipped, so that UUIDs sort as signed numbers do.
    private DuckDbHugeInt NativeUuid(int row)
    {
        var stored = Item<DuckDbHugeInt>(row);
        return stored with { Upper = stored.Upper ^ (1UL << 63) };
    }

    private ulong EnumIndex(int row) => _innerId switch
    {
        DuckDbTypeId.UTinyInt => Item<byte>(row),
        DuckDbTypeId.USmallInt => Item<ushort>(row),
        _ => Item<uint>(row),
    };

    private static nint Text(ReadOnlySpan<byte> text)
    {
        fixed (byte* start = text)
        {
            return DuckDbNative.duckdb_create_varchar_length(start, (ulong)text.Length);
        }
    }

    private static nint Blob(ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            return DuckDbNative.duckdb_create_blob(start, (ulong)data.Length);
        }
    }

    private static nint Bits(ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            return DuckDbNative.duckdb_create_bit(new DuckDbBytes((nint)start, (ulong)data.Length));
        }
    }

    private static nint BigNum(BigInteger value)
    {
        var magnitude = BigInteger.Abs(value).ToByteArray(isUnsigned: true, isBigEndian: true);
        fixed (byte* start = magnitude)
        {
            return DuckDbNative.duckdb_create_bignum(new DuckDbBigNum((nint)start, (ulong)magnitude.Length, value.Sign < 0 ? (byte)1 : (byte)0));
        }
    }

    private nint List(int row)
    {
        var (offset, length) = Entry(row);
        using var items = new Values(length, i => _children[0].Native(offset + i));
        return DuckDbNative.duckdb_create_list_value(_children[0]._type, items.Start, (ulong)length);
    }

    private nint Array(int row)
    {
        var length = (int)DuckDbNative.duckdb_array_type_array_size(_type);
        using var items = new Values(length, i => _children[0].Native((row * length) + i));
        return DuckDbNative.duckdb_create_array_value(_children[0]._type, items.Start, (ulong)length);
    }

    private nint Struct(int row)
    {
        using var members = new Values(_children.Length, i => _children[i].Native(row));
        return DuckDbNative.duckdb_create_struct_value(_type, members.Start);
    }

    // A map is a list of structs of a key and a value.
    private nint Map(int row)
    {
        var (offset, length) = Entry(row);
        var entry = _children[0]._children;
        using var keys = new Values(length, i => entry[0].Native(offset + i));
        using var values = new Values(length, i => entry[1].Native(offset + i));
        return DuckDbNative.duckdb_create_map_value(_type, keys.Start, values.Start, (ulong)length);
    }

    private nint Union(int row)
    {
        var tag = _children[0].Item<byte>(row);
        if (_children[tag + 1].IsNull(row))
        {
            return DuckDbNative.duckdb_create_null_value();
        }

        // The value must have exactly its member's type here; the library does not survive another.
        using var member = new Values(1, _ => _children[tag + 1].Native(row));
        return DuckDbNative.duckdb_create_union_value(_type, tag, *member.Start);
    }

    private (int Offset, int Length) Entry(int row)
    {
        var entry = Item<DuckDbHugeInt>(row); // two unsigned numbers: where it starts, and how many there are
        return ((int)entry.Lower, (int)entry.Upper);
    }

    /// <summary>Values that are destroyed together.</summary>
    private readonly ref struct Values
    {
        private readonly nint[] _values;

        internal Values(int count, Func<int, nint> make)
        {
            // One more, pinned: the library wants an address even of nothing.
            _values = GC.AllocateArray<nint>(count + 1, pinned: true);
            for (var i = 0; i < count; i++)
            {
                _values[i] = make(i);
            }
        }

        internal nint* Start => (nint*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _values[0]);

        internal void Dispose()
        {
            foreach (var value in _values)
            {
                if (value != 0)
                {
                    var owned = value;
                    DuckDbNative.duckdb_destroy_value(ref owned);
                }
            }
        }
    }
}
