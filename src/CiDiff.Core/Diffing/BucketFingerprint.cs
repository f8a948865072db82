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
        : Fingerprint.Key(key)!;

    private readonly int _bits = IsOfNumbers(key) && key.Pair.Sides is { Base.Relation.EstimatedRows: { } before, Head.Relation.EstimatedRows: { } after }
        ? Math.Clamp((int)Math.Log2(Math.Max(1, Math.Max(before, after) / RowsPerGroup)), Bits, MostBits)
        : Bits;

    /// <summary>Whether neighbours share a group, so that few groups differ where few rows do.</summary>
    public static bool IsOfNumbers(TableKey key) =>
        key.Columns is [{ Base.Type: var before, Head.Type: var after }]
        && PortableTypes.FitsInt64(key.Pair.Dialect.PortableType(before)) && PortableTypes.FitsInt64(key.Pair.Dialect.PortableType(after));

    /// <summary>Whether most rows differ, by a look at a thousandth of the key's range: then the hashes would be in vain.</summary>
    /// <param name="ends">The keys of base.</param>
    /// <param name="session">For this comparison alone.</param>
    /// <param name="cancellationToken">Stops the queries.</param>
    public async Task<bool> AreMostDifferentAsync((long Least, long Greatest) ends, DiffSession session, CancellationToken cancellationToken)
    {
        var (least, greatest) = ((Int128)ends.Least, (Int128)ends.Greatest);
        var from = SqlText.Found((least + greatest) / 2);
        var to = SqlText.Found((least + greatest) / 2 + (greatest - least) / 1000);
        // A key that repeats often would make more pairs than anybody can wait for; whoever asks finds out next that it repeats.
        if (await RepeatsAsync(key.Pair.Sides.Base, from, to, session, cancellationToken) || await RepeatsAsync(key.Pair.Sides.Head, from, to, session, cancellationToken))
        {
            return false;
        }

        var rows = new KeyedRows(key, RowQuality.All) { Only = key.Pair.Values(key.Columns[0]).Map(number => _dialect.Sql($"{number} between {from} and {to}")) };
        var counts = await new JoinStatement(new JoinQuestion(rows, key.Compared, 0, CountsDistinct: false) { IsOfNumbersOnly = true }).AskAsync(session, cancellationToken);
        return counts.Added + counts.Removed + counts.Changed > MostDiffering * (counts.Added + counts.Removed + (counts.Matched ?? 0));
    }

    private async Task<bool> RepeatsAsync(DiffSide side, SqlText from, SqlText to, DiffSession session, CancellationToken cancellationToken)
    {
        var number = key.FormsOf(side).Single();
        var row = await session.RowAsync(
            _dialect.Sql($"select count({number}) as n, count(distinct {number}) as keys from (\n{side.RowsOnce(key.Of(side))}\n) as {side.Row} where {number} between {from} and {to}"),
            cancellationToken);
        return Row.Count(row, 0) != Row.Count(row, 1);
    }

    /// <summary>Finds the groups whose rows are not proven equal.</summary>
    public async Task<GroupsFound> FindAsync(DiffSession session, CancellationToken cancellationToken)
    {
        var differs = _dialect.Sql($"base_group.row_count is distinct from head_group.row_count or base_group.row_sum is distinct from head_group.row_sum");
        var bucket = _dialect.Sql($"coalesce(base_group.bucket, head_group.bucket)");
        var statement = _dialect.Sql($"""
            select count(*) as all_groups, string_agg({_dialect.Text(bucket)}, ',') filter (where {differs}) as differing
            from (
            {Grouped(key.Pair.Sides.Base, _group.Base)}
            ) as base_group
            full outer join (
            {Grouped(key.Pair.Sides.Head, _group.Head)}
            ) as head_group on base_group.bucket = head_group.bucket
            """);
        var row = await session.RowAsync(statement, cancellationToken);
        var differing = row[1] is string text ? text.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).Order().ToList() : [];
        return new(Row.Count(row, 0), differing.Count, differing.Count == 0 ? null : IsIn(differing), BaseKeys: null);
    }

    private Sides<SqlText> IsIn(List<int> buckets)
    {
        var list = SqlText.Join(", ", buckets.Select(bucket => _dialect.Sql($"{(long)bucket}")));
        return _group.Map(group => _dialect.Sql($"{Bucket(group)} in (select unnest([{list}]))"));
    }

    private SqlText Grouped(DiffSide side, SqlText group) => _dialect.Sql($"""
        select {Bucket(group)} as bucket, count(*) as row_count, sum({Fingerprint.OfRow(key, side)}) as row_sum
        from (
        {side.RowsOnce(Fingerprint.ColumnsOf(key, side))}
        ) as {side.Row}
        group by bucket
        """);

    private SqlText Bucket(SqlText group) => _dialect.Sql($"cast({group} & {(1 << _bits) - 1} as integer)");
}

/// <summary>What is known of the rows of both sides, in groups of keys.</summary>
/// <param name="Groups">The groups.</param>
/// <param name="Differing">Those whose rows are not proven equal.</param>
/// <param name="IsDiffering">The condition on both sides' rows that they are in one of those; null when there are none.</param>
/// <param name="BaseKeys">Base's distinct keys; null when they were not counted.</param>
internal sealed record GroupsFound(long Groups, long Differing, Sides<SqlText>? IsDiffering, long? BaseKeys);
