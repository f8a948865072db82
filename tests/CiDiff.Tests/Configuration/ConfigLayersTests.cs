using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Configuration;

public sealed class ConfigLayersTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public void Without_any_layer_the_defaults_hold() =>
        Assert.Equal(CiDiffConfig.Default with { Notes = [] }, ConfigLayers.Resolve(null, Nothing, Nothing) with { Notes = CiDiffConfig.Default.Notes });

    [Fact]
    public void A_flag_wins_over_a_variable_which_wins_over_the_file()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "cidiff.yml");
        File.WriteAllText(file, "dbt: {profile: file, target: file, project_dir: file}\n");
        var environment = new Dictionary<string, string> { ["CIDIFF_DBT_PROFILE"] = "variable", ["CIDIFF_DBT_TARGET"] = "variable" };

        var config = ConfigLayers.Resolve(file, environment, new Dictionary<string, string> { ["dbt.target"] = "flag" });

        Assert.Equal(new DbtSettings(Path.Combine(folder.Path, "file"), null, "variable", "flag"), config.Dbt);
    }

    [Fact]
    public void A_pull_request_does_not_choose_what_is_posted_with_and_where()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "cidiff.yml");
        File.WriteAllText(file, "publish: {to: gitlab, token: 'env:WAREHOUSE_PASSWORD', status: false}\n");

        var config = ConfigLayers.Resolve(
            file, new Dictionary<string, string> { ["WAREHOUSE_PASSWORD"] = "secret" }, Nothing, new BaseConfig(file, "publish: {annotations: false}\n", "main"));

        Assert.Equal(new PublishSettings { Annotations = false }, config.Publish);
    }

    [Theory]
    [InlineData("duckdb:shop.duckdb?threads=2", "duckdb:a%20b/dbt/shop.duckdb?threads=2")]
    [InlineData("duckdb:../shop.duckdb", "duckdb:a%20b/dbt/../shop.duckdb")]
    [InlineData("duckdb:/data/shop.duckdb", "duckdb:/data/shop.duckdb")]
    [InlineData("duckdb::memory:", "duckdb::memory:")]
    [InlineData("duckdb:", "duckdb:")]
    [InlineData("postgresql://user@host/database", "postgresql://user@host/database")]
    public void A_database_file_is_relative_to_the_file_that_names_it(string written, string url)
    {
        var config = ConfigReader.Read($"connection: {{url: '{written}'}}\n", Path.Combine("a b", "dbt", "cidiff.yml"), CiDiffConfig.Default, Nothing);

        Assert.Equal(url, config.Connection.Url!.Require().Reveal());
    }

    public static TheoryData<string, string, Func<CiDiffConfig, object?>, object?> Variables => new()
    {
        { "CIDIFF_BASE", "prod, fallback", config => string.Join('|', config.Base.Select(location => ((ManifestLocation.Path)location).Value)), "prod|fallback" },
        { "CIDIFF_BASE", "[{path: prod}]", config => config.Base[0], new ManifestLocation.Path("prod") },
        { "CIDIFF_HEAD", "a, b", config => config.Head, new ManifestLocation.Path("a, b") },
        { "CIDIFF_SELECTION_SLIM", "false", config => config.Selection.Slim, false },
        { "CIDIFF_SELECTION_SELECT", "tag:a,tag:b @orders", config => string.Join('|', config.Selection.Select), "tag:a,tag:b @orders" },
        { "CIDIFF_SELECTION_EXCLUDE", "a\nb", config => string.Join('|', config.Selection.Exclude), "a|b" },
        { "CIDIFF_SELECTION_SELECT", "[\"tag:a,tag:b\", c]", config => string.Join('|', config.Selection.Select), "tag:a,tag:b|c" },
        { "CIDIFF_COMPARE_IGNORE_COLUMNS", "_*, !_id", config => string.Join('|', config.Compare.IgnoreColumns), "_*|!_id" },
        { "CIDIFF_COMPARE_TOLERANCE", "{amount: 1%}", config => config.Compare.Tolerance["amount"], new Tolerance(0.01m, ToleranceMode.Relative) },
        { "CIDIFF_COMPARE_SAMPLES", " 3 ", config => config.Compare.Samples, 3 },
        { "CIDIFF_COMPARE_TIMEOUT", "none", config => config.Compare.Timeout, null },
        { "CIDIFF_RULES_PRIMARY_KEYS", "warn", config => config.Rules.Limits[new RuleName(RuleKind.PrimaryKeys)], new RuleLimits(Threshold.None, null) },
        {
            "CIDIFF_RULES_CHANGED_ROWS", "{warn: 1, fail: 10%}", config => config.Rules.Limits[new RuleName(RuleKind.ChangedRows)],
            new RuleLimits(new Threshold(1, ThresholdUnit.Count), new Threshold(0.1m, ThresholdUnit.Share))
        },
        { "CIDIFF_CONNECTION_URL", "postgresql://ci:hunter2@host/shop", config => config.Connection.Url!.Require().Reveal(), "postgresql://ci:hunter2@host/shop" },
        { "CIDIFF_PRIVACY_VALUES", "full", config => config.Values, ValuePrivacy.Full },
        { "CIDIFF_DBT_TARGET", "", config => config.Dbt.Target, null },
    };

    [Theory]
    [MemberData(nameof(Variables))]
    public void A_variable_sets_its_option(string name, string value, Func<CiDiffConfig, object?> read, object? expected) =>
        Assert.Equal(expected, read(ConfigLayers.Resolve(null, new Dictionary<string, string> { [name] = value }, Nothing)));

    [Fact]
    public void Every_option_with_a_variable_hears_of_a_wrong_value_in_it()
    {
        // A text takes anything; the others say where the wrong value came from.
        foreach (var option in ConfigOption.All.Where(option => option.EnvironmentVariable is not null && option.Kind is not (OptionKind.Text or OptionKind.List or OptionKind.Structure)))
        {
            var error = Assert.Throws<UserErrorException>(
                () => ConfigLayers.Resolve(null, new Dictionary<string, string> { [option.EnvironmentVariable!] = "nonsense!" }, Nothing));

            Assert.Equal(ErrorCodes.InvalidValue, error.Code);
            Assert.StartsWith($"environment variable {option.EnvironmentVariable}: '{option.Key}' takes ", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("base", "artifacts/a, b")]
    [InlineData("base", "[old] artifacts")]
    public void A_path_on_the_command_line_is_one_path(string key, string path)
    {
        var config = ConfigLayers.Resolve(null, Nothing, new Dictionary<string, string> { [key] = path });

        Assert.Equal([new ManifestLocation.Path(path)], config.Base);
    }

    [Fact]
    public void A_wrong_value_of_a_flag_names_the_flag()
    {
        var error = Assert.Throws<UserErrorException>(
            () => ConfigLayers.Resolve(null, Nothing, new Dictionary<string, string> { ["selection.slim"] = "perhaps" }));

        Assert.Equal("option --no-slim: 'selection.slim' takes true or false, not 'perhaps'.", error.Message);
    }

    [Fact]
    public void A_misspelt_variable_is_told_and_other_tools_variables_are_not()
    {
        var environment = new Dictionary<string, string>
        {
            ["CIDIFF_REPORT_DIR"] = "x",
            ["CIDIFF_TEST_POSTGRES"] = "x",
            ["CIDIFF_CONFIG"] = "x",
            ["DBT_TARGET"] = "x",
        };

        var config = ConfigLayers.Resolve(null, environment, Nothing);

        Assert.Equal(["The environment variable CIDIFF_REPORT_DIR has no effect; CIDIFF_REPORTS_DIR would."], config.Notes);
    }

    [Fact]
    public void The_file_is_looked_for_in_the_project_and_then_in_the_repository()
    {
        using var repository = new TemporaryFolder();
        var project = Directory.CreateDirectory(Path.Combine(repository.Path, "dbt")).FullName;

        Assert.Null(ConfigFile.Find(null, [project, repository.Path]));

        var atRoot = Path.Combine(repository.Path, "cidiff.yaml");
        File.WriteAllText(atRoot, "version: 1\n");
        Assert.Equal(atRoot, ConfigFile.Find(null, [project, repository.Path]));

        var inProject = Path.Combine(project, "cidiff.yml");
        File.WriteAllText(inProject, "version: 1\n");
        Assert.Equal(inProject, ConfigFile.Find(null, [project, repository.Path]));
        Assert.Equal(atRoot, ConfigFile.Find(atRoot, [project, repository.Path]));
    }

    [Fact]
    public void Two_files_side_by_side_are_an_error()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "cidiff.yml"), "");
        File.WriteAllText(Path.Combine(folder.Path, "cidiff.yaml"), "");

        Assert.Equal(ErrorCodes.AmbiguousConfiguration, Assert.Throws<UserErrorException>(() => ConfigFile.Find(null, [folder.Path])).Code);
    }

    [Fact]
    public void A_file_that_was_named_and_is_not_there_is_an_error() =>
        Assert.Equal(ErrorCodes.FileNotFound, Assert.Throws<UserErrorException>(() => ConfigFile.Find("nowhere/cidiff.yml", [])).Code);

    [Fact]
    public void A_file_that_is_not_utf8_is_an_error()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "cidiff.yml");
        File.WriteAllBytes(file, [.. "dbt: {target: "u8, 0xE9, .. "}\n"u8]);

        Assert.Equal(ErrorCodes.ConfigurationNotYaml, Assert.Throws<UserErrorException>(() => ConfigLayers.Resolve(file, Nothing, Nothing)).Code);
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_key()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "cidiff.yml");
        File.WriteAllBytes(file, [0xEF, 0xBB, 0xBF, .. "version: 1\r\ndbt: {target: ci}\r\n"u8]);

        Assert.Equal("ci", ConfigLayers.Resolve(file, Nothing, Nothing).Dbt.Target);
    }
}
