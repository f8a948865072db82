using CiDiff.Selection;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>A table without a counterpart: its rows are counted, and its key is looked at.</summary>
internal sealed class LoneTable(RelationInfo relation, SqlDialect dialect, SelectedModel model)
{
    /// <summary>Counts.</summary>
    /// <returns>The rows, after the filter, and how good the first usable key is; null for no key.</returns>
    public async Task<(long Rows, KeyCounts? Keys)> CountAsync(DiffSession session, CancellationToken cancellationToken)
    {
        var filter = model.Rules.Filter is { } configured ? FilterCheck.Read(configured) : null;
        var side = new DiffSide(dialect, "head", new DiffSource.Relation(relation.Name), relation, relation.Columns, filter);
        var key = model.KeyCandidates.Where(candidate => !candidate.MustBeProven).Select(KeyColumns).FirstOrDefault(columns => columns.Count > 0) ?? [];
        if (key.Count == 0)
        {
            var row = await session.RowAsync(dialect.Sql($"select count(*) as n from (\n{side.RowsOnce([])}\n) as {side.Row}"), cancellationToken);
            return (Row.Count(row, 0), null);
        }

        // Every distinct key is a group, the one of rows with a null in it among them.
        var values = key.Select(column => dialect.Compare(new(side.Value(column), side.Value(column)), new(column.Type, column.Type)).Values.Head).ToList();
        var complete = SqlText.Join(" and ", values.Select(value => dialect.Sql($"{value} is not null")));
        var list = SqlText.Join(", ", values.Select((value, index) => dialect.Sql($"{value} as k{index}")));
        var names = SqlText.Join(", ", values.Select((_, index) => dialect.Sql($"k{index}")));
        var counts = await session.RowAsync(
            dialect.Sql($"""
                select
                    cast(coalesce(sum(n), 0) as bigint) as row_count,
                    cast(coalesce(sum(n) filter (where not is_complete), 0) as bigint) as incomplete_rows,
                    count(*) filter (where is_complete) as distinct_keys,
                    count(*) filter (where is_complete and n > 1) as repeated_keys,
                    cast(coalesce(sum(n) filter (where is_complete and n > 1), 0) as bigint) as repeated_rows
                from (
                select {names}, is_complete, count(*) as n
                from (
                select {list}, {complete} as is_complete
                from (
                {side.RowsOnce(key)}
                ) as {side.Row}
                ) as keyed
                group by {names}, is_complete
                ) as counted
                """),
            cancellationToken);
        return (Row.Count(counts, 0), new KeyCounts(Row.Count(counts, 1), Row.Count(counts, 3), Row.Count(counts, 4), Row.Count(counts, 2)));
    }

    private List<Column> KeyColumns(KeyCandidate candidate)
    {
        var columns = candidate.Columns.Select(name => relation.Columns.FirstOrDefault(column => column.Name.Value == name)
            ?? relation.Columns.FirstOrDefault(column => string.Equals(column.Name.Value, name, StringComparison.OrdinalIgnoreCase)));
        return columns.All(column => column is not null) ? [.. columns.OfType<Column>().Distinct()] : [];
    }
}
