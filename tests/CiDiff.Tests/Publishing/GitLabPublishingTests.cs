using System.Net;
using System.Text.Json.Nodes;
using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Git;
using CiDiff.Publishing;
using CiDiff.Reports;
using CiDiff.Tests.Reports;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Publishing;

/// <summary>Every request and every answer passes GitLab's API description; the remarks of <see cref="FakeGitLab"/> name the three operations for which that is our own.</summary>
public sealed class GitLabPublishingTests : IAsyncLifetime
{
    private readonly FakeGitLab _gitLab = new();
    private readonly ImpatientTime _time = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));

    public Task InitializeAsync() => _gitLab.StartAsync();

    public async Task DisposeAsync()
    {
        await _gitLab.DisposeAsync();
        Assert.Empty(_gitLab.Violations);
    }

    [Fact]
    public async Task A_run_becomes_one_note_and_one_status()
    {
        var result = await PublishAsync(Scenarios.Rich());

        Assert.Empty(result.Problems);
        Assert.Single(_gitLab.Notes);
        Assert.StartsWith("<!-- cidiff report name=. commit=", _gitLab.Body(0), StringComparison.Ordinal);
        var status = Assert.Single(_gitLab.Statuses);
        Assert.Equal("failed", status["status"]!.GetValue<string>());
        Assert.Equal("cidiff", status["name"]!.GetValue<string>());
        Assert.Equal($"https://gitlab.example/data/shop/-/merge_requests/7#note_{_gitLab.Notes[0]["id"]}", status["target_url"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(350)]
    public async Task The_note_is_found_among_hundreds(int before)
    {
        Talk(before);
        await PublishAsync(Scenarios.Rich());
        Talk(120);

        var result = await PublishAsync(Scenarios.AllIdentical());

        Assert.Empty(result.Problems);
        Assert.Equal(before + 121, _gitLab.Notes.Count);
        Assert.Contains("## ✅ CiDiff: pass", _gitLab.Body(before), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_verdict_again_is_no_problem()
    {
        await PublishAsync(Scenarios.Rich());

        var result = await PublishAsync(Scenarios.Rich());

        Assert.Empty(result.Problems);
        Assert.Single(_gitLab.Statuses);
    }

    [Fact]
    public async Task Somebody_elses_note_with_the_marker_is_left_alone()
    {
        var forged = $"{new CommentMarker(".", FakeGitLab.Commit, null).ToLine(MarkerForm.HtmlComment)}\n## ✅ CiDiff: pass";
        _gitLab.Say("author", forged);

        await PublishAsync(Scenarios.Rich());

        Assert.Equal(forged, _gitLab.Body(0));
        Assert.Equal(2, _gitLab.Notes.Count);
    }

    [Fact]
    public async Task Jobs_at_the_same_time_leave_one_note()
    {
        var looking = new CountdownEvent(3);
        _gitLab.Before = async request =>
        {
            if (request.Method == "GET" && request.Path.EndsWith("/notes", StringComparison.Ordinal) && !looking.IsSet)
            {
                looking.Signal();
                await Task.Run(() => looking.Wait(TimeSpan.FromSeconds(20)));
            }
        };

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => PublishAsync(Scenarios.Rich())));

        Assert.Single(_gitLab.Notes);
    }

    [Fact]
    public async Task A_note_that_was_deleted_is_made_again()
    {
        await PublishAsync(Scenarios.Rich());
        _gitLab.Before = request =>
        {
            if (request.Method == "PUT")
            {
                _gitLab.Notes.Clear();
            }

            return Task.CompletedTask;
        };

        await PublishAsync(Scenarios.AllIdentical());

        Assert.Contains("CiDiff: pass", Assert.Single(_gitLab.Notes)["body"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_note_may_be_longer_than_a_comment_on_GitHub()
    {
        await PublishAsync(Scenarios.Huge());

        Assert.InRange(_gitLab.Body(0).Length, 65_537, 1_000_000);
    }

    [Fact]
    public async Task A_job_token_is_told_what_it_lacks()
    {
        var result = await PublishAsync(Scenarios.Rich(), FakeGitLab.JobToken);

        Assert.Equal(
            [
                "GitLab did not read the notes (403: 403 Forbidden): the token in GITLAB_TOKEN lacks the scope api.",
                "GitLab did not set the commit status (403: 403 Forbidden): the token in GITLAB_TOKEN lacks the scope api and the role Developer.",
            ],
            result.Problems.Select(problem => problem.Message));
    }

    [Fact]
    public async Task A_token_that_may_only_read_is_told_what_it_lacks()
    {
        var result = await PublishAsync(Scenarios.Rich(), FakeGitLab.ReadToken);

        Assert.Equal("GitLab did not write the note (403: insufficient_scope): the token in GITLAB_TOKEN lacks the scope api and the role Reporter.", result.Problems[0].Message);
        Assert.Empty(_gitLab.Notes);
    }

    [Fact]
    public async Task Without_a_token_the_message_says_that_the_jobs_own_is_not_enough()
    {
        var result = await PublishAsync(Scenarios.Rich(), token: null);

        var problem = Assert.Single(result.Problems);
        Assert.Equal(ErrorCodes.NoPublishingToken, problem.Code);
        Assert.Contains("CI_JOB_TOKEN has neither", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_limits_is_left_alone_until_its_reset()
    {
        _gitLab.Fail(_ => true, new FakeAnswer(HttpStatusCode.TooManyRequests, new JsonObject { ["message"] = "Retry later" })
        {
            Headers = new Dictionary<string, string> { ["RateLimit-Reset"] = $"{_time.GetUtcNow().AddSeconds(20).ToUnixTimeSeconds()}" },
        });

        var result = await PublishAsync(Scenarios.Rich());

        Assert.Empty(result.Problems);
        Assert.Equal([TimeSpan.FromSeconds(20)], _time.Waits);
    }

    private void Talk(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _gitLab.Say("reviewer", $"I do not understand this, {i}", isSystem: i % 7 == 0);
        }
    }

    private Task<PublishResult> PublishAsync(RunReport report, string? token = FakeGitLab.ApiToken) =>
        new Publisher(_time, new Progress<RunEvent>()).PublishAsync(
            report,
            new PublishRequest(
                new PullRequestContext
                {
                    Host = CiHost.GitLab,
                    Repository = "data/shop",
                    ApiUrl = new Uri($"{_gitLab.Address}api/v4"),
                    Number = 7,
                    HeadCommit = FakeGitLab.Commit,
                    Url = new Uri("https://gitlab.example/data/shop/-/merge_requests/7"),
                    JobUrl = new Uri("https://gitlab.example/data/shop/-/jobs/1"),
                },
                token is null ? null : new Secret(token),
                "GITLAB_TOKEN",
                "",
                new PublishSettings()),
            CancellationToken.None);
}
