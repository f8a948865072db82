using System.Text;
using System.Text.Json.Nodes;
using CiDiff.Configuration;
using CiDiff.Git;
using CiDiff.Publishing;
using CiDiff.Reports;
using CiDiff.Tests.Reports;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Publishing;

public sealed partial class GitHubPublishingTests : IAsyncLifetime
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

    private IEnumerable<JsonNode> Annotations() => _gitHub.Annotations.Values.SelectMany(annotations => annotations);

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
