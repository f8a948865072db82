using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>A session on each side's warehouse; the same one where one query reads both sides.</summary>
internal sealed class PairSession : IAsyncDisposable
{
    private PairSession(WarehousePair warehouses, Sides<IWarehouseSession> sides, SessionOptions options)
    {
        (Warehouses, Sides, Options) = (warehouses, sides, options);
    }

    /// <summary>Where both sides are.</summary>
    public WarehousePair Warehouses { get; }

    /// <summary>The sessions.</summary>
    public Sides<IWarehouseSession> Sides { get; }

    /// <summary>What they are for.</summary>
    public SessionOptions Options { get; }

    /// <summary>Whether one session reads both sides.</summary>
    public bool IsOne => ReferenceEquals(Sides.Base, Sides.Head);

    /// <summary>Opens what is needed.</summary>
    /// <param name="warehouses">Where both sides are.</param>
    /// <param name="options">What the sessions are for.</param>
    /// <param name="isSeparate">Two sessions are wanted even where one would do.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    public static async Task<PairSession> OpenAsync(
        WarehousePair warehouses, SessionOptions options, bool isSeparate, CancellationToken cancellationToken)
    {
        if (!warehouses.IsOne)
        {
            return new PairSession(warehouses, await OpenBothAsync(warehouses, options, cancellationToken), options);
        }

        var head = await warehouses.Warehouses.Head.OpenSessionAsync(options, cancellationToken);
        if (!isSeparate)
        {
            return new PairSession(warehouses, new Sides<IWarehouseSession>(head, head), options);
        }

        try
        {
            // With the same snapshot, where the warehouse has such a thing.
            var @base = await head.ShareSnapshotAsync(cancellationToken) is { } open
                ? await open(cancellationToken)
                : await warehouses.Warehouses.Base.OpenSessionAsync(options, cancellationToken);
            return new PairSession(warehouses, new Sides<IWarehouseSession>(@base, head), options);
        }
        catch
        {
            await head.DisposeAsync();
            throw;
        }
    }

    /// <summary>Finds a relation of each side.</summary>
    /// <param name="relations">Null for nothing to look up.</param>
    /// <param name="cancellationToken">Stops both.</param>
    /// <returns>Null also for a relation that there is not.</returns>
    public async Task<Sides<RelationInfo?>> FindAsync(Sides<RelationName?> relations, CancellationToken cancellationToken)
    {
        if (IsOne)
        {
            return await Sides.Head.FindRelationsAsync(relations, cancellationToken);
        }

        var (inBase, inHead) = await AtOnce.RunAsync(
            token => FindAsync(Sides.Base, relations.Base, token), token => FindAsync(Sides.Head, relations.Head, token), cancellationToken);
        return new(inBase, inHead);

        static Task<RelationInfo?> FindAsync(IWarehouseSession session, RelationName? relation, CancellationToken token) =>
            relation is null ? Task.FromResult<RelationInfo?>(null) : Task.Run(() => session.FindRelationAsync(relation, token), token);
    }

    // At once, each with what it loads and compiles, and the database in which rows are compared as well.
    private static async Task<Sides<IWarehouseSession>> OpenBothAsync(WarehousePair warehouses, SessionOptions options, CancellationToken cancellationToken)
    {
        var opening = warehouses.Warehouses.Map(warehouse => Task.Run(() => warehouse.OpenSessionAsync(options, cancellationToken), cancellationToken));
        try
        {
            await Task.WhenAll(opening.Base, opening.Head, Task.Run(() => warehouses.Scratch, cancellationToken));
            return new(await opening.Base, await opening.Head);
        }
        catch
        {
            foreach (var opened in new[] { opening.Base, opening.Head }.Where(session => session.IsCompletedSuccessfully))
            {
                await (await opened).DisposeAsync();
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(CloseAsync());

    private async Task CloseAsync()
    {
        await Sides.Head.DisposeAsync();
        if (!IsOne)
        {
            await Sides.Base.DisposeAsync();
        }
    }
}
