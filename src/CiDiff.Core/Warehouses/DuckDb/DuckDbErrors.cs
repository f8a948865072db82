using CiDiff.Errors;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>Turns what DuckDB says into errors that a user can act on.</summary>
/// <remarks>The kinds: https://github.com/duckdb/duckdb/blob/v1.5.5/src/common/exception.cpp</remarks>
internal static class DuckDbErrors
{
    /// <summary>The library itself is not there, or is not for this machine.</summary>
    internal static UserErrorException LibraryMissing(Exception inner)
    {
        var path = Path.Combine(AppContext.BaseDirectory, DuckDbNative.LibraryFile);
        return File.Exists(path)
            ? new(
                ErrorCodes.DuckDbMissing,
                $"DuckDB's library '{path}' cannot be loaded here: {inner.Message.TrimEnd('.')}.",
                "Install CiDiff with `dotnet tool install CiDiff` on this very machine: it picks the package of this operating system and processor.",
                inner)
            : new(
                ErrorCodes.DuckDbMissing,
                $"This build of CiDiff is the one for any platform and has no DuckDB: '{path}' is not there.",
                "Servers such as PostgreSQL work. For DuckDB install the tool with `dotnet tool install CiDiff` and the SDK 10 or newer, on Linux, macOS or Windows, x64 or arm64.",
                inner);
    }

    /// <summary>A file that could not be attached.</summary>
    internal static UserErrorException CannotOpen(string path, DuckDbException exception)
    {
        var said = exception.Message;
        if (Says(said, "Could not set lock") || Says(said, "being used by another process"))
        {
            return new(
                ErrorCodes.ConnectionFailed,
                $"Another process has '{path}' open for writing: {Holder(said)}.",
                "DuckDB lets many processes read a file, or one write it. End the other one (a dbt run, a shell, a notebook), or compare a copy.",
                exception);
        }

        if (Says(said, "Permission denied"))
        {
            return new(ErrorCodes.AccessDenied, $"'{path}' may not be read.", "Give this user the right to read the file.", exception);
        }

        if (Says(said, "database does not exist"))
        {
            return Missing(path, exception);
        }

        if (Says(said, "version number"))
        {
            return new(
                ErrorCodes.ConnectionFailed,
                $"'{path}' was written by a DuckDB that this one ({DuckDbConnection.LibraryVersion}) cannot read: {EndSentence(exception.Summary)}",
                "A newer CiDiff may have a newer DuckDB. Or write the file for older ones: attach it with (storage_version 'v1.2.0') and build again.",
                exception);
        }

        return new(
            ErrorCodes.ConnectionFailed,
            $"'{path}' could not be opened as a DuckDB database: {EndSentence(exception.Summary)}",
            "Name the file that dbt-duckdb wrote (`path` in profiles.yml). A file that was downloaded may be incomplete.",
            exception);
    }

    /// <summary>A file that is not there.</summary>
    internal static UserErrorException Missing(string path, Exception? inner = null) => new(
        ErrorCodes.ConnectionFailed,
        $"There is no DuckDB database at '{path}'.",
        $"Relative paths start at the folder `cidiff` runs in. Build the models first, or download the file.",
        inner);

    /// <summary>A setting or an extension of the profile that DuckDB refuses.</summary>
    /// <param name="what">Which one.</param>
    /// <param name="value">The setting's value, which may be a secret; empty for none.</param>
    /// <param name="exception">What DuckDB said.</param>
    internal static UserErrorException Rejected(string what, string value, DuckDbException exception) => new(
        ErrorCodes.ConnectionFailed,
        $"DuckDB rejected {what}: {EndSentence(value.Length > 0 ? exception.Summary.Replace(value, "…", StringComparison.OrdinalIgnoreCase) : exception.Summary)}",
        exception.Kind == "IO"
            ? "CiDiff downloads no extensions. Install it before, for example with dbt or with `install` in DuckDB's own shell of the same version."
            : "Correct it in the profile or in the connection URL.",
        value.Length > 0 ? null : exception);

