using CiDiff.Errors;
using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Warehouses;

/// <summary>One warehouse in which both sides can be read by one query.</summary>
/// <param name="Warehouse">The warehouse; dispose of it.</param>
/// <param name="Databases">The database part that each side's relation names get; null leaves it as it is.</param>
public sealed record WarehousePair(IWarehouse Warehouse, Sides<string?> Databases)
{
    /// <summary>Opens what reaches both sides.</summary>
    /// <exception cref="UserErrorException">There is no such thing (CID4010), or no adapter (CID4007).</exception>
#pragma warning disable CA2000 // whoever gets the pair disposes of its warehouse
    public static WarehousePair Open(Sides<ConnectionSettings> sides)
    {
        switch (sides)
        {
            case (ConnectionSettings.DuckDb inBase, ConnectionSettings.DuckDb inHead) when !IsSameFile(inBase, inHead):
                var pair = DuckDbWarehouse.OpenPair(new Sides<ConnectionSettings.DuckDb>(inBase, inHead), new DuckDbDialect());
                return new WarehousePair(pair.Warehouse, pair.Databases.Map(name => (string?)name));
            case (ConnectionSettings.DuckDb, ConnectionSettings.DuckDb):
            case (ConnectionSettings.Postgres inBase, ConnectionSettings.Postgres inHead) when IsSameDatabase(inBase, inHead):
                return new WarehousePair(WarehouseFactory.Open(sides.Head), default);
            default:
                throw new UserErrorException(
                    ErrorCodes.DifferentConnections,
                    "Base and head are in different databases, which no single query can read.",
                    "Compare two schemas of one database, or two DuckDB files.");
        }
    }

#pragma warning restore CA2000

    /// <summary>A relation's name as this warehouse knows it.</summary>
    /// <param name="names">The names as the manifests have them; null on a side without a relation.</param>
    public Sides<RelationName?> Locate(Sides<RelationName?> names) => new(
        Locate(names.Base, Databases.Base),
        Locate(names.Head, Databases.Head));

    private static RelationName? Locate(RelationName? name, string? database) =>
        name is not null && database is not null ? name with { Database = database } : name;

    private static bool IsSameFile(ConnectionSettings.DuckDb one, ConnectionSettings.DuckDb other) =>
        string.Equals(Path.GetFullPath(one.Path), Path.GetFullPath(other.Path), StringComparison.Ordinal);

    private static bool IsSameDatabase(ConnectionSettings.Postgres one, ConnectionSettings.Postgres other) =>
        string.Equals(one.Host, other.Host, StringComparison.OrdinalIgnoreCase)
        && one.Port == other.Port
        && string.Equals(one.Database, other.Database, StringComparison.Ordinal);
}
