using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Configuration;

public sealed class ConfigReaderTests
{
    [Fact]
    public void Every_value_of_a_full_file_arrives_where_it_belongs()
    {
        var text = File.ReadAllText(Repository.PathTo("tests", "CiDiff.Tests", "Configuration", "Configs", "valid", "everything.yml"));

        var config = ConfigReader.Read(text, "cidiff.yml", CiDiffConfig.Default, new Dictionary<string, string> { ["WAREHOUSE_URL"] = "duckdb:x" });

        Assert.Equal(new DbtSettings("dbt", "ci/profiles", "shop", "ci"), config.Dbt);
        Assert.Equal("duckdb:x", config.Connection.ForSides.Head!.Require().Reveal());
        Assert.Equal("duckdb:prod.duckdb", config.Connection.ForSides.Base!.Require().Reveal());
        Assert.Equal([new ManifestLocation.Path("prod-artifacts"), new ManifestLocation.Path("../fallback/manifest.json")], config.Base);
        Assert.Equal(new ManifestLocation.Path("dbt/target"), config.Head);
        Assert.Equal(50, config.Triggers.MaxDiffs);
        Assert.False(config.Selection.Slim);
        Assert.Equal(["tag:nightly", "path:models/marts,config.materialized:table"], config.Selection.Select);
        Assert.Equal(["staging"], config.Selection.Exclude);
        Assert.Equal(CosmeticChanges.Compare, config.Selection.Cosmetic);
        Assert.Equal("pk", config.Compare.KeyTag);
        Assert.Equal(["_*", "!_id"], config.Compare.IgnoreColumns);
        Assert.Equal(new Sampling.ForTolerance(0.001m) { Confidence = 0.99m, Threshold = 1000, KeyErrors = 0 }, config.Compare.Sampling);
        Assert.Equal((TimeSpan.FromMinutes(30), OverBudget.Fail), (config.Compare.TimeBudget, config.Compare.OverBudget));
        Assert.Equal(25, config.Compare.Samples);
        Assert.Equal(TimeSpan.FromMinutes(90), config.Compare.Timeout);
        Assert.Equal(ValuePrivacy.Keys, config.Values);
        Assert.Equal("out/report", config.Reports.Dir);
        Assert.Equal(["json", "markdown"], config.Reports.Formats);
        Assert.Equal(["tag:finance", "@orders"], config.Models.Select(entry => entry.Select));
        Assert.Equal(["cidiff.yml, line 52", "cidiff.yml, line 69"], config.Models.Select(entry => entry.Origin));
        AssertModel(config.Models[0].Settings);
    }

    [Fact]
    public void An_empty_file_changes_nothing_but_the_files_name()
    {
        var config = ConfigReader.Read("# nothing\n", "cidiff.yml", CiDiffConfig.Default, new Dictionary<string, string>());

        Assert.Equal(CiDiffConfig.Default with { File = "cidiff.yml" }, config);
    }

    [Theory]
    [InlineData("cidiff.yml", "target", "target")]
    [InlineData("dbt/cidiff.yml", "target", "dbt/target")]
    [InlineData("dbt/cidiff.yml", "/artifacts", "/artifacts")]
    [InlineData("/repo/cidiff.yml", "target", "/repo/target")]
    public void A_relative_path_is_relative_to_its_file(string file, string written, string meant)
    {
        var config = ConfigReader.Read(
            $"head: {{path: {written}}}\nreports: {{dir: {written}}}\ndbt: {{project_dir: {written}}}\n", file, CiDiffConfig.Default, new Dictionary<string, string>());

        Assert.Equal(new ManifestLocation.Path(meant), config.Head);
        Assert.Equal(meant, config.Reports.Dir);
        Assert.Equal(meant, config.Dbt.ProjectDir);
    }

    [Fact]
    public void A_rule_replaces_both_limits_of_the_layer_below_and_leaves_other_rules_alone()
    {
        var lower = Read("rules: {changed_rows: {warn: 1%, fail: 10%}, row_count: 5%}\n", CiDiffConfig.Default);

        var config = Read("rules: {changed_rows: {fail: 20%}, primary_keys: off}\n", lower);

        Assert.Equal(new RuleLimits(null, Share(0.2m)), config.Rules.Limits[new RuleName(RuleKind.ChangedRows)]);
        Assert.Equal(new RuleLimits(null, Share(0.05m)), config.Rules.Limits[new RuleName(RuleKind.RowCount)]);
        Assert.True(config.Rules.Limits[new RuleName(RuleKind.PrimaryKeys)].IsOff);
        Assert.Equal(new RuleLimits(null, Threshold.None), config.Rules.Limits[new RuleName(RuleKind.Errors)]);
    }

    [Fact]
    public void A_secret_that_is_not_set_is_an_error_only_when_it_is_needed()
    {
        var config = Read("connection: {url: env:SHOP_URL}\n", CiDiffConfig.Default);

        var error = Assert.Throws<UserErrorException>(() => config.Connection.Url!.Require());

        Assert.Equal(ErrorCodes.VariableNotSet, error.Code);
        Assert.Equal("cidiff.yml, line 1 reads the environment variable SHOP_URL, which is not set.", error.Message);
    }

    [Fact]
    public void A_secret_never_prints()
    {
        var environment = new Dictionary<string, string> { ["SHOP_URL"] = "postgresql://ci:hunter2@host/shop" };

        var config = ConfigReader.Read("connection: {url: env:SHOP_URL}\n", "cidiff.yml", CiDiffConfig.Default, environment);

        Assert.DoesNotContain("hunter2", config.ToString(), StringComparison.Ordinal);
        Assert.Equal("postgresql://ci:hunter2@host/shop", config.Connection.Url!.Require().Reveal());
    }

    [Theory]
    [InlineData("duckdb:shop.duckdb")]
    [InlineData("postgresql://host/shop")]
    [InlineData("postgresql://ci@host:5432/shop?sslmode=require")]
    [InlineData("snowflake://acme/shop?role=ci&warehouse=small")]
    public void A_url_without_a_secret_may_stand_in_the_file(string url) =>
        Assert.Equal(url, Read($"connection: {{url: \"{url}\"}}\n", CiDiffConfig.Default).Connection.Url!.Require().Reveal());

    private static void AssertModel(ModelSettings model)
    {
        Assert.Equal(["account_id", "booked_on"], model.Key);
        Assert.Equal(new ConfiguredSql("booked_on >= '2024-01-01'", "cidiff.yml, line 54"), model.Filter);
        Assert.Equal(["account_id", "amount"], model.IncludeColumns);
        Assert.Equal(["amount_raw"], model.ExcludeColumns);
        Assert.Equal(new Tolerance(0, ToleranceMode.Absolute), model.Tolerance!["AMOUNT"]);
        Assert.Equal(0, model.Samples);
        Assert.Equal(new TimeLimit(null), model.Timeout);
        Assert.False(model.NeverDiff);
        Assert.True(model.DiffWhenDownstream);
        Assert.True(model.Rules.Limits[new RuleName(RuleKind.ChangedRows)].IsOff);
        Assert.Equal(["changed_rows > 0", "changed_rows <= 5%", "row_count <= 1%"], model.Expectations.Select(expectation => expectation.ToString()));
        Assert.Equal([new ColumnRename("old_name", "new_name")], model.Renames);
        Assert.Equal("booked_on", model.TimeColumn);
    }

    private static Threshold Share(decimal fraction) => new(fraction, ThresholdUnit.Share);

    private static CiDiffConfig Read(string text, CiDiffConfig lower) => ConfigReader.Read(text, "cidiff.yml", lower, new Dictionary<string, string>());
}
