using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CiDiff.Git;
using CiDiff.Reports;

namespace CiDiff.Publishing;

/// <summary>GitHub's REST API, as far as publishing needs it: https://docs.github.com/rest (2026-11-21).</summary>
internal sealed class GitHubHost : IReviewHost
{
    /// <summary>What one request may carry; more go into further requests.</summary>
    private const int AnnotationsARequest = 50;

    // Nobody reads more of them, and each fifty are a request.
    private const int MostAnnotations = 500;
    private const int OutputLength = 65_535;

    private static readonly HostAction List = new("read the comments", "pull-requests: write");
    private static readonly HostAction Write = new("write the comment", "pull-requests: write");
    private static readonly HostAction Status = new("set the commit status", "statuses: write");
    private static readonly HostAction Check = new("make the check run", "checks: write");
    private static readonly HostAction Who = new("say whose token it is", "pull-requests: write");
    private static readonly HostAction Events = new("read who set the labels", "pull-requests: read");
    private static readonly HostAction Find = new("find the pull request", "pull-requests: read");
    private static readonly HostAction Permission = new("say who may write to the repository", "metadata: read");

    private readonly HostClient _client;
    private readonly string _repository;
    private readonly long? _number;
    private string? _ownLogin;
    private bool _isOwnLoginKnown;

    public GitHubHost(HostAccess access, PullRequestContext pullRequest, TimeProvider time, IProgress<RunEvent> progress)
    {
        _client = new HostClient(access, new AuthenticationHeaderValue("Bearer", access.Token.Reveal()), time, progress);
        _client.Headers.Accept.ParseAdd("application/vnd.github+json");
        _client.Headers.Add("X-GitHub-Api-Version", "2022-11-28");
        _repository = $"/repos/{string.Join('/', pullRequest.Repository!.Split('/').Select(Uri.EscapeDataString))}";
        _number = pullRequest.Number;
    }

    public DateTimeOffset? HostTime => _client.HostTime;

    public int CommentLength => MarkdownOptions.GitHubCommentLength;

    public MarkerForm MarkerForm => MarkerForm.HtmlComment;

    private string Comments => string.Create(CultureInfo.InvariantCulture, $"{_repository}/issues/{_number}/comments");

    public void Dispose() => _client.Dispose();

