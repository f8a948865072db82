using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>The first keys of the rows that differ, where an index gives rows in the order of their keys and so many differ that the first ones are
/// found at once.</summary>
internal sealed class FirstKeys(JoinQuestion question)
{
    private readonly SqlDialect _dialect = question.Rows.Key.Pair.Dialect;

    private TableKey Key => question.Rows.Key;

    /// <summary>Finds them.</summary>
    /// <param name="counts">What was counted: what there is none of is not looked for.</param>
    /// <param name="session">Asked.</param>
    /// <param name="cancellationToken">Stops the queries.</param>
    public async Task<JoinKeys> FindAsync(JoinCounts counts, DiffSession session, CancellationToken cancellationToken)
    {
        var (ofBase, ofHead) = Key.Pair.Sides;
        return new(
            await FirstAsync(counts.Added, ofHead, _dialect.Sql($"left join"), ofBase, _dialect.Sql($"{Key.Forms[0].Base} is null")),
            await FirstAsync(counts.Removed, ofBase, _dialect.Sql($"left join"), ofHead, _dialect.Sql($"{Key.Forms[0].Head} is null")),
            await FirstAsync(counts.Changed, ofBase, _dialect.Sql($"join"), ofHead, AnyDiffers));

        async Task<IReadOnlyList<IReadOnlyList<string?>>> FirstAsync(long count, DiffSide side, SqlText join, DiffSide other, SqlText condition)
        {
            if (count == 0 || question.Samples == 0)
            {
                return [];
            }

            var names = SqlText.Join(", ", Key.Names);
            var forms = SqlText.Join(", ", Key.FormsOf(side).Zip(Key.Names, (form, name) => _dialect.Sql($"{form} as {name}")));
            var row = await session.RowAsync(
                _dialect.Sql($"""
                    {question.Rows.With(Pairs)}select {_dialect.AllRows([.. Key.Texts(Key.Names)], names)} as first_keys
                    from (
                    select {forms}
                    from (
                    {Rows(question.Rows, side)}
                    ) as {side.Row}
                    {join} (
                    {Rows(question.Rows, other)}
                    ) as {other.Row} on {Key.Matches}
                    where {condition}
                    order by {SqlText.Join(", ", Key.FormsOf(side))}
                    limit {question.Samples}
                    ) as first_rows
                    """),
                cancellationToken);
            return Row.Texts(row, 0);
        }
    }

    private List<ColumnPair> Pairs => [.. question.Columns.Select(column => column.Pair)];

    private SqlText AnyDiffers => Key.Pair.AnyDiffers(question.Columns);

    private SqlText Rows(KeyedRows rows, DiffSide side) =>
        rows.Of(side, question.Columns.Select(column => side == Key.Pair.Sides.Base ? column.Pair.Base : column.Pair.Head));
}
