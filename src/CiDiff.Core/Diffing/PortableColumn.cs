using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>A column of two tables in different warehouses.</summary>
/// <param name="Original">As the warehouses describe it.</param>
/// <param name="Compared">As it is compared: with the types that its values have when they arrive.</param>
/// <param name="IsComparable">False when no value of the one type is the same as one of the other.</param>
internal sealed record PortableColumn(ColumnPair Original, ColumnPlan Compared, bool IsComparable)
{
    /// <summary>The column in one set of types.</summary>
    /// <param name="original">As the warehouses describe it.</param>
    /// <param name="plan">The same with the types of <see cref="SqlDialect.PortableType"/>.</param>
    public static PortableColumn Of(ColumnPair original, ColumnPlan plan)
    {
        var common = PortableTypes.Common(plan.Pair.Types, isByDistance: plan.Tolerance is { Amount: > 0 });
        return common is null
            ? new PortableColumn(original, plan, false)
            : new PortableColumn(
                original, plan with { Pair = new ColumnPair(plan.Pair.Base with { Type = common }, plan.Pair.Head with { Type = common }) }, true);
    }

    /// <summary>A side's column, and the type that it is given.</summary>
    public (Column Column, ColumnType To) Of(bool isBase) =>
        isBase ? (Original.Base, Compared.Pair.Base.Type) : (Original.Head, Compared.Pair.Head.Type);

    /// <summary>Whether different values stay different.</summary>
    public bool IsExact =>
        !IsShortened && (Compared.Pair.Head.Type.Family != TypeFamily.Float || Original is { Base.Type.Family: TypeFamily.Float, Head.Type.Family: TypeFamily.Float });

    /// <summary>Whether a side has nanoseconds, and the other one has not.</summary>
    public bool IsShortened => IsOfNanoseconds(Original.Base) != IsOfNanoseconds(Original.Head)
        || (IsOfNanoseconds(Original.Head) && !IsOfNanoseconds(Compared.Pair.Head));

    private static bool IsOfNanoseconds(Column column) => column.Type.Name.EndsWith("_NS", StringComparison.Ordinal);
}
