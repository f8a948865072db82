using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>One side of a comparison, as the warehouse describes it.</summary>
/// <param name="Dialect">The warehouse's.</param>
/// <param name="Name"><c>base</c> or <c>head</c>.</param>
/// <param name="Source">What is read.</param>
/// <param name="Relation">What the catalog knows; null for a query.</param>
/// <param name="Columns">In their order.</param>
/// <param name="Filter">The user's condition; null for none.</param>
internal sealed record DiffSide(
    SqlDialect Dialect,
    string Name,
    DiffSource Source,
    RelationInfo? Relation,
    IReadOnlyList<Column> Columns,
    SqlText? Filter)
{
    /// <summary>What one row of this side is called in every statement.</summary>
    public SqlText Row { get; } = Dialect.Sql($"{new ColumnName($"{Name}_row")}");

    /// <summary>Few of the source's rows, and all of them have to be looked at to find these.</summary>
    public bool IsSample { get; init; }

    /// <summary>Whether a statement that reads this side more than once keeps its rows aside.</summary>
    public bool IsKept => IsSample || (Dialect.KeepsViews && Relation is not { Kind: RelationKind.Table or RelationKind.MaterializedView });

    // Unlikely to hide a table of the same name from a user's query.
    private SqlText KeptRows => Dialect.Sql($"{new ColumnName($"cidiff_{Name}_rows")}");

    /// <summary>The side as its user knows it, where that is not <see cref="Source"/>.</summary>
    public string? Label { get; init; }

    /// <summary>The side as its user knows it.</summary>
    public override string ToString() => Label ?? Source.ToString()!;

    /// <summary>A column of this side's <see cref="Row"/>.</summary>
    public SqlText Value(Column column) => Dialect.Sql($"{Row}.{column.Name}");

    /// <summary>A query for the rows, in a statement that begins with <see cref="Kept"/>.</summary>
    /// <param name="columns">The columns that are needed.</param>
    public SqlText Rows(IEnumerable<Column> columns) => IsKept ? Select(columns, KeptRows) : RowsOnce(columns);

    /// <summary>A query for the rows, in a statement that reads them once.</summary>
    /// <param name="columns">The columns that are needed.</param>
    public SqlText RowsOnce(IEnumerable<Column> columns)
    {
        var rows = Source switch
        {
            DiffSource.Relation => Select(columns, Dialect.Sql($"{Relation!.Name}")),
            DiffSource.Query query => Select(columns, Dialect.Sql($"(\n{query.Sql}\n) as cidiff_query")),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

        // On lines of its own, so that a comment at its end ends there.
        return Filter is null ? rows : Dialect.Sql($"{rows}\nwhere (\n{Filter}\n)");
    }

    /// <summary>The same side with one more condition, over the bare names of its columns.</summary>
    public DiffSide Where(SqlText condition) => this with { Filter = Filter is { } filter ? Dialect.Sql($"(\n{filter}\n)\nand {condition}") : condition };

    /// <summary>A query for about some of the rows, without reading the others; null where there is no such thing.</summary>
    /// <param name="columns">The columns that are needed.</param>
    /// <param name="count">How many rows, before the filter.</param>
    public SqlText? SomeRows(IEnumerable<Column> columns, int count)
    {
        if (Relation is not { Kind: RelationKind.Table or RelationKind.MaterializedView, EstimatedRows: { } rows } || rows <= 2L * count
            || Dialect.SomeBlocks((decimal)count / rows) is not { } blocks)
        {
            return null;
        }

        var some = Select(columns, Dialect.Sql($"{Relation.Name} {blocks}"));
        return Filter is null ? some : Dialect.Sql($"{some}\nwhere (\n{Filter}\n)");
    }

    /// <summary>What a <c>with</c> has to define before <see cref="Rows"/>; null for nothing.</summary>
    /// <param name="columns">Every column that the statement needs.</param>
    public SqlText? Kept(IEnumerable<Column> columns) => IsKept ? Dialect.Sql($"{KeptRows} as (\n{RowsOnce(columns)}\n)") : null;

    private SqlText Select(IEnumerable<Column> columns, SqlText from)
    {
        var names = columns.Select(column => column.Name).Distinct().Select(name => Dialect.Sql($"{name}")).ToList();
        return Dialect.Sql($"select {(names.Count == 0 ? Dialect.Sql($"1 as present") : SqlText.Join(", ", names))} from {from}");
    }
}
