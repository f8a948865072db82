using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>Stands for an attached file whose views call its database by another name, so that they still find their tables.</summary>
/// <remarks>
/// A view made by dbt names the database that it was made in. When the file was renamed since, or attached beside another of the same
/// name, its views find nothing, or worse, the tables of the other file. The mirror is a database in memory with the name that is wanted: its
/// tables are views of the file's, and its views are the file's without the old name.
/// </remarks>
internal sealed partial class DuckDbMirror
{
    private readonly DuckDbConnection _connection;
    private readonly MirroredFile _mirror;
    private readonly HashSet<string> _others;

    private DuckDbMirror(DuckDbConnection connection, MirroredFile mirror, IEnumerable<string> others)
    {
        _connection = connection;
        _mirror = mirror;
        _others = [.. others.Select(other => other.ToLowerInvariant()), "system", "temp"];
    }

    /// <summary>Whether a view of an attached file names a database that is neither its own nor one that it is known to read.</summary>
    /// <param name="connection">A connection that has the file attached.</param>
    /// <param name="name">The name it is attached by.</param>
    /// <param name="others">The databases that the profile attaches beside it.</param>
    internal static bool IsNeeded(DuckDbConnection connection, string name, IEnumerable<string> others)
    {
        var mirror = new DuckDbMirror(connection, new MirroredFile(name, name), others);
        return mirror.Views()
            .Where(view => ThreeParts().Matches(view.Sql).Any(match => mirror.IsFormerName(Unquote(match.Groups["first"].Value))))
            .Any(view => mirror.Rewrite(view.Select) is { HasFormerName: true });
    }

    /// <summary>Makes a mirror.</summary>
    /// <param name="connection">A connection that has the file attached.</param>
    /// <param name="names">The mirror's name and the file's.</param>
    /// <param name="others">The databases that the profile attaches beside it.</param>
    internal static void Create(DuckDbConnection connection, MirroredFile names, IEnumerable<string> others)
    {
        var mirror = new DuckDbMirror(connection, names, others);
        connection.Execute($"attach ':memory:' as {DuckDbSyntax.Quote(names.Name)}");
        mirror.CopySchemas();
        mirror.CopyMacros();
        mirror.CopyTables();
        mirror.CopyViews();
    }

    private void CopySchemas()
    {
        foreach (var row in Catalog("select schema_name from duckdb_schemas()"))
        {
            _connection.Execute($"create schema if not exists {Name(row[0])}");
        }
    }

    private void CopyTables()
    {
        foreach (var row in Catalog("select schema_name, table_name from duckdb_tables()"))
        {
            var table = $"{DuckDbSyntax.Quote(_mirror.File)}.{DuckDbSyntax.Quote(row[0])}.{DuckDbSyntax.Quote(row[1])}";
            _connection.Execute($"create view {Name(row[0], row[1])} as select * from {table}");
        }
    }

    // Versions of one macro that differ in their parameters are made together.
    private void CopyMacros()
    {
        const string Macros = """
            select schema_name, function_name, function_type, array_to_string(list_transform(parameters, lambda p: '"' || replace(p, '"', '""') || '"'), ', '), macro_definition
            from duckdb_functions()
            """;
        foreach (var versions in Catalog(Macros).Where(row => row[2].EndsWith("macro", StringComparison.Ordinal)).GroupBy(row => (row[0], row[1])))
        {
            var bodies = versions.Select(row => $"({row[3]}) as {(row[2] == "table_macro" ? "table " : "")}({row[4]})");
            TryExecute($"create macro {Name(versions.Key.Item1, versions.Key.Item2)} {string.Join(", ", bodies)}");
        }
    }

    // A view can only be made after those it reads. One that cannot be made at all, because it reads what is not there, is missing in
    // the mirror; so it is an error for whoever reads it, and for nobody else.
    private void CopyViews()
    {
        var left = Views();
        while (true)
        {
            var failed = left.Where(view => Rewrite(view.Select) is not { } rewritten
                || !TryExecute($"create view {Name(view.Schema, view.Name)} {view.Columns} as {rewritten.Sql}")).ToList();
            if (failed.Count == 0 || failed.Count == left.Count)
            {
                return;
            }

            left = failed;
        }
    }

