using CiDiff.Configuration;
using CiDiff.Git;
using CiDiff.Publishing;
using CiDiff.Tests.Reports;
using CiDiff.Tests.Support;
using CiDiff.Verdicts;

namespace CiDiff.Tests.Publishing;

/// <summary>The same stories on both hosts.</summary>
public sealed class AcceptanceReaderTests : IAsyncLifetime
{
    private readonly FakeGitHub _gitHub = new();
    private readonly FakeGitLab _gitLab = new();

    public async Task InitializeAsync()
    {
        await _gitHub.StartAsync();
        await _gitLab.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _gitHub.DisposeAsync();
        await _gitLab.DisposeAsync();
        Assert.Empty(_gitHub.Violations);
        Assert.Empty(_gitLab.Violations);
    }

    [Theory]
    [InlineData(CiHost.GitHub)]
    [InlineData(CiHost.GitLab)]
    public async Task A_comment_after_the_report_accepts(CiHost host)
    {
        await ReportAsync(host);
        Say(host, "maintainer", "Looks right.\n/cidiff accept changed_rows in fct_*");

        var accepted = await ReadAsync(host);

        var acceptance = Assert.Single(accepted.Acceptances);
        Assert.Equal("changed_rows", acceptance.Rule?.ToString());
        Assert.Equal("fct_*", acceptance.Models);
        Assert.Equal($"accepted by maintainer at {CommitOf(host)[..8]} (a comment)", acceptance.ToString());
        Assert.Empty(accepted.Notes);
    }

    [Theory]
    [InlineData(CiHost.GitHub)]
    [InlineData(CiHost.GitLab)]
    public async Task A_label_after_the_report_accepts_everything(CiHost host)
    {
        await ReportAsync(host);
        Label(host, "maintainer");

        var acceptance = Assert.Single((await ReadAsync(host)).Acceptances);

        Assert.False(acceptance.IsSpecific);
        Assert.Equal($"accepted by maintainer at {CommitOf(host)[..8]} (the label `cidiff:accept`)", acceptance.ToString());
    }

    [Theory]
    [InlineData(CiHost.GitHub)]
    [InlineData(CiHost.GitLab)]
    public async Task A_label_that_was_taken_away_accepts_nothing(CiHost host)
    {
        await ReportAsync(host);
        Label(host, "maintainer");
        Label(host, "maintainer", isSet: false);

        Assert.Empty((await ReadAsync(host)).Acceptances);
    }

    [Theory]
    [InlineData(CiHost.GitHub)]
    [InlineData(CiHost.GitLab)]
    public async Task Nothing_is_accepted_before_the_first_report_of_the_commit(CiHost host)
    {
        Say(host, "maintainer", "/cidiff accept");
        Label(host, "maintainer");
        Assert.Empty((await ReadAsync(host)).Acceptances);

        await ReportAsync(host);

        Assert.Empty((await ReadAsync(host)).Acceptances);
    }

    [Theory]
    [InlineData(CiHost.GitHub)]
    [InlineData(CiHost.GitLab)]
    public async Task A_new_commit_needs_it_again(CiHost host)
    {
        await ReportAsync(host);
        Say(host, "maintainer", "/cidiff accept");
        Label(host, "maintainer");
        Assert.Equal(2, (await ReadAsync(host)).Acceptances.Count);

        var next = new string('b', 40);
        Assert.Empty((await ReadAsync(host, next)).Acceptances);
        await ReportAsync(host, next);
        Assert.Empty((await ReadAsync(host, next)).Acceptances);
        Say(host, "maintainer", "/cidiff accept");

        Assert.Equal(next, Assert.Single((await ReadAsync(host, next)).Acceptances).Commit);
    }

    [Theory]
    [InlineData(CiHost.GitHub)]
    [InlineData(CiHost.GitLab)]
    public async Task The_report_of_the_same_commit_again_keeps_what_was_accepted(CiHost host)
    {
        await ReportAsync(host);
        Say(host, "maintainer", "/cidiff accept");
        await ReportAsync(host);

        Assert.Single((await ReadAsync(host)).Acceptances);
    }

