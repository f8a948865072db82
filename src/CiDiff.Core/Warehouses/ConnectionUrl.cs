using System.Globalization;
using CiDiff.Configuration;
using CiDiff.Errors;

namespace CiDiff.Warehouses;

/// <summary>Reads connection URLs.</summary>
/// <remarks>
/// <para><c>postgresql://user:password@host:port/database?sslmode=verify-full&amp;schema=analytics</c>, also <c>postgres://</c>, as
/// libpq reads them; parts are percent-encoded, an IPv6 address is in brackets, and <c>?host=/folder</c> is a Unix socket.
/// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS</para>
/// <para><c>duckdb:FILE?threads=2&amp;memory_limit=1GB</c>: a file and settings of DuckDB's.</para>
/// <para>Messages never hold any part of a URL but its scheme and the names of its parameters.</para>
/// </remarks>
public static class ConnectionUrl
{
    /// <summary>Reads a URL.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="workingDirectory">What a relative file is relative to; full path.</param>
    /// <exception cref="UserErrorException">It is not a URL, or not one of a warehouse that CiDiff can reach.</exception>
    public static ConnectionSettings Parse(string url, string workingDirectory)
    {
        var colon = url.IndexOf(':', StringComparison.Ordinal);
        var scheme = colon > 0 ? url[..colon] : "";
        if (scheme.Length < 2 || !scheme.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.'))
        {
            throw Invalid("it does not begin with a scheme such as postgresql: or duckdb:");
        }

        var rest = url[(colon + 1)..];
        return scheme.ToLowerInvariant() switch
        {
            "postgresql" or "postgres" when rest.StartsWith("//", StringComparison.Ordinal) => Postgres(rest[2..]),
            "postgresql" or "postgres" => throw Invalid($"{scheme}: is not followed by //"),
            "duckdb" => DuckDb(rest, workingDirectory),
            var other => throw WarehouseFactory.UnknownAdapter(other),
        };
    }

    private static ConnectionSettings.Postgres Postgres(string text)
    {
        // A password with an unencoded / or ? falls apart into host, database and parameters, which messages would show.
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var end = text.IndexOfAny(['/', '?']);
        var question = text.IndexOf('?', StringComparison.Ordinal);
        if (end > 0 && at > end && (text[end] == '?' || question < 0 || at < question))
        {
            throw Invalid("a special character in the password is not percent-encoded");
        }

        var (location, parameters) = SplitQuery(text);
        var slash = location.IndexOf('/', StringComparison.Ordinal);
        var authority = slash < 0 ? location : location[..slash];
        var database = slash < 0 ? "" : Decode(location[(slash + 1)..]);

        // The last one, so that a password with an unencoded @ still works.
        at = authority.LastIndexOf('@');
        var login = (at < 0 ? "" : authority[..at]).Split(':', 2);
        var (host, port) = SplitHost(authority[(at + 1)..]);

        var settings = new ConnectionSettings.Postgres
        {
            Host = Decode(host),
            User = Decode(login[0]) is { Length: > 0 } named ? named : null,
            Password = login.Length > 1 && login[1].Length > 0 ? new Secret(Decode(login[1])) : null,
            Database = database,
        };
        settings = port.Length > 0 ? settings with { Port = Number("the port", port, 1, 65535) } : settings;
        foreach (var (name, value) in parameters)
        {
            settings = With(settings, name, value);
        }

        // As libpq: the database is named as the user, unless it says otherwise.
        return settings.Database.Length > 0 ? settings
            : settings.User is { } user ? settings with { Database = user }
            : throw Invalid("it names no database");
    }

    private static ConnectionSettings.Postgres With(ConnectionSettings.Postgres settings, string name, string value) => name switch
    {
        "host" or "hostaddr" => settings with { Host = value },
        "port" => settings with { Port = Number(name, value, 1, 65535) },
        "user" => settings with { User = value },
        "password" => settings with { Password = new Secret(value) },
        "dbname" or "database" => settings with { Database = value },
        "schema" => settings with { Schema = value },
        "search_path" => settings with { SearchPath = value },
        "role" => settings with { Role = value },
        "sslmode" => settings with { SslMode = value },
        "sslcert" => settings with { SslCert = value },
        "sslkey" => settings with { SslKey = value },
        "sslrootcert" => settings with { SslRootCert = value },
        "channel_binding" => settings with { ChannelBinding = value },
        "connect_timeout" => settings with { ConnectTimeoutSeconds = Number(name, value, 0, int.MaxValue) },
        "keepalives_idle" => settings with { KeepalivesIdleSeconds = Number(name, value, 0, int.MaxValue) },
        "application_name" => settings with { ApplicationName = value },
        "retries" => settings with { Retries = Number(name, value, 0, 100) },
        "threads" => settings with { Threads = Number(name, value, 1, 1000) },
        _ => throw Invalid(
            $"the parameter '{name}' is not known",
            "Known are host, port, user, password, dbname, schema, search_path, role, sslmode, sslcert, sslkey, sslrootcert, channel_binding, connect_timeout, keepalives_idle, application_name, retries and threads."),
    };

    private static ConnectionSettings.DuckDb DuckDb(string text, string workingDirectory)
    {
        var (location, parameters) = SplitQuery(text);

        // duckdb:///folder/file as well as duckdb:/folder/file
        var path = Decode(location.StartsWith("///", StringComparison.Ordinal) ? location[2..] : location);
        parameters.Remove("schema", out var schema);
        parameters.Remove("database", out var database);
        return new ConnectionSettings.DuckDb
        {
            Path = path.Length == 0 || path == ":memory:" ? ":memory:" : Path.GetFullPath(path, workingDirectory),
            Schema = schema,
            Database = database,
            Settings = parameters,
        };
    }

    private static (string Location, Dictionary<string, string> Parameters) SplitQuery(string text)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        var question = text.IndexOf('?', StringComparison.Ordinal);
        if (question < 0)
        {
            return (text, parameters);
        }

        foreach (var parameter in text[(question + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = parameter.Split('=', 2);
            if (parts.Length < 2)
            {
                throw Invalid($"the parameter '{Decode(parts[0])}' has no value");
            }

            parameters[Decode(parts[0])] = Decode(parts[1]); // the last one counts
        }

        return (text[..question], parameters);
    }

    private static (string Host, string Port) SplitHost(string text)
    {
        var end = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) : -1;
        if (text.StartsWith('[') && end < 0)
        {
            throw Invalid("a bracket is not closed");
        }

        var host = end > 0 ? text[1..end] : text.Split(':')[0];
        var rest = end > 0 ? text[(end + 1)..] : text[host.Length..];
        return rest.Length == 0 || rest.StartsWith(':') ? (host, rest.TrimStart(':')) : throw Invalid("behind the host something is wrong");
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text);

    private static int Number(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Invalid($"{name} has to be a whole number from {least.ToString(CultureInfo.InvariantCulture)} to {most.ToString(CultureInfo.InvariantCulture)}");

    private static UserErrorException Invalid(string reason, string? hint = null) => new(
        ErrorCodes.InvalidUrl,
        $"The connection URL is not understood: {reason}.",
        hint ?? "Examples: `postgresql://user@host:5432/database`, `duckdb:path/to/file.duckdb`. Special characters are percent-encoded.");
}
