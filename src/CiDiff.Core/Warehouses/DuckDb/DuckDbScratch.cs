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
    /// <param name="columns">Its columns.</param>
    /// <param name="fill">Adds the rows.</param>
    /// <exception cref="UserErrorException">The rows do not fit, in memory and on disk.</exception>
    public async Task LoadAsync(RelationName table, IReadOnlyList<ScratchColumn> columns, Func<DuckDbAppender, Task> fill)
    {
        // A table without columns can still have rows.
        var known = columns.Count == 0 ? [new ScratchColumn(new ColumnName("present"), PortableTypes.Text, IsTyped: false)] : columns;
        try
        {
            await FillAsync(table, known, fill);
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

    private async Task FillAsync(RelationName table, IReadOnlyList<ScratchColumn> columns, Func<DuckDbAppender, Task> fill)
    {
        using var connection = _instance.Connect();
        var rows = Rows(table);
        var list = SqlText.Join(", ", columns.Select(column => Spelling.Sql($"{column.Name} {new SqlText(column.Stored.Name)}")));
        connection.Execute(Spelling.Sql($"create or replace table {rows} ({list})").Text);
        using (var appender = connection.Append(
            rows.Name, [.. columns.Select(column => column.Name)], [.. columns.Select(column => DuckDbPlainType.Of(column.Stored)!.Value)]))
        {
            await fill(appender);
            appender.Complete();
        }

        var values = SqlText.Join(",\n    ", columns.Select(column => column.IsTyped
            ? Spelling.Sql($"{column.Name}")
            : Spelling.Sql($"{Value(Spelling.Sql($"{column.Name}"), column.Type)} as {column.Name}")));
        connection.Execute(Spelling.Sql($"create or replace view {table} as select\n    {values}\nfrom {rows}").Text);
    }

    /// <summary>Forgets a table, if there is one.</summary>
    public void Drop(RelationName table)
    {
        using var connection = _instance.Connect();
        connection.Execute(Spelling.Sql($"drop view if exists {table}; drop table if exists {Rows(table)}").Text);
    }

    /// <summary>Opens a session that sees the tables as they are now.</summary>
    public IWarehouseSession OpenSession(SessionOptions options) => new DuckDbSession(_instance, schema: null, Spelling, options);

    /// <inheritdoc/>
    public void Dispose() => _instance.Dispose();

    private static RelationName Rows(RelationName table) => table with { Name = $"{table.Name}_rows" };
}

/// <summary>A column of a table of <see cref="DuckDbScratch"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type that its values have when they are compared: of those that <see cref="PortableTypes"/> knows.</param>
/// <param name="IsTyped">Whether they arrive with it, as <see cref="PortableForm.Typed"/>; otherwise as <see cref="PortableForm.Text"/>.</param>
internal sealed record ScratchColumn(ColumnName Name, ColumnType Type, bool IsTyped)
{
    /// <summary>The type that they are stored with.</summary>
    public ColumnType Stored => IsTyped ? Type : PortableTypes.Text;
}
