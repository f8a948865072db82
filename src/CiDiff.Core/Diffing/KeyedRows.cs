using System.Diagnostics;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Which rows of both tables a statement is about.</summary>
internal enum RowQuality
{
    /// <summary>All.</summary>
    All,

    /// <summary>Those whose key has no null and occurs only once, on both sides.</summary>
    Matchable,

    /// <summary>The others.</summary>
    Unmatchable,
}

/// <summary>The rows that a statement is about.</summary>
/// <param name="Key">What matches them.</param>
/// <param name="Quality">Which ones.</param>
internal sealed record KeyedRows(TableKey Key, RowQuality Quality)
{
    /// <summary>A condition on both sides' rows that leaves out pairs of rows as a whole; null for none.</summary>
    public Sides<SqlText>? Only { get; init; }

    /// <summary>On one side no key repeats, so that a join of the rows has no more pairs than the other side has rows.</summary>
    public bool IsUniqueOnOneSide { get; init; }

    private SqlDialect Dialect => Key.Pair.Dialect;

    /// <summary>The beginning of the statement, with what <see cref="Of"/> refers to; nothing when there is nothing to define.</summary>
    /// <param name="columns">Every column that the statement needs besides the key.</param>
    /// <param name="more">More definitions of the statement's own.</param>
    public SqlText With(IReadOnlyCollection<ColumnPair> columns, params IEnumerable<SqlText> more)
    {
        var pairs = Key.Columns.Concat(columns).ToList();
        var definitions = new[] { Key.Pair.Sides.Base.Kept(pairs.Select(pair => pair.Base)), Key.Pair.Sides.Head.Kept(pairs.Select(pair => pair.Head)) }
            .OfType<SqlText>()
            .Concat(Quality == RowQuality.All ? [] : [BadKeys])
            .Concat(more)
            .ToList();
        return definitions.Count == 0 ? Dialect.Sql($"") : Dialect.Sql($"with {SqlText.Join(", ", definitions)}\n");
    }

    /// <summary>A query for the rows of a side.</summary>
    /// <param name="side">The side.</param>
    /// <param name="columns">The columns that are needed besides the key's.</param>
    public SqlText Of(DiffSide side, IEnumerable<Column> columns)
    {
        var wanted = Key.Of(side).Concat(columns).Distinct().ToList();
        if (Quality == RowQuality.All && Only is null)
        {
            return side.Rows(wanted);
        }

        var row = side.Row;
        var list = SqlText.Join(", ", wanted.Select(side.Value));
        if (Only is { } only)
        {
            return Dialect.Sql($"select {list}\nfrom (\n{side.Rows(wanted)}\n) as {row}\nwhere {(side == Key.Pair.Sides.Base ? only.Base : only.Head)}");
        }

        var rows = Dialect.Sql($"select {list}\nfrom (\n{side.Rows(wanted)}\n) as {row}\nwhere");
        var sameKey = SqlText.Join(" and ", Key.FormsOf(side).Zip(Key.Names, (form, name) => Dialect.Sql($"bad_key.{name} = {form}")));
        var isBad = Dialect.Sql($"exists (select 1 as present from cidiff_bad_keys as bad_key where {sameKey})");
        return Quality switch
        {
            RowQuality.Matchable => Dialect.Sql($"{rows} {Key.IsComplete(side)} and not {isBad}"),

            // In two halves, because an `or` beside `exists` is looked up row by row.
            RowQuality.Unmatchable => Dialect.Sql($"{rows} not ({Key.IsComplete(side)})\nunion all\n{rows} {Key.IsComplete(side)} and {isBad}"),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>Every key of a side that has no null, with the number of its rows: <c>k0</c>, <c>k1</c>, …, <c>n</c>.</summary>
    public SqlText Counted(DiffSide side)
    {
        var forms = SqlText.Join(", ", Key.FormsOf(side).Zip(Key.Names, (form, name) => Dialect.Sql($"{form} as {name}")));
        var names = SqlText.Join(", ", Key.Names);
        return Dialect.Sql($"""
            select {names}, count(*) as n
            from (
            select {forms}
            from (
            {side.Rows(Key.Of(side))}
            ) as {side.Row}
            where {Key.IsComplete(side)}
            ) as keyed
            group by {names}
            """);
    }

    private SqlText BadKeys
    {
        get
        {
            var names = SqlText.Join(", ", Key.Names);
            var (ofBase, ofHead) = (Counted(Key.Pair.Sides.Base), Counted(Key.Pair.Sides.Head));
            return Dialect.Sql($"""
                cidiff_bad_keys as (
                select {names} from (
                {ofBase}
                ) as counted where n > 1
                union
                select {names} from (
                {ofHead}
                ) as counted where n > 1
                )
                """);
        }
    }
}
