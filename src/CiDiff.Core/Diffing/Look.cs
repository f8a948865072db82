using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>A look at some rows of two tables, where an index gives them in the order of their keys: what the others are like decides which way of comparing
/// them costs least, never what the answer is.</summary>
internal sealed class Look(TableKey key, DiffSession session)
{
    private readonly SqlDialect _dialect = key.Pair.Dialect;

    /// <summary>Whether <see cref="PartsAsync"/> can be expected to know such keys.</summary>
    /// <param name="percents">Which share of the rows is below each of the keys.</param>
    public bool CanDivide(IReadOnlyList<int> percents) => DividingKeys(percents) is not null;

    /// <summary>Divides the rows into parts, by keys.</summary>
    /// <param name="percents">Which share of the rows is below each of the keys.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    /// <returns>The condition of each part, in the order of the keys: at least two, and a row whose key is not null is in just one of them. Null where nobody knows such keys at
    /// once.</returns>
    public async Task<IReadOnlyList<Sides<SqlText>>?> PartsAsync(IReadOnlyList<int> percents, CancellationToken cancellationToken)
    {
        return DividingKeys(percents) is { } ask ? Parts([.. (await session.RowsAsync(ask, cancellationToken)).Select(row => (string)row[0]!)]) : null;
    }

    /// <summary>Divides the rows into parts, as <see cref="PartsAsync"/>.</summary>
    /// <param name="keys">What they are divided by, in order.</param>
    public IReadOnlyList<Sides<SqlText>>? Parts(IReadOnlyList<string> keys)
    {
        if (keys.Count == 0)
        {
            return null;
        }

        var dividing = keys.Select(text => new SqlValue(text)).ToList();
        var values = key.Pair.Values(key.Columns[0]);
        return
        [
            values.Map(value => _dialect.Sql($"{value} < {dividing[0]}")),
            .. dividing.Zip(dividing.Skip(1), (from, to) => values.Map(value => _dialect.Sql($"{value} >= {from} and {value} < {to}"))),
            values.Map(value => _dialect.Sql($"{value} >= {dividing[^1]}")),
        ];
    }

    /// <summary>Looks at the first rows of base.</summary>
    /// <param name="only">Among these rows of both sides.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    public Task<Seen> AtFirstAsync(Sides<SqlText> only, int count, CancellationToken cancellationToken) =>
        AtAsync(new KeyedRows(key, RowQuality.All) { Only = only }, key.Pair.Sides.Base, key.Pair.Sides.Head, _dialect.Sql($""), count, cancellationToken);

    /// <summary>Looks at the last rows of head, which are mostly the newest.</summary>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    public Task<Seen> AtLastAsync(int count, CancellationToken cancellationToken) =>
        AtAsync(new KeyedRows(key, RowQuality.All), key.Pair.Sides.Head, key.Pair.Sides.Base, _dialect.Sql($" desc"), count, cancellationToken);

    private SqlText? DividingKeys(IReadOnlyList<int> percents) =>
        key.LeadingColumn is { } column && key.Pair.Sides.Base.Relation is { } relation && !key.Columns[0].IsRetyped
            ? _dialect.DividingKeys(relation.Name, column.Base, key.Columns[0].Base.Type, percents)
            : null;

    private async Task<Seen> AtAsync(KeyedRows rows, DiffSide side, DiffSide other, SqlText direction, int count, CancellationToken cancellationToken)
    {
        var columns = key.Compared;
        var order = SqlText.Join(", ", key.FormsOf(side).Select(form => _dialect.Sql($"{form}{direction}")));
        var isMatched = _dialect.Sql($"{key.FormsOf(other).First()} is not null");
        var row = await session.RowAsync(
            _dialect.Sql($"""
                {rows.With([.. columns.Select(column => column.Pair)])}select
                    count(*) as seen, count(*) filter (where {isMatched}) as matched, count(*) filter (where {isMatched} and ({key.Pair.AnyDiffers(columns)})) as changed
                from (
                select {side.Row}.*
                from (
                {Rows(rows, side)}
                ) as {side.Row}
                order by {order}
                limit {count}
                ) as {side.Row}
                left join (
                {Rows(rows, other)}
                ) as {other.Row} on {key.Matches}
                """),
            cancellationToken);
        return new Seen(Row.Count(row, 0), Row.Count(row, 1), Row.Count(row, 2));
    }

    private SqlText Rows(KeyedRows rows, DiffSide side) =>
        rows.Of(side, key.Compared.Select(column => side == key.Pair.Sides.Base ? column.Pair.Base : column.Pair.Head));
}

/// <summary>What a <see cref="Look"/> saw.</summary>
/// <param name="Rows">Rows of the side that was looked at.</param>
/// <param name="Matched">Those that the other side has too.</param>
/// <param name="Changed">Those that differ then.</param>
internal sealed record Seen(long Rows, long Matched, long Changed)
{
    /// <summary>Whether a row differs.</summary>
    public bool IsAnyDifferent => Matched < Rows || Changed > 0;
}