    public async IAsyncEnumerable<HostComment> CommentsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var comment in _client.ListAsync($"{Comments}?per_page=100", List, cancellationToken))
        {
            yield return _client.Read(List, comment, ReadComment);
        }
    }

    // A person's token says whose it is. That of an app may not ask, and what an app writes, a bot wrote.
    public async Task<bool> IsOwnAsync(HostComment comment, CancellationToken cancellationToken)
    {
        if (comment.Author is not { } author)
        {
            return false;
        }

        if (!_isOwnLoginKnown)
        {
            var answer = await _client.SendAsync(HttpMethod.Get, "/user", null, Who, cancellationToken, HttpStatusCode.Forbidden, HttpStatusCode.NotFound);
            _ownLogin = answer.Status == HttpStatusCode.OK ? _client.Read(Who, answer.Body, user => user.Text("login")) : null;
            _isOwnLoginKnown = true;
        }

        return _ownLogin is { } own ? string.Equals(author.Name, own, StringComparison.OrdinalIgnoreCase) : author.IsBot;
    }

    public async Task<HostComment> CreateCommentAsync(string body, CancellationToken cancellationToken)
    {
        var answer = await _client.SendAsync(HttpMethod.Post, Comments, new JsonObject { ["body"] = body }, Write, cancellationToken);
        return _client.Read(Write, answer.Body, ReadComment);
    }

    public async Task<HostComment?> UpdateCommentAsync(string id, string body, CancellationToken cancellationToken)
    {
        var answer = await _client.SendAsync(
            HttpMethod.Patch, $"{_repository}/issues/comments/{id}", new JsonObject { ["body"] = body }, Write, cancellationToken, HttpStatusCode.NotFound);
        return answer.Status == HttpStatusCode.NotFound ? null : _client.Read(Write, answer.Body, ReadComment);
    }

    public async Task DeleteCommentAsync(string id, CancellationToken cancellationToken) =>
        await _client.SendAsync(HttpMethod.Delete, $"{_repository}/issues/comments/{id}", null, Write, cancellationToken, HttpStatusCode.NotFound);

    public async Task SetStatusAsync(string commit, CommitStatus status, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["state"] = status.State switch
            {
                StatusState.Success => "success",
                StatusState.Failure => "failure",
                _ => "error",
            },
            ["context"] = status.Context,
            ["description"] = status.Description,
        };
        if (status.Link is { } link)
        {
            body["target_url"] = link.AbsoluteUri;
        }

        await _client.SendAsync(HttpMethod.Post, $"{_repository}/statuses/{commit}", body, Status, cancellationToken);
    }

    /// <summary>Makes a check run with annotations, fifty a request.</summary>
    public async Task<Uri?> MakeCheckRunAsync(string commit, CheckRun run, CancellationToken cancellationToken)
    {
        var batches = run.Annotations.Take(MostAnnotations).Chunk(AnnotationsARequest).ToList();
        var body = new JsonObject
        {
            ["name"] = run.Name,
            ["head_sha"] = commit,
            ["status"] = "completed",
            ["conclusion"] = run.Conclusion,
            ["output"] = Output(run, batches.Count > 0 ? batches[0] : []),
        };
        if (run.Link is { } link)
        {
            body["details_url"] = link.AbsoluteUri;
        }

        var answer = await _client.SendAsync(HttpMethod.Post, $"{_repository}/check-runs", body, Check, cancellationToken);
        var (id, page) = _client.Read(Check, answer.Body, made => (made.Count("id"), made.OptionalText("html_url")));
        foreach (var batch in batches.Skip(1))
        {
            await _client.SendAsync(
                HttpMethod.Patch,
                string.Create(CultureInfo.InvariantCulture, $"{_repository}/check-runs/{id}"),
                new JsonObject { ["output"] = Output(run, batch) },
                Check,
                cancellationToken);
        }

        return page is null ? null : new Uri(page);
    }

    public async Task<HostLabel?> LabelAsync(string label, CancellationToken cancellationToken)
    {
        HostLabel? set = null;
        await foreach (var change in _client.ListAsync(
            string.Create(CultureInfo.InvariantCulture, $"{_repository}/issues/{_number}/events?per_page=100"), Events, cancellationToken))
        {
            set = _client.Read(Events, change, read => (read.Text("event"), read.OptionalObject("label")?.Text("name")) switch
            {
                ("labeled", { } name) when IsLabel(name) => new HostLabel(ReadUser(read.OptionalObject("actor")), Time(read)),
                ("unlabeled", { } name) when IsLabel(name) => null,
                _ => set,
            });
        }

        return set;

        bool IsLabel(string name) => string.Equals(name, label, StringComparison.OrdinalIgnoreCase);
    }

    public async Task<bool> CanWriteAsync(HostUser user, CancellationToken cancellationToken)
    {
        var answer = await _client.SendAsync(
            HttpMethod.Get, $"{_repository}/collaborators/{Uri.EscapeDataString(user.Name)}/permission", null, Permission, cancellationToken, HttpStatusCode.NotFound);

        // "maintain" is told as write and "triage" as read.
        return answer.Status == HttpStatusCode.OK && _client.Read(Permission, answer.Body, permission => permission.Text("permission")) is "admin" or "write";
    }

    /// <summary>The open pull request that is at a commit, forks included; null for none.</summary>
    public async Task<long?> PullRequestAtAsync(string commit, CancellationToken cancellationToken)
    {
        // The commit's own list of pull requests leaves out those from forks.
        await foreach (var pull in _client.ListAsync($"{_repository}/pulls?state=open&sort=updated&direction=desc&per_page=100", Find, cancellationToken))
        {
            if (_client.Read(Find, pull, read => read.GetProperty("head").Text("sha")) == commit)
            {
                return _client.Read(Find, pull, read => read.Count("number"));
            }
        }

        return null;
    }

    /// <summary>The commit that a pull request is at.</summary>
    public async Task<string> HeadOfAsync(long number, CancellationToken cancellationToken)
    {
        var answer = await _client.SendAsync(
            HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"{_repository}/pulls/{number}"), null, Find, cancellationToken);
        return _client.Read(Find, answer.Body, read => read.GetProperty("head").Text("sha"));
    }

    private static JsonObject Output(CheckRun run, IReadOnlyList<Annotation> annotations) => new()
    {
        ["title"] = run.Title,
        ["summary"] = Utf8Text.Cut(run.Summary, OutputLength),
        ["text"] = Utf8Text.Cut(run.Text, OutputLength),
        ["annotations"] = new JsonArray([.. annotations.Select(annotation => new JsonObject
        {
            ["path"] = annotation.Path,
            ["start_line"] = annotation.Line,
            ["end_line"] = annotation.Line,
            ["annotation_level"] = annotation.Level switch
            {
                AnnotationLevel.Failure => "failure",
                AnnotationLevel.Warning => "warning",
                _ => "notice",
            },
            ["title"] = annotation.Title,
            ["message"] = annotation.Message,
        })]),
    };

    private static HostComment ReadComment(JsonElement comment) => new(
        comment.Count("id").ToString(CultureInfo.InvariantCulture),
        comment.OptionalText("body") ?? "",
        Time(comment),
        ReadUser(comment.OptionalObject("user")),
        comment.OptionalText("html_url") is { } page ? new Uri(page) : null);

    private static HostUser? ReadUser(JsonElement? user) => user is { } known
        ? new HostUser(
            known.Count("id").ToString(CultureInfo.InvariantCulture),
            known.Text("login"),
            known.OptionalText("type") == "Bot")
        : null;

    private static DateTimeOffset Time(JsonElement element) => element.GetProperty("created_at").GetDateTimeOffset();
}

/// <summary>A check run to be made.</summary>
/// <param name="Name">As it is listed.</param>
/// <param name="Conclusion">In GitHub's word.</param>
/// <param name="Title">One line.</param>
/// <param name="Summary">Markdown.</param>
/// <param name="Text">Markdown.</param>
/// <param name="Annotations">The gravest first.</param>
/// <param name="Link">Where to read more; null for nowhere.</param>
internal sealed record CheckRun(
    string Name,
    string Conclusion,
    string Title,
    string Summary,
    string Text,
    IReadOnlyList<Annotation> Annotations,
    Uri? Link);
