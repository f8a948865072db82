using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>The first keys of the rows that differ, where an index gives rows in the order of their keys and so many differ that the first ones are
/// found at once.</summary>
internal sealed class FirstKeys(JoinQuestion question)
{
    // So many rows are looked at to tell what the others are like.
    private const int Look = 1_000;

    // With fewer, setting them aside with their keys costs less than finding them again. Also: who has changed in more than two of three rows is not asked why.
    private const double Mostly = 0.7;

    private readonly SqlDialect _dialect = question.Rows.Key.Pair.Dialect;

    private TableKey Key => question.Rows.Key;

    /// <summary>Whether most rows are different, by a look at those behind a key.</summary>
    /// <param name="only">That rows are behind it.</param>
    /// <param name="session">Asked.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    public async Task<bool> AreMostAsync(Sides<SqlText> only, DiffSession session, CancellationToken cancellationToken)
    {
        var some = question.Rows with { Only = only };
        var row = await session.RowAsync(
            _dialect.Sql($"""
                {some.With(Pairs)}select count(*) as matched, count(*) filter (where {AnyDiffers}) as changed
                from (
                {Rows(some, Key.Pair.Sides.Base)}
                order by {SqlText.Join(", ", Key.FormsOf(Key.Pair.Sides.Base))}
                limit {Look}
                ) as {Key.Pair.Sides.Base.Row}
                join (
                {Rows(some, Key.Pair.Sides.Head)}
                ) as {Key.Pair.Sides.Head.Row} on {Key.Matches}
                """),
            cancellationToken);
        return Row.Count(row, 0) > Look / 2 && Row.Count(row, 1) > Mostly * Row.Count(row, 0);
    }

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

    private SqlText AnyDiffers =>
        question.Columns.Count == 0 ? _dialect.Sql($"false") : SqlText.Join("\n    or ", question.Columns.Select(Key.Pair.Differ));

    private SqlText Rows(KeyedRows rows, DiffSide side) =>
        rows.Of(side, question.Columns.Select(column => side == Key.Pair.Sides.Base ? column.Pair.Base : column.Pair.Head));
}
