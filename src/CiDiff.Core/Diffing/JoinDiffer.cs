using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Compares two tables by a full outer join on their key. No hash decides anything.</summary>
/// <remarks>The quick way takes for granted that keys are complete and do not repeat, and finds out on the way whether that was true: without
/// repeated keys, the pairs with the same key and the rows without a partner add up to the rows of each side. Otherwise the tables are compared
/// again, with those keys set apart.</remarks>
internal sealed class JoinDiffer(TableKey key, DiffSession session) : IKeyedDiffer
{
    private readonly SqlDialect _dialect = key.Pair.Dialect;
    private readonly KeyQueries _keys = new(key);

    // Looked up once, and not again for a second session, unless that is quicker.
    private bool? _isInOrder;

    /// <inheritdoc/>
    public async Task<JoinResult?> CompareAsync(CancellationToken cancellationToken)
    {
        if (await CompareTrustingAsync(new KeyedRows(key, RowQuality.All), cancellationToken) is { } counts)
        {
            return new JoinResult(
                counts,
                counts.Totals.Base.Keyed - counts.Removed,
                counts.Totals.Map(side => new KeyCounts(0, 0, 0, side.Keyed)),
                BadRows.None,
                await new SampleReader(key, session).ReadAsync(counts, cancellationToken));
        }

        return key.Candidate.MustBeProven ? null : await CompareSettingBadKeysApartAsync(cancellationToken);
    }

    /// <summary>The quick way.</summary>
    /// <param name="rows">All rows, or those that a condition leaves.</param>
    /// <param name="cancellationToken">Stops the queries in the warehouse.</param>
    /// <returns>Null when keys are incomplete or repeat.</returns>
    public async Task<JoinCounts?> CompareTrustingAsync(KeyedRows rows, CancellationToken cancellationToken)
    {
        var isUnique = key.IsHeldUnique is { Base: true, Head: true };

        // Opening it takes longer than everything that has to be asked before there is something for it to do.
        var split = Split(rows, countsDistinct: !isUnique);
        await using var other = split is null ? null : await session.BeginSecondAsync(PrepareAsync, cancellationToken);
        var dividing = await PrepareAsync(session, split?.Ends ?? [], cancellationToken);
        long? matched = null;
        if (!isUnique)
        {
            if (_dialect.FirstRows(key.Joined, key.Matches, 1) is not null)
            {
                if (!rows.IsUniqueOnOneSide && await RepeatsInSampleAsync(cancellationToken))
                {
                    return null;
                }
            }
            else
            {
                // The join will not count what is the same on both sides, so that the pairs are counted before; it cannot explode then either.
                var (sql, read) = _keys.Totals();
                var totals = read(await session.RowAsync(sql, cancellationToken));
                var limit = Math.Min(totals.Base.Keyed, totals.Head.Keyed) + 1;
                if (!IsComplete(totals)
                    || (matched = Row.Count(await session.RowAsync(_keys.Matched(limit), cancellationToken), 0)) == limit)
                {
                    return null;
                }
            }
        }

        var counts = split is null || other is null ? null : await split.CountAsync(dividing, other, PrepareAsync, cancellationToken);
        if (counts is null)
        {
            await (other?.DisposeAsync() ?? default); // not only after the join
            counts = await CountAsync(rows, countsDistinct: !isUnique, cancellationToken);
        }

        return IsComplete(counts.Totals) && (isUnique || IsUnique(counts with { Matched = matched ?? counts.Matched })) ? counts : null;
    }

    private async Task<bool> RepeatsInSampleAsync(CancellationToken cancellationToken)
    {
        var sample = await session.RowAsync(_keys.Sampled(), cancellationToken);
        return Row.Count(sample, 0) != Row.Count(sample, 1) || Row.Count(sample, 2) != Row.Count(sample, 3);
    }

    /// <summary>The way for keys with nulls or repetitions.</summary>
    private async Task<JoinResult> CompareSettingBadKeysApartAsync(CancellationToken cancellationToken)
    {
        var samples = key.Pair.Rules.Samples;
        var (sql, read) = _keys.Totals();
        var totals = read(await session.RowAsync(sql, cancellationToken));
        var repeated = await session.RowAsync(_keys.Repeated(samples), cancellationToken);
        var keys = new Sides<KeyCounts>(KeyCounts(totals.Base, 0), KeyCounts(totals.Head, 3));
        var counts = await CountAsync(new KeyedRows(key, RowQuality.Matchable), countsDistinct: false, cancellationToken);
        var bad = await new MultisetQuery(
                key.Pair, key.Columns.Concat(key.Compared.Select(column => column.Pair)), new KeyedRows(key, RowQuality.Unmatchable), samples: 0)
            .RunAsync(session, cancellationToken);
        var found = await new SampleReader(key, session).ReadAsync(counts, cancellationToken);
        return new JoinResult(
            counts with { Totals = totals },
            counts.Totals.Base.Keyed - counts.Removed,
            keys,
            new BadRows(bad.Removed, bad.Added),
            samples == 0 ? found : found with { DuplicateKeys = new(BadKeys(repeated, 6), BadKeys(repeated, 7)) });

        KeyCounts KeyCounts(SideTotals side, int place) => new(
            side.Rows - side.Keyed, Row.Count(repeated, place + 1), Row.Count(repeated, place + 2), Row.Count(repeated, place));
    }

