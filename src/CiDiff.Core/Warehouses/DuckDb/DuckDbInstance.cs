using System.Globalization;
using CiDiff.Errors;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>DuckDB in this process, with every file of a connection attached read-only to an empty database in memory.</summary>
/// <remarks>Attaching instead of opening is the same for one file and for several, and lets a file have the name that is wanted.</remarks>
internal sealed class DuckDbInstance : IDisposable
{
    // What DuckDB calls a database without a file.
    private const string InMemory = "memory";

    // Nothing is ever downloaded, whatever a profile says.
    private static readonly string[] Fixed = ["autoinstall_known_extensions", "autoload_known_extensions", "access_mode"];

    private readonly DuckDbConnection _root;
    private readonly IReadOnlyList<string> _sessionStatements;

    private DuckDbInstance(
        DuckDbConnection root, string database, IReadOnlyList<MirroredFile> mirrored, IReadOnlyList<string> sessionStatements)
    {
        _root = root;
        Database = database;
        Mirrored = mirrored;
        _sessionStatements = sessionStatements;
    }

    /// <summary>Options of every instance.</summary>
    internal static IReadOnlyDictionary<string, string> Offline { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["autoinstall_known_extensions"] = "false",
        ["autoload_known_extensions"] = "false",
        ["custom_user_agent"] = "cidiff",
    };

    /// <summary>The database that names without one belong to.</summary>
    internal string Database { get; }

    /// <summary>The databases that are mirrors, see <see cref="DuckDbMirror"/>.</summary>
    internal IReadOnlyList<MirroredFile> Mirrored { get; }

    /// <summary>Opens something for which the library is needed.</summary>
    /// <exception cref="UserErrorException">It is not there, or is not for this machine.</exception>
    internal static DuckDbConnection Load(Func<DuckDbConnection> open)
    {
        try
        {
            return open();
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw DuckDbErrors.LibraryMissing(exception);
        }
    }

    /// <summary>Starts DuckDB, loads extensions, applies settings and attaches the files.</summary>
    /// <param name="files">What is compared, one file or two; none is a database in memory.</param>
    /// <param name="settings">The rest: its path is not looked at.</param>
    /// <exception cref="UserErrorException">A file, a setting or an extension is not usable.</exception>
    internal static DuckDbInstance Open(IReadOnlyList<DuckDbAttachment> files, ConnectionSettings.DuckDb settings)
    {
        var root = Start();
        try
        {
            root.RegisterFunctions();
            var local = Configure(root, settings);
            var others = settings.Attach.Select(Name).ToList();
            var empty = InMemory;
            if (files.Select(Name).Concat(others).Contains(InMemory, StringComparer.OrdinalIgnoreCase))
            {
                empty = "cidiff_empty";
                root.Execute($"attach ':memory:' as {empty}; use {empty}; detach {InMemory}");
            }

            foreach (var other in settings.Attach)
            {
                Attach(root, other, Name(other));
            }

            var mirrored = new List<MirroredFile>();
            foreach (var file in files)
            {
                var name = Name(file);
                Attach(root, file, name);
                if (DuckDbMirror.IsNeeded(root, name, others))
                {
                    var mirror = new MirroredFile(name, $"{name} as stored");
                    root.Execute($"detach {DuckDbSyntax.Quote(name)}");
                    Attach(root, file, mirror.File);
                    DuckDbMirror.Create(root, mirror, others);
                    mirrored.Add(mirror);
                }
            }

            // Two files have no schema in common that names without one could be in.
            var database = files.Count == 1 ? Name(files[0]) : empty;
            var use = HasSchema(root, database, settings.Schema)
                ? $"use {DuckDbSyntax.Quote(database)}.{DuckDbSyntax.Quote(settings.Schema!)}"
                : $"use {DuckDbSyntax.Quote(database)}";
            return new DuckDbInstance(root, database, mirrored, [.. local, use]);
        }
        catch
        {
            root.CloseDatabase();
            throw;
        }
    }

    /// <summary>A connection for one session, with its settings; the session begins the transaction.</summary>
    internal DuckDbConnection Connect()
    {
        var connection = _root.Another();
        foreach (var statement in _sessionStatements)
        {
            connection.Execute(statement);
        }

        return connection;
    }