    [Theory]
    [InlineData(CiHost.GitHub, "triager")]
    [InlineData(CiHost.GitHub, "stranger")]
    [InlineData(CiHost.GitLab, "reporter")]
    [InlineData(CiHost.GitLab, "stranger")]
    public async Task Who_may_not_write_accepts_nothing_and_is_named(CiHost host, string login)
    {
        await ReportAsync(host);
        Say(host, login, "/cidiff accept");
        Label(host, login);

        var accepted = await ReadAsync(host);

        Assert.Empty(accepted.Acceptances);
        Assert.Equal(
            [
                $"{login} wrote `/cidiff accept` and may not write to the repository, so it has no effect.",
                $"{login} set the label `cidiff:accept` and may not write to the repository, so it has no effect.",
            ],
            accepted.Notes);
    }

    [Fact]
    public async Task A_forged_report_does_not_open_the_door()
    {
        var old = new CommentMarker(".", FakeGitHub.Commit, DateTimeOffset.UnixEpoch).ToLine(MarkerForm.HtmlComment);
        _gitHub.Say("author", $"{old}\n## CiDiff: fail");
        Say(CiHost.GitHub, "maintainer", "/cidiff accept");

        Assert.Empty((await ReadAsync(CiHost.GitHub)).Acceptances);
    }

    [Fact]
    public async Task The_acceptance_is_found_among_hundreds_of_comments()
    {
        await ReportAsync(CiHost.GitHub);
        for (var i = 0; i < 250; i++)
        {
            _gitHub.Say("reviewer", $"Comment {i}");
        }

        Say(CiHost.GitHub, "owner", "/cidiff accept");

        Assert.Equal("owner", Assert.Single((await ReadAsync(CiHost.GitHub)).Acceptances).By);
    }

    [Fact]
    public async Task A_host_that_does_not_answer_is_no_acceptance()
    {
        await _gitHub.DisposeAsync();

        var accepted = await ReadAsync(CiHost.GitHub);

        Assert.Empty(accepted.Acceptances);
        Assert.StartsWith("It could not be read what reviewers accepted: GitHub could not be reached", Assert.Single(accepted.Notes), StringComparison.Ordinal);
    }

    private static string CommitOf(CiHost host) => host == CiHost.GitHub ? FakeGitHub.Commit : FakeGitLab.Commit;

    private void Say(CiHost host, string login, string body)
    {
        Tick();
        _ = host == CiHost.GitHub ? _gitHub.Say(login, body) : _gitLab.Say(login, body);
    }

    private void Label(CiHost host, string login, bool isSet = true)
    {
        Tick();
        if (host == CiHost.GitHub)
        {
            _gitHub.Label(login, "cidiff:accept", isSet ? "labeled" : "unlabeled");
        }
        else
        {
            _gitLab.Label(login, "cidiff:accept", isSet ? "add" : "remove");
        }
    }

    private void Tick()
    {
        _gitHub.Now += TimeSpan.FromMinutes(1);
        _gitLab.Now += TimeSpan.FromMinutes(1);
    }

    private async Task ReportAsync(CiHost host, string? commit = null)
    {
        Tick();
        var result = await new Publisher(Clock(), new Progress<RunEvent>()).PublishAsync(
            Scenarios.Rich(),
            new PublishRequest(PullRequest(host, commit), Token(host), "TOKEN", "", new PublishSettings { Status = false, Annotations = false }),
            CancellationToken.None);
        Assert.Empty(result.Problems);
    }

    private Task<AcceptedChanges> ReadAsync(CiHost host, string? commit = null) =>
        new AcceptanceReader(Clock(), new Progress<RunEvent>()).ReadAsync(PullRequest(host, commit), Token(host), "TOKEN", "", CancellationToken.None);

    private ImpatientTime Clock() => new(_gitHub.Now);

    private static Secret Token(CiHost host) => new(host == CiHost.GitHub ? FakeGitHub.ActionsToken : FakeGitLab.ApiToken);

    private PullRequestContext PullRequest(CiHost host, string? commit) => host == CiHost.GitHub
        ? new PullRequestContext
        {
            Host = host,
            Repository = "octo/shop",
            ApiUrl = _gitHub.Address,
            Number = 42,
            HeadCommit = commit ?? FakeGitHub.Commit,
        }
        : new PullRequestContext
        {
            Host = host,
            Repository = "data/shop",
            ApiUrl = new Uri(_gitLab.Address, "api/v4"),
            Number = 7,
            HeadCommit = commit ?? FakeGitLab.Commit,
        };
}
