using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>The sums of hashes of one side: of its keys, and of each compared column.</summary>
/// <param name="Totals">The side by itself.</param>
/// <param name="Key">The sum of the keys' hashes, as text.</param>
/// <param name="Columns">The sum of each compared column's hashes, as texts; null when all its values are null.</param>
internal sealed record SideFingerprint(SideTotals Totals, string? Key, IReadOnlyList<string?> Columns);

/// <summary>One scan of a side for <see cref="SideFingerprint"/>.</summary>
/// <remarks>A null has no hash and adds nothing: with the same keys on both sides, a value that became null still changes the sum.</remarks>
internal sealed class ColumnFingerprint(TableKey key)
{
    private readonly SqlDialect _dialect = key.Pair.Dialect;

    /// <summary>Scans a side.</summary>
    public async Task<SideFingerprint> OfAsync(DiffSide side, DiffSession session, CancellationToken cancellationToken)
    {
        if (side.Relation?.EstimatedRows is { } rowCount && _dialect.PrepareScan(rowCount) is { } preparation)
        {
            await session.RowsAsync(preparation, cancellationToken);
        }

        var isBase = side == key.Pair.Sides.Base;
        var (seed, ofSeed) = (Fingerprint.Seed(key), Fingerprint.OfSeed(key));
        var list = new SelectList(_dialect);
        var count = list.Add("row_count", _dialect.Sql($"count(*)"));
        var keyed = list.Add("keyed", key.CountComplete(side));
        var filled = key.Pair.NullRateColumns
            .Select((pair, index) => list.Add($"filled{index}", _dialect.Sql($"count({side.Value(isBase ? pair.Base : pair.Head)})")))
            .ToList();
        var keys = list.Add("key_sum", Sum(isBase ? ofSeed.Base : ofSeed.Head));
        var columns = key.Compared
            .Select((column, index) =>
            {
                var mixed = Fingerprint.Hash(key, column.Pair, seed)!.Value;
                return list.Add($"sum{index}", Sum(isBase ? mixed.Base : mixed.Head));
            })
            .ToList();

        var wanted = key.Columns.Concat(key.Compared.Select(column => column.Pair)).Concat(key.Pair.NullRateColumns);
        var rows = side.RowsOnce(wanted.Select(pair => isBase ? pair.Base : pair.Head));
        var row = await session.RowAsync(_dialect.Sql($"select\n    {list.Sql}\nfrom (\n{rows}\n) as {side.Row}"), cancellationToken);
        var total = Row.Count(row, count);
        return new SideFingerprint(
            new SideTotals(total, Row.Count(row, keyed), [.. filled.Select(place => total - Row.Count(row, place))]),
            (string?)row[keys],
            [.. columns.Select(place => (string?)row[place])]);
    }

    private SqlText Sum(SqlText hash) => _dialect.Text(_dialect.Sql($"sum({hash})"));
}
