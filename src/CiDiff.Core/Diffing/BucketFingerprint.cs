using System.Globalization;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Sums of row hashes over groups of keys, of both sides, compared where they are made.</summary>
internal sealed class BucketFingerprint(TableKey key)
{
    // Few changed rows fall into as many groups, and each group costs memory and a lookup; less so where neighbours share one.
    private const int Bits = 16;
    private const int MostBits = 20;
    private const int RowsPerGroup = 16;

    /// <summary>Beyond this share of the groups, or rows, joining them is joining everything.</summary>
    public const double MostDiffering = 0.6;

    private readonly SqlDialect _dialect = key.Pair.Dialect;
    private readonly Sides<SqlText> _group = IsOfNumbers(key)
        ? key.Pair.Values(key.Columns[0]).Map(key.Pair.Dialect.Neighbourhood)
        : Fingerprint.Key(key)!.Value;

    private readonly int _bits = IsOfNumbers(key) && key.Pair.Sides is { Base.Relation.EstimatedRows: { } before, Head.Relation.EstimatedRows: { } after }
        ? Math.Clamp((int)Math.Log2(Math.Max(1, Math.Max(before, after) / RowsPerGroup)), Bits, MostBits)
        : Bits;

    /// <summary>Whether neighbours share a group, so that few groups differ where few rows do.</summary>
    public static bool IsOfNumbers(TableKey key) =>
        key.Columns is [{ IsRetyped: false, Head.Type: var type }] && PortableTypes.FitsInt64(key.Pair.Dialect.PortableType(type));

    /// <summary>Whether most rows differ, by a look at a thousandth of the key's range: then the hashes would be in vain.</summary>
    public async Task<bool> AreMostDifferentAsync(DiffSession session, CancellationToken cancellationToken)
    {
        if (!IsOfNumbers(key))
        {
            return false;
        }

        var side = key.Pair.Sides.Base;
        var value = side.Value(key.Columns[0].Base);
        var ends = await session.RowAsync(
            _dialect.Sql($"select min({value}) as least_key, max({value}) as greatest_key from (\n{side.RowsOnce(key.Of(side))}\n) as {side.Row}"), cancellationToken);
        if (ends is not [{ } first, { } last])
        {
            return false;
        }

        var (least, greatest) = ((Int128)Convert.ToInt64(first, CultureInfo.InvariantCulture), (Int128)Convert.ToInt64(last, CultureInfo.InvariantCulture));
        var from = new SqlText(((least + greatest) / 2).ToString(CultureInfo.InvariantCulture));
        var to = new SqlText(((least + greatest) / 2 + (greatest - least) / 1000).ToString(CultureInfo.InvariantCulture));
        var rows = new KeyedRows(key, RowQuality.All) { Only = key.Pair.Values(key.Columns[0]).Map(number => _dialect.Sql($"{number} between {from} and {to}")) };
        var counts = await new JoinStatement(new JoinQuestion(rows, key.Compared, 0, CountsDistinct: false) { IsOfNumbersOnly = true }).AskAsync(session, cancellationToken);
        return counts.Added + counts.Removed + counts.Changed > MostDiffering * (counts.Added + counts.Removed + (counts.Matched ?? 0));
    }

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
        return _group.Map(group => _dialect.Sql($"{Bucket(group)} in (select unnest([{list}]))"));
    }

    private SqlText Grouped(DiffSide side)
    {
        var isBase = side == key.Pair.Sides.Base;
        var values = key.Columns.Zip(key.Forms, (pair, form) => (isBase ? form.Base : form.Head, pair.Types))
            .Concat(key.Compared.Select(column => (isBase ? Fingerprint.Value(key, column.Pair).Base : Fingerprint.Value(key, column.Pair).Head, column.Pair.Types)));
        var wanted = key.Columns.Concat(key.Compared.Select(column => column.Pair)).Select(pair => isBase ? pair.Base : pair.Head);
        return _dialect.Sql($"""
            select {Bucket(isBase ? _group.Base : _group.Head)} as bucket, count(*) as row_count, sum({_dialect.RowHash([.. values])}) as row_sum
            from (
            {side.RowsOnce(wanted)}
            ) as {side.Row}
            group by bucket
            """);
    }

    private SqlText Bucket(SqlText group) => _dialect.Sql($"cast({group} & {(1 << _bits) - 1} as integer)");
}
