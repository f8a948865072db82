using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CiDiff.Git;
using CiDiff.Reports;

namespace CiDiff.Publishing;

/// <summary>Bitbucket Cloud's REST API, as far as publishing needs it: https://developer.atlassian.com/cloud/bitbucket/rest/ (2026-11-21).</summary>
internal sealed class BitbucketHost : IPullRequestHost
{
    private const int MostPages = 200;
    private const int KeyLength = 40;

    private static readonly HostAction List = new("read the comments", "the scope pullrequest");
    private static readonly HostAction Write = new("write the comment", "the scope pullrequest:write");
    private static readonly HostAction Status = new("set the build status", "the scope repository:write");
    private static readonly HostAction Who = new("say whose token it is", "the scope account");

    private readonly HostClient _client;
    private readonly string _repository;
    private readonly string _comments;
    private readonly Uri? _page;
    private string? _ownId;
    private bool _isOwnIdKnown;

    public BitbucketHost(HostAccess access, PullRequestContext pullRequest, TimeProvider time, IProgress<RunEvent> progress)
    {
        _client = new HostClient(access, new AuthenticationHeaderValue("Bearer", access.Token.Reveal()), time, progress);
        _repository = $"/repositories/{string.Join('/', pullRequest.Repository!.Split('/').Select(Uri.EscapeDataString))}";
        _comments = string.Create(CultureInfo.InvariantCulture, $"{_repository}/pullrequests/{pullRequest.Number}/comments");
        _page = pullRequest.Url;
    }

    public DateTimeOffset? HostTime => _client.HostTime;

    /// <summary>"Your comment is too long": 32,768 characters, by trial; https://jira.atlassian.com/browse/BCLOUD-20217.</summary>
    public int CommentLength => 32_768;

    public MarkerForm MarkerForm => MarkerForm.LinkReference;

    public string Adapt(string markdown) => BitbucketMarkdown.From(markdown);

    public void Dispose() => _client.Dispose();

    public async IAsyncEnumerable<HostComment> CommentsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = $"{_comments}?pagelen=100";
        for (var page = 0; next is not null && page < MostPages; page++)
        {
            var answer = await _client.SendAsync(HttpMethod.Get, next, null, List, cancellationToken);
            foreach (var comment in _client.Read(List, answer.Body, body => body.GetProperty("values").EnumerateArray().Where(comment => !comment.Flag("deleted")).ToList()))
            {
                yield return _client.Read(List, comment, ReadComment);
            }

            next = answer.Body.OptionalText("next") is { } link && Uri.TryCreate(link, UriKind.Absolute, out var address) && _client.IsOwn(address) ? link : null;
        }
    }

    // The token of a repository may not ask, and what it writes, no person wrote.
    public async Task<bool> IsOwnAsync(HostComment comment, CancellationToken cancellationToken)
    {
        if (!_isOwnIdKnown)
        {
            var answer = await _client.SendAsync(
                HttpMethod.Get, "/user", null, Who, cancellationToken, HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized, HttpStatusCode.NotFound);
            _ownId = answer.Status == HttpStatusCode.OK ? _client.Read(Who, answer.Body, user => user.Text("uuid")) : null;
            _isOwnIdKnown = true;
        }

        return _ownId is { } own ? comment.Author?.Id == own : comment.Author?.IsBot == true;
    }

    public async Task<HostComment> CreateCommentAsync(string body, CancellationToken cancellationToken)
    {
        var answer = await _client.SendAsync(HttpMethod.Post, _comments, Content(body), Write, cancellationToken);
        return _client.Read(Write, answer.Body, ReadComment);
    }

    public async Task<HostComment?> UpdateCommentAsync(string id, string body, CancellationToken cancellationToken)
    {
        var answer = await _client.SendAsync(
            HttpMethod.Put, $"{_comments}/{id}", Content(body), Write, cancellationToken, HttpStatusCode.NotFound, HttpStatusCode.Gone);
        return answer.Status == HttpStatusCode.OK ? _client.Read(Write, answer.Body, ReadComment) : null;
    }

    public async Task DeleteCommentAsync(string id, CancellationToken cancellationToken) =>
        await _client.SendAsync(HttpMethod.Delete, $"{_comments}/{id}", null, Write, cancellationToken, HttpStatusCode.NotFound, HttpStatusCode.Gone);

    public async Task SetStatusAsync(string commit, CommitStatus status, CancellationToken cancellationToken)
    {
        // An address is required here.
        var link = status.Link ?? _page ?? new Uri("https://bitbucket.org");
        await _client.SendAsync(
            HttpMethod.Post,
            $"{_repository}/commit/{commit}/statuses/build",
            new JsonObject
            {
                ["key"] = Key(status.Context),
                ["name"] = status.Context,
                ["state"] = status.State == StatusState.Success ? "SUCCESSFUL" : "FAILED",
                ["description"] = status.Description,
                ["url"] = link.AbsoluteUri,
            },
            Status,
            cancellationToken);
    }

    private static JsonObject Content(string body) => new() { ["content"] = new JsonObject { ["raw"] = body } };

    // Two long names must not share a status.
    private static string Key(string context) => context.Length <= KeyLength
        ? context
        : $"cidiff-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(context)))[..32]}";

    private static HostComment ReadComment(JsonElement comment)
    {
        var user = comment.OptionalObject("user");
        return new HostComment(
            comment.Count("id").ToString(CultureInfo.InvariantCulture),
            comment.OptionalObject("content")?.OptionalText("raw") ?? "",
            comment.GetProperty("created_on").GetDateTimeOffset(),
            user is { } known
                ? new HostUser(known.Text("uuid"), known.OptionalText("display_name") ?? "", known.OptionalText("type") is not (null or "user"))
                : null,
            comment.OptionalObject("links")?.OptionalObject("html")?.OptionalText("href") is { } page ? new Uri(page) : null);
    }
}
