using System.Globalization;
using CiDiff.Warehouses;
using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Diffing;

/// <summary>A side whose warehouse is not the other one's: what it is asked.</summary>
/// <remarks>Hashes only ever decide that rows are equal. A row's hash is that of its values, each mixed with the hash of the row's key, so that values
/// that changed places do not cancel; sums of them are compared, in which equal rows do not cancel either.</remarks>
internal sealed class SeparateSide(DiffSide side, bool isBase, DiffSession session)
{
    // Of the 64 bits of a hash those that are left above the buckets', and the sign.
    private const int SampleBits = 63 - BucketComparison.MostBitsOfAll;

    // Odd, so that no other column's seed is this one with it mixed in; and what stands for a null.
    private static readonly SqlText OfNull = new("4611686018427387847");
    private static readonly SqlText Null = new("2");

    // Even, and so are its products: the hash of a decimal zero is that of its seed less one, and no two columns' seeds are apart by that.
    private const long Spread = 0x1E3779B97F4A7C16;

    private readonly SqlDialect _dialect = side.Dialect;
    private bool _isPrepared;

    /// <summary>Asked about it.</summary>
    public DiffSession Session => session;

    /// <summary>The side.</summary>
    public DiffSide Side => side;

    private SqlText KeyHash => _dialect.Sql($"{side.Row}.cidiff_key");

    /// <summary>Counts and sums the rows of each bucket.</summary>
    /// <param name="question">Which columns, and how many buckets.</param>
    /// <param name="within">Only rows in these buckets; null for all.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    public Task<Dictionary<long, Bucket>> BucketsAsync(BucketQuestion question, BucketList? within, CancellationToken cancellationToken) =>
        BucketsAsync(question, within is null ? null : IsIn(question.Key, within), cancellationToken);

    /// <summary>Counts and sums the rows of each bucket, of rows whose key is in a range.</summary>
    /// <param name="question">Which columns, and how many buckets; the key is a number.</param>
    /// <param name="range">The range.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    public Task<Dictionary<long, Bucket>> BucketsAsync(BucketQuestion question, KeySpan range, CancellationToken cancellationToken) =>
        BucketsAsync(question, IsIn(question.Key, range), cancellationToken);

    private async Task<Dictionary<long, Bucket>> BucketsAsync(BucketQuestion question, SqlText? condition, CancellationToken cancellationToken)
    {
        var list = new SelectList(_dialect);
        list.Add("bucket", _dialect.Sql($"bucket"));
        list.Add("row_count", _dialect.Sql($"count(*)"));
        list.Add("keyed", _dialect.CountIf(_dialect.Sql($"is_keyed")));
        list.Add("row_sum", _dialect.Text(_dialect.Sql($"sum(row_hash)")));
        var nulls = question.Nulls.Select((column, index) => (column, Name: new ColumnName($"null{index}"))).ToList();
        nulls.ForEach(entry => list.Add($"nulls_{entry.Name}", _dialect.CountIf(_dialect.Sql($"{entry.Name}"))));
        var inner = new List<SqlText>
        {
            _dialect.Sql($"{Bucket(question.Key, question.Bits)} as bucket"),
            _dialect.Sql($"{IsComplete(question.Key)} as is_keyed"),
            _dialect.Sql($"{RowHash(question.Values)} as row_hash"),
        };
        inner.AddRange(nulls.Select(entry => _dialect.Sql($"{Value(entry.column)} is null as {entry.Name}")));
        var rows = Hashed(question.Key, [.. question.Values, .. question.Nulls]);
        var some = condition is null ? _dialect.Sql($"") : _dialect.Sql($"\nwhere {condition}");
        var statement = _dialect.Sql($"""
            select
                {list.Sql}
            from (
            select {SqlText.Join(", ", inner)}
            from (
            {rows}
            ) as {side.Row}{some}
            ) as hashed
            group by bucket
            """);
        await PrepareAsync(cancellationToken);
        var buckets = new Dictionary<long, Bucket>();
        await foreach (var row in session.Warehouse.QueryAsync(statement, cancellationToken))
        {
            buckets.Add(Row.Count(row, 0), new Bucket(
                Row.Count(row, 1), Row.Count(row, 2), (string)row[3]!, [.. nulls.Select((_, index) => Row.Count(row, 4 + index))]));
        }

        return buckets;
    }

