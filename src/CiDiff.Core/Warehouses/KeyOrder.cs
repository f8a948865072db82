namespace CiDiff.Warehouses;

/// <summary>An order of the rows of two tables, which an index of each has.</summary>
/// <param name="Relations">The tables.</param>
/// <param name="Column">The column that leads a unique index on both sides.</param>
/// <param name="Type">Its type in base.</param>
/// <param name="Percents">Which shares of the rows are to be divided; none for no dividing.</param>
public sealed record KeyOrder(Sides<RelationInfo> Relations, Sides<ColumnName> Column, ColumnType Type, IReadOnlyList<int> Percents);
