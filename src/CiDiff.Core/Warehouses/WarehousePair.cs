using CiDiff.Errors;
using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Warehouses;

/// <summary>Where base and head are: one warehouse in which a single query reads both, or two.</summary>
public sealed class WarehousePair : IAsyncDisposable
{
    private readonly Lazy<DuckDbScratch> _scratch = new(DuckDbScratch.Open);

    private WarehousePair(Sides<IWarehouse> warehouses, Sides<string?>? databases = null)
    {
        Warehouses = warehouses;
        Databases = databases ?? new(null, null);
    }

    /// <summary>Each side's warehouse; the same object when it is one.</summary>
    public Sides<IWarehouse> Warehouses { get; }

    /// <summary>The database part that each side's relation names get; null leaves it as it is.</summary>
    public Sides<string?> Databases { get; }

    /// <summary>Whether one query reads both sides.</summary>
    public bool IsOne => ReferenceEquals(Warehouses.Base, Warehouses.Head);

    /// <summary>Every warehouse once.</summary>
    public IReadOnlyList<IWarehouse> All => IsOne ? [Warehouses.Head] : [Warehouses.Base, Warehouses.Head];

    /// <summary>Where it is, for people; never a secret.</summary>
    public string Description => string.Join(" and ", All.Select(warehouse => warehouse.Description));

    /// <summary>How many models are compared well at once; at least 1.</summary>
    public int Concurrency => All.Min(warehouse => warehouse.Concurrency);

    /// <summary>The database of our own in which rows of two warehouses are compared; opened when it is first asked for.</summary>
    /// <exception cref="UserErrorException">There is no DuckDB on this machine.</exception>
    internal DuckDbScratch Scratch => _scratch.Value;

    /// <summary>Takes one warehouse for both sides, and closes it in the end.</summary>
    public static WarehousePair Of(IWarehouse warehouse) => new(new Sides<IWarehouse>(warehouse, warehouse));

    /// <summary>Takes two warehouses, and closes them in the end.</summary>
    public static WarehousePair Of(IWarehouse inBase, IWarehouse inHead) => new(new Sides<IWarehouse>(inBase, inHead));

    /// <summary>Takes what reaches both sides: one warehouse, where a single query can read both, or one for each. Nothing is opened yet.</summary>
    /// <exception cref="UserErrorException">There is no adapter (CID4007).</exception>
#pragma warning disable CA2000 // the pair closes them
    public static WarehousePair Open(Sides<ConnectionSettings> sides)
    {
        switch (sides)
        {
            case (ConnectionSettings.DuckDb inBase, ConnectionSettings.DuckDb inHead) when !IsSameFile(inBase, inHead):
                var pair = DuckDbWarehouse.OpenPair(new Sides<ConnectionSettings.DuckDb>(inBase, inHead), new DuckDbDialect());
                return new WarehousePair(new Sides<IWarehouse>(pair.Warehouse, pair.Warehouse), pair.Databases.Map(name => (string?)name));
            case (ConnectionSettings.DuckDb, ConnectionSettings.DuckDb):
            case (ConnectionSettings.Postgres inBase, ConnectionSettings.Postgres inHead) when IsSameDatabase(inBase, inHead):
                return Of(WarehouseFactory.Open(sides.Head));
            default:
                return Of(WarehouseFactory.Open(sides.Base), WarehouseFactory.Open(sides.Head));
        }
    }

#pragma warning restore CA2000

    /// <summary>Begins to connect to both, for whoever has more to do before the first session.</summary>
    /// <returns>False when there is nothing to wait for.</returns>
    public bool Connect()
    {
        var isConnecting = false;
        foreach (var warehouse in All)
        {
            isConnecting |= warehouse.Connect();
        }

        return isConnecting;
    }

    /// <summary>A relation's name as this warehouse knows it.</summary>
    /// <param name="names">The names as the manifests have them; null on a side without a relation.</param>
    public Sides<RelationName?> Locate(Sides<RelationName?> names) => new(
        Locate(names.Base, Databases.Base),
        Locate(names.Head, Databases.Head));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var warehouse in All)
        {
            await warehouse.DisposeAsync();
        }

        if (_scratch.IsValueCreated)
        {
            _scratch.Value.Dispose();
        }
    }

    private static RelationName? Locate(RelationName? name, string? database) =>
        name is not null && database is not null ? name with { Database = database } : name;

    private static bool IsSameFile(ConnectionSettings.DuckDb one, ConnectionSettings.DuckDb other) =>
        string.Equals(Path.GetFullPath(one.Path), Path.GetFullPath(other.Path), StringComparison.Ordinal);

    private static bool IsSameDatabase(ConnectionSettings.Postgres one, ConnectionSettings.Postgres other) =>
        string.Equals(one.Host, other.Host, StringComparison.OrdinalIgnoreCase)
        && one.Port == other.Port
        && string.Equals(one.Database, other.Database, StringComparison.Ordinal);
}