    /// <summary>Sums the hashes of each column, each mixed with the row's key, which is a number, and counts.</summary>
    /// <param name="question">Which columns; the key is a number.</param>
    /// <param name="range">Only rows in this range; null for all.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    public async Task<ColumnSums> SumsAsync(BucketQuestion question, KeySpan? range, CancellationToken cancellationToken)
    {
        var list = new SelectList(_dialect);
        var key = Form(question.Key[0]).Hashed;
        list.Add("row_count", _dialect.Sql($"count(*)"));
        list.Add("keyed", _dialect.Sql($"count({key})"));

        // Where the first column is null, the row has a hash of its key that no value has, so that the first sum is of all keys.
        var ofKey = _dialect.CommonHash(new SqlText("1"), HashKind.Integer, _dialect.CommonHash(new SqlText("1"), HashKind.Integer, key));
        var sums = new List<int>();
        foreach (var (index, column) in question.Values.Index())
        {
            var hash = _dialect.CommonHash(Form(column).Hashed, PortableTypes.HashKind(column.Of(isBase).To), key);
            sums.Add(list.Add($"sum{index}", Sum(index == 0 ? _dialect.Sql($"coalesce({hash}, {ofKey})") : hash)));
        }

        if (sums.Count == 0)
        {
            sums.Add(list.Add("sum_of_keys", Sum(ofKey)));
        }

        var nulls = new List<int>();

        foreach (var (index, column) in question.Nulls.Index())
        {
            nulls.Add(list.Add($"nulls{index}", _dialect.CountIf(_dialect.Sql($"{Value(column)} is null"))));
        }

        var rowCount = side.Relation?.EstimatedRows ?? 0;
        if (range is null && _dialect.PrepareScan(rowCount) is { } preparation)
        {
            await session.RowsAsync(preparation, cancellationToken);
            _isPrepared = false;
        }

        var rows = side.RowsOnce(Of([.. question.Key, .. question.Values, .. question.Nulls]));
        var some = range is null ? _dialect.Sql($"") : _dialect.Sql($"\nwhere {IsIn(question.Key, range)}");
        var row = await session.RowAsync(_dialect.Sql($"select\n    {list.Sql}\nfrom (\n{rows}\n) as {side.Row}{some}"), cancellationToken);
        if (range is null && _dialect.EndScan(rowCount) is { } end)
        {
            await session.RowsAsync(end, cancellationToken);
        }

        return new ColumnSums(
            new SideTotals(Row.Count(row, 0), Row.Count(row, 1), nulls.ConvertAll(place => Row.Count(row, place))),
            sums.ConvertAll(place => (string?)row[place]));

        SqlText Sum(SqlText hash) => _dialect.Text(_dialect.Sql($"sum({hash})"));
    }

    /// <summary>The least and the greatest key, which is a number; null without rows.</summary>
    public async Task<KeySpan?> EndsAsync(IReadOnlyList<PortableColumn> key, CancellationToken cancellationToken)
    {
        var row = await session.RowAsync(
            _dialect.Sql($"select min({Value(key[0])}) as least_key, max({Value(key[0])}) as greatest_key from (\n{side.RowsOnce(Of(key))}\n) as {side.Row}"), cancellationToken);
        return row is [long least, long greatest] ? new KeySpan(least, greatest) : null;
    }

    /// <summary>Whether a column's values are read with the type that they are compared with, and not as texts.</summary>
    public bool IsTyped(PortableColumn column) => session.Warehouse is IBulkSession && Form(column).Typed is not null;

