using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Reads the values of sample rows, whose keys the counting statement gave.</summary>
/// <remarks>Only rows with one of these keys are joined, and of columns that never differ nothing is read for changed rows only.</remarks>
internal sealed class SampleReader(TableKey key, DiffSession session)
{
    // Two texts and a flag each, and PostgreSQL's rows hold 1,664 columns.
    private const int ColumnsAtOnce = 400;

    private readonly SqlDialect _dialect = key.Pair.Dialect;

    private DiffSide Base => key.Pair.Sides.Base;

    private DiffSide Head => key.Pair.Sides.Head;

    /// <summary>Reads them.</summary>
    /// <param name="counts">What differs, and the keys.</param>
    /// <param name="cancellationToken">Stops the queries.</param>
    public async Task<DiffSamples> ReadAsync(JoinCounts counts, CancellationToken cancellationToken)
    {
        var keys = counts.Keys;
        if (keys.All.Count == 0)
        {
            return DiffSamples.None;
        }

        // Rows on one side only are shown whole.
        var columns = key.Compared.Zip(counts.ChangedColumns, (column, changed) => (Column: column, IsChanged: changed > 0))
            .Where(entry => entry.IsChanged || keys.Added.Count + keys.Removed.Count > 0)
            .Select(entry => entry.Column);
        var rows = new Dictionary<string, Found>(StringComparer.Ordinal);
        foreach (var part in columns.Chunk(ColumnsAtOnce).DefaultIfEmpty([]))
        {
            await foreach (var row in session.Warehouse.QueryAsync(Statement(part, keys.All), cancellationToken))
            {
                Read(row, part, rows);
            }
        }

        return new DiffSamples
        {
            Added = [.. Rows(keys.Added, cell => cell.Head)],
            Removed = [.. Rows(keys.Removed, cell => cell.Base)],
            Changed =
            [
                .. from texts in keys.Changed
                   where rows.ContainsKey(Handle(texts))
                   let found = rows[Handle(texts)]

                   // Equal keys whose texts differ are not found together: better no sample than a null where there is a value.
                   where found.IsInBoth
                   select new ChangedRow(
                       found.Key,
                       [.. found.Cells.Where(cell => cell.Differs).Select(cell => new ChangedValue(cell.Name, cell.Base, cell.Head))]),
            ],
        };

        IEnumerable<SampleRow> Rows(IReadOnlyList<IReadOnlyList<string?>> wanted, Func<Cell, string?> value) =>
            from texts in wanted
            where rows.ContainsKey(Handle(texts))
            let found = rows[Handle(texts)]
            select new SampleRow(found.Key, [.. found.Cells.Select(cell => KeyValuePair.Create(cell.Name, value(cell)))], 1);
    }

    private SqlText Statement(IReadOnlyList<ColumnPlan> columns, IReadOnlyList<IReadOnlyList<string?>> keys)
    {
        var list = new SelectList(_dialect);
        foreach (var (index, text) in key.Texts(key.Joined).Index())
        {
            list.Add($"k{index}", text);
        }

        list.Add("in_base", key.IsComplete(Base));
        list.Add("in_head", key.IsComplete(Head));
        foreach (var (index, pair) in key.Columns.Index())
        {
            var values = key.Pair.Values(pair);
            list.Add($"shown{index}", _dialect.Sql(
                $"coalesce({_dialect.Display(values.Head, pair.Head.Type)}, {_dialect.Display(values.Base, pair.Base.Type)})"));
        }

        foreach (var (index, column) in columns.Index())
        {
            var values = key.Pair.Values(column.Pair);
            list.Add($"base{index}", _dialect.Display(values.Base, column.Pair.Base.Type));
            list.Add($"head{index}", _dialect.Display(values.Head, column.Pair.Head.Type));
            list.Add($"differs{index}", key.Pair.Differ(column));
        }

        var (ofBase, ofHead) = (Wanted(Base, columns.Select(column => column.Pair.Base), keys), Wanted(Head, columns.Select(column => column.Pair.Head), keys));
        return _dialect.Sql($"""
            select
                {list.Sql}
            from (
            {ofBase}
            ) as {Base.Row}
            full outer join (
            {ofHead}
            ) as {Head.Row} on {key.Matches}
            """);
    }

    private SqlText Wanted(DiffSide side, IEnumerable<Column> columns, IReadOnlyList<IReadOnlyList<string?>> keys)
    {
        var wanted = key.Of(side).Concat(columns).Distinct().ToList();
        var parts = key.Columns.Select((pair, index) => _dialect.KeyIsOneOf(
            side.Value(side == Base ? pair.Base : pair.Head),
            side == Base ? key.Forms[index].Base : key.Forms[index].Head,
            pair.Types,
            [.. keys.Select(texts => texts[index]!)]));
        if (key.Columns.Count > 1)
        {
            // Together, or every combination of the columns' values would be read.
            var together = keys.Select(texts => SqlText.Join(" and ", key.Texts(key.FormsOf(side))
                .Select((text, index) => _dialect.Sql($"{text} = {new SqlValue(texts[index]!)}"))));
            parts = parts.Append(_dialect.Sql($"(({SqlText.Join(")\n    or (", together)}))"));
        }

        return _dialect.Sql($"""
            select {SqlText.Join(", ", wanted.Select(side.Value))}
            from (
            {side.RowsOnce(wanted)}
            ) as {side.Row}
            where {SqlText.Join("\n    and ", parts)}
            """);
    }

    private void Read(IReadOnlyList<object?> row, IReadOnlyList<ColumnPlan> columns, Dictionary<string, Found> rows)
    {
        var handle = Handle([.. row.Take(key.Columns.Count).Select(value => (string?)value)]);
        if (!rows.TryGetValue(handle, out var found))
        {
            var isInBoth = row[key.Columns.Count] is true && row[key.Columns.Count + 1] is true;
            found = new Found([.. row.Skip(key.Columns.Count + 2).Take(key.Columns.Count).Select(value => (string?)value)], isInBoth, []);
            rows.Add(handle, found);
        }

        var place = (2 * key.Columns.Count) + 2;
        foreach (var column in columns)
        {
            found.Cells.Add(new Cell(column.Pair.Head.Name.Value, (string?)row[place], (string?)row[place + 1], row[place + 2] is true));
            place += 3;
        }
    }

    // Lengths, so that two keys never look the same: ('a', 'bc') and ('ab', 'c').
    private static string Handle(IReadOnlyList<string?> texts) => string.Concat(texts.Select(text => $"{text?.Length}:{text}"));

    private sealed record Found(IReadOnlyList<string?> Key, bool IsInBoth, List<Cell> Cells);

    private sealed record Cell(string Name, string? Base, string? Head, bool Differs);
}
