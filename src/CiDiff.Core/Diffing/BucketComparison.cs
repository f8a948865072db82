namespace CiDiff.Diffing;

/// <summary>Finds the rows of two warehouses that are not proven equal, by hashes of groups of rows; groups that are large and differ are divided.</summary>
internal sealed class BucketComparison(Sides<SeparateSide> sides)
{
    /// <summary>How many of a hash's bits, the lowest ones, tell buckets apart.</summary>
    public const int MostBitsOfAll = 40;

    // So many rows a bucket that a changed row costs little more than itself, and so few that the buckets of a table are few enough.
    private const int RowsPerBucket = 24;
    private const int FewestBits = 6;
    private const int MostBits = 18;
    private const int UnknownBits = 15;

    // As many rows are read in a second or so; dividing them further costs another scan.
    private const long RowsToRead = 200_000;
    private const int MoreBits = 8;

    // Beyond this share of the rows, reading them is reading everything.
    private const double MostDiffering = 0.6;

    /// <summary>Compares.</summary>
    /// <param name="key">The key; without one, every column that is compared.</param>
    /// <param name="values">What else is compared.</param>
    /// <param name="nulls">Columns whose nulls are counted.</param>
    /// <param name="cancellationToken">Stops the queries.</param>
    public async Task<BucketResult> RunAsync(
        IReadOnlyList<PortableColumn> key, IReadOnlyList<PortableColumn> values, IReadOnlyList<PortableColumn> nulls, CancellationToken cancellationToken)
    {
        var question = new BucketQuestion(key, values, nulls, FirstBits());
        var found = await AskAsync(question, within: null, cancellationToken);
        var totals = found.Map(buckets => new SideTotals(
            buckets.Values.Sum(bucket => bucket.Rows),
            buckets.Values.Sum(bucket => bucket.Keyed),
            [.. nulls.Select((_, index) => buckets.Values.Sum(bucket => bucket.Nulls[index]))]));
        var all = totals.Base.Rows + totals.Head.Rows;
        while (true)
        {
            var (differing, rows) = Differing(found);
            var isWorthDividing = rows > RowsToRead && rows > 4L * RowsPerBucket * differing.Count && question.Bits + MoreBits <= MostBitsOfAll;
            if (rows > MostDiffering * all && !(isWorthDividing && question.Bits < MostBits))
            {
                return new BucketResult(totals, new BucketList(question.Bits, differing), rows, IsMost: true);
            }

            if (!isWorthDividing)
            {
                return new BucketResult(totals, new BucketList(question.Bits, differing), rows, IsMost: false);
            }

            var within = new BucketList(question.Bits, differing);
            question = question with { Bits = question.Bits + MoreBits, Nulls = [] };
            found = await AskAsync(question, within, cancellationToken);
        }
    }

    /// <summary>The buckets that are not proven equal, and how many rows are in them on both sides together.</summary>
    public static (List<long> Buckets, long Rows) Differing(Sides<Dictionary<long, Bucket>> found)
    {
        var (inBase, inHead) = found;
        var differing = inBase.Keys.Union(inHead.Keys)
            .Where(bucket => !inBase.TryGetValue(bucket, out var one) || !inHead.TryGetValue(bucket, out var other) || !one.IsSameAs(other))
            .Order()
            .ToList();
        return (differing, differing.Sum(bucket => (inBase.GetValueOrDefault(bucket)?.Rows ?? 0) + (inHead.GetValueOrDefault(bucket)?.Rows ?? 0)));
    }

    private async Task<Sides<Dictionary<long, Bucket>>> AskAsync(BucketQuestion question, BucketList? within, CancellationToken cancellationToken)
    {
        var (ofBase, ofHead) = await AtOnce.RunAsync(
            token => sides.Base.BucketsAsync(question, within, token),
            token => sides.Head.BucketsAsync(question, within, token),
            cancellationToken);
        return new(ofBase, ofHead);
    }

    private int FirstBits()
    {
        var sizes = new[] { sides.Base.Side.Relation?.EstimatedRows, sides.Head.Side.Relation?.EstimatedRows };
        return sizes.Contains(null)
            ? UnknownBits
            : Math.Clamp((int)Math.Ceiling(Math.Log2(Math.Max(1, sizes.Max()!.Value / RowsPerBucket))), FewestBits, MostBits);
    }
}

/// <summary>What a <see cref="BucketComparison"/> found.</summary>
/// <param name="Totals">Both sides by themselves.</param>
/// <param name="Differing">Where the rows are that are not proven equal.</param>
/// <param name="Rows">How many those are, both sides together.</param>
/// <param name="IsMost">They are so many that everything is better read.</param>
internal sealed record BucketResult(Sides<SideTotals> Totals, BucketList Differing, long Rows, bool IsMost);