    /// <summary>Reads rows into a table.</summary>
    /// <param name="columns">What of them.</param>
    /// <param name="within">Only rows in these buckets; null for all.</param>
    /// <param name="table">Has these columns, see <see cref="IsTyped"/>.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    public async Task LoadAsync(
        IReadOnlyList<PortableColumn> columns,
        (IReadOnlyList<PortableColumn> Key, BucketList Buckets)? within,
        DuckDbAppender table,
        CancellationToken cancellationToken)
    {
        var values = columns.Count == 0
            ? _dialect.Sql($"null as present")
            : SqlText.Join(",\n    ", columns.Select((column, index) => _dialect.Sql($"{Read(column)} as {new ColumnName($"c{index}")}")));
        var statement = within is not { } some
            ? _dialect.Sql($"select\n    {values}\nfrom (\n{side.RowsOnce(Of(columns))}\n) as {side.Row}")
            : _dialect.Sql($"select\n    {values}\nfrom (\n{Hashed(some.Key, columns)}\n) as {side.Row}\nwhere {IsIn(some.Key, some.Buckets)}");
        if (session.Warehouse is IBulkSession bulk)
        {
            await bulk.LoadAsync(statement, table, cancellationToken);
            return;
        }

        await foreach (var row in session.Warehouse.QueryAsync(statement, cancellationToken))
        {
            table.Append(row);
        }
    }

    /// <summary>Counts the distinct keys among the rows without a null in the key.</summary>
    public async Task<long> DistinctKeysAsync(IReadOnlyList<PortableColumn> key, CancellationToken cancellationToken)
    {
        var forms = SqlText.Join(", ", key.Select((column, index) => _dialect.Sql($"{Form(column).Hashed} as {new ColumnName($"k{index}")}")));
        var names = SqlText.Join(", ", key.Select((_, index) => _dialect.Sql($"{new ColumnName($"k{index}")}")));
        var statement = _dialect.Sql($"""
            select count(*) as n
            from (
            select {names}
            from (
            select {forms}
            from (
            {side.RowsOnce(Of(key))}
            ) as {side.Row}
            where {IsComplete(key)}
            ) as keyed
            group by {names}
            ) as counted
            """);
        return Row.Count(await session.RowAsync(statement, cancellationToken), 0);
    }

    /// <summary>The hash of a text that encodings write differently and of a number, which should be the same everywhere.</summary>
    public async Task<string> ExampleHashAsync(CancellationToken cancellationToken)
    {
        var text = _dialect.CommonHash(_dialect.Sql($"chr(228)"), HashKind.Text, new SqlText("1"));
        var number = _dialect.CommonHash(_dialect.Sql($"{new SqlText("cast(81985529216486895 as bigint)")}"), HashKind.BigInteger, new SqlText("1"));
        var row = await session.RowAsync(_dialect.Sql($"select {_dialect.Text(text)} as of_text, {_dialect.Text(number)} as of_number"), cancellationToken);
        return $"{row[0]} {row[1]}";
    }

    /// <summary>Counts the rows.</summary>
    /// <param name="key">What tells which of them have a whole key.</param>
    /// <param name="nulls">Columns whose nulls are counted.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    public async Task<SideTotals> TotalsAsync(
        IReadOnlyList<PortableColumn> key, IReadOnlyList<PortableColumn> nulls, CancellationToken cancellationToken)
    {
        var list = new SelectList(_dialect);
        list.Add("row_count", _dialect.Sql($"count(*)"));
        list.Add("keyed", _dialect.CountIf(IsComplete(key)));
        foreach (var (index, column) in nulls.Index())
        {
            list.Add($"nulls{index}", _dialect.CountIf(_dialect.Sql($"{Value(column)} is null")));
        }

        var row = await session.RowAsync(
            _dialect.Sql($"select\n    {list.Sql}\nfrom (\n{side.RowsOnce(Of([.. key, .. nulls]))}\n) as {side.Row}"), cancellationToken);
        return new SideTotals(Row.Count(row, 0), Row.Count(row, 1), [.. nulls.Select((_, index) => Row.Count(row, index + 2))]);
    }

    /// <summary>A part of the side: the rows of a share of the keys, the same ones as in every other warehouse.</summary>
    /// <param name="key">The key.</param>
    /// <param name="share">Above 0, below 1.</param>
    public SeparateSide Sample(IReadOnlyList<PortableColumn> key, decimal share)
    {
        // Other bits than those that buckets are told apart by.
        var bits = _dialect.Sql($"(({HashOfKey(key)} >> {BucketComparison.MostBitsOfAll}) & {(1L << SampleBits) - 1})");
        var limit = Math.Max(1, (long)(share * (1L << SampleBits)));
        var drawn = _dialect.Sql($"""
            select {SqlText.Join(", ", side.Columns.Select(side.Value))}
            from (
            {side.RowsOnce(side.Columns)}
            ) as {side.Row}
            where {IsComplete(key)} and {bits} < {limit}
            """);
        return new SeparateSide(side with { Source = new DiffSource.Query(drawn), Relation = null, Filter = null }, isBase, session);
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (!_isPrepared && _dialect.PrepareJoin(new(null, null), isInOrder: false) is { } preparation)
        {
            await session.RowsAsync(preparation, cancellationToken);
        }

        _isPrepared = true;
    }

    private SqlText Hashed(IReadOnlyList<PortableColumn> key, IReadOnlyList<PortableColumn> columns)
    {
        var wanted = Of(key.Concat(columns)).ToList();
        var values = wanted.Select(column => side.Value(column)).Append(_dialect.Sql($"{HashOfKey(key)} as cidiff_key"));
        if (IsNumber(key))
        {
            values = values.Append(_dialect.Sql($"{_dialect.Neighbourhood(Value(key[0]))} as cidiff_group"));
        }

        return _dialect.Fixed(_dialect.Sql($"select {SqlText.Join(", ", values)}\nfrom (\n{side.RowsOnce(wanted)}\n) as {side.Row}"));
    }

    private SqlText HashOfKey(IReadOnlyList<PortableColumn> key) =>
        Together([.. key.Select((column, index) => Hash(column, Place(index)))]);

    private SqlText RowHash(IReadOnlyList<PortableColumn> values) => Together(
        [KeyHash, .. values.Select((column, index) => Hash(column, _dialect.ExclusiveOr(KeyHash, Place(index))))]);

    // By halves: one within the other they would be as deep as there are columns, and an engine has a limit for that.
    private SqlText Together(IReadOnlyList<SqlText> hashes) => hashes.Count == 1
        ? hashes[0]
        : _dialect.ExclusiveOr(Together([.. hashes.Take(hashes.Count / 2)]), Together([.. hashes.Skip(hashes.Count / 2)]));

    private SqlText Hash(PortableColumn column, SqlText seed)
    {
        if (!column.IsComparable)
        {
            // Never equal, so that the rows are compared and not their hashes.
            seed = _dialect.ExclusiveOr(seed, new SqlText(isBase ? "1000003" : "2000003"));
        }

        var hash = _dialect.CommonHash(Form(column).Hashed, PortableTypes.HashKind(column.Of(isBase).To), seed);

        // A hash, and no constant: two that change places with other values would cancel.
        return _dialect.Sql($"coalesce({hash}, {_dialect.CommonHash(Null, HashKind.Integer, _dialect.ExclusiveOr(seed, OfNull))})");
    }

    private SqlText Bucket(IReadOnlyList<PortableColumn> key, int bits)
    {
        var number = IsNumber(key) ? _dialect.Sql($"{side.Row}.cidiff_group") : KeyHash;
        return _dialect.Sql($"({number} & {(1L << bits) - 1})");
    }

    private SqlText IsIn(IReadOnlyList<PortableColumn> key, BucketList list) => _dialect.IsAmong(Bucket(key, list.Bits), list.Buckets);

    /// <summary>Whether a key is a whole number of 64 bits on both sides.</summary>
    public static bool IsNumber(IReadOnlyList<PortableColumn> key) =>
        key is [{ IsComparable: true, Compared.Pair: { Base.Type: var inBase, Head.Type: var inHead } }] && PortableTypes.FitsInt64(inBase) && PortableTypes.FitsInt64(inHead);

    private SqlText IsComplete(IReadOnlyList<PortableColumn> key) =>
        key.Count == 0 ? _dialect.Sql($"true") : SqlText.Join(" and ", key.Select(column => _dialect.Sql($"{Form(column).Hashed} is not null")));

    private SqlText Read(PortableColumn column) => IsTyped(column) ? Form(column).Typed! : Form(column).Text;

    private PortableForm Form(PortableColumn column)
    {
        var (original, to) = column.Of(isBase);
        return _dialect.Portable(side.Value(original), original.Type, to);
    }

    private SqlText Value(PortableColumn column) => side.Value(column.Of(isBase).Column);

    private IEnumerable<Column> Of(IEnumerable<PortableColumn> columns) => columns.Select(column => column.Of(isBase).Column).Distinct();

    private SqlText IsIn(IReadOnlyList<PortableColumn> key, KeySpan range) =>
        _dialect.Sql($"{Value(key[0])} between {SqlText.Found(range.Least)} and {SqlText.Found(range.Greatest)}");

    // What a column's hashes are mixed with, so that equal values of two columns do not cancel.
    private static SqlText Place(int index) => new((((index + 1) * Spread) & long.MaxValue).ToString(CultureInfo.InvariantCulture));
}

