using CiDiff.Diffing;

namespace CiDiff.Tests.Diffing;

public sealed class ProportionTests
{
    /// <summary>Found, among, confidence, and Wilson's interval with the quantiles of a printed table.</summary>
    public static TheoryData<long, long, double, double, double> Wilson { get; } = new()
    {
        { 10, 100, 0.95, 0.055229, 0.174366 },
        { 50, 100, 0.95, 0.403832, 0.596168 },
        { 1, 10, 0.95, 0.017876, 0.404150 },
        { 99, 100, 0.95, 0.945514, 0.998233 },
        { 10, 100, 0.99, 0.046026, 0.203751 },
        { 10, 100, 0.90, 0.060719, 0.160356 },
    };

    [Theory]
    [MemberData(nameof(Wilson))]
    public void A_share_lies_in_the_interval_of_Wilson(long found, long among, double confidence, double low, double high)
    {
        var range = Proportion.Range(found, among, confidence);

        Assert.Equal(low, range.Low, 1e-5);
        Assert.Equal(high, range.High, 1e-5);
    }

    [Theory]
    [InlineData(0.001, 0.99, 4605)]
    [InlineData(0.00001, 0.99, 460_517)]
    [InlineData(0.01, 0.95, 300)]
    public void As_many_rows_as_a_tolerance_takes_find_nothing_when_at_most_that_share_differs(double tolerance, double confidence, long rows)
    {
        Assert.Equal(rows, Proportion.RowsFor(tolerance, confidence), 1.0);
        Assert.Equal(tolerance, Proportion.MostWhenNone(rows, confidence), tolerance * 0.01);
    }

    [Theory]
    [InlineData(0, 100, 10_000, 0, 0, 296)]
    [InlineData(100, 100, 10_000, 10_000, 9704, 10_000)]
    [InlineData(5, 10, 10, 5, 5, 5)]
    [InlineData(0, 0, 1000, 0, 0, 1000)]
    [InlineData(3, 1000, 1010, 3, 3, 9)]
    public void The_whole_has_at_least_what_the_part_has_and_lacks_at_least_what_the_part_lacks(
        long found, long among, long of, long value, long low, long high) =>
        Assert.Equal((value, new CountRange(low, high)), Proportion.Scale(found, among, of, 0.95));

    [Fact]
    public void Intervals_hold_the_truth_as_often_as_they_say()
    {
        var random = new Random(7);
        foreach (var share in new[] { 0.0005, 0.005, 0.05, 0.5 })
        {
            var held = Enumerable.Range(0, 400).Count(_ =>
            {
                var found = Enumerable.Range(0, 2000).Count(_ => random.NextDouble() < share);
                var (low, high) = Proportion.Range(found, 2000, 0.95);
                return low <= share && share <= high;
            });

            // On average it holds as often as it says; of what is as rare as one in the sample a little less often.
            Assert.InRange(held, 365, 400);
        }
    }
}
