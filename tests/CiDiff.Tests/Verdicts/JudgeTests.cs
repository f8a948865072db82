using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Errors;
using CiDiff.Selection;
using CiDiff.Verdicts;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Verdicts;

public sealed class JudgeTests
{
    [Fact]
    public void Without_models_the_run_passes_and_says_so()
    {
        var verdict = Judge.Decide([], DeclaredChange.None, []);

        Assert.Equal(VerdictLevel.Pass, verdict.Level);
        Assert.Equal("No model is selected, so there is nothing to compare.", verdict.Reason);
        Assert.Empty(verdict.Rules);
    }

    [Fact]
    public void Identical_models_pass_with_every_rule_listed()
    {
        var verdict = Decide("", Model("orders", Diff()), Model("customers", Diff()));

        Assert.Equal(VerdictLevel.Pass, verdict.Level);
        Assert.Equal("2 models compared; no rule failed.", verdict.Reason);
        Assert.Equal(
            [
                "primary_keys customers fail 0: 0 pass",
                "primary_keys orders fail 0: 0 pass",
                "removed_columns customers warn 0: 0 pass",
                "removed_columns orders warn 0: 0 pass",
                "changed_types customers warn 0: 0 pass",
                "changed_types orders warn 0: 0 pass",
                "not_built - warn 0: 0 pass",
                "errors - fail 0: 0 pass",
            ],
            verdict.Rules.Select(Line));
    }

