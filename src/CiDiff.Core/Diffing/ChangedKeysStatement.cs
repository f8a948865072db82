using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>The number of rows that changed, and their first keys, for tables with too many columns for one statement.</summary>
internal static class ChangedKeysStatement
{
    /// <summary>The statement: one row with the count, and the first keys when samples are wanted.</summary>
    /// <param name="rows">Which rows.</param>
    /// <param name="parts">The compared columns, in parts that a statement can take.</param>
    /// <param name="samples">How many keys.</param>
    public static SqlText Of(KeyedRows rows, IEnumerable<IReadOnlyList<ColumnPlan>> parts, int samples)
    {
        var dialect = rows.Key.Pair.Dialect;
        var names = SqlText.Join(", ", rows.Key.Names);
        var changed = SqlText.Join("\nunion\n", parts.Select(part => ChangedIn(rows, part)));
        var with = rows.With(
            [.. rows.Key.Compared.Select(column => column.Pair)], dialect.Sql($"cidiff_changed as (\n{changed}\n)"));
        if (samples == 0)
        {
            return dialect.Sql($"{with}select count(*) as changed from cidiff_changed");
        }

        var first = dialect.AllRows([.. rows.Key.Texts(rows.Key.Names)], names);
        return dialect.Sql($"""
            {with}select
                count(*) as changed,
                (
                select {first}
                from (
                select {names} from cidiff_changed order by {names} limit {samples}
                ) as first_rows
                ) as first_changed
            from cidiff_changed
            """);
    }

    private static SqlText ChangedIn(KeyedRows rows, IReadOnlyList<ColumnPlan> part)
    {
        var (key, dialect) = (rows.Key, rows.Key.Pair.Dialect);
        var (ofBase, ofHead) = key.Pair.Sides;
        var list = SqlText.Join(", ", key.Forms.Zip(key.Names, (form, name) => dialect.Sql($"{form.Base} as {name}")));
        return dialect.Sql($"""
            select {list}
            from (
            {rows.Of(ofBase, part.Select(column => column.Pair.Base))}
            ) as {ofBase.Row}
            join (
            {rows.Of(ofHead, part.Select(column => column.Pair.Head))}
            ) as {ofHead.Row} on {key.Matches}
            where {SqlText.Join("\n    or ", part.Select(key.Pair.Differ))}
            """);
    }
}
