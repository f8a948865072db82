using System.Globalization;
using System.Text.Json;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Looks at the values of each column of one side.</summary>
/// <remarks>Two statements for up to some hundred columns: one pass that aggregates all of them, and one that counts the values of those in which values
/// repeat.</remarks>
internal sealed class ColumnProfiler(DiffSide side, DiffSession session)
{
    /// <summary>How many of the most frequent values are told.</summary>
    public const int MostFrequent = 5;

    // Seven aggregates each, and PostgreSQL's rows hold 1,664 columns.
    private const int ColumnsAtOnce = 120;

    private readonly SqlDialect _dialect = side.Dialect;

    /// <summary>Looks.</summary>
    /// <param name="columns">Which columns.</param>
    /// <param name="cancellationToken">Stops the queries.</param>
    public async Task<IReadOnlyDictionary<ColumnName, ColumnStatistics>> ReadAsync(IReadOnlyList<Column> columns, CancellationToken cancellationToken)
    {
        var found = new Dictionary<ColumnName, ColumnStatistics>();
        foreach (var part in columns.Chunk(ColumnsAtOnce))
        {
            foreach (var (column, statistics) in await SummarizeAsync(part, cancellationToken))
            {
                found[column] = statistics;
            }

            // Where hardly any value occurs twice, none is frequent, and counting them takes as much memory as there are rows.
            var repeating = part.Where(column => found[column.Name] is var known && known.Distinct > 0 && known.Distinct * 2 <= known.Rows - known.Nulls).ToList();
            if (repeating.Count > 0)
            {
                await CountValuesAsync(repeating, found, cancellationToken);
            }
        }

        return found;
    }

    private async Task<IReadOnlyList<(ColumnName Column, ColumnStatistics Statistics)>> SummarizeAsync(
        IReadOnlyList<Column> columns, CancellationToken cancellationToken)
    {
        var list = new SelectList(_dialect);
        var rows = list.Add("row_count", _dialect.Sql($"count(*)"));
        var places = columns.Select((column, index) => Add(list, column, index)).ToList();
        var row = await session.RowAsync(
            _dialect.Sql($"select\n    {list.Sql}\nfrom (\n{side.RowsOnce(columns)}\n) as {side.Row}"), cancellationToken);
        var count = Row.Count(row, rows);
        return [.. columns.Zip(places, (column, place) => (column.Name, Read(row, count, place)))];
    }

    private Places Add(SelectList list, Column column, int index)
    {
        var (value, type) = (side.Value(column), column.Type);
        var form = Form(column);
        var filled = list.Add($"filled{index}", _dialect.Sql($"count({value})"));
        var distinct = list.Add($"distinct{index}", _dialect.Sql($"count(distinct {form})"));
        var places = new Places(type, filled, distinct, null, null, null);
        if (IsOrdered(type))
        {
            var ordered = type.Family == TypeFamily.Text ? form : value;
            places = places with
            {
                Ends = (
                    list.Add($"least{index}", _dialect.Display(_dialect.Sql($"min({ordered})"), type)),
                    list.Add($"greatest{index}", _dialect.Display(_dialect.Sql($"max({ordered})"), type))),
            };
        }

        if (IsNumber(type))
        {
            places = places with { Mean = list.Add($"mean{index}", _dialect.Text(_dialect.Sql($"avg({value})"))) };
        }

        if (IsNumber(type) || TimeBucket.IsTime(type))
        {
            places = places with { Quantiles = list.Add($"quantiles{index}", _dialect.Quantiles(value, ColumnStatistics.QuantileShares)) };
        }

        return places;
    }

    private ColumnStatistics Read(IReadOnlyList<object?> row, long rows, Places places) => new(
        rows, rows - Row.Count(row, places.Filled), Row.Count(row, places.Distinct))
    {
        Least = places.Ends is { } ends ? Shown((string?)row[ends.Least], places.Type) : null,
        Greatest = places.Ends is { } others ? Shown((string?)row[others.Greatest], places.Type) : null,
        Mean = places.Mean is { } mean
            && double.TryParse((string?)row[mean], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null,
        Quantiles = places.Quantiles is { } quantiles && row[quantiles] is string text ? [.. JsonSerializer.Deserialize<List<string>>(text)!.Select(quantile => Shown(quantile, places.Type)!)] : [],
    };

    private async Task CountValuesAsync(
        List<Column> columns, Dictionary<ColumnName, ColumnStatistics> found, CancellationToken cancellationToken)
    {
        var kept = side.Kept(columns) is { } definition ? _dialect.Sql($"with {definition}\n") : _dialect.Sql($"");
        var counted = SqlText.Join("\nunion all\n", columns.Select((column, index) => Counted(column, index)));
        var rows = await session.RowsAsync(_dialect.Sql($"{kept}{counted}"), cancellationToken);
        foreach (var group in rows.GroupBy(row => Row.Count(row, 0)))
        {
            var (name, type) = columns[(int)group.Key];
            found[name] = found[name] with
            {
                Frequent =
                [
                    .. group
                        .Select(row => new FrequentValue(Shown((string)row[1]!, type)!, Row.Count(row, 2)))
                        .OrderByDescending(value => value.Rows)
                        .ThenBy(value => value.Value, StringComparer.Ordinal),
                ],
            };
        }
    }

    private SqlText Counted(Column column, int place) => _dialect.Sql($"""
        (
        select {place} as place, min(shown) as shown, count(*) as n
        from (
        select {Form(column)} as form, {_dialect.Display(side.Value(column), column.Type)} as shown
        from (
        {side.Rows([column])}
        ) as {side.Row}
        where {side.Value(column)} is not null
        ) as column_values
        group by form
        having count(*) > 1
        order by count(*) desc, min(shown)
        limit {MostFrequent}
        )
        """);

    // The base's 92.34 and the head's 92.3400 are one value, where a type keeps how many digits somebody wrote.
    private string? Shown(string? text, ColumnType type) =>
        text is not null && text.Contains('.', StringComparison.Ordinal) && _dialect.PortableType(type) == PortableTypes.Numeric
            ? text.TrimEnd('0').TrimEnd('.')
            : text;

    // Two values are the same as everywhere in a comparison.
    private SqlText Form(Column column)
    {
        var value = side.Value(column);
        return _dialect.Compare(new(value, value), new(column.Type, column.Type)).Values.Head;
    }

    private static bool IsNumber(ColumnType type) => type.Family is TypeFamily.Integer or TypeFamily.Decimal or TypeFamily.Float;

    private static bool IsOrdered(ColumnType type) => IsNumber(type) || TimeBucket.IsTime(type) || type.Family is TypeFamily.Text or TypeFamily.Time;

    private sealed record Places(ColumnType Type, int Filled, int Distinct, (int Least, int Greatest)? Ends, int? Mean, int? Quantiles);
}