    /// <summary>Rules as in cidiff.yml, what the diff found, and the line that comes out.</summary>
    public static TheoryData<string, Func<TableDiff>, string> Limits => new()
    {
        { "changed_rows: {warn: 1%, fail: 10%}", () => Diff(rows: new(1000, 1000, 0, 0, 10, 990)), "changed_rows orders warn 1%: 1% pass" },
        { "changed_rows: {warn: 1%, fail: 10%}", () => Diff(rows: new(1000, 1000, 0, 0, 11, 989)), "changed_rows orders warn 1%: 1.1% warn" },
        { "changed_rows: {warn: 1%, fail: 10%}", () => Diff(rows: new(1000, 1000, 0, 0, 100, 900)), "changed_rows orders warn 1%: 10% warn" },
        { "changed_rows: {warn: 1%, fail: 10%}", () => Diff(rows: new(1000, 1000, 0, 0, 124, 876)), "changed_rows orders fail 10%: 12.4% fail" },
        { "changed_rows: {warn: 5, fail: 10%}", () => Diff(rows: new(1000, 1000, 0, 0, 6, 994)), "changed_rows orders warn 5: 6 warn" },
        { "changed_rows: 10%", () => Diff(rows: new(1000, 1000, 0, 0, 5, 995)), "changed_rows orders fail 10%: 0.5% pass" },
        { "changed_rows: fail", () => Diff(rows: new(1_234_567, 1_234_567, 0, 0, 1234, 1_233_333)), "changed_rows orders fail 0: 1234 fail" },

        // A rounded share must not seem to be on the other side of its limit.
        { "changed_rows: 10%", () => Diff(rows: new(10_000_000, 10_000_000, 0, 0, 1_000_001, 8_999_999)), "changed_rows orders fail 10%: 10.00001% fail" },
        { "changed_rows: 10%", () => Diff(rows: new(10_000_000, 10_000_000, 0, 0, 999_999, 9_000_001)), "changed_rows orders fail 10%: 9.99999% pass" },
        { "changed_rows: 0%", () => Diff(rows: new(1_000_000_000, 1_000_000_000, 0, 0, 1, 999_999_999)), "changed_rows orders fail 0%: 0.0000001% fail" },
        { "changed_rows: 1%", () => Diff(rows: new(1_000_000_000, 1_000_000_000, 0, 0, 1, 999_999_999)), "changed_rows orders fail 1%: 0.0000001% pass" },

        { "added_rows: 10%", () => Diff(rows: new(0, 5, 5, 0, 0, 0)), "added_rows orders fail 10%: 5 fail | base has no rows to take a percentage of" },
        { "added_rows: 10%", () => Diff(rows: new(0, 0, 0, 0, 0, 0)), "added_rows orders fail 10%: 0% pass" },
        { "added_rows: 10", () => Diff(rows: new(0, 5, 5, 0, 0, 0)), "added_rows orders fail 10: 5 pass" },
        { "added_rows: 100%", () => Diff(rows: new(2, 7, 5, 0, 0, 2)), "added_rows orders fail 100%: 250% fail" },
        { "removed_rows: 1%", () => Diff(rows: new(200, 197, 0, 3, 0, 197)), "removed_rows orders fail 1%: 1.5% fail" },
        { "row_count: 1%", () => Diff(rows: new(100, 98, 0, 2, 0, 98)), "row_count orders fail 1%: 2% fail" },
        { "row_count: 1%", () => Diff(rows: new(100, 102, 2, 0, 0, 100)), "row_count orders fail 1%: 2% fail" },

        { "match_score: {warn: 99.9%, fail: 95%}", () => Diff(score: 1), "match_score orders warn 99.9%: 100% pass" },
        { "match_score: {warn: 99.9%, fail: 95%}", () => Diff(score: 0.999), "match_score orders warn 99.9%: 99.9% pass" },
        { "match_score: {warn: 99.9%, fail: 95%}", () => Diff(score: 0.99899), "match_score orders warn 99.9%: 99.899% warn" },
        { "match_score: {warn: 99.9%, fail: 95%}", () => Diff(score: 0.5), "match_score orders fail 95%: 50% fail" },
        { "match_score: warn", () => Diff(score: 0.9999999), "match_score orders warn 100%: 99.99999% warn" },

        { "column.amount.changed: 5%", () => Diff(rows: new(100, 100, 0, 0, 10, 90), columns: [Column("amount", 6)]), "column.amount.changed orders fail 5%: 6% fail" },
        { "column.AMOUNT.changed: 5%", () => Diff(rows: new(100, 100, 0, 0, 5, 95), columns: [Column("amount", 5)]), "column.AMOUNT.changed orders fail 5%: 5% pass" },
        { "column.order_id.changed: 0", () => Diff(rows: new(100, 100, 0, 0, 5, 95)), "column.order_id.changed orders fail 0%: 0% pass" },
        {
            "column.amount.changed: 5%", () => Diff(columns: [Column("amount", null, isCompared: false)]),
            "column.amount.changed orders warn 5%: ? warn | not known: the column is not compared: excluded"
        },

        { "null_rate.email: 1pp", () => Diff(rows: new(100, 200, 100, 0, 0, 100), columns: [Column("email", 0, nulls: new(1, 3))]), "null_rate.email orders fail 1pp: 0.5pp pass" },
        { "null_rate.email: 1%", () => Diff(rows: new(100, 100, 0, 0, 2, 98), columns: [Column("email", 2, nulls: new(1, 3))]), "null_rate.email orders fail 1pp: 2pp fail" },
        { "null_rate.email: 1pp", () => Diff(rows: new(100, 100, 0, 0, 2, 98), columns: [Column("email", 2, nulls: new(3, 1))]), "null_rate.email orders fail 1pp: -2pp pass" },
        { "null_rate.email: 1pp", () => Diff(rows: new(0, 10, 10, 0, 0, 0), columns: [Column("email", 0, nulls: new(0, 5))]), "null_rate.email orders fail 1pp: 50pp fail" },
        { "null_rate.order_id: 1pp", () => Diff(rows: new(100, 100, 0, 0, 0, 95), keys: new(new(0, 0, 0, 100), new(5, 0, 0, 95))), "null_rate.order_id orders fail 1pp: 5pp fail" },

        { "primary_keys: fail", () => Diff(keys: new(new(0, 0, 0, 100), new(3, 12, 24, 70))), "primary_keys orders fail 0: 15 fail | 3 null and 12 duplicate" },
        { "primary_keys: fail", () => Diff(keys: new(new(1, 0, 0, 99), new(0, 2, 4, 98))), "primary_keys orders fail 0: 2 fail | 2 duplicate; base has 1 null" },
        { "primary_keys: {warn: 0, fail: 10}", () => Diff(keys: new(new(0, 0, 0, 100), new(3, 0, 0, 70))), "primary_keys orders warn 0: 3 warn | 3 null" },
        { "primary_keys: fail", () => Diff(keys: new(new(5, 5, 10, 100), new(0, 0, 0, 100))), "primary_keys orders fail 0: 0 pass" },

        { "removed_columns: {warn: 0, fail: 2}", () => Diff(removed: ["a", "b"]), "removed_columns orders warn 0: 2 warn | a, b" },
        { "removed_columns: {warn: 0, fail: 2}", () => Diff(removed: ["a", "b", "c", "d", "e", "f", "g"]), "removed_columns orders fail 2: 7 fail | a, b, c, d, e and 2 more" },
        { "changed_types: fail", () => Diff(retyped: ["amount"]), "changed_types orders fail 0: 1 fail | amount (integer to numeric(12,2))" },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public void A_measured_value_is_held_against_its_limits(string rule, Func<TableDiff> diff, string line)
    {
        var verdict = Decide(rule, Model("orders", diff()));

        Assert.Contains(line, verdict.Rules.Select(Line));
    }

    /// <summary>Rules on a model without a key: only added and removed rows are known.</summary>
    public static TheoryData<string, RowCounts, string?> Keyless => new()
    {
        { "changed_rows: 10%", new(100, 100, 0, 0, null, 100), "changed_rows orders fail 10%: 0% pass" },
        { "changed_rows: 10%", new(100, 90, 0, 10, null, 90), "changed_rows orders fail 10%: 0% pass" },
        { "changed_rows: 10%", new(100, 105, 10, 5, null, 95), "changed_rows orders fail 10%: ? pass | at most 5 %: without a key, a changed row counts as one removed and one added row" },
        { "changed_rows: {warn: 1%, fail: 10%}", new(100, 105, 10, 5, null, 95), "changed_rows orders warn 1%: ? warn | at most 5 %: without a key, a changed row counts as one removed and one added row" },
        { "changed_rows: 10%", new(100, 100, 20, 20, null, 80), "changed_rows orders fail 10%: ? warn | at most 20 %: without a key, a changed row counts as one removed and one added row" },
        { "added_rows: 10%", new(100, 100, 20, 20, null, 80), "added_rows orders fail 10%: 20% fail" },
        { "column.amount.changed: 1%", new(100, 100, 1, 1, null, 99), "column.amount.changed orders warn 1%: ? warn | not known: without a key, a changed row counts as one removed and one added row" },
        { "column.amount.changed: 1%", new(100, 100, 0, 0, null, 100), "column.amount.changed orders fail 1%: 0% pass" },
        { "primary_keys: fail", new(100, 100, 1, 1, null, 99), null },
    };

    [Theory]
    [MemberData(nameof(Keyless))]
    public void Without_a_key_what_is_not_known_is_neither_passed_nor_failed(string rule, RowCounts rows, string? line)
    {
        var diff = Diff(rows: rows, columns: [Column("amount", null)]) with { Key = null, Keys = null };

        var rules = Decide(rule, Model("orders", diff)).Rules.Where(outcome => outcome.Rule == rule.Split(':')[0]).Select(Line);

        Assert.Equal(line is null ? [] : [line], rules);
    }

    /// <summary>Expectations, and what comes of a rule with 10 % as its limit when 124 of 1,000 rows changed.</summary>
    public static TheoryData<string, string> Expectations => new()
    {
        { "cidiff expect changed_rows <= 15% in orders", "changed_rows orders fail <= 15%: 12.4% pass | as expected in commit message: changed_rows <= 15%, although the limit is 10%" },
        { "cidiff expect changed_rows <= 15%", "changed_rows orders fail <= 15%: 12.4% pass | as expected in commit message: changed_rows <= 15%, although the limit is 10%" },
        { "cidiff expect changed_rows <= 12.4% in ord*", "changed_rows orders fail <= 12.4%: 12.4% pass | as expected in commit message: changed_rows <= 12.4%, although the limit is 10%" },
        { "cidiff expect changed_rows < 12.4% in orders", "changed_rows orders fail < 12.4%: 12.4% fail | not as expected in commit message: changed_rows < 12.4%" },
        { "cidiff expect changed_rows = 124 in orders", "changed_rows orders fail = 124: 124 pass | as expected in commit message: changed_rows = 124, although the limit is 10%" },
        { "cidiff expect changed_rows > 200 in orders", "changed_rows orders fail > 200: 124 fail | not as expected in commit message: changed_rows > 200" },
        { "cidiff expect changed_rows <= 15% in customers", "changed_rows orders fail 10%: 12.4% fail" },
        {
            "cidiff expect changed_rows >= 100 in orders\ncidiff expect changed_rows <= 200 in orders",
            "changed_rows orders fail >= 100: 124 pass | as expected in commit message: changed_rows >= 100 and changed_rows <= 200, although the limit is 10%"
        },
        {
            "cidiff expect changed_rows >= 100 in orders\ncidiff expect changed_rows <= 120 in orders",
            "changed_rows orders fail <= 120: 124 fail | not as expected in commit message: changed_rows <= 120"
        },

        // A later line corrects an earlier one.
        { "cidiff expect changed_rows <= 1 in orders\ncidiff expect changed_rows < 125 in orders", "changed_rows orders fail < 125: 124 pass | as expected in commit message: changed_rows < 125, although the limit is 10%" },
        { "cidiff expect changed_rows = 1\ncidiff expect changed_rows > 100", "changed_rows orders fail > 100: 124 pass | as expected in commit message: changed_rows > 100, although the limit is 10%" },
    };

    [Theory]
    [MemberData(nameof(Expectations))]
    public void An_expectation_decides_over_the_limit(string message, string line)
    {
        var declared = new DeclaredChange(ExpectationText.FindInMessages([message]).Expectations, _ => []);

        var verdict = Decide("changed_rows: 10%", declared, Model("orders", Diff(rows: new(1000, 1000, 0, 0, 124, 876))));

        Assert.Contains(line, verdict.Rules.Select(Line));
    }

    [Fact]
    public void An_expectation_makes_a_rule_of_what_had_no_limit()
    {
        var declared = new DeclaredChange(ExpectationText.FindInMessages(["cidiff expect added_rows = 0 in orders"]).Expectations, _ => []);

        var verdict = Decide("", declared, Model("orders", Diff(rows: new(100, 101, 1, 0, 0, 100))));

        Assert.Equal(VerdictLevel.Fail, verdict.Level);
        Assert.Equal("1 rule failed: added_rows on orders.", verdict.Reason);
    }

    [Theory]
    [InlineData("cidiff expect changed_rows <= 5%", "changed_rows orders fail <= 5%: ? pass | at most 5 %; expected in commit message: changed_rows <= 5%")]
    [InlineData("cidiff expect changed_rows <= 4%", "changed_rows orders fail <= 4%: ? warn | expected in commit message: changed_rows <= 4%; not known: without a key, a changed row counts as one removed and one added row")]
    [InlineData("cidiff expect changed_rows >= 1%", "changed_rows orders fail >= 1%: ? warn | expected in commit message: changed_rows >= 1%; not known: without a key, a changed row counts as one removed and one added row")]
    public void Without_a_key_an_expectation_is_met_only_when_it_surely_is(string message, string line)
    {
        var declared = new DeclaredChange(ExpectationText.FindInMessages([message]).Expectations, _ => []);
        var diff = Diff(rows: new(100, 105, 10, 5, null, 95)) with { Key = null, Keys = null };

        Assert.Contains(line, Decide("", declared, Model("orders", diff)).Rules.Select(Line));
    }

    [Fact]
    public void An_expectation_of_at_least_something_is_not_met_by_two_empty_tables()
    {
        var declared = new DeclaredChange(ExpectationText.FindInMessages(["cidiff expect changed_rows >= 5%"]).Expectations, _ => []);

        var verdict = Decide("", declared, Model("orders", Diff(rows: new(0, 0, 0, 0, 0, 0))));

        Assert.Equal(VerdictLevel.Fail, verdict.Level);
    }

    /// <summary>What was not compared.</summary>
    public static TheoryData<string, ModelOutcome, string?, VerdictLevel> NotCompared => new()
    {
        { "", new ModelOutcome.Failed(new UserErrorException(ErrorCodes.AccessDenied, "No right to read it.")), "errors orders fail 0: 1 fail | CID4003: No right to read it", VerdictLevel.Fail },
        { "errors: warn", new ModelOutcome.Failed(new UserErrorException(ErrorCodes.AccessDenied, "No right to read it.")), "errors orders warn 0: 1 warn | CID4003: No right to read it", VerdictLevel.Warn },
        { "errors: off", new ModelOutcome.Failed(new UserErrorException(ErrorCodes.AccessDenied, "No right to read it.")), null, VerdictLevel.Pass },
        { "", Not(NotComparedReason.NotReached), "errors orders fail 0: 1 fail | the run ended before its turn", VerdictLevel.Fail },
        { "", Not(NotComparedReason.NotBuilt), "not_built orders warn 0: 1 warn | the pull request did not build it", VerdictLevel.Warn },
        { "not_built: fail", Not(NotComparedReason.NotBuilt), "not_built orders fail 0: 1 fail | the pull request did not build it", VerdictLevel.Fail },
        { "changed_rows: 0", Not(NotComparedReason.NotInBase), null, VerdictLevel.Pass },
        { "changed_rows: 0", Not(NotComparedReason.Removed), null, VerdictLevel.Pass },
        { "", Not(NotComparedReason.New) with { Keys = new KeyCounts(0, 0, 0, 10) }, "primary_keys orders fail 0: 0 pass", VerdictLevel.Pass },
        { "", Not(NotComparedReason.New) with { Keys = new KeyCounts(1, 2, 4, 10) }, "primary_keys orders fail 0: 3 fail | 1 null and 2 duplicate", VerdictLevel.Fail },
        { "primary_keys: off", Not(NotComparedReason.New) with { Keys = new KeyCounts(1, 2, 4, 10) }, null, VerdictLevel.Pass },
    };

    [Theory]
    [MemberData(nameof(NotCompared))]
    public void A_model_that_was_not_compared_is_judged_by_what_is_known(string rule, ModelOutcome outcome, string? line, VerdictLevel level)
    {
        var verdict = Decide(rule, new JudgedModel(Identity("orders"), outcome, RuleSet.Empty, []));

        Assert.Equal(level, verdict.Level);
        Assert.Equal(line is null ? [] : [line], verdict.Rules.Where(rule => rule.ModelId is not null).Select(Line));
    }

    [Fact]
    public void An_expectation_about_a_model_that_was_not_compared_is_a_warning()
    {
        var declared = new DeclaredChange(
            ExpectationText.FindInMessages(["cidiff expect changed_rows <= 5% in orders\ncidiff expect added_rows <= 5%"]).Expectations, _ => []);

        var verdict = Decide("", declared, new JudgedModel(Identity("orders"), Not(NotComparedReason.NotInBase), RuleSet.Empty, []));

        Assert.Equal(
            ["changed_rows orders warn <= 5%: ? warn | expected in commit message: the model was not compared"],
            verdict.Rules.Where(rule => rule.ModelId is not null).Select(Line));
    }

    [Fact]
    public void A_plan_is_not_judged()
    {
        var verdict = Decide("changed_rows: 0", new JudgedModel(Identity("orders"), Not(NotComparedReason.PlanOnly), RuleSet.Empty, []));

        Assert.Equal(VerdictLevel.Pass, verdict.Level);
        Assert.Equal("Only a plan was made: no table was read.", verdict.Reason);
        Assert.Empty(verdict.Rules);
    }

    [Fact]
    public void What_fits_no_model_is_told()
    {
        var declared = new DeclaredChange(ExpectationText.FindInMessages(["cidiff expect changed_rows <= 5% in ordres"]).Expectations, _ => []);

        var verdict = Decide("column.amonut.changed: 1%", declared, Model("orders", Diff(columns: [Column("amount", 0)])));

        Assert.Equal(
            [
                "The expectation 'changed_rows <= 5% in ordres' fits no selected model.",
                "The rule column.amonut.changed has no effect: no compared model has a column amonut on both sides.",
            ],
            verdict.Notes);
    }

    [Fact]
    public void Failed_rules_come_first_and_the_reason_names_three_of_them()
    {
        var bad = Diff(rows: new(100, 100, 0, 0, 50, 50), removed: ["a"], keys: new(new(0, 0, 0, 100), new(1, 0, 0, 99)));

        var verdict = Decide("changed_rows: 10%", Model("b", bad), Model("a", bad), Model("c", Diff()));

        Assert.Equal(VerdictLevel.Fail, verdict.Level);
        Assert.Equal("4 rules failed: primary_keys on a, primary_keys on b, changed_rows on a and 1 more; 2 warned.", verdict.Reason);
        Assert.Equal(
            ["primary_keys a fail", "primary_keys b fail", "changed_rows a fail", "changed_rows b fail", "removed_columns a warn", "removed_columns b warn"],
            verdict.Rules.Take(6).Select(rule => $"{rule.Rule} {rule.ModelId!["model.shop.".Length..]} {rule.Outcome.ToString().ToLowerInvariant()}"));
        Assert.All(verdict.Rules.Skip(6), rule => Assert.Equal(VerdictLevel.Pass, rule.Outcome));
    }

    [Fact]
    public void Warnings_alone_warn()
    {
        var verdict = Decide("", Model("orders", Diff(removed: ["a"])), new JudgedModel(Identity("new"), Not(NotComparedReason.New), RuleSet.Empty, []));

        Assert.Equal(VerdictLevel.Warn, verdict.Level);
        Assert.Equal("1 rule warned: removed_columns on orders.", verdict.Reason);
    }

    [Fact]
    public void The_reason_of_a_pass_says_how_many_were_compared() => Assert.Equal(
        "1 of 2 models compared; no rule failed.",
        Decide("", Model("orders", Diff()), new JudgedModel(Identity("new"), Not(NotComparedReason.New), RuleSet.Empty, [])).Reason);

    [Fact]
    public void The_order_of_the_models_does_not_matter()
    {
        var models = new[] { Model("a", Diff(removed: ["x"])), Model("b", Diff(score: 0.5)), Model("c", Diff()) };

        Assert.Equal(Decide("match_score: fail", models).Rules, Decide("match_score: fail", [.. models.Reverse()]).Rules);
    }

    private static Verdict Decide(string rule, params JudgedModel[] models) => Decide(rule, DeclaredChange.None, models);

    private static Verdict Decide(string rule, DeclaredChange declared, params JudgedModel[] models)
    {
        var config = ConfigReader.Read(rule.Length == 0 ? "" : $"rules:\n  {rule}\n", "cidiff.yml", CiDiffConfig.Default, new Dictionary<string, string>());
        var resolver = new ModelRulesResolver(config, _ => new HashSet<string>(), declared);
        var judged = models.Select(model => resolver.Resolve(model.Model, null, null) is var rules
            ? model with { Rules = rules.Rules, Expectations = rules.Expectations }
            : model);

        return Judge.Decide([.. judged], declared, []);
    }

    private static string Line(RuleOutcome rule) =>
        $"{rule.Rule} {rule.ModelId?["model.shop.".Length..] ?? "-"} {rule.Level.ToString().ToLowerInvariant()} {rule.Limit}: {rule.Measured ?? "?"} "
        + $"{rule.Outcome.ToString().ToLowerInvariant()}{(rule.Note is null ? "" : $" | {rule.Note}")}";

    private static ModelIdentity Identity(string name) => new($"model.shop.{name}", [name]);

    private static JudgedModel Model(string name, TableDiff diff) => new(Identity(name), new ModelOutcome.Compared(diff), RuleSet.Empty, []);

    private static ModelOutcome.NotCompared Not(NotComparedReason reason) => new(reason, new Sides<long?>(null, null));

    private static ColumnDiff Column(string name, long? changed, bool isCompared = true, Sides<long>? nulls = null)
    {
        var column = new Column(new ColumnName(name), new ColumnType("integer", TypeFamily.Integer));
        return new ColumnDiff(column, column, isCompared, isCompared ? null : "excluded", changed, null, nulls);
    }

    private static TableDiff Diff(
        RowCounts? rows = null,
        double score = 1,
        ColumnDiff[]? columns = null,
        Sides<KeyCounts>? keys = null,
        string[]? removed = null,
        string[]? retyped = null) => new()
        {
            Schema = new SchemaDiff(
            [],
            [.. (removed ?? []).Select(name => new Column(new ColumnName(name), new ColumnType("integer", TypeFamily.Integer)))],
            [.. (retyped ?? []).Select(name => new RetypedColumn(
                new ColumnName(name), new ColumnType("integer", TypeFamily.Integer), new ColumnType("numeric(12,2)", TypeFamily.Decimal)))],
            [],
            IsReordered: false),
            Key = new DiffKey([new ColumnName("order_id")], KeySource.UniqueTest, null),
            Rows = rows ?? new RowCounts(100, 100, 0, 0, 0, 100),
            Keys = keys ?? new Sides<KeyCounts>(new(0, 0, 0, 100), new(0, 0, 0, 100)),
            Columns = columns ?? [],
            MatchScore = score,
            Samples = DiffSamples.None,
            Strategy = DiffStrategy.Join,
            Cost = new DiffCost(TimeSpan.Zero, 1, null),
        };
}
