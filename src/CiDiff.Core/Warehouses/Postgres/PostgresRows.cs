using System.Buffers.Binary;
using System.Globalization;
using System.Text.Unicode;
using CiDiff.Errors;
using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Warehouses.Postgres;

/// <summary>Takes rows as <c>copy</c> sends them in binary, and writes them into a table of the embedded DuckDB.</summary>
/// <remarks>The format: https://www.postgresql.org/docs/current/sql-copy.html. A value is what the type's <c>send</c> function makes of it.</remarks>
internal sealed class PostgresRows
{
    // A day of PostgreSQL's is counted from 2000-01-01, one of DuckDB's from 1970-01-01.
    private const int DaysBetweenEpochs = 10_957;
    private const long MicrosecondsBetweenEpochs = DaysBetweenEpochs * 86_400_000_000L;

    // After the signature, four bytes of flags and four that say how many bytes of extensions follow.
    private static readonly byte[] Signature = [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xff, (byte)'\r', (byte)'\n', 0];

    private readonly DuckDbAppender _table;
    private readonly DuckDbPlainType[] _types;
    private bool _isBegun;

    /// <summary>Begins.</summary>
    /// <param name="types">The identifiers of the types that the server sends.</param>
    /// <param name="table">Where the rows go.</param>
    /// <exception cref="NotSupportedException">A value of the server's is none of the table's.</exception>
    public PostgresRows(IReadOnlyList<uint> types, DuckDbAppender table)
    {
        _table = table;
        _types = [.. table.Types];
        foreach (var (sent, type) in types.Zip(_types))
        {
            if (sent != Sent(type.Id))
            {
                throw new NotSupportedException($"A value of PostgreSQL's type {sent} is no {type.Id}.");
            }
        }
    }

    /// <summary>Whether the last row was taken.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Takes as many whole rows as there are.</summary>
    /// <param name="bytes">What has arrived and was not taken.</param>
    /// <returns>How many bytes were taken.</returns>
    /// <exception cref="UserErrorException">The table has no such value.</exception>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        if (!_isBegun)
        {
            if (HeaderLength(bytes) is not { } header)
            {
                return 0;
            }

            (_isBegun, taken) = (true, header);
        }

        while (!IsComplete && RowLength(bytes[taken..]) is { } length)
        {
            TakeRow(bytes.Slice(taken, length));
            taken += length;
        }

