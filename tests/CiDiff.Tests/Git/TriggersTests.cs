using CiDiff.Configuration;
using CiDiff.Git;

namespace CiDiff.Tests.Git;

public sealed class TriggersTests
{
    private static readonly PullRequestContext PullRequest = new()
    {
        Host = CiHost.GitHub,
        Number = 42,
        BaseBranch = "main",
        HeadMessage = "Orders without tests",
        AreLabelsKnown = true,
        Labels = ["Data", "needs review"],
        ChangedFiles = ["dbt/models/a.sql", "docs/a.md"],
    };

    private static readonly PullRequestContext Push = new() { Host = CiHost.GitLab, HeadMessage = "Orders" };

    private static readonly PullRequestContext Local = new() { Host = CiHost.Local, BaseBranch = "develop", HeadMessage = "Orders", ChangedFiles = ["a.sql"] };

    public static TheoryData<string, TriggerSettings, PullRequestContext, string?> Cases => new()
    {
        { "nothing configured", new(), PullRequest, null },
        { "nothing configured, a push", new(), Push, null },
        { "switched off", new() { Enabled = false }, PullRequest, "CiDiff is switched off: triggers.enabled is false." },
        { "switched off, locally", new() { Enabled = false }, Local, "CiDiff is switched off: triggers.enabled is false." },

        { "the branch", new() { BaseBranches = ["main"] }, PullRequest, null },
        { "one of the branches", new() { BaseBranches = ["develop", "main"] }, PullRequest, null },
        { "another branch", new() { BaseBranches = ["develop", "release/*"] }, PullRequest, "This pull request is for main, and triggers.base_branches is develop, release/*." },
        { "a pattern", new() { BaseBranches = ["release*"] }, PullRequest with { BaseBranch = "release/2026/11" }, null },
        { "another case", new() { BaseBranches = ["Main"] }, PullRequest, "This pull request is for main, and triggers.base_branches is Main." },
        { "a push has no base branch", new() { BaseBranches = ["main"] }, Push, "This job is for no pull request, and triggers.base_branches is main." },
        { "a base branch that the host does not tell", new() { BaseBranches = ["main"] }, PullRequest with { BaseBranch = null }, "It is not known which branch this pull request is for, and triggers.base_branches is main." },
        { "a base branch, locally", new() { BaseBranches = ["main"] }, Local, null },

        { "the label", new() { Label = "needs review" }, PullRequest, null },
        { "the label in another case", new() { Label = "data" }, PullRequest, null },
        { "no such label", new() { Label = "cidiff" }, PullRequest, "This pull request does not have the label `cidiff` (triggers.label)." },
        { "labels that nobody tells", new() { Label = "cidiff" }, PullRequest with { AreLabelsKnown = false, Labels = [] }, "The labels of this pull request are not known here, and triggers.label asks for `cidiff`." },
        { "a push has no labels", new() { Label = "cidiff" }, Push, "This job is for no pull request, and triggers.label asks for the label `cidiff`." },
        { "a label, locally", new() { Label = "cidiff" }, Local, null },

        { "the token", new(), PullRequest with { HeadMessage = "Typo\n\n[cidiff-skip]" }, "The message of the last commit says `cidiff-skip`." },
        { "Datafold's token", new(), Local with { HeadMessage = "datafold-skip-ci: typo" }, "The message of the last commit says `datafold-skip-ci`." },
        { "the token in an earlier commit", new(), PullRequest with { CommitMessages = ["cidiff-skip", "Orders"] }, null },
        { "a message that is not known", new(), PullRequest with { HeadMessage = null }, null },

        { "one file is not ignored", new() { IgnoreFiles = ["*.md"] }, PullRequest, null },
        { "every file is ignored", new() { IgnoreFiles = ["docs/", "dbt"] }, PullRequest, "All changed files are ignored (triggers.ignore_files): dbt/models/a.sql, docs/a.md." },
        { "many files", new() { IgnoreFiles = ["*"] }, PullRequest with { ChangedFiles = ["a", "b", "c", "d"] }, "All 4 changed files are ignored (triggers.ignore_files): a, b, c, …" },
        { "Datafold's example, dbt changes", new() { IgnoreFiles = ["*", "!dbt/*", "dbt/*.md"] }, PullRequest, null },
        { "Datafold's example, nothing of dbt", new() { IgnoreFiles = ["*", "!dbt/*", "dbt/*.md"] }, PullRequest with { ChangedFiles = ["app/a.sql", "dbt/README.md"] }, "All changed files are ignored (triggers.ignore_files): app/a.sql, dbt/README.md." },
        { "Datafold's example as one text", new() { IgnoreFiles = ["*\n!dbt/*\ndbt/*.md"] }, PullRequest, null },
        { "a change that changes nothing", new() { IgnoreFiles = ["*"] }, PullRequest with { ChangedFiles = [] }, null },
        { "files that are not known", new() { IgnoreFiles = ["*"] }, PullRequest with { ChangedFiles = null }, null },
        { "ignored files, locally", new() { IgnoreFiles = ["*.sql"] }, Local, "All changed files are ignored (triggers.ignore_files): a.sql." },

        {
            "the first that closes tells",
            new() { BaseBranches = ["develop"], Label = "cidiff", IgnoreFiles = ["*"] },
            PullRequest with { HeadMessage = "cidiff-skip" },
            "This pull request is for main, and triggers.base_branches is develop."
        },
        {
            "then the label",
            new() { BaseBranches = ["main"], Label = "cidiff", IgnoreFiles = ["*"] },
            PullRequest with { HeadMessage = "cidiff-skip" },
            "This pull request does not have the label `cidiff` (triggers.label)."
        },
        {
            "then the token",
            new() { BaseBranches = ["main"], Label = "data", IgnoreFiles = ["*"] },
            PullRequest with { HeadMessage = "cidiff-skip" },
            "The message of the last commit says `cidiff-skip`."
        },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_run_is_skipped_for_the_first_reason_there_is(string name, TriggerSettings settings, PullRequestContext context, string? expected)
    {
        var decision = Triggers.Decide(settings, context);

        Assert.Equal((name, expected), (name, decision.SkipReason));
    }

    [Theory]
    [InlineData("*!dbt/*dbt/*.md", true)]
    [InlineData("*\n!dbt/*\ndbt/*.md", false)]
    [InlineData("!dbt/*", false)]
    [InlineData("[!a]*.md", false)]
    [InlineData("what\\!.md", false)]
    public void Several_patterns_in_one_line_are_warned_of(string pattern, bool isSuspicious)
    {
        var decision = Triggers.Decide(new() { IgnoreFiles = [pattern] }, PullRequest);

        Assert.Equal(isSuspicious, decision.Notes.Any(note => note.Contains("a '!' in the middle", StringComparison.Ordinal)));
    }

    [Fact]
    public void Patterns_without_known_files_are_warned_of()
    {
        var decision = Triggers.Decide(new() { IgnoreFiles = ["*.md"] }, PullRequest with { ChangedFiles = null });

        Assert.Contains("has no effect here", Assert.Single(decision.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cidiff:all-downstream", "cidiff:all-downstream")]
    [InlineData("Datafold:Diff-All-Downstream", "datafold:diff-all-downstream")]
    [InlineData("cidiff", null)]
    public void A_label_widens_the_selection(string label, string? expected) =>
        Assert.Equal(expected, Triggers.AllDownstreamLabel(PullRequest with { Labels = ["x", label] }));

    [Fact]
    public void A_label_lifts_the_limit()
    {
        Assert.False(Triggers.HasRunLabel(PullRequest));
        Assert.True(Triggers.HasRunLabel(PullRequest with { Labels = [Triggers.RunLabel] }));
    }
}
