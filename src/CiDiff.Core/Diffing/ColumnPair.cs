using CiDiff.Configuration;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>A column that both sides have.</summary>
/// <param name="Base">Base's column.</param>
/// <param name="Head">Head's column; its name differs when a rename was followed or the warehouse ignores case.</param>
internal sealed record ColumnPair(Column Base, Column Head)
{
    /// <summary>Both columns.</summary>
    public Sides<Column> Sides => new(Base, Head);

    /// <summary>Both types.</summary>
    public Sides<ColumnType> Types => new(Base.Type, Head.Type);

    /// <summary>Whether the types differ.</summary>
    public bool IsRetyped => Base.Type.Name != Head.Type.Name;

    /// <summary>Whether a user who writes this name means this column.</summary>
    public bool IsNamed(string name, StringComparison comparison) =>
        string.Equals(Head.Name.Value, name, comparison) || string.Equals(Base.Name.Value, name, comparison);
}

/// <summary>A column that both sides have and whose values are compared, or why not.</summary>
/// <param name="Pair">The column.</param>
/// <param name="Tolerance">How far values may be apart; null for not at all.</param>
/// <param name="NotComparedBecause">Null when it is compared.</param>
internal sealed record ColumnPlan(ColumnPair Pair, Tolerance? Tolerance, string? NotComparedBecause)
{
    /// <summary>Whether something about the values is ignored, besides a distance.</summary>
    public bool IsLoose => Tolerance is { } tolerance
        && ((tolerance.Ignores & SqlDialect.LooseAspects(Pair.Types)) != ValueAspects.None
            || (tolerance.Precision is not null && SqlDialect.HavePrecision(Pair.Types)));
}
