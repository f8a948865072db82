namespace CiDiff.Warehouses.DuckDb;

/// <summary>A DuckDB file of our own making, open for writing. Warehouses that are compared are never opened this way.</summary>
internal sealed class DuckDbBuilder : IDisposable
{
    private readonly DuckDbConnection _connection;

    private DuckDbBuilder(DuckDbConnection connection) => _connection = connection;

    /// <summary>Creates a file.</summary>
    /// <param name="path">Where there is no file yet.</param>
    /// <param name="dataFolder">Where statements find the files they name.</param>
    internal static DuckDbBuilder Create(string path, string dataFolder)
    {
        var options = new Dictionary<string, string>(DuckDbInstance.Offline, StringComparer.Ordinal)
        {
            ["threads"] = "1", // rows get the order of the statements
            ["file_search_path"] = dataFolder,
        };

        var connection = DuckDbInstance.Load(() => DuckDbConnection.Open(path, options));
        connection.Execute("set TimeZone = 'UTC'");
        return new DuckDbBuilder(connection);
    }

    /// <summary>Runs statements, which are separated by semicolons.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, and the statements have stopped.</exception>
    internal async Task ExecuteAsync(string statements, CancellationToken cancellationToken)
    {
        await using var watch = new DuckDbWatch(_connection, null, cancellationToken);
        await watch.RunAsync(() =>
        {
            _connection.Execute(statements);
            return true;
        });
    }

    /// <summary>Writes what is left to the file and closes it.</summary>
    public void Dispose() => _connection.CloseDatabase();
}
