using CiDiff.Errors;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>DuckDB, embedded in this process: database files attached read-only, never created or changed.</summary>
/// <remarks>Other processes may read the same files meanwhile; none may write them. The instance is opened by the first session.</remarks>
public sealed class DuckDbWarehouse : IWarehouse
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly IReadOnlyList<DuckDbAttachment> _files;
    private readonly ConnectionSettings.DuckDb _settings;
    private DuckDbInstance? _instance;

    /// <summary>Takes the settings; nothing is opened yet.</summary>
    /// <param name="settings">The file, and settings of the engine such as <c>memory_limit</c>, <c>threads</c> and <c>temp_directory</c>. Without
    /// them DuckDB takes all processors and 80 % of the memory, and spills to the system's folder for temporary files.</param>
    /// <param name="dialect">How its SQL is spelled.</param>
    public DuckDbWarehouse(ConnectionSettings.DuckDb settings, SqlDialect dialect)
        : this(DuckDbSyntax.IsInMemory(settings.Path) ? [] : [new DuckDbAttachment(settings.Path, settings.Database)], settings, dialect)
    {
    }

    private DuckDbWarehouse(IReadOnlyList<DuckDbAttachment> files, ConnectionSettings.DuckDb settings, SqlDialect dialect)
    {
        _files = files;
        _settings = settings;
        Dialect = dialect;
        Description = files.Count == 0 ? "DuckDB, in memory" : $"DuckDB, {string.Join(" and ", files.Select(file => file.Path))}";

        // Every query uses all processors by itself; a few at once hide the parts that cannot.
        Concurrency = Math.Clamp(settings.Threads, 1, Environment.ProcessorCount);
    }

    /// <inheritdoc/>
    public SqlDialect Dialect { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public int Concurrency { get; }

    /// <inheritdoc/>
    public string AdapterType => "duckdb";

    /// <summary>Makes one warehouse of two, for base and head in different files, so that one query can read both.</summary>
    /// <param name="sides">The connection of each side. Settings and extensions of both hold for the pair; where they contradict
    /// each other, head's do.</param>
    /// <param name="dialect">How the SQL is spelled.</param>
#pragma warning disable CA2000 // whoever gets the pair disposes of its warehouse
    public static DuckDbPair OpenPair(Sides<ConnectionSettings.DuckDb> sides, SqlDialect dialect)
    {
        var names = sides.Map(side => side.Database ?? DuckDbSyntax.DatabaseName(side.Path));
        if (string.Equals(Path.GetFullPath(sides.Base.Path), Path.GetFullPath(sides.Head.Path), StringComparison.Ordinal))
        {
            return new DuckDbPair(new DuckDbWarehouse(sides.Head, dialect), new Sides<string>(names.Head, names.Head));
        }

        // Two files of one name cannot both keep it.
        if (string.Equals(names.Base, names.Head, StringComparison.OrdinalIgnoreCase))
        {
            names = new Sides<string>($"{names.Base}_base", $"{names.Head}_head");
        }

        var merged = new Dictionary<string, string>(sides.Base.Settings, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in sides.Head.Settings)
        {
            merged[name] = value;
        }

        var files = new DuckDbAttachment[] { new(sides.Base.Path, names.Base), new(sides.Head.Path, names.Head) };
        var settings = sides.Head with
        {
            Schema = null,
            Attach = [.. sides.Base.Attach.Union(sides.Head.Attach)],
            Settings = merged,
            Extensions = [.. sides.Base.Extensions.Union(sides.Head.Extensions, StringComparer.OrdinalIgnoreCase)],
        };

        return new DuckDbPair(new DuckDbWarehouse(files, settings, dialect), names);
    }
#pragma warning restore CA2000

    /// <inheritdoc/>
    /// <exception cref="UserErrorException">CID4001 or CID4003 when a file, a setting or an extension is not usable.</exception>
    public async Task<IWarehouseSession> OpenSessionAsync(SessionOptions options, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            _instance ??= await Task.Run(() => DuckDbInstance.Open(_files, _settings), cancellationToken);
            return new DuckDbSession(_instance, _settings.Schema, Dialect, options);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _instance?.Dispose();
        _gate.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Base and head in two DuckDB files, read by one engine.</summary>
/// <param name="Warehouse">Sees both files.</param>
/// <param name="Databases">The name of each file in SQL: the database part of every relation's name. It is the file's own name where
/// the two differ, else with <c>_base</c> and <c>_head</c> behind it.</param>
public sealed record DuckDbPair(DuckDbWarehouse Warehouse, Sides<string> Databases);
