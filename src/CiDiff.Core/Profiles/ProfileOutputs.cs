using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Warehouses;

namespace CiDiff.Profiles;

/// <summary>From an output's keys to connection settings, adapter by adapter.</summary>
internal static class ProfileOutputs
{
    /// <summary>Reads an output.</summary>
    /// <param name="output">The output.</param>
    /// <param name="workingDirectory">What relative paths are relative to, as in dbt.</param>
    /// <param name="warnings">Takes what the output asks for in vain.</param>
    public static ConnectionSettings Read(ProfileSection output, string workingDirectory, ICollection<string> warnings) =>
        output.Required("type") switch
        {
            "postgres" => Postgres(output),
            "duckdb" => DuckDb(output, workingDirectory, warnings),
            var adapter => throw WarehouseFactory.UnknownAdapter(adapter),
        };

    private static ConnectionSettings.Postgres Postgres(ProfileSection output) => new()
    {
        Threads = Threads(output),
        Host = output.Required("host"),
        Port = output.Number("port", 1, 65535) ?? 5432,
        User = output.Text("user"),
        Password = output.Text("password", "pass") is { Length: > 0 } password ? new Secret(password) : null,
        Database = output.Required("database", "dbname"),
        Schema = output.Text("schema"),
        SslMode = output.Text("sslmode"),
        SslCert = output.Text("sslcert"),
        SslKey = output.Text("sslkey"),
        SslRootCert = output.Text("sslrootcert"),
        Role = output.Text("role"),
        SearchPath = output.Text("search_path"),
        ConnectTimeoutSeconds = output.Number("connect_timeout", 0, int.MaxValue) ?? 10,
        KeepalivesIdleSeconds = output.Number("keepalives_idle", 0, int.MaxValue) ?? 0,
        ApplicationName = output.Text("application_name") ?? "cidiff",
        Retries = output.Number("retries", 0, 100) ?? 1,
    };

    private static ConnectionSettings.DuckDb DuckDb(ProfileSection output, string workingDirectory, ICollection<string> warnings)
    {
        var path = output.Text("path") ?? ":memory:";
        if (path.Contains(':', StringComparison.Ordinal) && path != ":memory:" && !Path.IsPathRooted(path))
        {
            throw new UserErrorException(
                ErrorCodes.UnknownAdapter,
                $"The profile's path '{path.Split(':')[0]}:…' is not a DuckDB file.",
                hint: "CiDiff reads DuckDB files; MotherDuck and DuckLake are not available in this version.");
        }

        return new ConnectionSettings.DuckDb
        {
            Threads = Threads(output),
            Path = FullPath(path, workingDirectory),
            Schema = output.Text("schema") ?? "main",
            Database = output.Text("database"),
            Attach = [.. output.Sections("attach").SelectMany(attachment => Attachment(attachment, workingDirectory, warnings))],
            Settings = Settings(output),
            Extensions = [.. output.Texts("extensions"), .. output.Sections("extensions").Select(extension => extension.Required("name"))],
        };
    }

    private static IEnumerable<DuckDbAttachment> Attachment(ProfileSection attachment, string workingDirectory, ICollection<string> warnings)
    {
        var path = attachment.Required("path");
        var type = attachment.Text("type") ?? "duckdb";
        if (type != "duckdb" || (path.Contains(':', StringComparison.Ordinal) && !Path.IsPathRooted(path)))
        {
            warnings.Add($"The profile attaches '{path}', which is not a DuckDB file: what is in it cannot be read.");
            return [];
        }

        return [new DuckDbAttachment(FullPath(path, workingDirectory), attachment.Text("alias"))];
    }

    private static Dictionary<string, string> Settings(ProfileSection output)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var section in new[] { output.Section("config_options"), output.Section("settings") }.OfType<ProfileSection>())
        {
            foreach (var key in section.Keys)
            {
                if (section.Text(key) is { } value)
                {
                    settings[key] = value;
                }
            }
        }

        return settings;
    }

    private static string FullPath(string path, string workingDirectory) =>
        path == ":memory:" ? path : Path.GetFullPath(path, workingDirectory);

    // dbt's default is one thread.
    private static int Threads(ProfileSection output) => output.Number("threads", 1, 1000) ?? 1;
}
