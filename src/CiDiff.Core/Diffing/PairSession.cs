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
        var head = await warehouses.Warehouses.Head.OpenSessionAsync(options, cancellationToken);
        if (warehouses.IsOne && !isSeparate)
        {
            return new PairSession(warehouses, new Sides<IWarehouseSession>(head, head), options);
        }

        try
        {
            // On one warehouse with the same snapshot, where it has such a thing.
            var @base = (warehouses.IsOne ? await head.OpenSiblingAsync(cancellationToken) : null)
                ?? await warehouses.Warehouses.Base.OpenSessionAsync(options, cancellationToken);
            return new PairSession(warehouses, new Sides<IWarehouseSession>(@base, head), options);
        }
        catch
        {
            await head.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Sides.Head.DisposeAsync();
        if (!IsOne)
        {
            await Sides.Base.DisposeAsync();
        }
    }
}
