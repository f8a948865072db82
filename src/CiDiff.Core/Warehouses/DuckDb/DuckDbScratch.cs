using System.Globalization;
using CiDiff.Errors;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>A database of our own, in memory and, where that is not enough, in a folder for temporary files: rows of other warehouses are compared in
/// it.</summary>
internal sealed class DuckDbScratch : IDisposable
{
    // The rest is for whatever else runs on the same machine, an embedded warehouse among it.
    private const double MemoryShare = 0.4;

    private static readonly DuckDbDialect Spelling = new();

    private readonly DuckDbInstance _instance;
    private int _tables;

    private DuckDbScratch(DuckDbInstance instance) => _instance = instance;

    /// <summary>How its SQL is spelled.</summary>
    public static SqlDialect Dialect => Spelling;

    /// <summary>The value that a text stands for.</summary>
    /// <param name="text">A <see cref="PortableForm.Text"/>.</param>
    /// <param name="type">The value's type.</param>
    public static SqlText Value(SqlText text, ColumnType type) => DuckDbPortable.Read(Spelling, text, type);

    /// <summary>Starts it.</summary>
    /// <exception cref="UserErrorException">There is no DuckDB on this machine.</exception>
    public static DuckDbScratch Open()
    {
        var bytes = (long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * MemoryShare);
        var settings = new ConnectionSettings.DuckDb
        {
            Path = ":memory:",
            Settings = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["memory_limit"] = string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024 / 1024}MiB"),

                // The order in which rows arrived says nothing, and keeping it takes memory.
                ["preserve_insertion_order"] = "false",
            },
        };
        return new DuckDbScratch(DuckDbInstance.Open([], settings));
    }

    /// <summary>Names for two tables that nobody else has.</summary>
    public Sides<RelationName> NewTables()
    {
        var number = Interlocked.Increment(ref _tables).ToString(CultureInfo.InvariantCulture);
        return new(new(null, null, $"cidiff_base_{number}"), new(null, null, $"cidiff_head_{number}"));
    }

    /// <summary>Makes a table of rows that another warehouse gives, in place of one of the same name.</summary>
    /// <param name="table">Its name.</param>
    /// <param name="columns">Its columns, with the types that <see cref="PortableTypes"/> gives them.</param>
    /// <param name="rows">Texts as <see cref="PortableForm.Text"/> gives them.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="UserErrorException">The rows do not fit, in memory and on disk.</exception>
    public async Task LoadAsync(
        RelationName table, IReadOnlyList<Column> columns, IAsyncEnumerable<IReadOnlyList<object?>> rows, CancellationToken cancellationToken)
    {
        // A table without columns can still have rows.
        var known = columns.Count == 0 ? [new Column(new ColumnName("present"), PortableTypes.Text)] : columns;
        try
        {
            await FillAsync(table, known, rows, cancellationToken);
        }
        catch (DuckDbException exception)
        {
            throw new UserErrorException(
                ErrorCodes.QueryFailed,
                $"Rows of both databases could not be brought together to be compared: {exception.Message}",
                hint: "They are kept in memory and then in the folder for temporary files (TMPDIR). A filter limits the comparison to fewer rows.",
                exception);
        }
    }

    private async Task FillAsync(
        RelationName table, IReadOnlyList<Column> columns, IAsyncEnumerable<IReadOnlyList<object?>> rows, CancellationToken cancellationToken)
    {
        using var connection = _instance.Connect();
        var texts = Texts(table);
        var list = SqlText.Join(", ", columns.Select(column => Spelling.Sql($"{column.Name} varchar")));
        connection.Execute(Spelling.Sql($"create or replace table {texts} ({list})").Text);
        using (var appender = connection.Append(texts.Name, columns.Count))
        {
            await foreach (var row in rows.WithCancellation(cancellationToken))
            {
                appender.Append(row);
            }

            appender.Complete();
        }

        var values = SqlText.Join(",\n    ", columns.Select(column => Spelling.Sql($"{Value(Spelling.Sql($"{column.Name}"), column.Type)} as {column.Name}")));
        connection.Execute(Spelling.Sql($"create or replace view {table} as select\n    {values}\nfrom {texts}").Text);
    }

    /// <summary>Forgets a table, if there is one.</summary>
    public void Drop(RelationName table)
    {
        using var connection = _instance.Connect();
        connection.Execute(Spelling.Sql($"drop view if exists {table}; drop table if exists {Texts(table)}").Text);
    }

    /// <summary>Opens a session that sees the tables as they are now.</summary>
    public IWarehouseSession OpenSession(SessionOptions options) => new DuckDbSession(_instance, schema: null, Spelling, options);

    /// <inheritdoc/>
    public void Dispose() => _instance.Dispose();

    private static RelationName Texts(RelationName table) => table with { Name = $"{table.Name}_texts" };
}
