using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>One side by itself.</summary>
/// <param name="Rows">All rows.</param>
/// <param name="Keyed">Those without a null in the key; all rows when there is no key.</param>
/// <param name="Nulls">Nulls in each column of <see cref="TablePair.NullRateColumns"/>.</param>
internal sealed record SideTotals(long Rows, long Keyed, IReadOnlyList<long> Nulls);

/// <summary>The part of a statement that counts the rows of both sides by themselves.</summary>
internal sealed class KeyTotals
{
    private readonly TablePair _pair;
    private readonly KeyedRows? _rows;
    private readonly Sides<(int Rows, int Keyed, IReadOnlyList<int> Filled)> _places;

    /// <param name="pair">The tables.</param>
    /// <param name="rows">The rows; null for all rows of tables without a key.</param>
    /// <param name="list">The statement's select list.</param>
    public KeyTotals(TablePair pair, KeyedRows? rows, SelectList list)
    {
        _pair = pair;
        _rows = rows;
        _places = new(Add("base_total"), Add("head_total"));
        var (ofBase, ofHead) = (Of(pair.Sides.Base, column => column.Base), Of(pair.Sides.Head, column => column.Head));
        From = pair.Dialect.Sql($"""
            (
            {ofBase}
            ) as base_total
            cross join (
            {ofHead}
            ) as head_total
            """);

        (int Rows, int Keyed, IReadOnlyList<int> Filled) Add(string table) => (
            list.AddColumn(table, "row_count"),
            list.AddColumn(table, "keyed"),
            [.. pair.NullRateColumns.Select((_, index) => list.AddColumn(table, $"filled{index}"))]);
    }

    /// <summary>Both counts, for the statement's <c>from</c>.</summary>
    public SqlText From { get; }

    /// <summary>Reads the counts from the statement's row.</summary>
    public Sides<SideTotals> Read(IReadOnlyList<object?> row) => _places.Map(places =>
    {
        var count = Row.Count(row, places.Rows);
        return new SideTotals(count, Row.Count(row, places.Keyed), [.. places.Filled.Select(place => count - Row.Count(row, place))]);
    });

    private SqlText Of(DiffSide side, Func<ColumnPair, Column> ofSide)
    {
        var dialect = _pair.Dialect;
        var columns = _pair.NullRateColumns.Select(ofSide).ToList();
        var list = new SelectList(dialect);
        list.Add("row_count", dialect.Sql($"count(*)"));
        list.Add("keyed", _rows is null ? dialect.Sql($"count(*)") : _rows.Key.CountComplete(side));
        foreach (var (index, column) in columns.Index())
        {
            list.Add($"filled{index}", dialect.Sql($"count({side.Value(column)})"));
        }

        var rows = _rows is null ? side.Rows(columns) : _rows.Of(side, columns);
        return dialect.Sql($"select\n    {list.Sql}\nfrom (\n{rows}\n) as {side.Row}");
    }
}