        return taken;
    }

    // https://github.com/postgres/postgres/blob/REL_17_STABLE/src/include/catalog/pg_type.dat
    private static uint Sent(DuckDbTypeId type) => type switch
    {
        DuckDbTypeId.Boolean => 16,
        DuckDbTypeId.Blob => 17,
        DuckDbTypeId.BigInt => 20,
        DuckDbTypeId.SmallInt => 21,
        DuckDbTypeId.Integer => 23,
        DuckDbTypeId.Varchar => 25,
        DuckDbTypeId.Float => 700,
        DuckDbTypeId.Double => 701,
        DuckDbTypeId.Date => 1082,
        DuckDbTypeId.Time => 1083,
        DuckDbTypeId.Timestamp => 1114,
        DuckDbTypeId.TimestampTz => 1184,
        DuckDbTypeId.Decimal => 1700,
        DuckDbTypeId.Uuid => 2950,
        _ => 0,
    };

    private static int? HeaderLength(ReadOnlySpan<byte> bytes)
    {
        var fixedLength = Signature.Length + 8;
        if (bytes.Length < fixedLength)
        {
            return null;
        }

        if (!bytes.StartsWith(Signature))
        {
            throw new InvalidDataException("The server's rows do not begin as rows in binary do.");
        }

        var length = fixedLength + BinaryPrimitives.ReadInt32BigEndian(bytes[(fixedLength - 4)..]);
        return bytes.Length < length ? null : length;
    }

    private int? RowLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2)
        {
            return null;
        }

        var columns = BinaryPrimitives.ReadInt16BigEndian(bytes);
        if (columns == -1)
        {
            IsComplete = true;
            return null;
        }

        if (columns != _types.Length)
        {
            throw new InvalidDataException($"The server sent a row of {columns} columns, and not of {_types.Length}.");
        }

        var length = 2;
        for (var column = 0; column < columns; column++)
        {
            if (bytes.Length < length + 4)
            {
                return null;
            }

            length += 4 + Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(bytes[length..]));
        }

        return bytes.Length < length ? null : length;
    }

    private void TakeRow(ReadOnlySpan<byte> row)
    {
        var position = 2;
        for (var column = 0; column < _types.Length; column++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(row[position..]);
            position += 4;
            if (length < 0)
            {
                _table.SetNull(column);
                continue;
            }

            TakeValue(column, row.Slice(position, length));
            position += length;
        }

        _table.EndRow();
    }

    private void TakeValue(int column, ReadOnlySpan<byte> value)
    {
        switch (_types[column].Id)
        {
            case DuckDbTypeId.Boolean:
                _table.Set(column, value[0]);
                break;
            case DuckDbTypeId.SmallInt:
                _table.Set(column, BinaryPrimitives.ReadInt16BigEndian(value));
                break;
            case DuckDbTypeId.Integer:
                _table.Set(column, BinaryPrimitives.ReadInt32BigEndian(value));
                break;
            case DuckDbTypeId.BigInt:
            case DuckDbTypeId.Time:
                _table.Set(column, BinaryPrimitives.ReadInt64BigEndian(value));
                break;
            case DuckDbTypeId.Float:
                var single = BinaryPrimitives.ReadSingleBigEndian(value);
                _table.Set(column, single == 0 ? 0 : single); // without the sign of a zero
                break;
            case DuckDbTypeId.Double:
                var number = BinaryPrimitives.ReadDoubleBigEndian(value);
                _table.Set(column, number == 0 ? 0 : number);
                break;
            case DuckDbTypeId.Decimal:
                TakeDecimal(column, value);
                break;
            case DuckDbTypeId.Date:
                _table.Set(column, Day(BinaryPrimitives.ReadInt32BigEndian(value)));
                break;
            case DuckDbTypeId.Timestamp:
            case DuckDbTypeId.TimestampTz:
                _table.Set(column, Moment(column, BinaryPrimitives.ReadInt64BigEndian(value)));
                break;
            case DuckDbTypeId.Uuid:
                // With the first bit flipped, so that they sort as numbers with a sign.
                _table.Set(column, BinaryPrimitives.ReadInt128BigEndian(value) ^ Int128.MinValue);
                break;
            case DuckDbTypeId.Varchar:
                if (!Utf8.IsValid(value))
                {
                    throw Unfit(column, "a text", "UTF-8");
                }

                _table.SetBytes(column, value);
                break;
            default:
                _table.SetBytes(column, value);
                break;
        }
    }

    private void TakeDecimal(int column, ReadOnlySpan<byte> value)
    {
        var type = _types[column];
        if (!PostgresNumeric.TryScale(value, type.Scale, out var number) || Int128.Abs(number) >= PostgresNumeric.PowerOfTen(type.Width))
        {
            throw Unfit(
                column,
                PostgresNumeric.IsFinite(value) ? "a number" : "NaN or an infinite number",
                string.Create(CultureInfo.InvariantCulture, $"DECIMAL({type.Width},{type.Scale})"));
        }

        switch (type.Physical)
        {
            case DuckDbTypeId.SmallInt:
                _table.Set(column, (short)number);
                break;
            case DuckDbTypeId.Integer:
                _table.Set(column, (int)number);
                break;
            case DuckDbTypeId.BigInt:
                _table.Set(column, (long)number);
                break;
            default:
                _table.Set(column, number);
                break;
        }
    }

    // Both have infinities at the ends, but DuckDB's are as far from zero on either side.
    private static int Day(int day) => day switch
    {
        int.MaxValue => int.MaxValue,
        int.MinValue => -int.MaxValue,
        _ => day + DaysBetweenEpochs,
    };

    private long Moment(int column, long microseconds) => microseconds switch
    {
        long.MaxValue => long.MaxValue,
        long.MinValue => -long.MaxValue,
        >= long.MaxValue - MicrosecondsBetweenEpochs => throw Unfit(column, "a time after the year 294246", "TIMESTAMP"),
        _ => microseconds + MicrosecondsBetweenEpochs,
    };

    private UserErrorException Unfit(int column, string value, string type) => new(
        ErrorCodes.QueryFailed,
        $"Column '{_table.Columns[column]}' has {value}, which has no place in {type}, as which it is compared.",
        hint: "Leave the rows out with a filter, or the column with `exclude_columns` (`--exclude-columns` of compare).");
}
