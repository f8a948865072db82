using CiDiff.Errors;
using CiDiff.Profiles;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Profiles;

public sealed class ProfileReaderTests : IDisposable
{
    private const string Profiles =
        """
        config:
          send_anonymous_usage_stats: false
        defaults: &defaults
          type: postgres
          host: localhost
          dbname: shop
          threads: 8
        shop:
          target: "{{ env_var('SHOP_TARGET', 'dev') }}"
          outputs:
            dev:
              <<: *defaults
              user: me
              schema: analytics
            ci:
              type: postgres
              host: "{{ env_var('SHOP_HOST', 'db.example.com') }}"
              port: "{{ env_var('SHOP_PORT', '5433') | int }}"
              user: ci
              password: "{{ env_var('DBT_ENV_SECRET_SHOP') }}"
              database: shop
              schema: dbt_pr_{{ env_var('PR', '0') }}
              threads: 2
              connect_timeout: 5
              keepalives_idle: 30
              retries: 3
              role: reader
              search_path: analytics, public
              sslmode: verify-full
              sslcert: /certs/ci.crt
              sslkey: /certs/ci.key
              sslrootcert: system
              application_name: nightly
        lone:
          outputs:
            default:
              type: duckdb
              path: data/shop.duckdb
              threads: 3
              attach:
                - path: prod.duckdb
                  alias: prod
                - path: legacy.db
                  type: sqlite
              extensions:
                - json
                - name: spatial
                  repo: community
              config_options:
                access_mode: read_only
              settings:
                memory_limit: 1GB
        cloud:
          outputs:
            default:
              type: snowflake
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("cidiff-profiles-").FullName;
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    public ProfileReaderTests()
    {
        _environment["HOME"] = Path.Combine(_folder, "home");
        Write("home/.dbt/profiles.yml", Profiles);
        Write("project/dbt_project.yml", "name: shop\nprofile: shop\n");
        Directory.CreateDirectory(Path.Combine(_folder, "project", "models", "staging"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_profile_of_the_project_above_and_its_own_target_are_taken()
    {
        var profile = Read("project/models/staging");

        Assert.Equal(("shop", "dev", Path.Combine(_folder, "home", ".dbt", "profiles.yml")), (profile.Name, profile.Target, profile.Path));
        var connection = Assert.IsType<ConnectionSettings.Postgres>(profile.Connection);
        Assert.Equal(("localhost", 5432, "shop", "me", "analytics", 8), (connection.Host, connection.Port, connection.Database, connection.User, connection.Schema, connection.Threads));
        Assert.Null(connection.Password);
    }

    [Fact]
    public void Every_field_of_a_postgres_output_is_read()
    {
        _environment["DBT_ENV_SECRET_SHOP"] = "tomato";
        _environment["PR"] = "42";

        var profile = Read("project", target: "ci");

        var connection = Assert.IsType<ConnectionSettings.Postgres>(profile.Connection);
        Assert.Equal("tomato", connection.Password!.Reveal());
        Assert.Equal("tomato", Assert.Single(connection.Secrets).Reveal());
        Assert.Equal(
            new ConnectionSettings.Postgres
            {
                Host = "db.example.com",
                Port = 5433,
                User = "ci",
                Database = "shop",
                Schema = "dbt_pr_42",
                Threads = 2,
                ConnectTimeoutSeconds = 5,
                KeepalivesIdleSeconds = 30,
                Retries = 3,
                Role = "reader",
                SearchPath = "analytics, public",
                SslMode = "verify-full",
                SslCert = "/certs/ci.crt",
                SslKey = "/certs/ci.key",
                SslRootCert = "system",
                ApplicationName = "nightly",
                Password = connection.Password,
                Secrets = connection.Secrets,
            },
            connection);
    }

    [Fact]
    public void A_duckdb_output_is_read_and_what_cannot_be_attached_is_said()
    {
        var profile = Read("project", profile: "lone");

        var connection = Assert.IsType<ConnectionSettings.DuckDb>(profile.Connection);
        Assert.Equal(Path.Combine(_folder, "project", "data", "shop.duckdb"), connection.Path);
        Assert.Equal(("main", 3, "default"), (connection.Schema, connection.Threads, profile.Target));
        Assert.Equal([new DuckDbAttachment(Path.Combine(_folder, "project", "prod.duckdb"), "prod")], connection.Attach);
        Assert.Equal(["json", "spatial"], connection.Extensions);
        Assert.Equal(
            [new("access_mode", "read_only"), new("memory_limit", "1GB")],
            connection.Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal));
        Assert.Equal(["The profile attaches 'legacy.db', which is not a DuckDB file: what is in it cannot be read."], profile.Warnings);
    }

    [Fact]
    public void Environment_variables_choose_and_flags_choose_before_them()
    {
        _environment["DBT_PROFILE"] = "lone";
        Assert.Equal("lone", Read("project").Name);
        Assert.Equal("shop", Read("project", profile: "shop").Name);

        _environment["SHOP_TARGET"] = "ci";
        _environment["DBT_ENV_SECRET_SHOP"] = "tomato";
        Assert.Equal("ci", Read("project", profile: "shop").Target);
        _environment["DBT_TARGET"] = "dev";
        Assert.Equal("dev", Read("project", profile: "shop").Target);
        Assert.Equal("ci", Read("project", profile: "shop", target: "ci").Target);
    }

    [Theory]
    [InlineData("DBT_PROFILES_DIR")]
    [InlineData("DBT_ENGINE_PROFILES_DIR")] // dbt 1.11
    public void The_folder_of_profiles_comes_from_the_flag_the_environment_the_working_directory_or_home(string variable)
    {
        const string Other = "shop: {outputs: {default: {type: duckdb, path: PLACE}}}";
        Write("flag/profiles.yml", Other.Replace("PLACE", "flag", StringComparison.Ordinal));
        Write("variable/profiles.yml", Other.Replace("PLACE", "variable", StringComparison.Ordinal));
        Write("project/models/profiles.yml", Other.Replace("PLACE", "here", StringComparison.Ordinal));

        Assert.Equal("here", Place(Read("project/models")));
        _environment[variable] = Path.Combine(_folder, "variable");
        Assert.Equal("variable", Place(Read("project/models")));
        Assert.Equal("flag", Place(ProfileReader.Read(Request("project/models") with { ProfilesDirectory = "../../flag" })));

        static string Place(DbtProfile profile) => Path.GetFileName(((ConnectionSettings.DuckDb)profile.Connection).Path);
    }

    [Fact]
    public void The_project_is_found_by_flag_and_by_variable_from_anywhere()
    {
        Assert.Equal("shop", ProfileReader.Read(Request("home") with { ProjectDirectory = "../project" }).Name);
        _environment["DBT_PROJECT_DIR"] = Path.Combine(_folder, "project");
        Assert.Equal("shop", Read("home").Name);
    }

    [Fact]
    public void A_profile_beside_the_project_is_the_last_that_is_looked_for()
    {
        Write("project/profiles.yml", "shop: {outputs: {default: {type: duckdb, path: beside.duckdb}}}");
        var request = Request("") with { ProjectDirectory = "project" };

        Assert.Equal("dev", ProfileReader.Read(request).Target);
        File.Delete(Path.Combine(_folder, "home", ".dbt", "profiles.yml"));
        Assert.Equal("default", ProfileReader.Read(request).Target);
    }

    [Theory]
    [InlineData("shop", "prod", "CID1104", "The profile 'shop' in 'HOME' has no output 'prod'.", "Its outputs are 'dev', 'ci'.")]
    [InlineData("store", null, "CID1103", "There is no profile 'store' in 'HOME'.", "Its profiles are 'defaults', 'shop', 'lone', 'cloud'.")]
    [InlineData("shop", "ci", "CID1106", "The environment variable 'DBT_ENV_SECRET_SHOP' is not set, and key 'password' of output 'ci' of profile 'shop' in 'HOME', line 20 needs it.", "Set it, or give it a default: env_var('DBT_ENV_SECRET_SHOP', '…'). CiDiff does not read .env files.")]
    [InlineData("cloud", null, "CID4007", "The adapter 'snowflake' is not available in this version.", null)]
    public void What_is_missing_is_named_with_its_place(string name, string? target, string code, string message, string? hint)
    {
        var error = Assert.Throws<UserErrorException>(() => Read("project", name, target));

        Assert.Equal(code, error.Code.Id);
        Assert.Equal(message.Replace("HOME", Path.Combine(_folder, "home", ".dbt", "profiles.yml"), StringComparison.Ordinal), error.Message);
        Assert.Equal(hint ?? error.Hint, error.Hint);
    }

    [Theory]
    [InlineData("type: oracle", "CID4007", "There is no adapter 'oracle'.")]
    [InlineData("host: a", "CID1105", "Key 'type' of output 'default' of profile 'shop' in 'FILE', line 4, is missing or empty.")]
    [InlineData("{type: postgres, dbname: shop}", "CID1105", "Key 'host' of output 'default' of profile 'shop' in 'FILE', line 4, is missing or empty.")]
    [InlineData("{type: postgres, host: a, dbname: shop, port: abc}", "CID1105", "Key 'port' of output 'default' of profile 'shop' in 'FILE', line 4, cannot be used: it has to be a whole number from 1 to 65535.")]
    [InlineData("{type: postgres, host: a, dbname: [x]}", "CID1105", "Key 'dbname' of output 'default' of profile 'shop' in 'FILE', line 4, cannot be used: it has to be a single value.")]
    [InlineData("{type: postgres, host: a, dbname: {{ env_var('X') }}}", "CID1105", "Key 'dbname' of output 'default' of profile 'shop' in 'FILE', line 4, cannot be used: a value that begins with {{ needs quotes around it.")]
    [InlineData("{type: postgres, host: \"{% if x %}a{% endif %}\", dbname: shop}", "CID1107", "The Jinja in key 'host' of output 'default' of profile 'shop' in 'FILE', line 4 cannot be rendered: statements ({% … %}) are not supported.")]
    [InlineData("{type: duckdb, path: 'md:shop'}", "CID4007", "The profile's path 'md:…' is not a DuckDB file.")]
    [InlineData("[", "CID1105", null)]
    public void An_output_that_cannot_be_used_is_said_with_key_and_line(string output, string code, string? message)
    {
        var path = Write("odd/profiles.yml", $"shop:\n  outputs:\n    default:\n      {output}\n");

        var error = Assert.Throws<UserErrorException>(() => Read("odd", profile: "shop"));

        Assert.Equal(code, error.Code.Id);
        Assert.Equal(message?.Replace("FILE", path, StringComparison.Ordinal) ?? error.Message, error.Message);
    }

    [Theory]
    [InlineData("abc{{def")]
    [InlineData("a{%b")]
    public void A_password_that_only_looks_like_Jinja_is_taken_as_it_is(string password)
    {
        Write("odd/profiles.yml", $"shop: {{outputs: {{default: {{type: postgres, host: a, dbname: b, pass: '{password}'}}}}}}");

        Assert.Equal(password, ((ConnectionSettings.Postgres)Read("odd", profile: "shop").Connection).Password!.Reveal());
    }

    [Fact]
    public void A_value_that_is_not_needed_is_not_rendered()
    {
        Write("odd/profiles.yml", "shop: {outputs: {default: {type: postgres, host: a, dbname: b, notes: \"{{ env_var('NONE') }}\"}}}");

        Assert.Equal("default", Read("odd", profile: "shop").Target);
    }

    [Fact]
    public void Without_project_file_or_profile_the_places_are_named()
    {
        var noProject = Assert.Throws<UserErrorException>(() => Read("home"));
        File.Delete(Path.Combine(_folder, "home", ".dbt", "profiles.yml"));
        var noProfiles = Assert.Throws<UserErrorException>(() => Read("project"));
        Write("project/dbt_project.yml", "name: shop\n");
        Write("project/profiles.yml", Profiles);
        var noName = Assert.Throws<UserErrorException>(() => Read("project"));

        Assert.Equal(ErrorCodes.ProjectNotFound, noProject.Code);
        Assert.Equal(ErrorCodes.ProfilesNotFound, noProfiles.Code);
        Assert.Equal(
            $"There is no '{Path.Combine(_folder, "project", "profiles.yml")}' and no '{Path.Combine(_folder, "home", ".dbt", "profiles.yml")}'.",
            noProfiles.Message);
        Assert.Equal(ErrorCodes.ProfileNotFound, noName.Code);
    }

    private ProfileRequest Request(string folder) => new() { WorkingDirectory = Path.GetFullPath(Path.Combine(_folder, folder)), Environment = _environment };

    private DbtProfile Read(string folder, string? profile = null, string? target = null) =>
        ProfileReader.Read(Request(folder) with { Profile = profile, Target = target });

    private string Write(string path, string content)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return file;
    }
}
