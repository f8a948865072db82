using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Git;
using CiDiff.Publishing;
using CiDiff.Reports;
using CiDiff.Tests.Reports;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Publishing;

public sealed class GitHubPublishingTests : IAsyncLifetime
{
    private static readonly PublishSettings CommentOnly = new() { Status = false, Annotations = false };

    private readonly FakeGitHub _gitHub = new();
    private readonly ImpatientTime _time = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));

    public Task InitializeAsync() => _gitHub.StartAsync();

    public async Task DisposeAsync()
    {
        await _gitHub.DisposeAsync();
        Assert.Empty(_gitHub.Violations);
    }

    [Fact]
    public async Task A_run_becomes_one_comment_one_status_and_one_check_run()
    {
        var result = await PublishAsync(Scenarios.Rich());

        Assert.Empty(result.Problems);
        Assert.True(result.HasAnnotations);
        var comment = Assert.Single(_gitHub.Comments);
        Assert.StartsWith("<!-- cidiff report name=. commit=9fceb02d0ae598e95dc970b74767f19372d61af8 since=2026-03-02T09:00:00Z -->\n## ❌ CiDiff: fail\n", _gitHub.Body(0), StringComparison.Ordinal);
        Assert.Contains("comments `/cidiff accept`, `/cidiff accept RULE` or", _gitHub.Body(0), StringComparison.Ordinal);
        Assert.Contains("commit `9fceb02d` · [the job](<https://github.com/octo/shop/actions/runs/1>)", _gitHub.Body(0), StringComparison.Ordinal);
        var status = Assert.Single(_gitHub.Statuses);
        Assert.Equal("cidiff", status["context"]!.GetValue<string>());
        Assert.Equal("failure", status["state"]!.GetValue<string>());
        Assert.Equal(comment["html_url"]!.GetValue<string>(), status["target_url"]!.GetValue<string>());
        var check = Assert.Single(_gitHub.CheckRuns);
        Assert.Equal("cidiff report", check["name"]!.GetValue<string>());
        Assert.Equal("failure", check["conclusion"]!.GetValue<string>());
        Assert.Contains(Annotations(), annotation =>
            annotation["path"]!.GetValue<string>() == "models/marts/customer_contacts.sql"
            && annotation["annotation_level"]!.GetValue<string>() == "failure");
    }

    [Fact]
    public async Task The_next_run_writes_the_same_comment_anew()
    {
        await PublishAsync(Scenarios.Rich(), CommentOnly);
        _gitHub.Say("reviewer", "Looks odd.");

        await PublishAsync(Scenarios.AllIdentical(), CommentOnly);

        Assert.Equal(2, _gitHub.Comments.Count);
        Assert.Contains("## ✅ CiDiff: pass", _gitHub.Body(0), StringComparison.Ordinal);
        Assert.DoesNotContain("/cidiff accept", _gitHub.Body(0), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(350)]
    public async Task The_comment_is_found_among_hundreds(int before)
    {
        Talk(before);
        await PublishAsync(Scenarios.Rich(), CommentOnly);
        Talk(120);

        await PublishAsync(Scenarios.AllIdentical(), CommentOnly);

        Assert.Equal(before + 121, _gitHub.Comments.Count);
        Assert.Contains("## ✅ CiDiff: pass", _gitHub.Body(before), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_projects_have_one_comment_and_one_status_each()
    {
        foreach (var name in (string[])["", "dbt/shop", "dbt/finance", "dbt/shop", ""])
        {
            await PublishAsync(Scenarios.Rich(), name: name);
        }

        Assert.Equal(3, _gitHub.Comments.Count);
        Assert.Equal(
            ["cidiff", "cidiff/dbt/finance", "cidiff/dbt/shop"],
            _gitHub.Statuses.Select(status => status["context"]!.GetValue<string>()).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_comment_that_somebody_else_wrote_with_the_marker_is_left_alone()
    {
        var marker = new CommentMarker(".", FakeGitHub.Commit, null).ToLine(MarkerForm.HtmlComment);
        _gitHub.Say("author", $"{marker}\n## ✅ CiDiff: pass");

        await PublishAsync(Scenarios.Rich(), CommentOnly);

        Assert.Equal(2, _gitHub.Comments.Count);
        Assert.Equal($"{marker}\n## ✅ CiDiff: pass", _gitHub.Body(0));
        Assert.Contains("## ❌ CiDiff: fail", _gitHub.Body(1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_persons_token_finds_the_comment_of_that_person()
    {
        await PublishAsync(Scenarios.Rich(), CommentOnly, token: FakeGitHub.PersonToken);
        await PublishAsync(Scenarios.AllIdentical(), CommentOnly, token: FakeGitHub.PersonToken);

        Assert.Contains("## ✅ CiDiff: pass", _gitHub.Body(_gitHub.Comments.Count - 1), StringComparison.Ordinal);
        Assert.Single(_gitHub.Comments);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Jobs_at_the_same_time_leave_one_comment(int jobs)
    {
        // All of them look before any of them writes.
        var looking = new CountdownEvent(jobs);
        _gitHub.Before = async request =>
        {
            if (request is { Method: "GET", Path: "/repos/octo/shop/issues/42/comments" } && !looking.IsSet)
            {
                looking.Signal();
                await Task.Run(() => looking.Wait(TimeSpan.FromSeconds(20)));
            }
        };

        await Task.WhenAll(Enumerable.Range(0, jobs).Select(_ => PublishAsync(Scenarios.Rich(), CommentOnly)));

        Assert.Single(_gitHub.Comments);
        Assert.Contains(_gitHub.Requests, request => request.Method == "DELETE");
    }

    [Fact]
    public async Task Comments_that_a_stopped_job_left_behind_are_cleared_away()
    {
        var marker = new CommentMarker(".", FakeGitHub.Commit, null).ToLine(MarkerForm.HtmlComment);
        _gitHub.Say("github-actions[bot]", $"{marker}\none", "Bot");
        _gitHub.Say("github-actions[bot]", $"{marker}\ntwo", "Bot");

        await PublishAsync(Scenarios.Rich(), CommentOnly);

        Assert.Contains("CiDiff: fail", _gitHub.Body(0), StringComparison.Ordinal);
        Assert.Single(_gitHub.Comments);
    }

    [Fact]
    public async Task A_comment_that_is_deleted_between_looking_and_writing_is_made_again()
    {
        await PublishAsync(Scenarios.Rich(), CommentOnly);
        _gitHub.Before = request =>
        {
            if (request.Method == "PATCH")
            {
                _gitHub.Comments.Clear();
            }

            return Task.CompletedTask;
        };

        var result = await PublishAsync(Scenarios.AllIdentical(), CommentOnly);

        Assert.Empty(result.Problems);
        Assert.Contains("CiDiff: pass", Assert.Single(_gitHub.Comments)["body"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_report_of_a_commit_is_dated_and_stays_so()
    {
        await PublishAsync(Scenarios.Rich(), CommentOnly);
        _gitHub.Now += TimeSpan.FromMinutes(10);
        await PublishAsync(Scenarios.Rich(), CommentOnly);
        var first = CommentMarker.Parse(_gitHub.Body(0))!;

        await PublishAsync(Scenarios.Rich(), CommentOnly, commit: new string('a', 40));
        var second = CommentMarker.Parse(_gitHub.Body(0))!;

        Assert.Equal(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero), first.Since);
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 9, 10, 0, TimeSpan.Zero), second.Since);
    }

    [Fact]
    public async Task A_report_that_is_too_long_is_cut_to_what_a_comment_takes()
    {
        var result = await PublishAsync(Scenarios.Huge());

        Assert.Empty(result.Problems);
        Assert.InRange(_gitHub.Body(0).Length, 30_000, 65_536);
        Assert.Contains("✂️", _gitHub.Body(0), StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(_gitHub.CheckRuns[0]["output"]!["text"]!.GetValue<string>()), 30_000, 65_535);
    }

    [Fact]
    public async Task More_than_fifty_annotations_go_into_further_requests()
    {
        await PublishAsync(Scenarios.Huge());

        var expected = Annotation.Of(Scenarios.Huge());
        Assert.InRange(expected.Count, 101, 500);
        Assert.Equal(expected.Select(annotation => annotation.Path), Annotations().Select(annotation => annotation["path"]!.GetValue<string>()));
        Assert.Equal((expected.Count + 49) / 50, _gitHub.Requests.Count(request => request.Path.Contains("/check-runs", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_status_says_no_more_than_a_status_may()
    {
        var report = Scenarios.Rich() with { Reason = $"{string.Join(", ", Enumerable.Repeat("a rule with `a long name`", 30))}." };

        var result = await PublishAsync(report, new PublishSettings { Comment = false, Annotations = false });

        Assert.Empty(result.Problems);
        Assert.Equal(140, _gitHub.Statuses[0]["description"]!.GetValue<string>().Length);
    }

    [Theory]
    [InlineData(RunStatus.Pass, "success")]
    [InlineData(RunStatus.Warn, "success")]
    [InlineData(RunStatus.Skipped, "success")]
    [InlineData(RunStatus.Fail, "failure")]
    [InlineData(RunStatus.Error, "error")]
    public async Task A_status_is_the_verdict(RunStatus verdict, string state)
    {
        await PublishAsync(Scenarios.Nothing() with { Status = verdict });

        Assert.Equal(state, _gitHub.Statuses[0]["state"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task A_host_that_fails_now_and_then_is_asked_again(int status)
    {
        _gitHub.Fail(_ => true, new FakeAnswer((HttpStatusCode)status), times: 3);

        var result = await PublishAsync(Scenarios.Rich());

        Assert.Empty(result.Problems);
        Assert.Single(_gitHub.Comments);
        Assert.Equal([1, 2, 4], Seconds());
    }

    [Theory]
    [InlineData(429, "Retry-After", "7", "Too many requests", 7)]
    [InlineData(403, "Retry-After", "30", "You have exceeded a secondary rate limit.", 30)]
    [InlineData(403, "x-other", "1", "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.", 60)]
    public async Task A_host_that_asks_to_wait_is_left_alone_for_as_long(int status, string header, string value, string message, int seconds)
    {
        _gitHub.Fail(request => request.Method == "POST", Refusal(status, message, (header, value)));

        var result = await PublishAsync(Scenarios.Rich(), CommentOnly);

        Assert.Empty(result.Problems);
        Assert.Single(_gitHub.Comments);
        Assert.Equal([seconds], Seconds());
    }

    [Fact]
    public async Task An_exhausted_budget_is_waited_for_until_its_reset()
    {
        var reset = _time.GetUtcNow().AddSeconds(45).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        _gitHub.Fail(_ => true, Refusal(403, "API rate limit exceeded", ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset)));

        var result = await PublishAsync(Scenarios.Rich(), CommentOnly);

        Assert.Empty(result.Problems);
        Assert.Equal([45], Seconds());
    }

    [Fact]
    public async Task A_reset_that_is_too_far_away_is_told_instead_of_waited_for()
    {
        var reset = _time.GetUtcNow().AddMinutes(40).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        _gitHub.Fail(_ => true, Refusal(403, "API rate limit exceeded", ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset)), times: 100);

        var result = await PublishAsync(Scenarios.Rich());

        var problem = Assert.Single(result.Problems);
        Assert.Equal(ErrorCodes.PublishingRateLimited, problem.Code);
        Assert.Equal(
            "GitHub limits how often the token in GITHUB_TOKEN may ask, and did not read the comments (403: API rate limit exceeded); it wants to be left alone until 09:40:00 UTC.",
            problem.Message);
        Assert.Empty(_time.Waits);
        Assert.Single(_gitHub.Requests);
    }

    [Fact]
    public async Task A_host_that_keeps_failing_is_given_up()
    {
        _gitHub.Fail(_ => true, new FakeAnswer(HttpStatusCode.BadGateway), times: 100);

        var result = await PublishAsync(Scenarios.Rich());

        var problem = Assert.Single(result.Problems);
        Assert.Equal(ErrorCodes.HostUnavailable, problem.Code);
        Assert.Equal("GitHub failed to read the comments (502) and kept failing.", problem.Message);
        Assert.Equal(5, _gitHub.Requests.Count);
    }

    [Fact]
    public async Task A_host_that_is_down_is_told_once()
    {
        await _gitHub.DisposeAsync();

        var result = await PublishAsync(Scenarios.Rich());

        var problem = Assert.Single(result.Problems);
        Assert.Equal(ErrorCodes.HostUnavailable, problem.Code);
        Assert.StartsWith("GitHub could not be reached to read the comments: ", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_nothing_is_asked()
    {
        var result = await PublishAsync(Scenarios.Rich(), token: null);

        var problem = Assert.Single(result.Problems);
        Assert.Equal(ErrorCodes.NoPublishingToken, problem.Code);
        Assert.Equal(
            "There is no token for GitHub: GITHUB_TOKEN is not set, so nothing was posted; it needs pull-requests: write, statuses: write and checks: write.",
            problem.Message);
        Assert.Empty(_gitHub.Requests);
    }

    [Fact]
    public async Task A_read_only_token_is_told_what_it_lacks_and_the_annotations_go_to_the_log()
    {
        var result = await PublishAsync(Scenarios.Rich(), token: FakeGitHub.ReadOnlyToken);

        Assert.Equal(
            [
                "GitHub did not write the comment (403: Resource not accessible by integration): the token in GITHUB_TOKEN lacks issues: write; pull-requests: write.",
                "GitHub did not set the commit status (403: Resource not accessible by integration): the token in GITHUB_TOKEN lacks statuses: write.",
            ],
            result.Problems.Select(problem => problem.Message));
        Assert.All(result.Problems, problem => Assert.Equal(ErrorCodes.PublishingDenied, problem.Code));
        Assert.False(result.HasAnnotations);
    }

    [Fact]
    public async Task A_token_without_one_scope_does_the_rest()
    {
        var result = await PublishAsync(Scenarios.Rich(), token: "ghs_comments");

        Assert.Single(_gitHub.Comments);
        Assert.Equal("statuses: write", Assert.Single(result.Problems).Message.Split("lacks ")[1].TrimEnd('.'));
    }

    [Fact]
    public async Task An_unknown_token_is_never_shown()
    {
        var result = await PublishAsync(Scenarios.Rich(), token: "ghp_secret_of_somebody");

        Assert.NotEmpty(result.Problems);
        Assert.All(result.Problems, problem =>
        {
            Assert.Equal(ErrorCodes.PublishingDenied, problem.Code);
            Assert.DoesNotContain("ghp_secret", problem.ToString() + problem.Hint, StringComparison.Ordinal);
        });
        Assert.StartsWith("GitHub does not know the token in GITHUB_TOKEN (401: Bad credentials)", result.Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_repeats_the_token_does_not_get_it_into_the_log()
    {
        _gitHub.Fail(request => request.Method == "POST", Refusal(410, $"What is {FakeGitHub.ActionsToken}?\n::error::x"));

        var result = await PublishAsync(Scenarios.Rich(), CommentOnly);

        Assert.StartsWith("GitHub did not write the comment (410: What is ***?␊::error::x): ", Assert.Single(result.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_pull_request_than_there_is_says_so()
    {
        var result = await PublishAsync(Scenarios.Rich(), CommentOnly, number: 43);

        Assert.StartsWith("GitHub did not read the comments (404: Not Found): there is no such thing, or", Assert.Single(result.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_pull_request_there_is_a_status_and_no_comment()
    {
        var result = await PublishAsync(Scenarios.Rich(), number: null);

        Assert.Equal(ErrorCodes.NoPullRequest, Assert.Single(result.Problems).Code);
        Assert.Empty(_gitHub.Comments);
        Assert.Single(_gitHub.Statuses);
    }

    [Fact]
    public async Task A_page_elsewhere_does_not_get_the_token()
    {
        await using var elsewhere = new FakeGitHub();
        await elsewhere.StartAsync();
        _gitHub.Fail(request => request.Method == "GET", new FakeAnswer(HttpStatusCode.OK, new JsonArray())
        {
            Headers = new Dictionary<string, string> { ["Link"] = $"<{elsewhere.Address}repos/octo/shop/issues/42/comments?page=2>; rel=\"next\"" },
        });
        _gitHub.Fail(request => request.Method == "POST", new FakeAnswer(HttpStatusCode.TemporaryRedirect)
        {
            Headers = new Dictionary<string, string> { ["Location"] = $"{elsewhere.Address}repos/octo/shop/issues/42/comments" },
        });

        await PublishAsync(Scenarios.Rich(), CommentOnly);

        Assert.Empty(elsewhere.Requests);
        _gitHub.Violations.Clear();
    }

    [Fact]
    public async Task Cancelling_ends_a_wait()
    {
        using var cancellation = new CancellationTokenSource();
        _gitHub.Fail(_ => true, Refusal(429, "later", ("Retry-After", "60")), times: 100);
        _gitHub.Before = _ => cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Publish(TimeProvider.System, Scenarios.Rich(), CommentOnly, cancellationToken: cancellation.Token));
    }

    private static FakeAnswer Refusal(int status, string message, params (string Name, string Value)[] headers) =>
        new((HttpStatusCode)status, new JsonObject { ["message"] = message })
        {
            Headers = headers.ToDictionary(header => header.Name, header => header.Value),
        };

    private IEnumerable<JsonNode> Annotations() => _gitHub.Annotations.Values.SelectMany(annotations => annotations);

    private IEnumerable<int> Seconds() => _time.Waits.Select(wait => (int)wait.TotalSeconds);

    private void Talk(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _gitHub.Say("reviewer", $"> {new CommentMarker(".", null, null).ToLine(MarkerForm.HtmlComment)}\nI do not understand this, {i}");
        }
    }

    private Task<PublishResult> PublishAsync(
        RunReport report,
        PublishSettings? settings = null,
        string? token = FakeGitHub.ActionsToken,
        string name = "",
        long? number = 42,
        string? commit = FakeGitHub.Commit) => Publish(_time, report, settings, token, name, number, commit);

    private Task<PublishResult> Publish(
        TimeProvider time,
        RunReport report,
        PublishSettings? settings = null,
        string? token = FakeGitHub.ActionsToken,
        string name = "",
        long? number = 42,
        string? commit = FakeGitHub.Commit,
        CancellationToken cancellationToken = default) =>
        new Publisher(time, new Progress<RunEvent>()).PublishAsync(
            report,
            new PublishRequest(
                new PullRequestContext
                {
                    Host = CiHost.GitHub,
                    Repository = "octo/shop",
                    ApiUrl = new Uri(_gitHub.Address.AbsoluteUri.TrimEnd('/')),
                    Number = number,
                    HeadCommit = commit,
                    JobUrl = new Uri("https://github.com/octo/shop/actions/runs/1"),
                },
                token is null ? null : new Secret(token),
                "GITHUB_TOKEN",
                name,
                settings ?? new PublishSettings()),
            cancellationToken);
}
