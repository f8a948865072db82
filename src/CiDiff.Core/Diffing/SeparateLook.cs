namespace CiDiff.Diffing;

/// <summary>A look at some rows of tables in two warehouses whose key is a number: what the others are like decides which way of comparing them costs least,
/// never what the answer is.</summary>
internal sealed class SeparateLook(Sides<SeparateSide> sides, BucketQuestion question)
{
    // So many rows show what one in a thousand has, mostly.
    private const int Rows = 4_000;
    private const int Bits = 12;

    // Beyond this share of the rows, reading those that differ is reading everything.
    private const double MostDiffering = 0.6;

    /// <summary>A range of keys in the middle.</summary>
    /// <param name="ends">The side that is asked for the least and the greatest key.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    /// <returns>Null when there is nothing to look at.</returns>
    public async Task<KeySpan?> MiddleAsync(SeparateSide ends, CancellationToken cancellationToken) =>
        ends.Side.Relation?.EstimatedRows is > Rows and var rows ? (await ends.EndsAsync(question.Key, cancellationToken))?.Middle(Rows, rows) : null;

    /// <summary>Sums the hashes of both sides.</summary>
    /// <param name="range">Of these rows; null for all.</param>
    /// <param name="cancellationToken">Stops the queries.</param>
    /// <returns>Both sides by themselves when their rows are proven equal, or null.</returns>
    public async Task<Sides<SideTotals>?> CompareSumsAsync(KeySpan? range, CancellationToken cancellationToken)
    {
        var (ofBase, ofHead) = await AtOnce.RunAsync(
            token => sides.Base.SumsAsync(question, range, token), token => sides.Head.SumsAsync(question, range, token), cancellationToken);
        return ofBase.AreSameAs(ofHead) ? new(ofBase.Totals, ofHead.Totals) : null;
    }

    /// <summary>Whether so many rows differ that everything is better read at once.</summary>
    /// <param name="range">Of these rows.</param>
    /// <param name="cancellationToken">Stops the queries.</param>
    public async Task<bool> AreMostDifferentAsync(KeySpan range, CancellationToken cancellationToken)
    {
        var seen = question with { Bits = Bits, Nulls = [] };
        var (ofBase, ofHead) = await AtOnce.RunAsync(
            token => sides.Base.BucketsAsync(seen, range, token), token => sides.Head.BucketsAsync(seen, range, token), cancellationToken);
        var found = BucketComparison.Differing(new(ofBase, ofHead));
        var all = ofBase.Values.Sum(bucket => bucket.Rows) + ofHead.Values.Sum(bucket => bucket.Rows);
        return all > Rows && found.Rows > MostDiffering * all;
    }
}
