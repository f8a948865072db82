using System.Diagnostics;
using CiDiff.Configuration;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Compares two tables by hashes first, and joins only what they do not prove equal.</summary>
/// <remarks>Hashes only ever decide that things are equal. Every count of differences comes from a join, and so does everything when keys are
/// incomplete or repeat.</remarks>
internal sealed class FingerprintDiffer(TableKey key, DiffSession session) : IKeyedDiffer
{
    // So many rows at each place show what one row in a thousand has, mostly.
    private const int RowsToLookAt = 3_000;

    private readonly SqlDialect _dialect = key.Pair.Dialect;

    /// <inheritdoc/>
    public async Task<JoinResult?> CompareAsync(CancellationToken cancellationToken)
    {
        var found = _dialect.Fingerprints switch
        {
            FingerprintKind.Columns => await ByColumnsAsync(cancellationToken),
            FingerprintKind.Buckets => await ByBucketsAsync(cancellationToken),
            _ => throw new UnreachableException($"{_dialect.Fingerprints}"),
        };
        if (found is null)
        {
            return await new JoinDiffer(key, session).CompareAsync(cancellationToken);
        }

        return new JoinResult(
            found,
            found.Totals.Base.Keyed - found.Removed,
            found.Totals.Map(side => new KeyCounts(0, 0, 0, side.Keyed)),
            BadRows.None,
            await new SampleReader(key, session).ReadAsync(found, cancellationToken));
    }

    /// <summary>One hash per column: what differs limits the join to those columns.</summary>
    /// <returns>Null when everything has to be joined.</returns>
    private async Task<JoinCounts?> ByColumnsAsync(CancellationToken cancellationToken)
    {
        if (key.Pair.Rules.Strategy == DiffStrategy.Auto && key.LeadingColumn is not null && await IsAnyDifferentAsync(cancellationToken))
        {
            session.Tell("In a look at a few thousand rows some differ: everything is joined.");
            return null;
        }

        var fingerprint = new ColumnFingerprint(key);
        var (ofBase, ofHead) = await session.BothAsync(
                (here, token) => fingerprint.OfAsync(key.Pair.Sides.Base, here, token),
                (there, token) => fingerprint.OfAsync(key.Pair.Sides.Head, there, token),
                cancellationToken)
            ?? (await fingerprint.OfAsync(key.Pair.Sides.Base, session, cancellationToken),
                await fingerprint.OfAsync(key.Pair.Sides.Head, session, cancellationToken));
        var totals = new Sides<SideTotals>(ofBase.Totals, ofHead.Totals);
        if (!AreComplete(totals))
        {
            session.Tell("The fingerprints found nulls in the key: everything is joined.");
            return null;
        }

        if (totals.Base.Rows != totals.Head.Rows)
        {
            session.Tell("The fingerprints found rows on one side only: everything is joined.");
            return null;
        }

        var places = Enumerable.Range(0, ofBase.Sums.Count).Where(place => ofBase.Sums[place] != ofHead.Sums[place]).ToList();
        if (places.Count == 0)
        {
            session.Tell("The fingerprints of all columns are equal: no row differs.");
            return await IsUniqueAsync(totals.Base, keys: null, cancellationToken) ? Nothing(totals) : null;
        }

        if (places.Count == ofBase.Sums.Count)
        {
            session.Tell("The fingerprints of all columns differ: everything is joined.");
            return null;
        }

        // A column whose sums are equal has the same values in the same rows, whichever rows are on one side only.
        session.Tell($"The fingerprints differ in {places.Count} of {key.Compared.Count} columns: only these are joined.");
        var narrow = key with { Compared = [.. places.Select(place => key.Compared[place])] };
        if (await new JoinDiffer(narrow, session).CompareTrustingAsync(new KeyedRows(narrow, RowQuality.All), cancellationToken) is not { } counts)
        {
            return null;
        }

        var changed = new long[key.Compared.Count];
        foreach (var (index, place) in places.Index())
        {
            changed[place] = counts.ChangedColumns[index];
        }

        return counts with { Totals = totals, ChangedColumns = changed };
    }

