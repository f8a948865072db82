using System.Text.Json;
using CiDiff.Configuration;
using CiDiff.Errors;

namespace CiDiff.Tests.Configuration;

public sealed class ModelRulesResolverTests
{
    private static readonly ModelIdentity Orders = new("model.shop.orders", ["orders"]);

    [Fact]
    public void Later_layers_win_and_lists_of_patterns_tolerances_rules_and_expectations_add_up()
    {
        var rules = Resolve(
            """
            compare: {samples: 1, timeout: 5m, ignore_columns: [_*], tolerance: {a: 1, b: 1, c: 1}}
            rules: {row_count: 1%, added_rows: 1%, removed_rows: 1%}
            models:
              - {select: all, samples: 2, filter: from first, key: first, tolerance: {b: 2}, rules: {added_rows: 2%}, expect: row_count <= 1%}
              - {select: none, samples: 99}
              - {select: all, filter: from second, ignore_columns: ["!_id"]}
            """,
            """
            {"datafold": {"datadiff": {"filter": "from datafold", "exclude_columns": ["x"], "slim_diff": "diff_when_downstream"}},
             "cidiff": {"key": ["order_id", "line"], "samples": 4, "tolerance": {"C": "3%"}, "rules": {"removed_rows": false}, "expect": "changed_rows > 0"}}
            """);

        Assert.Null(rules.Problem);
        Assert.Equal(["order_id", "line"], rules.Key);
        Assert.Equal(4, rules.Compare.Samples);
        Assert.Equal(TimeSpan.FromMinutes(5), rules.Compare.Timeout);
        Assert.Equal(new ConfiguredSql("from datafold", "meta.datafold.datadiff.filter of model.shop.orders"), rules.Compare.Filter);
        Assert.Equal(["x"], rules.Compare.ExcludeColumns);
        Assert.Equal(["_*", "!_id"], rules.Compare.IgnoreColumns);
        Assert.Equal(
            [new("a", new Tolerance(1, ToleranceMode.Absolute)), new("b", new Tolerance(2, ToleranceMode.Absolute)), new("c", new Tolerance(0.03m, ToleranceMode.Relative))],
            rules.Compare.Tolerances.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key.ToLowerInvariant(), entry.Value)));
        Assert.True(rules.DiffWhenDownstream);
        Assert.Equal("1%", rules.Rules.Limits[new RuleName(RuleKind.RowCount)].Fail.ToString());
        Assert.Equal("2%", rules.Rules.Limits[new RuleName(RuleKind.AddedRows)].Fail.ToString());
        Assert.True(rules.Rules.Limits[new RuleName(RuleKind.RemovedRows)].IsOff);
        Assert.Equal(["row_count <= 1%", "changed_rows > 0"], rules.Expectations.Select(expectation => expectation.ToString()));
    }

    [Fact]
    public void Sampling_and_the_time_budget_of_a_model_win_over_those_of_the_run()
    {
        const string Run = "compare: {sampling: 5%, time_budget: 10m, over_budget: sample}\nmodels: [{select: all, sampling: 1%, time_budget: 5m}]\n";

        var configured = Resolve(Run, null).Compare;
        var inMeta = Resolve(Run, """{"cidiff": {"sampling": {"rows": 1000, "confidence": "99%"}, "time_budget": "none", "over_budget": "fail"}}""").Compare;

        Assert.Equal((new Sampling.Share(0.01m), TimeSpan.FromMinutes(5), OverBudget.Sample), (configured.Sampling, configured.TimeBudget, configured.OverBudget));
        Assert.Equal((new Sampling.Rows(1000) { Confidence = 0.99m }, null, OverBudget.Fail), (inMeta.Sampling, inMeta.TimeBudget, inMeta.OverBudget));
        Assert.Equal((false, true), (configured.IsOwnOverBudget, inMeta.IsOwnOverBudget));
    }

    [Fact]
    public void Without_anything_configured_the_defaults_hold()
    {
        var rules = Resolve("", null);

        Assert.Null(rules.Key);
        Assert.Null(rules.Problem);
        Assert.False(rules.NeverDiff);
        Assert.Equal(10, rules.Compare.Samples);
        Assert.Equal(TimeSpan.FromMinutes(10), rules.Compare.Timeout);
        Assert.Equal((new Sampling.Off(), null), (rules.Compare.Sampling, rules.Compare.TimeBudget));
        Assert.Equal(RuleSet.Defaults.Limits, rules.Rules.Limits);
    }

    public static TheoryData<string, Func<ModelRules, object?>, object?> DatafoldKeys => new()
    {
        { """{"filter": "a > 1"}""", rules => rules.Compare.Filter!.Text, "a > 1" },
        { """{"include_columns": ["a", "b"]}""", rules => string.Join('|', rules.Compare.IncludeColumns!), "a|b" },
        { """{"include_columns": "a"}""", rules => string.Join('|', rules.Compare.IncludeColumns!), "a" },
        { """{"exclude_columns": ["a"]}""", rules => string.Join('|', rules.Compare.ExcludeColumns), "a" },
        { """{"never_diff": true}""", rules => rules.NeverDiff, true },
        { """{"never_diff": "True"}""", rules => rules.NeverDiff, true },
        { """{"never_diff": false}""", rules => rules.NeverDiff, false },
        { """{"slim_diff": "diff_when_downstream"}""", rules => rules.DiffWhenDownstream, true },
        { """{"time_column": "created_at"}""", rules => rules.Compare.TimeColumn, "created_at" },
        { """{"time_column": ["created_at"]}""", rules => rules.Compare.TimeColumn, "created_at" },
        { """{"prod_time_travel": "2022-02-07T00:00:00"}""", rules => rules.Compare.TimeTravel.Base, "2022-02-07T00:00:00" },
        { """{"prod_time_travel": ["-3600"]}""", rules => rules.Compare.TimeTravel.Base, "-3600" },
        { """{"pr_time_travel": -130}""", rules => rules.Compare.TimeTravel.Head, "-130" },
        { """{"something_new": {"a": 1}, "filter": null}""", rules => rules.Compare.Filter, null },
    };

    [Theory]
    [MemberData(nameof(DatafoldKeys))]
    public void Every_key_of_datafold_is_understood_in_both_of_its_forms(string datadiff, Func<ModelRules, object?> read, object? expected)
    {
        var rules = Resolve("", $$$"""{"datafold": {"datadiff": {{{datadiff}}}}}""");

        Assert.Null(rules.Problem);
        Assert.Equal(expected, read(rules));
    }

    [Theory]
    [InlineData("""{"cidiff": {"keys": ["id"]}}""", "CID1302", "meta.cidiff.keys of model.shop.orders: 'meta.cidiff' has no key 'keys'.")]
    [InlineData("""{"cidiff": {"samples": "many"}}""", "CID1303", "meta.cidiff.samples of model.shop.orders: 'meta.cidiff.samples' takes a whole number from 0 to 1000, not 'many'.")]
    [InlineData("""{"cidiff": ["key"]}""", "CID1303", "meta.cidiff of model.shop.orders: 'meta.cidiff' takes a mapping, not a list.")]
    [InlineData("""{"cidiff": {"tolerance": {"amount": -1}}}""", "CID1303", "meta.cidiff.tolerance.amount of model.shop.orders: ")]
    [InlineData("""{"cidiff": {"rules": {"changed_rows": {"fail": "10 rows"}}}}""", "CID1303", "meta.cidiff.rules.changed_rows.fail of model.shop.orders: ")]
    [InlineData("""{"datafold": {"datadiff": {"never_diff": "perhaps"}}}""", "CID1303", "meta.datafold.datadiff.never_diff of model.shop.orders: 'never_diff' takes true or false, not 'perhaps'.")]
    [InlineData("""{"datafold": {"datadiff": {"slim_diff": true}}}""", "CID1303", "meta.datafold.datadiff.slim_diff of model.shop.orders: ")]
    public void A_mistake_in_meta_is_the_models_own_problem_and_its_other_layers_still_hold(string meta, string code, string message)
    {
        var rules = Resolve("models: [{select: all, samples: 3}]\n", meta);

        Assert.Equal(code, rules.Problem!.Code.Id);
        Assert.StartsWith(message, rules.Problem.Message, StringComparison.Ordinal);
        Assert.Equal(3, rules.Compare.Samples);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"owner": "data", "datafold": "x", "cidiff": null}""")]
    [InlineData("""{"datafold": {"datadiff": null}}""")]
    public void Other_meta_is_none_of_our_business(string meta) => Assert.Null(Resolve("", meta).Problem);

    [Fact]
    public void Config_meta_wins_over_meta_key_by_key()
    {
        var resolver = Resolver("");

        var rules = resolver.Resolve(
            Orders, Json("""{"cidiff": {"samples": 1, "expect": "row_count <= 1%"}}"""), Json("""{"cidiff": {"samples": 2, "key": "id", "expect": "row_count <= 2%"}}"""));

        Assert.Equal(1, rules.Compare.Samples);
        Assert.Equal(["id"], rules.Key);
        Assert.Equal(["row_count <= 2%", "row_count <= 1%"], rules.Expectations.Select(expectation => expectation.ToString()));
    }

    [Fact]
    public void The_same_meta_in_both_places_counts_once()
    {
        var meta = Json("""{"cidiff": {"expect": "row_count <= 1%", "ignore_columns": ["a"]}}""");

        var rules = Resolver("").Resolve(Orders, meta, meta);

        Assert.Single(rules.Expectations);
        Assert.Single(rules.Compare.IgnoreColumns);
    }

    [Fact]
    public void Columns_whose_nulls_a_rule_or_an_expectation_asks_for_are_counted()
    {
        var declared = new DeclaredChange(
            ExpectationText.FindInMessages(["cidiff expect null_rate.phone <= 1pp in orders", "cidiff expect null_rate.fax <= 1pp in customers"]).Expectations,
            _ => []);

        var rules = Resolver("rules: {null_rate.email: 1%, null_rate.city: off}\n", declared)
            .Resolve(Orders, null, Json("""{"cidiff": {"rules": {"null_rate.EMAIL": "2%"}, "expect": {"null_rate.street": "1pp"}}}"""));

        Assert.Equal(["EMAIL", "phone", "street"], rules.Compare.NullRateColumns);
    }

    [Fact]
    public void Renames_of_commits_win_over_renames_in_meta()
    {
        var declared = new DeclaredChange([], model => model.Names.Contains("orders") ? [new("total", "amount")] : []);

        var rules = Resolver("", declared).Resolve(Orders, null, Json("""{"cidiff": {"renames": {"TOTAL": "sum", "city": "town"}}}"""));

        Assert.Equal([new ColumnRename("city", "town"), new ColumnRename("total", "amount")], rules.Compare.Renames);
    }

    [Fact]
    public void A_selector_that_is_wrong_names_its_place_in_the_file()
    {
        var config = ConfigReader.Read("version: 1\nmodels:\n  - select: tagg:x\n", "cidiff.yml", CiDiffConfig.Default, new Dictionary<string, string>());

        var error = Assert.Throws<UserErrorException>(() => new ModelRulesResolver(
            config, selector => throw new UserErrorException(ErrorCodes.InvalidFilter, $"'{selector}' is wrong.", "Look."), DeclaredChange.None));

        Assert.Equal("CID5002: cidiff.yml, line 3: 'tagg:x' is wrong. Look.", $"{error.Code}: {error.Message} {error.Hint}");
    }

    private static ModelRules Resolve(string yaml, string? meta) => Resolver(yaml).Resolve(Orders, null, meta is null ? null : Json(meta));

    private static ModelRulesResolver Resolver(string yaml, DeclaredChange? declared = null) => new(
        ConfigReader.Read(yaml, "cidiff.yml", CiDiffConfig.Default, new Dictionary<string, string>()),
        selector => selector == "all" ? new HashSet<string> { Orders.Id } : new HashSet<string>(),
        declared ?? DeclaredChange.None);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();
}
