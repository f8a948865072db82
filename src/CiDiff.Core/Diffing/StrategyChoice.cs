using CiDiff.Configuration;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Compares two tables by their key.</summary>
internal interface IKeyedDiffer
{
    /// <summary>Compares.</summary>
    /// <param name="cancellationToken">Stops the queries in the warehouse.</param>
    /// <returns>Null when the key must be proven and is not good on both sides.</returns>
    Task<JoinResult?> CompareAsync(CancellationToken cancellationToken);
}

/// <summary>How two tables are compared by their key.</summary>
/// <param name="Strategy">Not <see cref="DiffStrategy.Auto"/>, not <see cref="DiffStrategy.Keyless"/>.</param>
/// <param name="Because">Why, as the rest of a sentence.</param>
internal sealed record StrategyChoice(DiffStrategy Strategy, string Because)
{
    /// <summary>Chooses by what is asked, the warehouse, and the sizes that its catalog estimates.</summary>
    public static StrategyChoice Of(TableKey key)
    {
        var (dialect, asked) = (key.Pair.Dialect, key.Pair.Rules.Strategy);
        var obstacle = Fingerprint.Obstacle(key);
        if (asked == DiffStrategy.Fingerprint)
        {
            return obstacle is null ? new(asked, "it was asked for") : new(DiffStrategy.Join, $"there is no fingerprint: {obstacle}");
        }

        if (asked == DiffStrategy.Join)
        {
            return new(asked, "it was asked for");
        }

        if (key.Pair.HashObstacle is { } noHash)
        {
            return new(DiffStrategy.Join, $"hashes were asked for, but {noHash}");
        }

        if (key.Pair.IsSample)
        {
            return new(DiffStrategy.Join, "of a sample there is little to join");
        }

        var (inBase, inHead) = key.Pair.Sides.Map(side => side.Relation);
        if (inBase is not { Kind: RelationKind.Table or RelationKind.MaterializedView } || inHead is not { Kind: RelationKind.Table or RelationKind.MaterializedView })
        {
            return new(DiffStrategy.Join, "a view or a query is not read twice");
        }

        if (inBase.EstimatedRows is not { } before || inHead.EstimatedRows is not { } after)
        {
            return new(DiffStrategy.Join, "nobody knows how large the tables are");
        }

        var rows = Math.Max(before, after);
        var isOfNumbers = BucketFingerprint.IsOfNumbers(key);
        return !dialect.PrefersFingerprint(rows, followsIndex: key.LeadingColumn is not null, isOfNumbers) && !(isOfNumbers && dialect.PrefersGroups(rows))
            ? new(DiffStrategy.Join, $"with about {Count(rows)} rows a single pass costs least")
            : obstacle is not null
                ? new(DiffStrategy.Join, $"there is no fingerprint: {obstacle}")
                : new(DiffStrategy.Fingerprint, $"with about {Count(rows)} rows a scan that proves most of them equal costs less than a join");
    }

    private static string Count(long rows) => rows.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture);
}
