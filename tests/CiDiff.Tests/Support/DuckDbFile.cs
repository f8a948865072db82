using CiDiff.Warehouses;
using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Tests.Support;

/// <summary>A DuckDB file of a test's own, in a folder that goes away with it.</summary>
internal sealed class DuckDbFile : IDisposable
{
    public static readonly SqlDialect Dialect = new DuckDbDialect();
    private static readonly Dictionary<string, string> NoOptions = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cidiff-tests-");

    /// <param name="statements">What makes its contents; the names in them are of the file's database.</param>
    /// <param name="fileName">The file's name, from which its database has its own.</param>
    public DuckDbFile(string statements, string fileName = "shop.duckdb")
    {
        Path = System.IO.Path.Combine(_folder.FullName, fileName);
        Execute(statements);
    }

    public string Path { get; }

    public ConnectionSettings.DuckDb Settings => new() { Path = Path };

    public DuckDbWarehouse Open() => new(Settings, Dialect);

    /// <summary>A database without a file.</summary>
    public static DuckDbWarehouse InMemory() => new(new() { Path = ":memory:" }, Dialect);

    /// <summary>Runs statements in the file, opened for writing meanwhile.</summary>
    public void Execute(string statements)
    {
        var connection = DuckDbConnection.Open(Path, NoOptions);
        try
        {
            connection.Execute(statements);
        }
        finally
        {
            connection.CloseDatabase();
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
