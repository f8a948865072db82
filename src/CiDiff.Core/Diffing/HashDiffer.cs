namespace CiDiff.Diffing;

/// <summary>Compares tables of two warehouses by their key: what hashes do not prove equal is read and joined.</summary>
/// <remarks>Every count of differences comes from a join. Where keys have nulls or repeat, everything is read, so that the answer is that of
/// <see cref="JoinDiffer"/>.</remarks>
internal sealed class HashDiffer(TableKey key, SeparateRows rows) : IKeyedDiffer
{
    private readonly IReadOnlyList<PortableColumn> _key = [.. key.Columns.Select(rows.Of)];
    private readonly IReadOnlyList<PortableColumn> _values = [.. key.Compared.Select(column => rows.Of(column.Pair))];

    /// <inheritdoc/>
    public async Task<JoinResult?> CompareAsync(CancellationToken cancellationToken)
    {
        if (rows.AreSmall)
        {
            rows.Tell("Both tables are small: they are read at once.");
            return await JoinAllAsync(cancellationToken);
        }

        switch (await LookAsync(cancellationToken))
        {
            case { Totals: { } same }:
                rows.Tell("The sums of the hashes of all rows are equal: no row differs.");
                return Nothing(same);
            case { AreMostDifferent: true }:
                rows.Tell("In a look at a few thousand rows most differ: everything is read.");
                return await JoinAllAsync(cancellationToken);
            default:
                break;
        }

        var found = await rows.CompareBucketsAsync(_key, _values, cancellationToken);
        var totals = found.Totals;
        if (found.IsMost)
        {
            return await JoinAllAsync(cancellationToken);
        }

        if (totals.Base.Rows != totals.Base.Keyed || totals.Head.Rows != totals.Head.Keyed)
        {
            return await SettingBadKeysApartAsync("There are nulls in the key", cancellationToken);
        }

        // The rows of equal groups are the same on both sides, so that their keys repeat on both or on neither; the join looks at the others.
        if (key.IsHeldUnique is { Base: false, Head: false } && await CountKeysAsync(cancellationToken) != (IsBaseCheaper ? totals.Base : totals.Head).Keyed)
        {
            return await SettingBadKeysApartAsync("The key repeats", cancellationToken);
        }

        await rows.ReadAsync([.. _key, .. _values], (_key, found.Differing), cancellationToken);
        await using var warehouse = rows.OpenSession();
        var session = new DiffSession(warehouse);
        if (await new JoinDiffer(key, session).CompareTrustingAsync(new KeyedRows(key, RowQuality.All), cancellationToken) is not { } counts)
        {
            return await SettingBadKeysApartAsync("The key repeats", cancellationToken);
        }

        counts = counts with { Totals = totals };
        return new JoinResult(
            counts,
            totals.Base.Keyed - counts.Removed,
            totals.Map(side => new KeyCounts(0, 0, 0, side.Keyed)),
            BadRows.None,
            await new SampleReader(key, session).ReadAsync(counts, cancellationToken));
    }

    // Where the key is held unique, its ends are known to an index, and sums that are equal on both sides are of the same keys.
    private async Task<(Sides<SideTotals>? Totals, bool AreMostDifferent)> LookAsync(CancellationToken cancellationToken)
    {
        if (key.IsHeldUnique is { Base: false, Head: false } || !SeparateSide.IsNumber(_key) || !_values.All(column => column.IsComparable))
        {
            return default;
        }

        var look = rows.Look(_key, _values);
        return await look.MiddleAsync(key.IsHeldUnique.Base ? rows.Sides.Base : rows.Sides.Head, cancellationToken) is not { } middle ? default
            : await look.CompareSumsAsync(middle, cancellationToken) is null ? (null, await look.AreMostDifferentAsync(middle, cancellationToken))
            : (await look.CompareSumsAsync(null, cancellationToken), false);
    }

    private JoinResult Nothing(Sides<SideTotals> totals) => new(
        new JoinCounts(totals, totals.Base.Keyed, 0, 0, 0, 0, 0, new long[key.Compared.Count], JoinKeys.None),
        totals.Base.Keyed,
        totals.Map(side => new KeyCounts(0, 0, 0, side.Keyed)),
        BadRows.None,
        new DiffSamples());

    // One side is enough, and the embedded engine is the quicker one.
    private bool IsBaseCheaper => rows.Sides.Base.Side.Dialect is Warehouses.DuckDb.DuckDbDialect;

    private Task<long> CountKeysAsync(CancellationToken cancellationToken) =>
        (IsBaseCheaper ? rows.Sides.Base : rows.Sides.Head).DistinctKeysAsync(_key, cancellationToken);

    private async Task<JoinResult?> SettingBadKeysApartAsync(string because, CancellationToken cancellationToken)
    {
        if (key.Candidate.MustBeProven)
        {
            return null;
        }

        rows.Tell($"{because}: everything is read.");
        return await JoinAllAsync(cancellationToken);
    }

    private async Task<JoinResult?> JoinAllAsync(CancellationToken cancellationToken)
    {
        await rows.ReadAsync([.. _key, .. _values], null, cancellationToken);
        await using var warehouse = rows.OpenSession();
        return await new JoinDiffer(key, new DiffSession(warehouse)).CompareAsync(cancellationToken);
    }
}
