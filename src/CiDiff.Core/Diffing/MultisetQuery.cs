using System.Globalization;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Compares rows as a multiset: equal rows are counted on both sides, and what one side has more of is surplus.</summary>
/// <remarks>A single pass over both sides and one <c>group by</c>. Tolerances of distance have no meaning here, because being close is not transitive.</remarks>
/// <param name="pair">The tables.</param>
/// <param name="columns">What makes two rows equal; none when only the number of rows is compared.</param>
/// <param name="rows">Which rows, of tables with a key; null for all.</param>
/// <param name="samples">How many surplus rows of each side are wanted.</param>
internal sealed class MultisetQuery(TablePair pair, IEnumerable<ColumnPair> columns, KeyedRows? rows, int samples)
{
    private readonly SqlDialect _dialect = pair.Dialect;
    private readonly IReadOnlyList<ColumnPair> _columns = [.. columns];

    private IEnumerable<SqlText> Names => _columns.Select((_, index) => _dialect.Sql($"v{index}"));

    private SqlText NameList => SqlText.Join(", ", Names.DefaultIfEmpty(_dialect.Sql($"1")));

    /// <summary>Compares.</summary>
    public async Task<MultisetResult> RunAsync(DiffSession session, CancellationToken cancellationToken)
    {
        var list = new SelectList(_dialect);
        var totals = new KeyTotals(pair, rows, list);
        var removed = list.AddColumn("surplus", "removed");
        var added = list.AddColumn("surplus", "added");
        var firstRemoved = samples > 0 ? list.Add("first_removed", First(_dialect.Sql($"base_rows - head_rows"))) : -1;
        var firstAdded = samples > 0 ? list.Add("first_added", First(_dialect.Sql($"head_rows - base_rows"))) : -1;
        var statement = _dialect.Sql($"""
            {With()}select
                {list.Sql}
            from {totals.From}
            cross join (
            select
                cast(coalesce(sum(case when base_rows > head_rows then base_rows - head_rows else 0 end), 0) as bigint) as removed,
                cast(coalesce(sum(case when head_rows > base_rows then head_rows - base_rows else 0 end), 0) as bigint) as added
            from cidiff_surplus
            ) as surplus
            """);
        var row = await session.RowAsync(statement, cancellationToken);
        return new MultisetResult(
            totals.Read(row),
            Row.Count(row, removed),
            Row.Count(row, added),
            samples > 0 ? Samples(row, firstRemoved) : [],
            samples > 0 ? Samples(row, firstAdded) : []);
    }

    private SqlText With()
    {
        var groupBy = _columns.Count == 0 ? _dialect.Sql($"") : _dialect.Sql($"\ngroup by {NameList}");
        var counted = _dialect.Sql($"""
            cidiff_surplus as (
            select {NameList}, base_rows, head_rows
            from (
            select {NameList}, count(*) filter (where is_base) as base_rows, count(*) filter (where not is_base) as head_rows
            from (
            {Valued(pair.Sides.Base)}
            union all
            {Valued(pair.Sides.Head)}
            ) as both_sides{groupBy}
            ) as counted
            where base_rows <> head_rows
            )
            """);
        var needed = _columns.Concat(pair.NullRateColumns).ToList();
        if (rows is not null)
        {
            return rows.With(needed, counted);
        }

        var kept = new[] { pair.Sides.Base.Kept(needed.Select(column => column.Base)), pair.Sides.Head.Kept(needed.Select(column => column.Head)) };
        return _dialect.Sql($"with {SqlText.Join(", ", kept.OfType<SqlText>().Append(counted))}\n");
    }

    private SqlText Valued(DiffSide side)
    {
        var isBase = side == pair.Sides.Base;
        var values = _columns.Select(pair.LooseForms).Zip(Names, (forms, name) => _dialect.Sql($"{(isBase ? forms.Base : forms.Head)} as {name}"));
        var list = SqlText.Join(", ", values.Append(isBase ? _dialect.Sql($"true as is_base") : _dialect.Sql($"false as is_base")));
        var wanted = _columns.Select(column => isBase ? column.Base : column.Head);
        return _dialect.Sql($"select {list}\nfrom (\n{(rows is null ? side.Rows(wanted) : rows.Of(side, wanted))}\n) as {side.Row}");
    }

    private SqlText First(SqlText surplus)
    {
        var texts = Names.Zip(_columns, (name, column) => _dialect.Display(name, column.Head.Type)).Append(_dialect.Text(_dialect.Sql($"surplus_rows")));
        return _dialect.Sql($"""
            (
            select {_dialect.AllRows([.. texts], NameList)}
            from (
            select {NameList}, {surplus} as surplus_rows from cidiff_surplus where {surplus} > 0 order by {NameList} limit {samples}
            ) as first_rows
            )
            """);
    }

    private List<SampleRow> Samples(IReadOnlyList<object?> row, int place) =>
    [
        .. Row.Texts(row, place).Select(texts => new SampleRow(
            [],
            [.. _columns.Select((column, index) => KeyValuePair.Create(column.Head.Name.Value, texts[index]))],
            long.Parse(texts[^1]!, CultureInfo.InvariantCulture))),
    ];
}

/// <summary>What a <see cref="MultisetQuery"/> found.</summary>
/// <param name="Totals">The rows of each side.</param>
/// <param name="Removed">Surplus rows of base.</param>
/// <param name="Added">Surplus rows of head.</param>
/// <param name="FirstRemoved">Examples of the former.</param>
/// <param name="FirstAdded">Examples of the latter.</param>
internal sealed record MultisetResult(
    Sides<SideTotals> Totals, long Removed, long Added, IReadOnlyList<SampleRow> FirstRemoved, IReadOnlyList<SampleRow> FirstAdded);
