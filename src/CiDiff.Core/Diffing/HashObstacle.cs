using CiDiff.Warehouses;
using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Diffing;

/// <summary>Tells where rows of one warehouse must not be compared outside of it.</summary>
/// <remarks>Two warehouses have no other common ground than the forms of <see cref="PortableTypes"/>. One has its own idea of what is equal, which is the
/// answer; the forms give the same only for the types in which all warehouses agree.</remarks>
internal static class HashObstacle
{
    /// <summary>Why the tables are not compared by hashes that are the same everywhere, as half a sentence; null when they can be.</summary>
    /// <param name="sides">The tables.</param>
    /// <param name="columns">What both have.</param>
    public static string? Of(Sides<DiffSide> sides, IReadOnlyList<ColumnPlan> columns)
    {
        var dialect = sides.Head.Dialect;
        var names = sides.Base.Columns.Concat(sides.Head.Columns).Select(column => column.Name.Value).Distinct(dialect.NameComparer);
        if (names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } alike)
        {
            return $"the names of columns {string.Join(" and ", alike.Select(name => $"'{name}'"))} differ in case only";
        }

        foreach (var column in columns.Where(column => column.NotComparedBecause is null))
        {
            var (name, type) = (column.Pair.Head.Name, column.Pair.Head.Type);
            if (column.Pair.IsRetyped)
            {
                return $"column '{name}' has another type in base, and only its warehouse knows what of both is the same";
            }

            if (!AreEverywhereTheSame(type))
            {
                return $"only its warehouse knows which values of column '{name}', {type.Name}, are the same";
            }

            if (column.Tolerance is not null && dialect is not DuckDbDialect)
            {
                return $"the tolerance of column '{name}' is a matter of its warehouse";
            }
        }

        return null;
    }

    private static bool AreEverywhereTheSame(ColumnType type) => type.Family switch
    {
        TypeFamily.Integer or TypeFamily.Decimal or TypeFamily.Float or TypeFamily.Boolean or TypeFamily.Text or TypeFamily.Uuid or TypeFamily.Binary
            or TypeFamily.Date or TypeFamily.Timestamp or TypeFamily.TimestampWithZone or TypeFamily.Json => true,

        // Warehouses differ in whether the same moment in two zones is the same time, and nanoseconds are cut.
        TypeFamily.Time => !type.Name.EndsWith("WITH TIME ZONE", StringComparison.OrdinalIgnoreCase) && type.Name != "TIME_NS",
        _ => false,
    };
}
