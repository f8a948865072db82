using CiDiff.Configuration;
using CiDiff.Warehouses;
using CiDiff.Warehouses.DuckDb;

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
        var (pair, obstacle) = Find(matching.Columns, rules);
        if (pair is null)
        {
            return (sides, obstacle is null ? [] : [obstacle]);
        }

        return await session.RowAsync(Range(sides, pair), cancellationToken) switch
        {
            [string from, string to, true] => Limited(sides, pair, rules, from, to),
            [string, string, _] => (sides, [Apart(rules)]),
            _ => (sides, [NoValue(rules)]),
        };
    }

    /// <summary>Limits the sides of two warehouses.</summary>
    /// <param name="sides">The tables.</param>
    /// <param name="columns">Their columns.</param>
    /// <param name="rules">The model's.</param>
    /// <param name="sessions">Each asked for its side's times.</param>
    /// <param name="scratch">A session of our own database, asked which of them is the later one.</param>
    /// <param name="cancellationToken">Stops the queries in the warehouses.</param>
    /// <returns>The sides, limited or as they are, and what the reader has to know.</returns>
    public static async Task<(Sides<DiffSide> Sides, IReadOnlyList<string> Notes)> LimitAsync(
        Sides<DiffSide> sides,
        IReadOnlyList<PortableColumn> columns,
        CompareRules rules,
        Sides<DiffSession> sessions,
        DiffSession scratch,
        CancellationToken cancellationToken)
    {
        var (found, obstacle) = Find([.. columns.Select(column => column.Compared)], rules);
        if (found is null)
        {
            return (sides, obstacle is null ? [] : [obstacle]);
        }

        var pair = columns.Single(column => column.Compared.Pair == found).Original;
        var inBase = await sessions.Base.RowAsync(Ends(sides.Base, pair.Base, found.Base.Type), cancellationToken);
        var inHead = await sessions.Head.RowAsync(Ends(sides.Head, pair.Head, found.Head.Type), cancellationToken);
        if ((inBase, inHead) is not ([string baseFirst, string baseLast], [string headFirst, string headLast]))
        {
            return (sides, [NoValue(rules)]);
        }

        var dialect = DuckDbScratch.Dialect;
        SqlText Value(string text) => DuckDbScratch.Value(dialect.Sql($"{new SqlValue(text)}"), found.Head.Type);
        SqlText Text(SqlText value) => dialect.Portable(value, found.Head.Type, found.Head.Type).Text;
        var range = await scratch.RowAsync(
            dialect.Sql($"""
                select {Text(dialect.Sql($"greatest({Value(baseFirst)}, {Value(headFirst)})"))} as from_time,
                    {Text(dialect.Sql($"least({Value(baseLast)}, {Value(headLast)})"))} as to_time,
                    {Value(baseFirst)} <= {Value(headLast)} and {Value(headFirst)} <= {Value(baseLast)} as meet
                """),
            cancellationToken);
        return range[2] is true ? Limited(sides, pair, rules, (string)range[0]!, (string)range[1]!) : (sides, [Apart(rules)]);
    }

    private static (ColumnPair? Pair, string? Obstacle) Find(IReadOnlyList<ColumnPlan> columns, CompareRules rules)
    {
        if (rules.EventTime is not { } name)
        {
            return (null, null);
        }

        if (columns.FirstOrDefault(column => column.Pair.IsNamed(name, StringComparison.OrdinalIgnoreCase))?.Pair is not { } pair)
        {
            return (null, $"event_time has no effect: base and head do not both have the column '{name}'.");
        }

        return pair.IsRetyped || pair.Head.Type.Family is not (TypeFamily.Date or TypeFamily.Timestamp or TypeFamily.TimestampWithZone)
            ? (null, $"event_time has no effect: the column '{name}' is no date or timestamp of one type on both sides.")
            : (pair, null);
    }

    // Nothing would be compared, and no row differ.
    private static string Apart(CompareRules rules) => $"event_time has no effect: base and head have no time in '{rules.EventTime}' in common.";

    private static string NoValue(CompareRules rules) => $"event_time has no effect: one side has no value in '{rules.EventTime}'.";

    private static (Sides<DiffSide> Sides, IReadOnlyList<string> Notes) Limited(
        Sides<DiffSide> sides, ColumnPair pair, CompareRules rules, string from, string to) => (
        new(Limited(sides.Base, pair.Base, from, to), Limited(sides.Head, pair.Head, from, to)),
        [$"Only rows whose '{rules.EventTime}' lies in the time that both sides have, or is null, are compared."]);

    private static SqlText Ends(DiffSide side, Column column, ColumnType to)
    {
        var (dialect, value) = (side.Dialect, side.Value(column));
        var first = dialect.Portable(dialect.Sql($"min({value})"), column.Type, to).Text;
        var last = dialect.Portable(dialect.Sql($"max({value})"), column.Type, to).Text;
        return dialect.Sql($"select {first} as first_time, {last} as last_time\nfrom (\n{side.RowsOnce([column])}\n) as {side.Row}");
    }

    private static SqlText Range(Sides<DiffSide> sides, ColumnPair pair)
    {
        var dialect = sides.Base.Dialect;
        var (ofBase, ofHead) = (sides.Base.RowsOnce([pair.Base]), sides.Head.RowsOnce([pair.Head]));
        var bothKnown = dialect.Sql($"base_time.first_time is not null and head_time.first_time is not null");
        return dialect.Sql($"""
            select
                case when {bothKnown} then {dialect.Text(dialect.Sql($"greatest(base_time.first_time, head_time.first_time)"))} end as from_time,
                case when {bothKnown} then {dialect.Text(dialect.Sql($"least(base_time.last_time, head_time.last_time)"))} end as to_time,
                base_time.first_time <= head_time.last_time and head_time.first_time <= base_time.last_time as meet
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
            $"({column.Name} is null or ({column.Name} >= {new SqlValue(from)} and {column.Name} <= {new SqlValue(to)}))");
        return side.Where(range);
    }
}
