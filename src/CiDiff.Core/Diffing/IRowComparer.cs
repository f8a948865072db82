namespace CiDiff.Diffing;

/// <summary>Compares the rows of two tables, wherever these are.</summary>
internal interface IRowComparer
{
    /// <summary>Chooses how rows are compared by a key.</summary>
    (StrategyChoice Choice, IKeyedDiffer Differ) ByKey(TableKey key);

    /// <summary>Compares rows as multisets.</summary>
    /// <param name="compared">By these columns.</param>
    /// <param name="cancellationToken">Stops the queries.</param>
    Task<MultisetResult> WithoutKeyAsync(IReadOnlyList<ColumnPlan> compared, CancellationToken cancellationToken);

    /// <summary>Finds columns that are probably the same under another name.</summary>
    Task<IReadOnlyList<RenamedColumn>> FindRenamesAsync(TableKey key, SchemaDiff schema, RowQuality quality, CancellationToken cancellationToken);

    /// <summary>Draws a sample, if the rules ask for one.</summary>
    /// <param name="key">Of the whole tables.</param>
    /// <param name="notes">Told why everything is read after all.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    /// <returns>Null: everything is read.</returns>
    Task<SampleDraw?> DrawAsync(TableKey key, List<string> notes, CancellationToken cancellationToken);

    /// <summary>Finds what the changed rows have in common; null for nothing.</summary>
    Task<Attribution?> AttributeAsync(TableKey key, JoinResult found, CancellationToken cancellationToken);

    /// <summary>Counts the rows that differ by when they happened, if the rules ask for it.</summary>
    /// <param name="key">What matches the rows.</param>
    /// <param name="found">What differs.</param>
    /// <param name="quality">Which rows can be matched.</param>
    /// <param name="notes">Told why nothing is counted after all.</param>
    /// <param name="cancellationToken">Stops the queries.</param>
    /// <returns>Null when nothing is counted.</returns>
    Task<Timeline?> ReadTimelineAsync(TableKey key, JoinResult found, RowQuality quality, List<string> notes, CancellationToken cancellationToken);

    /// <summary>Tells why something was decided.</summary>
    void Tell(string reason);
}

/// <summary>Compares rows where they are: one session reads both tables.</summary>
internal sealed class RowsInOneWarehouse(TablePair pair, DiffSession session) : IRowComparer
{
    /// <inheritdoc/>
    public (StrategyChoice Choice, IKeyedDiffer Differ) ByKey(TableKey key)
    {
        var choice = StrategyChoice.Of(key);
        return (choice, choice.Strategy switch
        {
            Configuration.DiffStrategy.Join => new JoinDiffer(key, session),
            Configuration.DiffStrategy.Fingerprint => new FingerprintDiffer(key, session),
            _ => throw new System.Diagnostics.UnreachableException($"{choice.Strategy}"),
        });
    }

    /// <inheritdoc/>
    public Task<MultisetResult> WithoutKeyAsync(IReadOnlyList<ColumnPlan> compared, CancellationToken cancellationToken) =>
        new MultisetQuery(pair, compared.Select(column => column.Pair), rows: null, pair.Rules.Samples).RunAsync(session, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RenamedColumn>> FindRenamesAsync(
        TableKey key, SchemaDiff schema, RowQuality quality, CancellationToken cancellationToken) =>
        new RenameDetector(key, session).FindAsync(schema, quality, cancellationToken);

    /// <inheritdoc/>
    public Task<SampleDraw?> DrawAsync(TableKey key, List<string> notes, CancellationToken cancellationToken) =>
        Sampler.DrawAsync(key, session, notes, cancellationToken);

    /// <inheritdoc/>
    public Task<Attribution?> AttributeAsync(TableKey key, JoinResult found, CancellationToken cancellationToken) =>
        new ChangeAttribution(key, found, session).FindAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<Timeline?> ReadTimelineAsync(
        TableKey key, JoinResult found, RowQuality quality, List<string> notes, CancellationToken cancellationToken) =>
        new TimelineReader(key, found, session).ReadAsync(quality, notes, cancellationToken);

    /// <inheritdoc/>
    public void Tell(string reason) => session.Tell(reason);
}
