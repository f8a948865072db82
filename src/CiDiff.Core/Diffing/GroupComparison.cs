using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Sums of row hashes over groups of neighbouring keys, where the key is one whole number and the numbers lie close together: everything that
/// there is to know comes from one scan of each side, also whether base's keys repeat.</summary>
internal sealed class GroupComparison
{
    // A bit for every number there could be is cheaper than a hash table of those there are, up to some dozen bits a row.
    private const int NumbersPerRow = 64;
    private const long MostNumbers = 1_000_000_000;

    // Few changed rows fall into as many groups, and the rows of these groups are all read again. A group takes 8 bytes.
    private const int RowsPerGroup = 4;
    private const long MostGroups = 1 << 22;

    private readonly TableKey _key;
    private readonly SqlDialect _dialect;
    private readonly KeyRange _range;
    private readonly SqlText _aggregate;

    private GroupComparison(TableKey key, KeyRange range, SqlText aggregate)
    {
        (_key, _dialect, _range, _aggregate) = (key, key.Pair.Dialect, range, aggregate);
    }

    /// <summary>The comparison of tables whose key lies in a range.</summary>
    /// <param name="key">The key, one whole number.</param>
    /// <param name="least">No key of either side is below it.</param>
    /// <param name="greatest">No key of either side is above it.</param>
    /// <param name="rows">The rows of the larger side.</param>
    /// <returns>Null when the numbers lie too far apart, or the warehouse has nothing of the kind.</returns>
    public static GroupComparison? Of(TableKey key, long least, long greatest, long rows)
    {
        var range = new KeyRange(least, greatest, 0);
        if (range.Size > Math.Min(MostNumbers, Math.Max(1, rows) * NumbersPerRow))
        {
            return null;
        }

        var groups = (long)Math.Min(Math.Max(1, rows / RowsPerGroup), MostGroups);
        while ((long)range.Size >> range.Bits > groups && range.Bits < KeyRange.MostBits)
        {
            range = range with { Bits = range.Bits + 1 };
        }

        var dialect = key.Pair.Dialect;
        return dialect.CompareGroups(dialect.Sql($"is_base"), dialect.Sql($"row_key"), dialect.Sql($"row_hash"), range) is { } aggregate
            ? new GroupComparison(key, range, aggregate)
            : null;
    }

    /// <summary>Finds the groups whose rows are not proven equal.</summary>
    /// <returns>Null when there were other keys than were said, of which nothing is known.</returns>
    public async Task<GroupsFound?> FindAsync(DiffSession session, CancellationToken cancellationToken)
    {
        var (ofBase, ofHead) = _key.Pair.Sides;
        var values = _key.Pair.Values(_key.Columns[0]);
        var row = await session.RowAsync(
            _dialect.Sql($"""
            select {_aggregate} as found
            from (
            {Hashed(ofBase, values.Base, _dialect.Sql($"true"))}
            union all
            {Hashed(ofHead, values.Head, _dialect.Sql($"false"))}
            ) as both_rows
            """),
            cancellationToken);
        if (row[0] is not string text)
        {
            return new GroupsFound(0, 0, null, 0);
        }

        var found = GroupDifferences.Parse(text);
        return found.Outside > 0
            ? null
            : new(found.Groups, found.Differing, found.Differing == 0 ? null : values.Map(number => _dialect.IsMarked(number, _range, found.Marks)), found.BaseKeys);
    }

    private SqlText Hashed(DiffSide side, SqlText number, SqlText isBase) => _dialect.Sql($"""
        select {isBase} as is_base, cast({number} as bigint) as row_key, {Fingerprint.OfRow(_key, side)} as row_hash
        from (
        {side.RowsOnce(Fingerprint.ColumnsOf(_key, side))}
        ) as {side.Row}
        """);
}
