using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>The sums of hashes of one side, for each compared column.</summary>
/// <param name="Totals">The side by itself.</param>
/// <param name="Sums">As texts; null when all values are null. The first one is of the keys as well, and of nothing else where no column is compared.</param>
internal sealed record SideFingerprint(SideTotals Totals, IReadOnlyList<string?> Sums);

/// <summary>One scan of a side for <see cref="SideFingerprint"/>.</summary>
/// <remarks>A null has no hash and adds nothing, except in the first column, where it has that of the key. So equal sums are of the same values in the same
/// rows, and equal sums of the first column of the same rows.</remarks>
internal sealed class ColumnFingerprint(TableKey key)
{
    private readonly SqlDialect _dialect = key.Pair.Dialect;

    /// <summary>Scans a side.</summary>
    public async Task<SideFingerprint> OfAsync(DiffSide side, DiffSession session, CancellationToken cancellationToken)
    {
        // Without repeated keys no two hashes are the same, and none cancel; an exclusive or costs less than a sum.
        var rowCount = side.Relation?.EstimatedRows ?? 0;
        var hasExclusiveOr = _dialect.PrepareScan(rowCount) is { } preparation
            && (await session.RowAsync(preparation, cancellationToken))[^1] is true;
        var all = new SqlText(hasExclusiveOr && key.IsHeldUnique is { Base: true, Head: true } ? "bit_xor" : "sum");
        var isBase = side == key.Pair.Sides.Base;
        var (seed, ofSeed) = (Fingerprint.Seed(key), Fingerprint.OfSeed(key));
        var list = new SelectList(_dialect);
        var count = list.Add("row_count", _dialect.Sql($"count(*)"));
        var keyed = list.Add("keyed", key.CountComplete(side));
        var filled = key.Pair.NullRateColumns
            .Select((pair, index) => list.Add($"filled{index}", _dialect.Sql($"count({side.Value(isBase ? pair.Base : pair.Head)})")))
            .ToList();
        var ofKey = isBase ? ofSeed.Base : ofSeed.Head;
        var sums = key.Compared
            .Select((column, index) =>
            {
                var hashes = Fingerprint.Hash(key, column.Pair, seed)!;
                var hash = isBase ? hashes.Base : hashes.Head;
                return list.Add($"sum{index}", Sum(index == 0 ? _dialect.Sql($"coalesce({hash}, {ofKey})") : hash));
            })
            .DefaultIfEmpty(-1)
            .ToList();
        if (sums is [-1])
        {
            sums = [list.Add("sum_of_keys", Sum(ofKey))];
        }

        var wanted = key.Columns.Concat(key.Compared.Select(column => column.Pair)).Concat(key.Pair.NullRateColumns);
        var rows = side.RowsOnce(wanted.Select(pair => isBase ? pair.Base : pair.Head));
        var row = await session.RowAsync(_dialect.Sql($"select\n    {list.Sql}\nfrom (\n{rows}\n) as {side.Row}"), cancellationToken);
        if (_dialect.EndScan(rowCount) is { } end)
        {
            await session.RowsAsync(end, cancellationToken);
        }

        var total = Row.Count(row, count);
        return new SideFingerprint(
            new SideTotals(total, Row.Count(row, keyed), [.. filled.Select(place => total - Row.Count(row, place))]),
            [.. sums.Select(place => (string?)row[place])]);

        SqlText Sum(SqlText hash) => _dialect.Text(_dialect.Sql($"{all}({hash})"));
    }
}