    private List<View> Views() =>
    [
        .. from row in Catalog("select schema_name, view_name, sql from duckdb_views()")
           let parts = CreateView().Match(row[2])
           where parts.Success
           select new View(row[0], row[1], row[2], parts.Groups["columns"].Value, parts.Groups["select"].Value),
    ];

    /// <summary>A query without the former name of its database; null when DuckDB cannot take it apart.</summary>
    private Rewritten? Rewrite(string select)
    {
        try
        {
            if (JsonNode.Parse(Scalar($"select json_serialize_sql({DuckDbSyntax.QuoteLiteral(select)})")) is not JsonObject parsed
                || parsed["error"]?.GetValue<bool>() != false)
            {
                return null;
            }

            return !Remove(parsed)
                ? new Rewritten(select, false)
                : new Rewritten(Scalar($"select json_deserialize_sql({DuckDbSyntax.QuoteLiteral(parsed.ToJsonString())})"), true);
        }
        catch (DuckDbException)
        {
            return null;
        }
    }

    // Without a database, names in a view belong to the view's own.
    private bool Remove(JsonNode? node)
    {
        var found = false;
        switch (node)
        {
            case JsonArray items:
                foreach (var item in items)
                {
                    found |= Remove(item);
                }

                return found;

            case JsonObject parts:
                foreach (var key in new[] { "catalog_name", "catalog" })
                {
                    if (parts[key] is JsonValue value && value.TryGetValue<string>(out var name) && IsFormerName(name))
                    {
                        parts[key] = "";
                        found = true;
                    }
                }

                foreach (var part in parts)
                {
                    found |= Remove(part.Value);
                }

                return found;

            default:
                return false;
        }
    }

    private bool IsFormerName(string name) =>
        name.Length > 0 && !string.Equals(name, _mirror.Name, StringComparison.OrdinalIgnoreCase) && !_others.Contains(name.ToLowerInvariant());

    private List<string[]> Catalog(string query) =>
        Rows($"{query} where database_name = {DuckDbSyntax.QuoteLiteral(_mirror.File)} and not internal");

    private string Scalar(string query) => Rows(query)[0][0];

    private List<string[]> Rows(string query)
    {
        var rows = new List<string[]>();
        using var reader = _connection.Query(query);
        while (reader.NextChunk() is { } chunk)
        {
            rows.AddRange(chunk.Select(row => row.Select(value => value as string ?? "").ToArray()));
        }

        return rows;
    }

    private bool TryExecute(string statement)
    {
        try
        {
            _connection.Execute(statement);
            return true;
        }
        catch (DuckDbException)
        {
            return false;
        }
    }

    private string Name(params ReadOnlySpan<string> parts)
    {
        var name = DuckDbSyntax.Quote(_mirror.Name);
        foreach (var part in parts)
        {
            name += "." + DuckDbSyntax.Quote(part);
        }

        return name;
    }

    private static string Unquote(string identifier) =>
        identifier.StartsWith('"') ? identifier[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : identifier;

    // As the catalog prints it: CREATE VIEW schema.name (column, ...) AS SELECT ...;
    [GeneratedRegex("""^CREATE VIEW (?:(?:"(?:[^"]|"")*"|\w+)\.?)+\s*(?<columns>\((?:"(?:[^"]|"")*"|[^")])*\))?\s*AS\s*(?<select>.*?);?\s*$""", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex CreateView();

    [GeneratedRegex("""(?<![\w".])(?<first>"(?:[^"]|"")+"|\w+)\.(?:"(?:[^"]|"")+"|\w+)\.(?:"|\w)""", RegexOptions.CultureInvariant)]
    private static partial Regex ThreeParts();

    private sealed record View(string Schema, string Name, string Sql, string Columns, string Select);

    private sealed record Rewritten(string Sql, bool HasFormerName);
}

/// <summary>The names of a database that stands for a file.</summary>
/// <param name="Name">Of the mirror: what queries use.</param>
/// <param name="File">Of the file: where the catalog knows which relations are tables, how large they are, and their keys.</param>
internal sealed record MirroredFile(string Name, string File);
