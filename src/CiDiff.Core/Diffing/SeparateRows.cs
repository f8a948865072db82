using CiDiff.Configuration;
using CiDiff.Warehouses;
using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Diffing;

/// <summary>Compares the rows of two warehouses: hashes tell which are equal, and the others are read into a database of our own and compared there, by
/// the same statements as everywhere.</summary>
/// <param name="pair">The tables of that database: what both sides have, in one set of types.</param>
/// <param name="columns">The same columns, and as each warehouse has them.</param>
/// <param name="sides">What is asked where.</param>
/// <param name="scratch">The database.</param>
/// <param name="options">For its sessions.</param>
internal sealed class SeparateRows(
    TablePair pair, IReadOnlyList<PortableColumn> columns, Sides<SeparateSide> sides, DuckDbScratch scratch, SessionOptions options) : IRowComparer
{
    // Fewer rows are read at once: the hashes would cost as much.
    private const long FewRows = 2_000;

    private readonly BucketComparison _buckets = new(sides);
    private SeparateRows? _sample;

    /// <summary>The columns whose nulls are counted.</summary>
    public IReadOnlyList<PortableColumn> NullRateColumns => [.. pair.NullRateColumns.Select(Of)];

    /// <summary>What is asked where.</summary>
    public Sides<SeparateSide> Sides => sides;

    /// <summary>Whether both tables are known to be small.</summary>
    public bool AreSmall => sides.Base.Side.Relation?.EstimatedRows is >= 0 and < FewRows && sides.Head.Side.Relation?.EstimatedRows is >= 0 and < FewRows;

    /// <inheritdoc/>
    public (StrategyChoice Choice, IKeyedDiffer Differ) ByKey(TableKey key) => (
        new StrategyChoice(DiffStrategy.Hash, pair.Rules.Strategy == DiffStrategy.Hash ? "it was asked for" : "base and head are in different databases"),
        new HashDiffer(key, key.Pair.IsSample ? _sample! : this));

    /// <inheritdoc/>
    public async Task<MultisetResult> WithoutKeyAsync(IReadOnlyList<ColumnPlan> compared, CancellationToken cancellationToken)
    {
        var values = compared.Select(column => Of(column.Pair)).ToList();
        var totals = (Sides<SideTotals>?)null;
        if (AreSmall || values.Count == 0)
        {
            await ReadAsync(values, null, cancellationToken);
        }
        else
        {
            var found = await CompareBucketsAsync(values, values, cancellationToken);
            totals = found.Totals;
            await ReadAsync(values, found.IsMost ? null : (values, found.Differing), cancellationToken);
        }

        await using var session = OpenSession();
        var result = await new MultisetQuery(pair, compared.Select(column => column.Pair), rows: null, pair.Rules.Samples)
            .RunAsync(new DiffSession(session, options.Progress), cancellationToken);
        return totals is { } known ? result with { Totals = known } : result;
    }

    /// <inheritdoc/>
    /// <remarks>None: it would take the values of rows that are known to be equal.</remarks>
    public Task<IReadOnlyList<RenamedColumn>> FindRenamesAsync(
        TableKey key, SchemaDiff schema, RowQuality quality, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<RenamedColumn>>([]);

    /// <inheritdoc/>
    public async Task<SampleDraw?> DrawAsync(TableKey key, List<string> notes, CancellationToken cancellationToken)
    {
        var rules = pair.Rules;
        if (rules.Sampling is Sampling.Off)
        {
            return null;
        }

        IReadOnlyList<PortableColumn> ofKey = [.. key.Columns.Select(Of)];
        if (!ofKey.All(column => column.IsComparable && Sampler.HaveCommonHash(column.Compared.Pair.Types)))
        {
            Sampler.Refuse(rules, Sampler.NoCommonHash, notes);
            return null;
        }

        var (inBase, inHead) = await AtOnce.RunAsync(sides.Base.ExampleHashAsync, sides.Head.ExampleHashAsync, cancellationToken);
        if (inBase != inHead)
        {
            Sampler.Refuse(rules, "the servers of base and head hash the same text, or the same number, differently", notes);
            return null;
        }

        var (ofBase, ofHead) = await AtOnce.RunAsync(
            token => sides.Base.TotalsAsync(ofKey, NullRateColumns, token), token => sides.Head.TotalsAsync(ofKey, NullRateColumns, token), cancellationToken);
        var totals = new Sides<SideTotals>(ofBase, ofHead);
        var threshold = Math.Min(sides.Base.Side.Dialect.SamplingThreshold, sides.Head.Side.Dialect.SamplingThreshold);
        if (Sampler.Share(rules, totals, threshold, notes) is not { } share)
        {
            return null;
        }

        Tell(Sampler.Words(share));
        var part = new TablePair(pair.Dialect, pair.Sides, pair.Columns, rules with { NullRateColumns = [] }) { IsSample = true };
        _sample = new SeparateRows(part, columns, sides.Map(side => side.Sample(ofKey, share)), scratch, options);
        return new SampleDraw(new TableKey(part, key.Columns, key.Candidate) { Compared = key.Compared }, totals, (double)share, Sampler.Reason(rules));
    }

    /// <inheritdoc/>
    /// <remarks>Nothing: the rows that are equal, whose values are what is common, were not read.</remarks>
    public Task<Attribution?> AttributeAsync(TableKey key, JoinResult found, CancellationToken cancellationToken) =>
        Task.FromResult<Attribution?>(null);

    /// <inheritdoc/>
    /// <remarks>Nothing, likewise: a share needs the rows that are equal.</remarks>
    public Task<Timeline?> ReadTimelineAsync(
        TableKey key, JoinResult found, RowQuality quality, List<string> notes, CancellationToken cancellationToken)
    {
        if (pair.Rules.TimeColumn is not null)
        {
            notes.Add($"{pair.Rules.Written("time_column")} has no effect: base and head are read apart from each other.");
        }

        return Task.FromResult<Timeline?>(null);
    }

    /// <inheritdoc/>
    public void Tell(string reason) => options.Progress?.Report(new RunEvent.Reasoning(reason));

    /// <summary>What to look with before rows are compared; the key is a number.</summary>
    public SeparateLook Look(IReadOnlyList<PortableColumn> key, IReadOnlyList<PortableColumn> values) =>
        new(sides, new BucketQuestion(key, values, NullRateColumns, 0));

    /// <summary>Finds the buckets that differ.</summary>
    public async Task<BucketResult> CompareBucketsAsync(
        IReadOnlyList<PortableColumn> key, IReadOnlyList<PortableColumn> values, CancellationToken cancellationToken)
    {
        var found = await _buckets.RunAsync(key, values, NullRateColumns, cancellationToken);
        Tell(found.Rows == 0
            ? "The hashes of all groups of rows are equal: no row differs."
            : $"The hashes differ in groups of {found.Rows} rows of both sides together{(found.IsMost ? ": everything is read" : "")}.");
        return found;
    }

    /// <summary>Reads rows of both sides, in place of those that were read before.</summary>
    /// <param name="wanted">What of them; the columns whose nulls are counted are read as well.</param>
    /// <param name="within">Which; null for all.</param>
    /// <param name="cancellationToken">Stops the queries.</param>
    public async Task ReadAsync(
        IReadOnlyList<PortableColumn> wanted, (IReadOnlyList<PortableColumn> Key, BucketList Buckets)? within, CancellationToken cancellationToken)
    {
        IReadOnlyList<PortableColumn> all = [.. wanted.Concat(NullRateColumns).Distinct()];
        await AtOnce.RunAsync(token => ReadAsync(isBase: true, token), token => ReadAsync(isBase: false, token), cancellationToken);

        async Task<bool> ReadAsync(bool isBase, CancellationToken token)
        {
            var (side, table) = isBase ? (sides.Base, pair.Sides.Base) : (sides.Head, pair.Sides.Head);
            await scratch.LoadAsync(
                table.Relation!.Name,
                [.. all.Select(column => isBase ? column.Compared.Pair.Base : column.Compared.Pair.Head).Zip(all, (column, portable) =>
                    new ScratchColumn(column.Name, column.Type, side.IsTyped(portable)))],
                appender => within is { Buckets.Buckets.Count: 0 } ? Task.CompletedTask : side.LoadAsync(all, within, appender, token));
            return true;
        }
    }

    /// <summary>Opens a session that sees what was read.</summary>
    public IWarehouseSession OpenSession() => scratch.OpenSession(options);

    /// <summary>A column as both warehouses have it.</summary>
    public PortableColumn Of(ColumnPair compared) => columns.Single(column => column.Compared.Pair == compared);
}
