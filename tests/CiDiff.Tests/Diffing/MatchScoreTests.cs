using CiDiff.Diffing;

namespace CiDiff.Tests.Diffing;

public sealed class MatchScoreTests
{
    [Theory]
    [InlineData(0, 0, 5, 5, 5, 0, 0, 1.0)] // two empty tables
    [InlineData(0, 0, 0, 0, 0, 0, 0, 1.0)]
    [InlineData(100, 100, 10, 10, 10, 4, 0, 0.996)] // Datafold's first example
    [InlineData(100, 100, 11, 10, 10, 0, 0, 0.95238095)] // its second, by its own formula: 2000 of 2100 cells
    [InlineData(100, 0, 10, 10, 10, 0, 100, 0.0)]
    [InlineData(100, 200, 10, 10, 10, 0, 100, 0.66666667)]
    [InlineData(10, 10, 3, 4, 0, 0, 20, 0.0)] // no column in common
    [InlineData(1, 1, 1, 1, 1, 1, 0, 0.0)]
    [InlineData(9_000_000_000_000_000_000, 9_000_000_000_000_000_000, 1000, 1000, 1000, 0, 0, 1.0)]
    public void The_score_is_the_share_of_cells_that_are_the_same(
        long rowsBase, long rowsHead, int columnsBase, int columnsHead, int shared, long changedCells, long exclusiveRows, double score) =>
        Assert.Equal(score, MatchScore.Of(new(rowsBase, rowsHead), new(columnsBase, columnsHead), shared, changedCells, exclusiveRows), 8);
}
