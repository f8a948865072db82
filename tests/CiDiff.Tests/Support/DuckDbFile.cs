using CiDiff.Warehouses;
using CiDiff.Warehouses.DuckDb;

namespace CiDiff.Tests.Support;

/// <summary>A DuckDB file of a test's own, in a folder that goes away with it.</summary>
internal sealed class DuckDbFile : IDisposable
{
    public static readonly SqlDialect Dialect = new Names();
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

    // Only what names need.
    private sealed class Names : SqlDialect
    {
        public override StringComparer NameComparer => StringComparer.OrdinalIgnoreCase;

        public override string Quote(string identifier) => DuckDbSyntax.Quote(identifier);

        public override string Quote(RelationName relation) => relation.ToString();

        public override string QuoteLiteral(string value) => DuckDbSyntax.QuoteLiteral(value);

        public override SqlText Differ(Sides<SqlText> values, Sides<ColumnType> types, CiDiff.Configuration.Tolerance? tolerance) =>
            throw new NotSupportedException();

        public override SqlText Display(SqlText value, ColumnType type) => throw new NotSupportedException();

        public override SqlText GroupingForm(SqlText value, ColumnType type) => throw new NotSupportedException();

        public override Sides<SqlText>? KeyForm(Sides<SqlText> values, Sides<ColumnType> types) => throw new NotSupportedException();
    }
}