    /// <summary>Looks at rows in the middle and at the end: where some differ, a join that can follow an index costs less than scans that do not prove
    /// everything equal.</summary>
    private async Task<bool> IsAnyDifferentAsync(CancellationToken cancellationToken)
    {
        var look = new Look(key, session);
        return (await look.PartsAsync([50], cancellationToken) is [_, var above] && (await look.AtFirstAsync(above, RowsToLookAt, cancellationToken)).IsAnyDifferent)
            || (await look.AtLastAsync(RowsToLookAt, cancellationToken)).IsAnyDifferent;
    }

    /// <summary>One hash per group of keys: what differs limits the join to the rows of those groups.</summary>
    /// <returns>Null when everything has to be joined.</returns>
    private async Task<JoinCounts?> ByBucketsAsync(CancellationToken cancellationToken)
    {
        var (sql, read) = new KeyQueries(key).Totals();
        var totals = read(await session.RowAsync(sql, cancellationToken));
        if (!AreComplete(totals))
        {
            session.Tell("There are nulls in the key: everything is joined.");
            return null;
        }

        var buckets = new BucketFingerprint(key);
        var rows = Math.Max(totals.Base.Rows, totals.Head.Rows);
        var ends = await new KeyQueries(key).EndsAsync(session, cancellationToken);
        var comparison = ends is { Base: var before, Head: var after }
            ? GroupComparison.Of(key, Math.Min(before.Least, after.Least), Math.Max(before.Greatest, after.Greatest), rows)
            : null;
        if (key.Pair.Rules.Strategy == DiffStrategy.Auto)
        {
            if (comparison is null && !_dialect.PrefersFingerprint(rows, key.LeadingColumn is not null, BucketFingerprint.IsOfNumbers(key)))
            {
                session.Tell("The keys lie far apart: everything is joined.");
                return null;
            }

            if (ends is { Base: var range } && await buckets.AreMostDifferentAsync(range, session, cancellationToken))
            {
                session.Tell("In a thousandth of the key's range most rows differ: everything is joined.");
                return null;
            }
        }

        var found = comparison is null ? await buckets.FindAsync(session, cancellationToken) : await comparison.FindAsync(session, cancellationToken);

        // The rows of equal groups are the same on both sides, so that their keys repeat on both or on neither; the join looks at the others.
        if (found is null || !await IsUniqueAsync(totals.Base, found.BaseKeys, cancellationToken))
        {
            session.Tell(found is null ? "Some keys are new since their range was read: everything is joined." : "The key repeats: everything is joined.");
            return null;
        }

        if (found.IsDiffering is not { } isDiffering)
        {
            session.Tell("The fingerprints of all groups of rows are equal: no row differs.");
            return totals.Base.Rows == totals.Head.Rows ? Nothing(totals) : null;
        }

        session.Tell($"The fingerprints differ in {found.Differing} of {found.Groups} groups of rows.");
        if (found.Differing > BucketFingerprint.MostDiffering * found.Groups)
        {
            return null;
        }

        var those = new KeyedRows(key, RowQuality.All) { Only = isDiffering, IsUniqueOnOneSide = true };
        return await new JoinDiffer(key, session).CompareTrustingAsync(those, cancellationToken) is { } counts ? counts with { Totals = totals } : null;
    }

    private async Task<bool> IsUniqueAsync(SideTotals ofBase, long? keys, CancellationToken cancellationToken) =>
        key.IsHeldUnique is { Base: true } or { Head: true }
        || (keys ?? await new KeyQueries(key).CountDistinctAsync(key.Pair.Sides.Base, session, cancellationToken)) == ofBase.Keyed;

    private JoinCounts Nothing(Sides<SideTotals> totals) =>
        new(totals, totals.Base.Keyed, 0, 0, 0, 0, 0, new long[key.Compared.Count], JoinKeys.None);

    private static bool AreComplete(Sides<SideTotals> totals) => totals.Base.Rows == totals.Base.Keyed && totals.Head.Rows == totals.Head.Keyed;
}
