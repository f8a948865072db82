using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Git;
using CiDiff.Publishing;
using CiDiff.Reports;
using CiDiff.Tests.Reports;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Publishing;

/// <summary>Bitbucket Cloud and Azure DevOps, which publish no description to hold requests against.</summary>
public sealed class OtherHostsTests : IAsyncLifetime
{
    private static readonly string Commit = new('a', 40);

    private readonly FakeBitbucket _bitbucket = new();
    private readonly FakeAzure _azure = new();

    public async Task InitializeAsync()
    {
        await _bitbucket.StartAsync();
        await _azure.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _bitbucket.DisposeAsync();
        await _azure.DisposeAsync();
    }

    [Fact]
    public async Task On_Bitbucket_a_run_becomes_one_comment_and_one_build_status()
    {
        for (var i = 0; i < 230; i++)
        {
            _bitbucket.Say("reviewer", $"Comment {i}");
        }

        var first = await PublishAsync(CiHost.Bitbucket, Scenarios.Rich());
        var second = await PublishAsync(CiHost.Bitbucket, Scenarios.AllIdentical());

        Assert.Empty(first.Problems.Concat(second.Problems));
        Assert.Equal(231, _bitbucket.Comments.Count);
        Assert.StartsWith($"[//]: # (cidiff report name=dbt%2Fshop commit={Commit} since=2026-03-02T09:00:00Z)\n## ✅ CiDiff: pass\n", _bitbucket.Body(230), StringComparison.Ordinal);
        Assert.Equal(["FAILED", "SUCCESSFUL"], _bitbucket.Statuses.Select(status => status["state"]!.GetValue<string>()));
        Assert.All(_bitbucket.Statuses, status => Assert.Equal("cidiff/dbt/shop", status["key"]!.GetValue<string>()));
    }

    [Fact]
    public async Task On_Bitbucket_no_HTML_is_written_and_a_long_report_fits()
    {
        await PublishAsync(CiHost.Bitbucket, Scenarios.Huge());

        Assert.InRange(_bitbucket.Body(0).Length, 15_000, 32_768);
        Assert.DoesNotContain(["<details>", "<summary>", "<sub>", "<b>", "</"], tag => _bitbucket.Body(0).Contains(tag, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("<details>\n<summary>❌ <code>a&#95;b</code>: <b>x</b></summary>\n\ntext\n\n</details>\n", "**❌ `a_b`: **x****\n\ntext\n")]
    [InlineData("| `<b>` | <code>a&#124;b&#96;c</code> |\n", "| `<b>` | `a¦b'c` |\n")]
    [InlineData("```sh\n<details>\n<b>\n```\n<sub>small</sub>\n", "```sh\n<details>\n<b>\n```\nsmall\n")]
    [InlineData("`<code>` and <code>&lt;b&gt;</code>\n", "`<code>` and `<b>`\n")]
    public void What_unfolds_elsewhere_stands_open_on_Bitbucket(string markdown, string expected) =>
        Assert.Equal(expected, BitbucketMarkdown.From(markdown));

    [Fact]
    public async Task On_Bitbucket_a_persons_comment_with_the_marker_is_left_alone()
    {
        var forged = $"{new CommentMarker("dbt/shop", Commit, null).ToLine(MarkerForm.LinkReference)}\npass";
        _bitbucket.Say("author", forged);

        await PublishAsync(CiHost.Bitbucket, Scenarios.Rich());

        Assert.Equal(forged, _bitbucket.Body(0));
        Assert.Equal(2, _bitbucket.Comments.Count);
    }

    [Theory]
    [InlineData("header.payload.signature")]
    [InlineData("personal")]
    public async Task On_Azure_a_run_becomes_one_closed_thread_and_one_status(string token)
    {
        _azure.Say("system", "updated the pull request", "system");
        _azure.Say("author", $"{new CommentMarker("dbt/shop", Commit, null).ToLine(MarkerForm.HtmlComment)}\npass");

        var first = await PublishAsync(CiHost.Azure, Scenarios.Rich(), token);
        var second = await PublishAsync(CiHost.Azure, Scenarios.AllIdentical(), token);

        Assert.Empty(first.Problems.Concat(second.Problems));
        Assert.Equal(3, _azure.Threads.Count);
        Assert.Contains("CiDiff: pass", _azure.Body(2), StringComparison.Ordinal);
        Assert.Equal("closed", _azure.Threads[2]["status"]!.GetValue<string>());
        Assert.Equal(["failed", "succeeded"], _azure.Statuses.Select(status => status["state"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData(CiHost.Bitbucket)]
    [InlineData(CiHost.Azure)]
    public async Task A_comment_that_was_deleted_is_made_again(CiHost host)
    {
        await PublishAsync(host, Scenarios.Rich());
        _bitbucket.Before = request => Forget(request, "PUT", _bitbucket.Comments);
        _azure.Before = request => Forget(request, "PATCH", _azure.Threads);

        var result = await PublishAsync(host, Scenarios.AllIdentical());

        Assert.Empty(result.Problems);
        Assert.Contains("CiDiff: pass", host == CiHost.Bitbucket ? _bitbucket.Body(0) : _azure.Body(0), StringComparison.Ordinal);
        Assert.Single(host == CiHost.Bitbucket ? _bitbucket.Comments : _azure.Threads);
    }

    [Theory]
    [InlineData(CiHost.Bitbucket, "Bitbucket does not know the token in TOKEN (401")]
    [InlineData(CiHost.Azure, "Azure DevOps does not know the token in TOKEN (401: Access Denied)")]
    public async Task A_token_that_is_unknown_is_told(CiHost host, string message)
    {
        var result = await PublishAsync(host, Scenarios.Rich(), "wrong");

        Assert.Equal(2, result.Problems.Count);
        Assert.All(result.Problems, problem => Assert.Equal(ErrorCodes.PublishingDenied, problem.Code));
        Assert.StartsWith(message, result.Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_can_be_accepted_there()
    {
        await PublishAsync(CiHost.Bitbucket, Scenarios.Rich());
        _bitbucket.Say("reviewer", "/cidiff accept");

        var accepted = await new AcceptanceReader(TimeProvider.System, new Progress<RunEvent>()).ReadAsync(
            PullRequest(CiHost.Bitbucket), new Secret("bb-token"), "TOKEN", "dbt/shop", CancellationToken.None);

        Assert.Empty(accepted.Acceptances);
    }

    private static Task Forget<T>(FakeRequest request, string method, List<T> all)
    {
        if (request.Method == method)
        {
            all.Clear();
        }

        return Task.CompletedTask;
    }

    private Task<PublishResult> PublishAsync(CiHost host, RunReport report, string? token = null) =>
        new Publisher(new ImpatientTime(_azure.Now), new Progress<RunEvent>()).PublishAsync(
            report,
            new PublishRequest(
                PullRequest(host),
                new Secret(token ?? (host == CiHost.Bitbucket ? "bb-token" : "header.payload.signature")),
                "TOKEN",
                "dbt/shop",
                new PublishSettings()),
            CancellationToken.None);

    private PullRequestContext PullRequest(CiHost host) => host == CiHost.Bitbucket
        ? new PullRequestContext { Host = host, Repository = "data/shop", ApiUrl = new Uri(_bitbucket.Address, "2.0"), Number = 5, HeadCommit = Commit }
        : new PullRequestContext { Host = host, Repository = "org/data/shop", ApiUrl = new Uri(_azure.Address, "org"), Number = 9, HeadCommit = Commit };
}
