using System.Globalization;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Counts the rows that differ by when they happened.</summary>
/// <remarks>Two statements: the ends of both sides' times, which say how long a bucket is, and a full join of the columns that differ.</remarks>
internal sealed class TimelineReader(TableKey key, JoinResult result, DiffSession session)
{
    /// <summary>The most buckets that are told.</summary>
    public const int MostBuckets = 400;

    private readonly SqlDialect _dialect = key.Pair.Dialect;

    /// <summary>Counts, when the rules name a column and rows differ.</summary>
    /// <param name="quality">Which rows can be matched.</param>
    /// <param name="notes">Told why there is nothing to count by.</param>
    /// <param name="cancellationToken">Stops the queries.</param>
    /// <returns>Null when there is nothing to count.</returns>
    public async Task<Timeline?> ReadAsync(RowQuality quality, List<string> notes, CancellationToken cancellationToken)
    {
        var counts = result.Counts;
        if (key.Pair.Rules.TimeColumn is not { } name || (counts.Changed == 0 && counts.Added == 0 && counts.Removed == 0))
        {
            return null;
        }

        if (Column(name, notes) is not { } pair)
        {
            return null;
        }

        var differing = key.Compared.Zip(counts.ChangedColumns).Where(column => column.Second > 0).Select(column => column.First).ToList();
        if (differing.Count > _dialect.MaxComparedColumns)
        {
            notes.Add($"{key.Pair.Rules.Written("time_column")} has no effect: more columns differ than one statement can compare, which is {_dialect.MaxComparedColumns}.");
            return null;
        }

        var unit = Unit(await session.RowAsync(Ends(pair), cancellationToken));
        var rows = await session.RowsAsync(Buckets(pair, unit, differing, new KeyedRows(key, quality)), cancellationToken);
        if (rows.Count > MostBuckets)
        {
            notes.Add($"Only the first {MostBuckets} buckets of '{name}' are told.");
        }

        return new Timeline(
            pair.Head.Name,
            unit,
            1,
            [
                .. rows.Take(MostBuckets).Select(row => new TimelineBucket(
                    row[0] is string start ? TimeBucket.Name(start, unit) : null, Row.Count(row, 1), Row.Count(row, 2), Row.Count(row, 3), Row.Count(row, 4))),
            ]);
    }

    /// <summary>How long a bucket is: the shortest with which there are no more than some 60.</summary>
    /// <param name="ends">The first and the last time, as texts; null when there are none.</param>
    internal static TimeUnit Unit(IReadOnlyList<object?> ends)
    {
        var days = (Moment(ends[1]) - Moment(ends[0]))?.TotalDays ?? 0;
        return days switch
        {
            <= 2 => TimeUnit.Hour,
            <= 62 => TimeUnit.Day,
            <= 366 => TimeUnit.Week,
            <= 5 * 366 => TimeUnit.Month,
            _ => TimeUnit.Year,
        };

        static DateTime? Moment(object? text) =>
            text is string { Length: >= 19 } moment
            && DateTime.TryParseExact(moment[..19], "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                ? time
                : null;
    }

    private ColumnPair? Column(string name, List<string> notes)
    {
        if (key.Pair.Columns.FirstOrDefault(column => column.Pair.IsNamed(name, StringComparison.OrdinalIgnoreCase))?.Pair is not { } pair)
        {
            notes.Add($"{key.Pair.Rules.Written("time_column")} has no effect: base and head do not both have the column '{name}'.");
            return null;
        }

        if (!TimeBucket.IsTime(pair.Base.Type) || !TimeBucket.IsTime(pair.Head.Type))
        {
            notes.Add($"{key.Pair.Rules.Written("time_column")} has no effect: the column '{name}' is no date or timestamp on both sides.");
            return null;
        }

        return pair;
    }

    // Dates that stand for "never" and "always" are not what the range is about.
    private SqlText Ends(ColumnPair pair)
    {
        var (inBase, inHead) = key.Pair.Sides;
        return _dialect.Sql($"""
            select {_dialect.Text(_dialect.Sql($"min(moment)"))} as first_moment, {_dialect.Text(_dialect.Sql($"max(moment)"))} as last_moment
            from (
            select cast({inBase.Value(pair.Base)} as timestamp) as moment
            from (
            {inBase.RowsOnce([pair.Base])}
            ) as {inBase.Row}
            union all
            select cast({inHead.Value(pair.Head)} as timestamp) as moment
            from (
            {inHead.RowsOnce([pair.Head])}
            ) as {inHead.Row}
            ) as moments
            where moment >= cast('1900-01-01' as timestamp) and moment < cast('2200-01-01' as timestamp)
            """);
    }

    private SqlText Buckets(ColumnPair pair, TimeUnit unit, List<ColumnPlan> differing, KeyedRows rows)
    {
        var (inBase, inHead) = key.Pair.Sides;
        var isAdded = _dialect.Sql($"{key.Forms[0].Base} is null");
        var isRemoved = _dialect.Sql($"{key.Forms[0].Head} is null");
        var differs = differing.Count == 0 ? _dialect.Sql($"false") : SqlText.Join("\n    or ", differing.Select(key.Pair.Differ));
        var columns = differing.Select(column => column.Pair).Append(pair).ToList();
        return _dialect.Sql($"""
            {rows.With(columns)}select
                bucket,
                count(*) filter (where not is_added and not is_removed) as matched,
                count(*) filter (where not is_added and not is_removed and differs) as changed,
                count(*) filter (where is_added) as added,
                count(*) filter (where is_removed) as removed
            from (
            select
                case
                    when {isAdded} then {TimeBucket.Of(_dialect, inHead.Value(pair.Head), unit)}
                    else {TimeBucket.Of(_dialect, inBase.Value(pair.Base), unit)}
                end as bucket,
                {isAdded} as is_added,
                {isRemoved} as is_removed,
                {differs} as differs
            from (
            {rows.Of(inBase, columns.Select(column => column.Base))}
            ) as {inBase.Row}
            full outer join (
            {rows.Of(inHead, columns.Select(column => column.Head))}
            ) as {inHead.Row} on {key.Matches}
            ) as joined
            group by bucket
            order by bucket nulls last
            limit {MostBuckets + 1}
            """);
    }
}