    /// <inheritdoc/>
    public void Dispose() => _root.CloseDatabase();

    private static DuckDbConnection Start()
    {
        var options = new Dictionary<string, string>(Offline, StringComparer.Ordinal)
        {
            // DuckDB makes this folder when it first spills, and removes it. Its own choice would be the working folder.
            ["temp_directory"] = Path.Combine(
                Path.GetTempPath(),
                string.Create(CultureInfo.InvariantCulture, $"cidiff-{Environment.ProcessId}-{Guid.NewGuid():n}")),
        };

        return Load(() => DuckDbConnection.Open(":memory:", options));
    }

    /// <summary>Loads the profile's extensions and applies its settings.</summary>
    /// <returns>The statements for the settings that hold for one connection only.</returns>
    private static List<string> Configure(DuckDbConnection root, ConnectionSettings.DuckDb settings)
    {
        // Two runs must show an instant alike, wherever they run and whatever the profile says.
        var wanted = new Dictionary<string, string>(settings.Settings, StringComparer.OrdinalIgnoreCase) { ["TimeZone"] = "UTC" };
        foreach (var name in Fixed)
        {
            wanted.Remove(name);
        }

        // Some say where extensions are, others only exist with an extension.
        var late = wanted.Where(setting => !Set(root, setting, mayBeUnknown: settings.Extensions.Count > 0)).ToList();
        foreach (var extension in settings.Extensions)
        {
            Run(root, $"load {DuckDbSyntax.Quote(extension)}", $"the extension '{extension}'", "");
        }

        late.ForEach(setting => Set(root, setting, mayBeUnknown: false));
        if (wanted.Count == 1)
        {
            return [.. wanted.Select(Statement)];
        }

        // Some only turn into settings of one connection when they are set.
        var local = Column(root, "select name from duckdb_settings() where scope = 'LOCAL'").ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. wanted.Where(setting => local.Contains(setting.Key)).Select(Statement)];
    }

    private static string Statement(KeyValuePair<string, string> setting) =>
        $"set {DuckDbSyntax.Quote(setting.Key)} = {DuckDbSyntax.QuoteLiteral(setting.Value)}";

    private static bool Set(DuckDbConnection root, KeyValuePair<string, string> setting, bool mayBeUnknown)
    {
        try
        {
            Run(root, Statement(setting), $"the setting '{setting.Key}'", setting.Value);
            return true;
        }
        catch (UserErrorException) when (mayBeUnknown)
        {
            return false;
        }
    }

    private static string Name(DuckDbAttachment file) => file.Alias ?? DuckDbSyntax.DatabaseName(file.Path);

    private static void Attach(DuckDbConnection root, DuckDbAttachment file, string name)
    {
        if (!File.Exists(file.Path))
        {
            throw DuckDbErrors.Missing(file.Path);
        }

        try
        {
            // The type, so that a file of another program's does not send DuckDB looking for an extension.
            root.Execute(
                $"attach {DuckDbSyntax.QuoteLiteral(Path.GetFullPath(file.Path))} as {DuckDbSyntax.Quote(name)} (read_only, type duckdb)");
        }
        catch (DuckDbException exception)
        {
            throw DuckDbErrors.CannotOpen(file.Path, exception);
        }
    }

    private static bool HasSchema(DuckDbConnection root, string database, string? schema) =>
        schema is not null
        && Column(root, $"select schema_name from duckdb_schemas() where database_name = {DuckDbSyntax.QuoteLiteral(database)}")
            .Contains(schema, StringComparer.OrdinalIgnoreCase);

    private static void Run(DuckDbConnection connection, string statement, string what, string value)
    {
        try
        {
            connection.Execute(statement);
        }
        catch (DuckDbException exception)
        {
            throw DuckDbErrors.Rejected(what, value, exception);
        }
    }

    private static List<string> Column(DuckDbConnection connection, string query)
    {
        var values = new List<string>();
        using var reader = connection.Query(query);
        while (reader.NextChunk() is { } rows)
        {
            values.AddRange(rows.Select(row => (string)row[0]!));
        }

        return values;
    }
}