/// <summary>What is asked about buckets: groups of rows by a hash of their key.</summary>
/// <param name="Key">The key; without one, every column that is compared.</param>
/// <param name="Values">What else of a row counts.</param>
/// <param name="Nulls">Columns whose nulls are counted.</param>
/// <param name="Bits">The number of buckets, as a power of two.</param>
internal sealed record BucketQuestion(
    IReadOnlyList<PortableColumn> Key, IReadOnlyList<PortableColumn> Values, IReadOnlyList<PortableColumn> Nulls, int Bits);

/// <summary>Whole numbers from one to another.</summary>
internal sealed record KeySpan(long Least, long Greatest)
{
    /// <summary>A part of it, from the middle on.</summary>
    /// <param name="count">How many rows shall be in it, roughly.</param>
    /// <param name="of">How many rows are in the whole range.</param>
    public KeySpan Middle(long count, long of)
    {
        // The difference of two of them needs 65 bits.
        var (least, greatest) = ((decimal)Least, (decimal)Greatest);
        var middle = decimal.Floor((least + greatest) / 2);
        return new((long)middle, (long)Math.Min(greatest, middle + decimal.Floor((greatest - least) * count / of)));
    }
}

/// <summary>Sums of hashes over all rows of a side.</summary>
/// <param name="Totals">The side by itself.</param>
/// <param name="Sums">Of each column's hashes, as texts; null where all are null. The first one is of the keys as well, and of nothing else where no column is compared.</param>
internal sealed record ColumnSums(SideTotals Totals, IReadOnlyList<string?> Sums)
{
    /// <summary>Whether the rows of both sides are proven equal, if no key repeats on one of them.</summary>
    public bool AreSameAs(ColumnSums other) =>
        Totals.Rows == other.Totals.Rows && Totals.Keyed == Totals.Rows && other.Totals.Keyed == other.Totals.Rows && Sums.SequenceEqual(other.Sums, StringComparer.Ordinal);
}

/// <summary>Some buckets.</summary>
/// <param name="Bits">How many there are, as a power of two.</param>
/// <param name="Buckets">Which.</param>
internal sealed record BucketList(int Bits, IReadOnlyList<long> Buckets);

/// <summary>What is known of a bucket's rows on one side.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Keyed">How many without a null in the key.</param>
/// <param name="Sum">Of their hashes.</param>
/// <param name="Nulls">Of each column that was asked about.</param>
internal sealed record Bucket(long Rows, long Keyed, string Sum, IReadOnlyList<long> Nulls)
{
    /// <summary>Whether the rows of both sides are proven equal.</summary>
    public bool IsSameAs(Bucket other) => Rows == other.Rows && Sum == other.Sum;
}
