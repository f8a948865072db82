using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using CiDiff.Errors;
using CiDiff.Tests.Reports;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Publishing;

/// <summary>A host that fails, limits or refuses.</summary>
public sealed partial class GitHubPublishingTests
{
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
    public async Task A_locked_conversation_is_told_as_such()
    {
        _gitHub.Fail(request => request.Method == "POST", Refusal(403, "Unable to create comment because issue is locked."));

        var problem = Assert.Single((await PublishAsync(Scenarios.Rich(), CommentOnly)).Problems);

        Assert.Equal(ErrorCodes.PublishingRejected, problem.Code);
        Assert.EndsWith("the conversation of the pull request is locked.", problem.Message, StringComparison.Ordinal);
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

    private IEnumerable<int> Seconds() => _time.Waits.Select(wait => (int)wait.TotalSeconds);
}
