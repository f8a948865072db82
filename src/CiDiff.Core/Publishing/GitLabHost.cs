using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CiDiff.Git;
using CiDiff.Reports;

namespace CiDiff.Publishing;

/// <summary>GitLab's REST API, as far as publishing needs it: https://docs.gitlab.com/api/rest/ (2026-11-21).</summary>
/// <remarks>A job's own CI_JOB_TOKEN may neither write notes nor set statuses.</remarks>
internal sealed class GitLabHost : IReviewHost
{
    private const int NoteLength = 1_000_000;

    // https://docs.gitlab.com/api/access_requests/#valid-access-levels (2026-11-21)
    private const long Developer = 30;

    private static readonly HostAction List = new("read the notes", "the scope api");
    private static readonly HostAction Write = new("write the note", "the scope api and the role Reporter");
    private static readonly HostAction Status = new("set the commit status", "the scope api and the role Developer");
    private static readonly HostAction Who = new("say whose token it is", "the scope api");
    private static readonly HostAction Events = new("read who set the labels", "the scope api");
    private static readonly HostAction Members = new("say who may write to the project", "the scope api");

    private readonly HostClient _client;
    private readonly string _project;
    private readonly string _mergeRequest;
    private readonly Uri? _page;
    private string? _ownId;

    public GitLabHost(HostAccess access, PullRequestContext pullRequest, TimeProvider time, IProgress<RunEvent> progress)
    {
        // GitLab takes a project's or a person's token as a bearer too; a header of its own would survive a redirect to elsewhere.
        _client = new HostClient(access, new AuthenticationHeaderValue("Bearer", access.Token.Reveal()), time, progress);
        _project = $"/projects/{Uri.EscapeDataString(pullRequest.Repository!)}";
        _mergeRequest = string.Create(CultureInfo.InvariantCulture, $"{_project}/merge_requests/{pullRequest.Number}");
        _page = pullRequest.Url;
    }

    public DateTimeOffset? HostTime => _client.HostTime;

    public int CommentLength => NoteLength;

    public MarkerForm MarkerForm => MarkerForm.HtmlComment;

    public void Dispose() => _client.Dispose();

    public async IAsyncEnumerable<HostComment> CommentsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var note in _client.ListAsync($"{_mergeRequest}/notes?sort=asc&order_by=created_at&per_page=100", List, cancellationToken))
        {
            if (_client.Read(List, note, read => !read.Flag("system")))
            {
                yield return _client.Read(List, note, ReadNote);
            }
        }
    }

    public async Task<bool> IsOwnAsync(HostComment comment, CancellationToken cancellationToken)
    {
        if (_ownId is null)
        {
            var answer = await _client.SendAsync(HttpMethod.Get, "/user", null, Who, cancellationToken);
            _ownId = _client.Read(Who, answer.Body, user => Id(user));
        }

        return comment.Author?.Id == _ownId;
    }

    public async Task<HostComment> CreateCommentAsync(string body, CancellationToken cancellationToken)
    {
        var answer = await _client.SendAsync(HttpMethod.Post, $"{_mergeRequest}/notes", new JsonObject { ["body"] = body }, Write, cancellationToken);
        return _client.Read(Write, answer.Body, ReadNote);
    }

    public async Task<HostComment?> UpdateCommentAsync(string id, string body, CancellationToken cancellationToken)
    {
        var answer = await _client.SendAsync(
            HttpMethod.Put, $"{_mergeRequest}/notes/{id}", new JsonObject { ["body"] = body }, Write, cancellationToken, HttpStatusCode.NotFound);
        return answer.Status == HttpStatusCode.NotFound ? null : _client.Read(Write, answer.Body, ReadNote);
    }

    public async Task DeleteCommentAsync(string id, CancellationToken cancellationToken) =>
        await _client.SendAsync(HttpMethod.Delete, $"{_mergeRequest}/notes/{id}", null, Write, cancellationToken, HttpStatusCode.NotFound);

    public async Task SetStatusAsync(string commit, CommitStatus status, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["state"] = status.State == StatusState.Success ? "success" : "failed",
            ["name"] = status.Context,
            ["description"] = status.Description,
        };
        if (status.Link is { } link)
        {
            body["target_url"] = link.AbsoluteUri;
        }

        // 400 "Cannot transition status": it is in this state already. https://docs.gitlab.com/api/commits/#set-commit-pipeline-status
        var answer = await _client.SendAsync(HttpMethod.Post, $"{_project}/statuses/{commit}", body, Status, cancellationToken, HttpStatusCode.BadRequest);
        if (answer.Status == HttpStatusCode.BadRequest && !HostProblems.MessageOf(answer).Contains("Cannot transition status", StringComparison.OrdinalIgnoreCase))
        {
            throw _client.Refused(Status, answer);
        }
    }

    public async Task<HostLabel?> LabelAsync(string label, CancellationToken cancellationToken)
    {
        HostLabel? set = null;
        await foreach (var change in _client.ListAsync($"{_mergeRequest}/resource_label_events?per_page=100", Events, cancellationToken))
        {
            set = _client.Read(Events, change, read => read.OptionalObject("label")?.Text("name") == label
                ? read.Text("action") == "add" ? new HostLabel(ReadUser(read.OptionalObject("user")), Time(read)) : null
                : set);
        }

        return set;
    }

    public async Task<bool> CanWriteAsync(HostUser user, CancellationToken cancellationToken)
    {
        var answer = await _client.SendAsync(
            HttpMethod.Get, $"{_project}/members/all/{user.Id}", null, Members, cancellationToken, HttpStatusCode.NotFound);
        return answer.Status == HttpStatusCode.OK
            && _client.Read(Members, answer.Body, member => member.Count("access_level") >= Developer && member.OptionalText("state") is null or "active");
    }

    private HostComment ReadNote(JsonElement note)
    {
        var id = Id(note);
        return new HostComment(
            id,
            note.OptionalText("body") ?? "",
            Time(note),
            ReadUser(note.OptionalObject("author")),
            _page is null ? null : new Uri($"{_page.AbsoluteUri}#note_{id}"));
    }

    // Whether an account is a bot is not told, and nothing needs it.
    private static HostUser? ReadUser(JsonElement? user) =>
        user is { } known ? new HostUser(Id(known), known.Text("username"), IsBot: false) : null;

    private static string Id(JsonElement element) => element.Count("id").ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(JsonElement element) => element.GetProperty("created_at").GetDateTimeOffset();
}
