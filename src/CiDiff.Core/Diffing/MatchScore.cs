namespace CiDiff.Diffing;

/// <summary>How much of two tables is the same, counted in cells.</summary>
/// <remarks>Datafold's formula: https://docs.datafold.com/data-diff/in-database-diffing/results. Its page keeps the cells of an extra column out of
/// the denominator in one example (95 %); the formula itself, which is followed here, gives 95.2 %.</remarks>
internal static class MatchScore
{
    /// <summary>1 for the same tables, also for two empty ones; 0 when nothing is shared.</summary>
    /// <param name="rows">Rows of each side.</param>
    /// <param name="columns">Columns of each side.</param>
    /// <param name="sharedColumns">Columns that both sides have.</param>
    /// <param name="changedCells">Cells that differ in rows that both sides have; each counts on both sides.</param>
    /// <param name="exclusiveRows">Rows that one side has and the other has not.</param>
    public static double Of(Sides<long> rows, Sides<int> columns, int sharedColumns, long changedCells, long exclusiveRows)
    {
        // A large table has more cells than a long can count.
        var cells = ((decimal)rows.Base * columns.Base) + ((decimal)rows.Head * columns.Head);
        if (cells == 0)
        {
            return 1;
        }

        var different = (changedCells * 2m)
            + ((decimal)exclusiveRows * sharedColumns)
            + ((decimal)rows.Base * (columns.Base - sharedColumns))
            + ((decimal)rows.Head * (columns.Head - sharedColumns));
        return (double)(Math.Max(0, cells - different) / cells);
    }
}
