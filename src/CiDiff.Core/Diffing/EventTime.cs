using CiDiff.Configuration;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Limits a comparison to the time that both sides have, so that newer source data on one side is no difference.</summary>
internal static class EventTime
{
    /// <summary>Limits both sides, if the rules ask for it.</summary>
    /// <param name="sides">The tables.</param>
    /// <param name="matching">Their columns.</param>
    /// <param name="rules">The model's.</param>
    /// <param name="session">Asked for the times of both sides, in one statement.</param>
    /// <param name="cancellationToken">Stops the query in the warehouse.</param>
    /// <returns>The sides, limited or as they are, and what the reader has to know.</returns>
    public static async Task<(Sides<DiffSide> Sides, IReadOnlyList<string> Notes)> LimitAsync(
        Sides<DiffSide> sides, ColumnMatching matching, CompareRules rules, DiffSession session, CancellationToken cancellationToken)
    {
        if (rules.EventTime is not { } name)
        {
            return (sides, []);
        }

        if (matching.Columns.FirstOrDefault(column => column.Pair.IsNamed(name, StringComparison.OrdinalIgnoreCase))?.Pair is not { } pair)
        {
            return (sides, [$"event_time has no effect: base and head do not both have the column '{name}'."]);
        }

        if (pair.IsRetyped || pair.Head.Type.Family is not (TypeFamily.Date or TypeFamily.Timestamp or TypeFamily.TimestampWithZone))
        {
            return (sides, [$"event_time has no effect: the column '{name}' is no date or timestamp of one type on both sides."]);
        }

        var range = await session.RowAsync(Range(sides, pair), cancellationToken);
        if (range is not [string from, string to])
        {
            return (sides, [$"event_time has no effect: one side has no value in '{name}'."]);
        }

        return (
            new(Limited(sides.Base, pair.Base, from, to), Limited(sides.Head, pair.Head, from, to)),
            [$"Only rows whose '{name}' lies in the time that both sides have, or is null, are compared."]);
    }

    private static SqlText Range(Sides<DiffSide> sides, ColumnPair pair)
    {
        var dialect = sides.Base.Dialect;
        var (ofBase, ofHead) = (sides.Base.RowsOnce([pair.Base]), sides.Head.RowsOnce([pair.Head]));
        var bothKnown = dialect.Sql($"base_time.first_time is not null and head_time.first_time is not null");
        return dialect.Sql($"""
            select
                case when {bothKnown} then {dialect.Text(dialect.Sql($"greatest(base_time.first_time, head_time.first_time)"))} end as from_time,
                case when {bothKnown} then {dialect.Text(dialect.Sql($"least(base_time.last_time, head_time.last_time)"))} end as to_time
            from (
            select min({sides.Base.Value(pair.Base)}) as first_time, max({sides.Base.Value(pair.Base)}) as last_time
            from (
            {ofBase}
            ) as {sides.Base.Row}
            ) as base_time
            cross join (
            select min({sides.Head.Value(pair.Head)}) as first_time, max({sides.Head.Value(pair.Head)}) as last_time
            from (
            {ofHead}
            ) as {sides.Head.Row}
            ) as head_time
            """);
    }

    // A row without a time may be of any: leaving it out would lose it without a word.
    private static DiffSide Limited(DiffSide side, Column column, string from, string to)
    {
        var range = side.Dialect.Sql(
            $"({column.Name} is null or ({column.Name} >= {new SqlLiteral(from)} and {column.Name} <= {new SqlLiteral(to)}))");
        return side.Where(range);
    }
}
