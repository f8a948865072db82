using System.Globalization;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Sums of row hashes over groups of keys, of both sides, compared where they are made.</summary>
internal sealed class BucketFingerprint(TableKey key)
{
    // Few changed rows fall into as many groups, and each group costs memory and a lookup.
    private const int Buckets = 1 << 16;

    private readonly SqlDialect _dialect = key.Pair.Dialect;
    private readonly Sides<SqlText> _hash = Fingerprint.Key(key)!.Value;

    /// <summary>Finds the groups whose rows are not proven equal.</summary>
    public async Task<(int Groups, IReadOnlyList<int> Differing)> FindAsync(DiffSession session, CancellationToken cancellationToken)
    {
        var differs = _dialect.Sql($"base_group.row_count is distinct from head_group.row_count or base_group.row_sum is distinct from head_group.row_sum");
        var bucket = _dialect.Sql($"coalesce(base_group.bucket, head_group.bucket)");
        var statement = _dialect.Sql($"""
            select count(*) as all_groups, string_agg({_dialect.Text(bucket)}, ',') filter (where {differs}) as differing
            from (
            {Grouped(key.Pair.Sides.Base)}
            ) as base_group
            full outer join (
            {Grouped(key.Pair.Sides.Head)}
            ) as head_group on base_group.bucket = head_group.bucket
            """);
        var row = await session.RowAsync(statement, cancellationToken);
        var differing = row[1] is string text ? text.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).Order().ToList() : [];
        return ((int)Row.Count(row, 0), differing);
    }

    /// <summary>The condition on both sides' rows that they are in one of some groups.</summary>
    public Sides<SqlText> IsIn(IReadOnlyList<int> buckets)
    {
        var list = SqlText.Join(", ", buckets.Select(bucket => _dialect.Sql($"{(long)bucket}")));
        return _hash.Map(hash => _dialect.Sql($"{Bucket(hash)} in (select unnest([{list}]))"));
    }

    private SqlText Grouped(DiffSide side)
    {
        var isBase = side == key.Pair.Sides.Base;
        var hash = _hash;
        foreach (var column in key.Compared)
        {
            hash = Fingerprint.Hash(key, column.Pair, hash)!.Value;
        }

        var wanted = key.Columns.Concat(key.Compared.Select(column => column.Pair)).Select(pair => isBase ? pair.Base : pair.Head);
        return _dialect.Sql($"""
            select {Bucket(isBase ? _hash.Base : _hash.Head)} as bucket, count(*) as row_count, sum(hash({(isBase ? hash.Base : hash.Head)})) as row_sum
            from (
            {side.RowsOnce(wanted)}
            ) as {side.Row}
            group by bucket
            """);
    }

    private SqlText Bucket(SqlText hash) => _dialect.Sql($"cast({hash} & {Buckets - 1} as integer)");
}
