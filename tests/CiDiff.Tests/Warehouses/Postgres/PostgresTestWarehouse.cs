using CiDiff.Warehouses;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Warehouses.Postgres;

/// <summary>Short ways to a session and its answers, for the tests of this folder.</summary>
internal static class PostgresTestWarehouse
{
    public static SessionOptions Options { get; } = new("test", "orders", TimeSpan.FromMinutes(1), null);

    public static PostgresWarehouse Open(ConnectionSettings.Postgres settings) => new(settings, new PostgresDialect());

    public static async Task<IReadOnlyList<IReadOnlyList<object?>>> RowsAsync(
        this IWarehouseSession session, string sql, CancellationToken cancellationToken = default)
    {
        var rows = new List<IReadOnlyList<object?>>();
        await foreach (var row in session.QueryAsync(SqlText.FromConfiguration(sql, "a test"), cancellationToken))
        {
            rows.Add(row);
        }

        return rows;
    }

    public static async Task<object?> ValueAsync(this IWarehouseSession session, string sql) => (await session.RowsAsync(sql))[0][0];
}
