using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Warehouses;

/// <summary>A session that brings the rows of a query into the embedded DuckDB without an object for every value. What it can beyond
/// <see cref="IWarehouseSession.QueryAsync"/>, with which any other session's rows are brought there as texts.</summary>
internal interface IBulkSession
{
    /// <summary>Runs a query and adds its rows to a table.</summary>
    /// <param name="query">The table's columns in their order, each a <see cref="PortableForm.Typed"/> where the table's column has that type, and a
    /// <see cref="PortableForm.Text"/> where it holds texts.</param>
    /// <param name="table">The table. What was added stays when the query fails.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    /// <exception cref="DuckDbException">The table did not take the rows. Whatever is wrong with the query arrives as from
    /// <see cref="IWarehouseSession.QueryAsync"/>.</exception>
    Task LoadAsync(SqlText query, DuckDbAppender table, CancellationToken cancellationToken);
}