    /// <summary>A query that failed.</summary>
    internal static UserErrorException QueryFailed(SqlText query, DuckDbException exception)
    {
        var origin = query.Origin is null ? "" : $" ({query.Origin})";
        var said = exception.Summary;
        return exception.Kind switch
        {
            "Catalog" or "Binder" when IsMissingRelation(said) => new(
                ErrorCodes.RelationNotFound,
                $"{EndSentence(said)}{origin}",
                Says(said, "Catalog \"")
                    ? "A view keeps the name its database had when it was made: a file opened under another name cannot resolve it."
                    : "Build it first, and compare what was built with the connection of the same target.",
                exception),
            "Permission" => new(
                ErrorCodes.AccessDenied,
                $"DuckDB refused a query{origin}: {EndSentence(said)}",
                "A setting of DuckDB forbids it, such as `enable_external_access` in the profile's `settings`.",
                exception),
            "Out of Memory" => new(
                ErrorCodes.QueryFailed,
                $"DuckDB ran out of memory{origin}: {EndSentence(said)}",
                "Raise `memory_limit` or `max_temp_directory_size` in the profile's `settings`, or lower `threads`.",
                exception),
            "FATAL" or "INTERNAL" or "Connection" => new(
                ErrorCodes.ConnectionLost,
                $"DuckDB gave up{origin}: {EndSentence(said)}",
                "The file may be damaged. If DuckDB's own shell reads it, please report this.",
                exception),
            _ when Says(said, "read-only mode") => new(
                ErrorCodes.QueryFailed, $"DuckDB rejected a query{origin}: {EndSentence(said)}", "CiDiff only reads: leave out what writes, such as nextval.", exception),
            // What is rejected before any row is read quotes the query, not the data.
            "Parser" or "Binder" or "Catalog" or "Not implemented" => new(
                ErrorCodes.QueryFailed, $"DuckDB rejected a query{origin}: {EndSentence(said)}", null, exception),
            _ => new(ErrorCodes.QueryFailed, $"A query failed{origin}: {EndSentence(WithoutValues(exception, query))}", null, exception),
        };
    }

    /// <summary>A query that took longer than it may.</summary>
    internal static UserErrorException TimedOut(TimeSpan limit, DuckDbException? inner) => new(
        ErrorCodes.QueryTimedOut,
        FormattableString.Invariant($"A query was stopped after {limit.TotalSeconds:0.###} s."),
        "Compare fewer rows with a filter or a sample, or raise compare.timeout (`--timeout` of compare).",
        inner);

    private static bool IsMissingRelation(string said) =>
        Says(said, "does not exist")
        && (said.StartsWith("Table with name", StringComparison.Ordinal)
            || said.StartsWith("View with name", StringComparison.Ordinal)
            || said.StartsWith("Schema with name", StringComparison.Ordinal)
            || said.StartsWith("Catalog \"", StringComparison.Ordinal));

    // "Could not set lock on file "x": Conflicting lock is held in /usr/bin/python3.11 (PID 4711) by user ci. See also ..."
    private static string Holder(string said)
    {
        const string Before = "Conflicting lock is held in ";
        var start = said.IndexOf(Before, StringComparison.Ordinal);
        if (start < 0)
        {
            return "it holds DuckDB's lock";
        }

        start += Before.Length;
        var end = said.IndexOf(". See also", start, StringComparison.Ordinal);
        return end < 0 ? said[start..].TrimEnd('.') : said[start..end];
    }

    // The text of a conversion or an overflow quotes the cell. Reports must not: privacy is the default.
    private static string WithoutValues(DuckDbException exception, SqlText query)
    {
        var said = exception.Summary;
        if (exception.Kind == "Invalid Input" && !query.Text.Contains(said, StringComparison.Ordinal))
        {
            // What a function says of a value, without quotes after a colon, or what `error` was given out of a table.
            var colon = said.IndexOf(':', StringComparison.Ordinal);
            said = colon > 0 ? $"{said[..colon]}: …" : "a function refused a value with a text that may hold it";
        }

        var first = said.IndexOfAny(['\'', '"']);
        if (first >= 0)
        {
            var last = said.LastIndexOf(said[first]);
            said = last > first ? $"{said[..first]}'…'{said[(last + 1)..]}" : $"{said[..first]}'…'";
        }

        return string.Join(' ', said.Split(' ').Select(word => word.Length > 0 && word.Any(char.IsAsciiDigit) && !IsTypeName(word) ? "…" : word));
    }

    // INT32, DECIMAL(10,2): upper case throughout.
    private static bool IsTypeName(string word) => char.IsAsciiLetterUpper(word[0]) && !word.Any(char.IsAsciiLetterLower);

    private static string EndSentence(string text) => text.TrimEnd('!', '.') + ".";

    private static bool Says(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);
}