    /// <summary>Counts in one statement, or, for a table with more columns than a statement can take, in several.</summary>
    private async Task<JoinCounts> CountAsync(KeyedRows rows, bool countsDistinct, CancellationToken cancellationToken)
    {
        var samples = key.Pair.Rules.Samples;
        var parts = key.Compared.Chunk(_dialect.MaxComparedColumns).ToList();
        if (parts.Count <= 1)
        {
            return await AskAsync(new JoinQuestion(rows, key.Compared, samples, countsDistinct));
        }

        var counts = await AskAsync(new JoinQuestion(rows, parts[0], samples, countsDistinct));
        var changed = new List<long>(counts.ChangedColumns);
        foreach (var part in parts.Skip(1))
        {
            changed.AddRange((await AskAsync(new JoinQuestion(rows, part, 0, CountsDistinct: false))).ChangedColumns);
        }

        // A row that changed in columns of several parts counts once.
        var all = await session.RowAsync(ChangedKeysStatement.Of(rows, parts, samples), cancellationToken);
        return counts with
        {
            Changed = Row.Count(all, 0),
            ChangedColumns = changed,
            Keys = samples == 0 ? JoinKeys.None : counts.Keys with { Changed = Row.Texts(all, 1), SomeChanged = [] },
        };

        Task<JoinCounts> AskAsync(JoinQuestion question) => new JoinStatement(question).AskAsync(session, cancellationToken);
    }

    // Null where it does not pay, and for a table with more columns than a statement can take.
    private SplitJoin? Split(KeyedRows rows, bool countsDistinct)
    {
        var split = new SplitJoin(new JoinQuestion(rows, key.Compared, key.Pair.Rules.Samples, countsDistinct), session);
        return key.Compared.Count <= _dialect.MaxComparedColumns && split.IsLikely ? split : null;
    }

    private Task PrepareAsync(DiffSession where, CancellationToken cancellationToken) => PrepareAsync(where, [], cancellationToken);

    // What lies at these percents of the rows, as far as the warehouse knows.
    private async Task<IReadOnlyList<string>> PrepareAsync(DiffSession where, IReadOnlyList<int> percents, CancellationToken cancellationToken)
    {
        var relations = key.Pair.Sides.Map(side => side.Relation);
        var isAsked = _isInOrder is null && key.LeadingColumn is not null && relations is { Base: not null, Head: not null };
        var preparation = isAsked
            ? _dialect.PrepareJoin(new KeyOrder(relations.Map(relation => relation!), key.LeadingColumn!, key.Columns[0].Base.Type, percents))
            : _dialect.PrepareJoin(relations, _isInOrder ?? false);
        if (preparation is null)
        {
            return [];
        }

        var row = await where.RowAsync(preparation, cancellationToken);
        if (!isAsked)
        {
            return [];
        }

        _isInOrder = row[^1] is not null;
        return row[^2] is string keys ? keys.Split(',') : [];
    }

    private static bool IsComplete(Sides<SideTotals> totals) => totals.Base.Rows == totals.Base.Keyed && totals.Head.Rows == totals.Head.Keyed;

    // A key with a rows on base and b on head makes a * b pairs: as many as rows on either side only when it repeats on neither.
    private static bool IsUnique(JoinCounts counts) =>
        counts.Matched + counts.Removed == counts.Totals.Base.Keyed
        && counts.Matched + counts.Added == counts.Totals.Head.Keyed
        && counts.DistinctRemoved == counts.Removed
        && counts.DistinctAdded == counts.Added;

    private static IReadOnlyList<BadKey> BadKeys(IReadOnlyList<object?> row, int place) =>
    [
        .. Row.Texts(row, place).Select(texts => new BadKey(
            [.. texts.SkipLast(1)], long.Parse(texts[^1]!, System.Globalization.CultureInfo.InvariantCulture))),
    ];
}

/// <summary>What <see cref="JoinDiffer"/> found.</summary>
/// <param name="Counts">Of the rows that can be matched; the totals are of all rows.</param>
/// <param name="Matched">Rows that both sides have.</param>
/// <param name="Keys">How good the key is.</param>
/// <param name="Bad">How the rows that cannot be matched differ.</param>
/// <param name="Samples">Examples.</param>
internal sealed record JoinResult(JoinCounts Counts, long Matched, Sides<KeyCounts> Keys, BadRows Bad, DiffSamples Samples);

/// <summary>Rows with incomplete or repeated keys that the other side does not have, as multisets.</summary>
/// <param name="Removed">Only in base.</param>
/// <param name="Added">Only in head.</param>
internal sealed record BadRows(long Removed, long Added)
{
    /// <summary>None.</summary>
    public static readonly BadRows None = new(0, 0);
}
