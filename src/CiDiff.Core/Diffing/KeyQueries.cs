using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Statements about a key alone, each with one row.</summary>
internal sealed class KeyQueries(TableKey key)
{
    // In a sample of this size, keys that repeat so often that a join would never end show up: the number of pairs to be expected is half
    // its square, times the rows of such a join, divided by the square of the table's rows.
    private const int SampleRows = 20_000;

    // A bit for every number there could be is cheaper than a hash table of those there are, up to some dozen bits a row.
    private const int BitsPerRow = 64;
    private const long MostBits = 1_000_000_000;

    private readonly SqlDialect _dialect = key.Pair.Dialect;
    private readonly KeyedRows _rows = new(key, RowQuality.All);

    private DiffSide Base => key.Pair.Sides.Base;

    private DiffSide Head => key.Pair.Sides.Head;

    /// <summary>Counts both sides by themselves.</summary>
    public (SqlText Sql, Func<IReadOnlyList<object?>, Sides<SideTotals>> Read) Totals()
    {
        var list = new SelectList(_dialect);
        var totals = new KeyTotals(key.Pair, _rows, list);
        return (_dialect.Sql($"{_rows.With(key.Pair.NullRateColumns)}select\n    {list.Sql}\nfrom {totals.From}"), totals.Read);
    }

    /// <summary>The number of pairs of rows with the same key, up to a limit: a join of keys that repeat has more than there are rows, and may have
    /// more than anybody can wait for.</summary>
    public SqlText Matched(long limit) => _dialect.Sql($"""
        {_rows.With([])}select count(*) as matched
        from (
        select 1 as present
        from (
        {_rows.Of(Base, [])}
        ) as {Base.Row}
        join (
        {_rows.Of(Head, [])}
        ) as {Head.Row} on {key.Matches}
        limit {limit}
        ) as pairs
        """);

    /// <summary>The least and the greatest key of each side.</summary>
    /// <returns>Null when the key is not one whole number, or a side has none.</returns>
    public async Task<Sides<(long Least, long Greatest)>?> EndsAsync(DiffSession session, CancellationToken cancellationToken)
    {
        if (!BucketFingerprint.IsOfNumbers(key))
        {
            return null;
        }

        // The catalog answers, where there is no filter.
        var values = key.Pair.Values(key.Columns[0]);
        var row = await session.RowAsync(
            _dialect.Sql($"""
            select base_ends.least, base_ends.greatest, head_ends.least, head_ends.greatest
            from ({Ends(Base, values.Base)}) as base_ends
            cross join ({Ends(Head, values.Head)}) as head_ends
            """),
            cancellationToken);
        return row.Contains(null) ? null : new((Row.Count(row, 0), Row.Count(row, 1)), (Row.Count(row, 2), Row.Count(row, 3)));

        SqlText Ends(DiffSide side, SqlText number) =>
            _dialect.Sql($"select min({number}) as least, max({number}) as greatest from (\n{side.RowsOnce(key.Of(side))}\n) as {side.Row}");
    }

    /// <summary>Per side, the rows of a sample and their distinct keys; equal when no key repeats there.</summary>
    public SqlText Sampled() => _dialect.Sql($"""
        select base_sample.n as base_rows, base_sample.keys as base_keys, head_sample.n as head_rows, head_sample.keys as head_keys
        from ({Sampled(Base)}) as base_sample
        cross join ({Sampled(Head)}) as head_sample
        """);

    /// <summary>Per side, the number of distinct keys, of those that repeat, and of their rows; then the most frequent ones of each side.</summary>
    /// <param name="samples">How many of the most frequent.</param>
    public SqlText Repeated(int samples)
    {
        var more = new[] { (Base, "cidiff_base_keys"), (Head, "cidiff_head_keys") }
            .Select(side => _dialect.Sql($"{new ColumnName(side.Item2)} as (\n{_rows.Counted(side.Item1)}\n)"));
        var list = new SelectList(_dialect);
        foreach (var side in new[] { "base", "head" })
        {
            list.AddColumn($"{side}_count", "distinct_keys");
            list.AddColumn($"{side}_count", "repeated_keys");
            list.AddColumn($"{side}_count", "repeated_rows");
        }

        if (samples > 0)
        {
            list.Add("base_first", MostFrequent("cidiff_base_keys", samples));
            list.Add("head_first", MostFrequent("cidiff_head_keys", samples));
        }

        return _dialect.Sql($"""
            {_rows.With([], more)}select
                {list.Sql}
            from ({Count("cidiff_base_keys")}) as base_count
            cross join ({Count("cidiff_head_keys")}) as head_count
            """);
    }

    /// <summary>Counts the distinct keys of a side, none of which has a null.</summary>
    public async Task<long> CountDistinctAsync(DiffSide side, DiffSession session, CancellationToken cancellationToken)
    {
        var rows = side.RowsOnce(key.Of(side));
        var forms = key.FormsOf(side).ToList();
        if (forms is [var number] && key.Columns[0].Types is { Base.Family: TypeFamily.Integer, Head.Family: TypeFamily.Integer })
        {
            var ends = await session.RowAsync(
                _dialect.Sql($"select min({number}) as least, max({number}) as greatest, count(*) as n from (\n{rows}\n) as {side.Row}"), cancellationToken);
            if (ends is [long least, long greatest, _]
                && (Int128)greatest - least < Math.Min(MostBits, BitsPerRow * Row.Count(ends, 2))
                && _dialect.CountDistinctBetween(number, least, greatest) is { } count)
            {
                return Row.Count(await session.RowAsync(_dialect.Sql($"select {count} as n from (\n{rows}\n) as {side.Row}"), cancellationToken), 0);
            }
        }

        var names = SqlText.Join(", ", key.Names);
        var keys = SqlText.Join(", ", forms.Zip(key.Names, (form, name) => _dialect.Sql($"{form} as {name}")));
        var distinct = _dialect.Sql($"select {names} from (\nselect {keys} from (\n{rows}\n) as {side.Row}\n) as keyed group by {names}");
        return Row.Count(await session.RowAsync(_dialect.Sql($"select count(*) as n from (\n{distinct}\n) as counted"), cancellationToken), 0);
    }

    private SqlText Sampled(DiffSide side)
    {
        var forms = SqlText.Join(", ", key.FormsOf(side));
        var rows = _dialect.SomeRows(side.RowsOnce(key.Of(side)), SampleRows, side.Filter is null ? side.Relation?.EstimatedRows : null);
        return _dialect.Sql($"select count(*) as n, count(distinct ({forms})) as keys from (\n{rows}\n) as {side.Row} where {key.IsComplete(side)}");
    }

    private SqlText Count(string counted) => _dialect.Sql($"""
        select
            count(*) as distinct_keys,
            count(*) filter (where n > 1) as repeated_keys,
            cast(coalesce(sum(n) filter (where n > 1), 0) as bigint) as repeated_rows
        from {new ColumnName(counted)}
        """);

    private SqlText MostFrequent(string counted, int samples)
    {
        var names = SqlText.Join(", ", key.Names);
        var rows = _dialect.AllRows([.. key.Names.Select(_dialect.Text), _dialect.Text(_dialect.Sql($"n"))], _dialect.Sql($"n desc, {names}"));
        return _dialect.Sql($"""
            (
            select {rows}
            from (
            select {names}, n from {new ColumnName(counted)} where n > 1 order by n desc, {names} limit {samples}
            ) as first_rows
            )
            """);
    }
}
