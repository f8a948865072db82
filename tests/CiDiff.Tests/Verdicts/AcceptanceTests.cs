using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Errors;
using CiDiff.Verdicts;

namespace CiDiff.Tests.Verdicts;

public sealed class AcceptanceTests
{
    private const string Commit = "9fceb02d0ae598e95dc970b74767f19372d61af8";

    /// <summary>A comment, and what it accepts: rule and model, with * for all.</summary>
    public static TheoryData<string, string[]> Comments => new()
    {
        { "/cidiff accept", ["* in *"] },
        { "/cidiff accept errors", ["errors in *"] },
        { "/cidiff accept in orders", ["* in orders"] },
        { "/cidiff accept changed_rows in fct_*", ["changed_rows in fct_*"] },
        { "  /CiDiff  Accept   column.amount.changed   IN  Orders  ", ["column.amount.changed in Orders"] },
        { "Fine with me.\r\n\r\n/cidiff accept\r\n", ["* in *"] },
        { "/cidiff accept errors\n/cidiff accept primary_keys", ["errors in *", "primary_keys in *"] },
        { "> /cidiff accept", [] },
        { "```\n/cidiff accept\n```", [] },
        { "~~~text\r\n/cidiff accept\r\n~~~", [] },
        { "````\n```\n/cidiff accept\n````", [] },
        { "```\n/cidiff accept", [] },
        { "- ```\n  /cidiff accept\n  ```", [] },
        { "<!-- /cidiff accept -->", [] },
        { "<!--\n/cidiff accept\n-->", [] },
        { "Like this: <!-- so\n/cidiff accept\n-->", [] },
        { "Like this:\n\n    /cidiff accept", [] },
        { "Like this:\n\n\t/cidiff accept", [] },
        { "```\n/cidiff accept errors\n```\n<!-- no -->\n   /cidiff accept primary_keys", ["primary_keys in *"] },
        { "``` is no fence ```\n/cidiff accept", ["* in *"] },
        { "I would write /cidiff accept here", [] },
        { "/cidiff acceptable", [] },
        { "/cidiff", [] },
        { $"/cidiff accept {new string(' ', 100_000)}x", [] },
    };

    [Theory]
    [MemberData(nameof(Comments))]
    public void A_comment_accepts_by_lines_of_their_own(string comment, string[] expected)
    {
        var (found, notes) = AcceptanceText.FindIn(comment);

        Assert.Equal(expected, found.Select(accepted => $"{accepted.Rule?.ToString() ?? "*"} in {accepted.Models ?? "*"}"));
        Assert.Empty(notes);
    }

    [Theory]
    [InlineData("/cidiff accept changed_row", "The line '/cidiff accept changed_row' has no effect: there is no rule 'changed_row'. Did you mean 'changed_rows'?")]
    [InlineData("/cidiff accept changed_rows please", "The line '/cidiff accept changed_rows please' has no effect: after accept it takes a rule, and after in a model.")]
    [InlineData("/cidiff accept in a in b", "The line '/cidiff accept in a in b' has no effect: after accept it takes a rule, and after in a model.")]
    public void A_line_that_is_almost_one_is_told(string comment, string note)
    {
        var (found, notes) = AcceptanceText.FindIn(comment);

        Assert.Empty(found);
        Assert.Equal(note, Assert.Single(notes));
    }

    [Theory]
    [InlineData(null, null, "pass", "2 models compared; 2 failed rules were accepted by maintainer.")]
    [InlineData("errors", null, "pass", "2 models compared; 2 failed rules were accepted by maintainer.")]
    [InlineData(null, "ord*", "fail", "1 rule failed: errors on customers; 1 failed rule was accepted by maintainer.")]
    [InlineData("errors", "ORDERS", "fail", "1 rule failed: errors on customers; 1 failed rule was accepted by maintainer.")]
    [InlineData("changed_rows", null, "fail", "2 rules failed: errors on customers, errors on orders.")]
    [InlineData(null, "payments", "fail", "2 rules failed: errors on customers, errors on orders.")]
    public void Failed_rules_that_are_named_pass(string? rule, string? models, string level, string reason)
    {
        var verdict = Decide(new Acceptance(rule is null ? null : RuleName.Find(rule), models, "maintainer", Commit, "a comment"));

        Assert.Equal(level, verdict.Level.ToString().ToLowerInvariant());
        Assert.Equal(reason.Replace("2 models compared", "0 of 2 models compared", StringComparison.Ordinal), verdict.Reason);
    }

    [Fact]
    public void An_accepted_rule_names_who_accepted_at_which_commit()
    {
        var verdict = Decide(new Acceptance(null, "orders", "maintainer", Commit, "the label cidiff:accept"));

        var rule = verdict.Rules.Single(rule => rule is { Rule: "errors", ModelId: "model.shop.orders" });
        Assert.Equal(VerdictLevel.Pass, rule.Outcome);
        Assert.Equal(VerdictLevel.Fail, rule.Level);
        Assert.Equal("accepted by maintainer at 9fceb02d (the label cidiff:accept); CID4003: No", rule.Note);
    }

    [Fact]
    public void What_is_accepted_by_name_and_did_not_fail_is_told()
    {
        var verdict = Decide(
            new Acceptance(RuleName.Find("changed_rows"), "orders", "maintainer", Commit, "a comment"),
            new Acceptance(null, null, "owner", Commit, "a comment"));

        Assert.Equal("What maintainer accepted, `/cidiff accept changed_rows in orders`, fits no rule that failed.", Assert.Single(verdict.Notes));
    }

    [Fact]
    public void Nothing_but_failed_rules_is_touched()
    {
        var config = ConfigReader.Read("rules: {errors: warn}", "cidiff.yml", CiDiffConfig.Default, new Dictionary<string, string>());

        var verdict = Judge.Decide([Failed("orders") with { Rules = config.Rules }], DeclaredChange.None, [new Acceptance(null, null, "maintainer", Commit, "a comment")]);

        Assert.Equal(VerdictLevel.Warn, verdict.Level);
        Assert.DoesNotContain(verdict.Rules, rule => rule.Note?.Contains("accepted", StringComparison.Ordinal) == true);
    }

    private static Verdict Decide(params Acceptance[] acceptances) =>
        Judge.Decide([Failed("customers"), Failed("orders")], DeclaredChange.None, acceptances);

    private static JudgedModel Failed(string name) => new(
        new ModelIdentity($"model.shop.{name}", [name]),
        new ModelOutcome.Failed(new UserErrorException(ErrorCodes.AccessDenied, "No.")),
        RuleSet.Defaults,
        []);
}
