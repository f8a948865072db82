using CiDiff.Configuration;
using CiDiff.Selection;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Two described tables with their columns matched: the expressions that every statement is built from.</summary>
/// <param name="Dialect">The warehouse's.</param>
/// <param name="Sides">The tables.</param>
/// <param name="Columns">What both have, the key's columns among them, in head's order.</param>
/// <param name="Rules">The model's.</param>
internal sealed record TablePair(SqlDialect Dialect, Sides<DiffSide> Sides, IReadOnlyList<ColumnPlan> Columns, CompareRules Rules)
{
    /// <summary>The columns whose share of nulls a rule wants to know.</summary>
    public IReadOnlyList<ColumnPair> NullRateColumns { get; } =
    [
        .. Columns.Select(column => column.Pair)
            .Where(pair => Rules.NullRateColumns.Any(name => pair.IsNamed(name, StringComparison.OrdinalIgnoreCase))),
    ];

    /// <summary>The sides are a part of the user's tables, drawn by the key.</summary>
    public bool IsSample { get; init; }

    /// <summary>Why they are not compared by <see cref="DiffStrategy.Hash"/>, which was asked for; null when it was not.</summary>
    public string? HashObstacle { get; init; }

    /// <summary>Both values of a column, as expressions over both sides' rows.</summary>
    public Sides<SqlText> Values(ColumnPair pair) => new(Sides.Base.Value(pair.Base), Sides.Head.Value(pair.Head));

    /// <summary>Whether a column's values differ in a row that both sides have.</summary>
    public SqlText Differ(ColumnPlan column)
    {
        var (values, types) = (Values(column.Pair), column.Pair.Types);
        var distance = column.Tolerance is { Amount: > 0 } ? column.Tolerance : null;
        if (!column.IsLoose)
        {
            return Dialect.Differ(values, types, distance);
        }

        // Most values are equal as they are, which is cheaper to see.
        var loose = Dialect.Loosen(values, types, column.Tolerance!);
        return Dialect.Sql($"({Dialect.Differ(values, types, null)} and {Dialect.Differ(loose.Values, loose.Types, distance)})");
    }

    /// <summary>Whether any of some columns' values differ in a row that both sides have.</summary>
    public SqlText AnyDiffers(IReadOnlyList<ColumnPlan> columns) =>
        columns.Count == 0 ? Dialect.Sql($"false") : SqlText.Join("\n    or ", columns.Select(Differ));

    /// <summary>Both values in the form that is compared as a whole row.</summary>
    public Sides<SqlText> Forms(ColumnPair pair) => Dialect.Compare(Values(pair), pair.Types).Values;

    /// <summary>The same, without what the column's tolerance ignores.</summary>
    public Sides<SqlText> LooseForms(ColumnPair pair)
    {
        if (Columns.FirstOrDefault(column => column.Pair == pair) is not { IsLoose: true, Tolerance: { } tolerance })
        {
            return Forms(pair);
        }

        var (values, types) = Dialect.Loosen(Values(pair), pair.Types, tolerance);
        return Dialect.Compare(values, types).Values;
    }
}

/// <summary>The key of two tables.</summary>
/// <param name="Pair">The tables.</param>
/// <param name="Columns">At least one.</param>
/// <param name="Candidate">The rule that named it.</param>
internal sealed record TableKey(TablePair Pair, IReadOnlyList<ColumnPair> Columns, KeyCandidate Candidate)
{
    private SqlDialect Dialect => Pair.Dialect;

    /// <summary>The columns that are compared: all but the key's and those that are left out.</summary>
    public IReadOnlyList<ColumnPlan> Compared { get; init; } =
        [.. Pair.Columns.Where(column => column.NotComparedBecause is null && !Columns.Contains(column.Pair))];

    /// <summary>Each key column in the form that is matched.</summary>
    public IReadOnlyList<Sides<SqlText>> Forms { get; } =
        [.. Columns.Select(column => Pair.Dialect.KeyForm(Pair.Values(column), column.Types)!)];

    /// <summary>The condition that matches the rows of both sides.</summary>
    public SqlText Matches => SqlText.Join(" and ", Forms.Select(form => Dialect.Sql($"{form.Base} = {form.Head}")));

    /// <summary>The key of a row of a full join, column by column: <c>k0</c>, <c>k1</c>, …</summary>
    public IReadOnlyList<SqlText> Joined => [.. Forms.Select(form => Dialect.Sql($"coalesce({form.Base}, {form.Head})"))];

    /// <summary>Each key column as text, which is equal where the key is.</summary>
    /// <param name="forms">The <see cref="Forms"/> of either side, or what is made of them, column by column.</param>
    public IEnumerable<SqlText> Texts(IEnumerable<SqlText> forms) => Columns.Zip(forms, (pair, form) => Dialect.KeyText(form, pair.Types));

    /// <summary>What the key's columns are called inside statements.</summary>
    public IReadOnlyList<SqlText> Names => [.. Columns.Select((_, index) => Dialect.Sql($"k{index}"))];

    /// <summary>Whether the warehouse itself holds the key unique on a side, so that no query has to find out.</summary>
    /// <remarks>Nulls may still occur in it.</remarks>
    public Sides<bool> IsHeldUnique => new(IsHeld(Pair.Sides.Base, pair => pair.Base), IsHeld(Pair.Sides.Head, pair => pair.Head));

    /// <summary>The first column, when it leads an index on both sides that the join can follow. A sample is spread over the whole index.</summary>
    public Sides<ColumnName>? LeadingColumn =>
        !Pair.IsSample && IsHeldUnique is { Base: true, Head: true } && Forms[0] == Pair.Values(Columns[0])
            ? new(Columns[0].Base.Name, Columns[0].Head.Name)
            : null;

    /// <summary>A side's columns of the key.</summary>
    public IEnumerable<Column> Of(DiffSide side) => Columns.Select(pair => side == Pair.Sides.Base ? pair.Base : pair.Head);

    /// <summary>A side's form of the key.</summary>
    public IEnumerable<SqlText> FormsOf(DiffSide side) => Forms.Select(form => side == Pair.Sides.Base ? form.Base : form.Head);

    /// <summary>Whether a row of a side has a value in every key column.</summary>
    /// <remarks>Asked of the forms, because PostgreSQL says of a composite value with nulls inside that it is neither null nor not null.</remarks>
    public SqlText IsComplete(DiffSide side) => SqlText.Join(" and ", FormsOf(side).Select(form => Dialect.Sql($"{form} is not null")));

    /// <summary>An aggregate that counts such rows.</summary>
    /// <remarks>Counting a column is cheaper than filtering, where the key has only one.</remarks>
    public SqlText CountComplete(DiffSide side) =>
        FormsOf(side).ToList() is [var only] ? Dialect.Sql($"count({only})") : Dialect.Sql($"count(*) filter (where {IsComplete(side)})");

    // Only where the form that is matched is the value that the index holds: a cast could make different keys equal.
    private bool IsHeld(DiffSide side, Func<ColumnPair, Column> column) =>
        side.Relation is { } relation
        && Columns.All(pair => !pair.IsRetyped || pair is { Base.Type.Family: TypeFamily.Integer, Head.Type.Family: TypeFamily.Integer })
        && relation.UniqueKeys.Any(unique => unique.All(name => Columns.Any(pair => column(pair).Name == name)));
}
