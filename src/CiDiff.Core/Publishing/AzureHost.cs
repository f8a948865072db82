using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CiDiff.Git;
using CiDiff.Reports;

namespace CiDiff.Publishing;

/// <summary>Azure DevOps' REST API, as far as publishing needs it: https://learn.microsoft.com/rest/api/azure/devops/git/ (2026-11-21).</summary>
/// <remarks>A comment there is the first of a thread; the thread is closed from the beginning, so that no policy waits for somebody to resolve it.</remarks>
internal sealed class AzureHost : IPullRequestHost
{
    private const string Version = "api-version=7.1";

    private static readonly HostAction List = new("read the threads", "the right to read pull requests");
    private static readonly HostAction Write = new("write the comment", "the right Contribute to pull requests");
    private static readonly HostAction Status = new("set the status", "the right Contribute to pull requests");
    private static readonly HostAction Who = new("say whose token it is", "a valid identity");

    private readonly HostClient _client;
    private readonly string _pullRequest;
    private readonly Uri? _page;
    private string? _ownId;

    public AzureHost(HostAccess access, PullRequestContext pullRequest, TimeProvider time, IProgress<RunEvent> progress)
    {
        _client = new HostClient(access, Authorization(access.Token.Reveal()), time, progress);

        // organization/project/repository; the organization is in the API's address already.
        var names = pullRequest.Repository!.Split('/');
        _pullRequest = string.Create(
            CultureInfo.InvariantCulture,
            $"/{Uri.EscapeDataString(names[^2])}/_apis/git/repositories/{Uri.EscapeDataString(names[^1])}/pullRequests/{pullRequest.Number}");
        _page = pullRequest.Url;
    }

    public DateTimeOffset? HostTime => _client.HostTime;

    /// <summary>https://learn.microsoft.com/azure/devops/organizations/settings/work/object-limits: 150,000 characters.</summary>
    public int CommentLength => 150_000;

    public MarkerForm MarkerForm => MarkerForm.HtmlComment;

    public void Dispose() => _client.Dispose();

    public async IAsyncEnumerable<HostComment> CommentsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The list has no pages.
        var answer = await _client.SendAsync(HttpMethod.Get, $"{_pullRequest}/threads?{Version}", null, List, cancellationToken);
        foreach (var comment in _client.Read(List, answer.Body, ReadThreads))
        {
            yield return comment;
        }
    }

    public async Task<bool> IsOwnAsync(HostComment comment, CancellationToken cancellationToken)
    {
        if (_ownId is null)
        {
            var answer = await _client.SendAsync(HttpMethod.Get, "/_apis/connectionData?api-version=7.1-preview", null, Who, cancellationToken);
            _ownId = _client.Read(Who, answer.Body, data => data.GetProperty("authenticatedUser").Text("id"));
        }

        return comment.Author?.Id == _ownId;
    }

    public async Task<HostComment> CreateCommentAsync(string body, CancellationToken cancellationToken)
    {
        var thread = new JsonObject
        {
            ["comments"] = new JsonArray(new JsonObject { ["parentCommentId"] = 0, ["content"] = body, ["commentType"] = "text" }),
            ["status"] = "closed",
        };
        var answer = await _client.SendAsync(HttpMethod.Post, $"{_pullRequest}/threads?{Version}", thread, Write, cancellationToken);
        return _client.Read(Write, answer.Body, made => ReadComment(made.Count("id"), made.GetProperty("comments")[0]));
    }

    public async Task<HostComment?> UpdateCommentAsync(string id, string body, CancellationToken cancellationToken)
    {
        var answer = await _client.SendAsync(
            HttpMethod.Patch, CommentPath(id), new JsonObject { ["content"] = body }, Write, cancellationToken, HttpStatusCode.NotFound);
        return answer.Status == HttpStatusCode.OK
            ? _client.Read(Write, answer.Body, comment => ReadComment(long.Parse(id.Split('/')[0], CultureInfo.InvariantCulture), comment))
            : null;
    }

    public async Task DeleteCommentAsync(string id, CancellationToken cancellationToken) =>
        await _client.SendAsync(HttpMethod.Delete, CommentPath(id), null, Write, cancellationToken, HttpStatusCode.NotFound);

    // The pull request's status rather than the commit's: it is what branch policies ask for.
    public async Task SetStatusAsync(string commit, CommitStatus status, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["state"] = status.State switch
            {
                StatusState.Success => "succeeded",
                StatusState.Failure => "failed",
                _ => "error",
            },
            ["description"] = status.Description,
            ["context"] = new JsonObject { ["genre"] = "cidiff", ["name"] = status.Context },
        };
        if (status.Link is { } link)
        {
            body["targetUrl"] = link.AbsoluteUri;
        }

        await _client.SendAsync(HttpMethod.Post, $"{_pullRequest}/statuses?{Version}", body, Status, cancellationToken);
    }

    // A job's own token is a JWT; a personal one goes as the password of nobody.
    private static AuthenticationHeaderValue Authorization(string token) => token.Count(character => character == '.') == 2
        ? new AuthenticationHeaderValue("Bearer", token)
        : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($":{token}")));

    private string CommentPath(string id)
    {
        var parts = id.Split('/');
        return $"{_pullRequest}/threads/{parts[0]}/comments/{parts[1]}?{Version}";
    }

    private List<HostComment> ReadThreads(JsonElement answer) =>
    [
        .. from thread in answer.GetProperty("value").EnumerateArray()
           where !thread.Flag("isDeleted")
           from comment in thread.GetProperty("comments").EnumerateArray().Take(1)
           where !comment.Flag("isDeleted") && comment.OptionalText("commentType") != "system"
           select ReadComment(thread.Count("id"), comment),
    ];

    private HostComment ReadComment(long thread, JsonElement comment)
    {
        var author = comment.OptionalObject("author");
        return new HostComment(
            string.Create(CultureInfo.InvariantCulture, $"{thread}/{comment.Count("id")}"),
            comment.OptionalText("content") ?? "",
            comment.GetProperty("publishedDate").GetDateTimeOffset(),
            author is { } known ? new HostUser(known.Text("id"), known.OptionalText("displayName") ?? "", IsBot: false) : null,
            _page is null ? null : new Uri(string.Create(CultureInfo.InvariantCulture, $"{_page.AbsoluteUri}?discussionId={thread}")));
    }
}
