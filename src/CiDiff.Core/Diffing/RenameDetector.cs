using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Finds columns that are probably the same under another name: one is only in base, one only in head, and in the rows that both sides have
/// their values agree.</summary>
/// <remarks>One statement, and only where both sides have a column that the other has not. Of a constant or empty column nothing can be told, so it is
/// never among them; the share is of the rows in which either has a value.</remarks>
internal sealed class RenameDetector(TableKey key, DiffSession session)
{
    /// <summary>The least share of agreeing rows, 0 to 1, of a likely rename.</summary>
    public const double LeastShare = 0.95;

    // A statement has to end; a model whose columns were all replaced has no renames worth telling.
    private const int MostPairs = 60;

    private readonly SqlDialect _dialect = key.Pair.Dialect;

    /// <summary>Looks for them.</summary>
    /// <param name="schema">What is on one side only.</param>
    /// <param name="quality">Which rows can be matched.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    /// <returns>Each column at most once, in head's order.</returns>
    public async Task<IReadOnlyList<RenamedColumn>> FindAsync(SchemaDiff schema, RowQuality quality, CancellationToken cancellationToken)
    {
        IReadOnlyList<ColumnPair> pairs =
        [
            .. (from removed in schema.Removed
                from added in schema.Added
                where removed.Type.Family == added.Type.Family
                orderby removed.Type.Name == added.Type.Name descending
                select new ColumnPair(removed, added)).Take(MostPairs),
        ];
        if (pairs.Count == 0)
        {
            return [];
        }

        var row = await session.RowAsync(Statement(pairs, new KeyedRows(key, quality)), cancellationToken);
        var likely = pairs
            .Select((pair, index) => (Pair: pair, Share: Share(row, 3 * index)))
            .Where(candidate => candidate.Share >= LeastShare)
            .OrderByDescending(candidate => candidate.Share)
            .ThenByDescending(candidate => candidate.Pair.IsRetyped ? 0 : 1);
        var found = new List<RenamedColumn>();
        foreach (var (pair, share) in likely)
        {
            if (!found.Any(renamed => renamed.Base == pair.Base.Name || renamed.Head == pair.Head.Name))
            {
                found.Add(new RenamedColumn(pair.Base.Name, pair.Head.Name, "detected") { Share = share });
            }
        }

        var places = schema.Added.Select(column => column.Name).ToList();
        return [.. found.OrderBy(renamed => places.IndexOf(renamed.Head))];
    }

    // Null when the column does not vary.
    private static double? Share(IReadOnlyList<object?> row, int place)
    {
        var (agree, either) = (Row.Count(row, place), Row.Count(row, place + 1));
        return row[place + 2] is true && either > 0 ? (double)agree / either : null;
    }

    private SqlText Statement(IReadOnlyList<ColumnPair> pairs, KeyedRows rows)
    {
        var (inBase, inHead) = key.Pair.Sides;
        var list = new SelectList(_dialect);
        foreach (var (index, pair) in pairs.Index())
        {
            var values = key.Pair.Values(pair);
            var differ = _dialect.Differ(values, pair.Types, tolerance: null);
            list.Add($"agree{index}", _dialect.CountIf(_dialect.Sql($"{values.Base} is not null and not {differ}")));
            list.Add($"either{index}", _dialect.CountIf(_dialect.Sql($"{values.Base} is not null or {values.Head} is not null")));
            list.Add($"varies{index}", _dialect.Sql($"min({_dialect.Text(values.Base)}) is distinct from max({_dialect.Text(values.Base)})"));
        }

        var (ofBase, ofHead) = (rows.Of(inBase, pairs.Select(pair => pair.Base).Distinct()), rows.Of(inHead, pairs.Select(pair => pair.Head).Distinct()));
        return _dialect.Sql($"""
            {rows.With(pairs)}select
                {list.Sql}
            from (
            {ofBase}
            ) as {inBase.Row}
            join (
            {ofHead}
            ) as {inHead.Row} on {key.Matches}
            """);
    }
}
