using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace CiDiff.Tests.Support;

/// <summary>GitHub with one repository, <c>octo/shop</c>, and its pull request 42.</summary>
internal sealed partial class FakeGitHub() : FakeHost(Description)
{
    private static readonly OpenApi Description = OpenApi.Load("github.json");

    public const string Commit = "9fceb02d0ae598e95dc970b74767f19372d61af8";
    public const string ActionsToken = "ghs_actions";
    public const string ReadOnlyToken = "ghs_readonly";
    public const string PersonToken = "ghp_person";

    private static readonly Dictionary<string, string[]> Tokens = new(StringComparer.Ordinal)
    {
        [$"Bearer {ActionsToken}"] = ["issues", "statuses", "checks", "app"],
        [$"Bearer {ReadOnlyToken}"] = ["app"],
        ["Bearer ghs_comments"] = ["issues", "app"],
        [$"Bearer {PersonToken}"] = ["issues", "statuses"],
    };

    private long _nextId = 1_000_000_000_000;

    public List<JsonObject> Comments { get; } = [];

    public List<JsonObject> Statuses { get; } = [];

    public List<JsonObject> CheckRuns { get; } = [];

    public List<JsonObject> Events { get; } = [];

    /// <summary>What the repository's people may do; everybody else may read.</summary>
    public Dictionary<string, string> Permissions { get; } = new(StringComparer.Ordinal) { ["maintainer"] = "write", ["owner"] = "admin", ["triager"] = "read" };

    public string Body(int index) => Comments[index]["body"]!.GetValue<string>();

    /// <summary>Somebody writes a comment by hand.</summary>
    public JsonObject Say(string login, string body, string type = "User")
    {
        var comment = Comment(login, type, body);
        Comments.Add(comment);
        return comment;
    }

    /// <summary>Somebody sets or removes a label by hand.</summary>
    public void Label(string login, string name, string change = "labeled") => Events.Add(new JsonObject
    {
        ["id"] = _nextId++,
        ["node_id"] = "x",
        ["url"] = $"{Address}x",
        ["actor"] = User(login, "User"),
        ["event"] = change,
        ["commit_id"] = null,
        ["commit_url"] = null,
        ["created_at"] = Time(),
        ["performed_via_github_app"] = null,
        ["label"] = new JsonObject { ["name"] = name, ["color"] = "ffffff" },
    });

    protected override FakeAnswer? Refuse(FakeRequest request, IHeaderDictionary headers)
    {
        if (headers.UserAgent.Count == 0)
        {
            return Error(HttpStatusCode.Forbidden, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header");
        }

        if (headers["X-GitHub-Api-Version"] is var version && version.Count > 0 && version != "2022-11-28")
        {
            return Error(HttpStatusCode.BadRequest, "Unsupported API version");
        }

        return request.Token is null || !Tokens.ContainsKey(request.Token) ? Error(HttpStatusCode.Unauthorized, "Bad credentials") : null;
    }

    protected override FakeAnswer Answer(FakeRequest request)
    {
        var rights = Tokens[request.Token!];
        if (request.Path == "/user")
        {
            return rights.Contains("app")
                ? Error(HttpStatusCode.Forbidden, "Resource not accessible by integration")
                : new FakeAnswer(HttpStatusCode.OK, PublicUser("person"));
        }

        var match = Route().Match(request.Path);
        if (!match.Success || match.Groups["repo"].Value != "octo/shop")
        {
            return Error(HttpStatusCode.NotFound, "Not Found");
        }

        var rest = match.Groups["rest"].Value;
        return (request.Method, rest) switch
        {
            ("GET", "issues/42/comments") => Page(request, Comments, 30),
            ("POST", "issues/42/comments") => Needs("issues", "issues=write; pull_requests=write") ?? Write(request, null),
            ("GET", "pulls") => Page(request, [PullRequest("pull-request-simple", 41, new string('c', 40)), PullRequest("pull-request-simple", 42, Commit)], 30),
            ("GET", "pulls/42") => new FakeAnswer(HttpStatusCode.OK, PullRequest("pull-request", 42, Commit)),
            ("GET", "issues/42/events") => Page(request, Events, 30),
            ("POST", _) when rest.StartsWith("statuses/", StringComparison.Ordinal) => Needs("statuses", "statuses=write") ?? SetStatus(request, rest[9..]),
            ("POST", "check-runs") => Needs("checks", "checks=write") ?? Check(request),
            ("PATCH", _) when CommentId().Match(rest) is { Success: true } id =>
                Find(Comments, id) is { } comment ? Needs("issues", "issues=write; pull_requests=write") ?? Write(request, comment) : Error(HttpStatusCode.NotFound, "Not Found"),
            ("DELETE", _) when CommentId().Match(rest) is { Success: true } id =>
                Find(Comments, id) is { } comment ? Needs("issues", "issues=write; pull_requests=write") ?? Delete(comment) : Error(HttpStatusCode.NotFound, "Not Found"),
            ("PATCH", _) when CheckId().Match(rest) is { Success: true } id =>
                Find(CheckRuns, id) is { } run ? Needs("checks", "checks=write") ?? AddAnnotations(request, run) : Error(HttpStatusCode.NotFound, "Not Found"),
            ("GET", _) when Collaborator().Match(rest) is { Success: true } who => Permission(who.Groups["login"].Value),
            _ => Error(HttpStatusCode.NotFound, "Not Found"),
        };

        FakeAnswer? Needs(string right, string accepted) => rights.Contains(right)
            ? null
            : Error(HttpStatusCode.Forbidden, "Resource not accessible by integration") with
            {
                Headers = new Dictionary<string, string> { ["X-Accepted-GitHub-Permissions"] = accepted },
            };
    }

    private FakeAnswer Write(FakeRequest request, JsonObject? comment)
    {
        var body = request.Body!["body"]!.GetValue<string>();
        if (body.Length > 65_536)
        {
            return new FakeAnswer(HttpStatusCode.UnprocessableEntity, new JsonObject
            {
                ["message"] = "Validation Failed",
                ["errors"] = new JsonArray(new JsonObject { ["resource"] = "IssueComment", ["code"] = "unprocessable", ["field"] = "data", ["message"] = "Body is too long (maximum is 65536 characters)" }),
                ["documentation_url"] = "https://docs.github.com/rest",
            });
        }

        if (comment is not null)
        {
            comment["body"] = body;
            comment["updated_at"] = Time();
            return new FakeAnswer(HttpStatusCode.OK, comment.DeepClone());
        }

        var isPerson = request.Token == $"Bearer {PersonToken}";
        return new FakeAnswer(HttpStatusCode.Created, Say(isPerson ? "person" : "github-actions[bot]", body, isPerson ? "User" : "Bot").DeepClone());
    }

    private FakeAnswer Delete(JsonObject comment)
    {
        Comments.Remove(comment);
        return new FakeAnswer(HttpStatusCode.NoContent);
    }

    private FakeAnswer SetStatus(FakeRequest request, string sha)
    {
        if (sha != Commit)
        {
            return Error(HttpStatusCode.UnprocessableEntity, $"No commit found for SHA: {sha}");
        }

        if (request.Body!["description"]?.GetValue<string>() is { Length: > 140 })
        {
            return Error(HttpStatusCode.UnprocessableEntity, "Validation Failed: description is too long (maximum is 140 characters)");
        }

        var status = new JsonObject
        {
            ["url"] = "x",
            ["avatar_url"] = null,
            ["id"] = _nextId++,
            ["node_id"] = "x",
            ["state"] = request.Body["state"]!.DeepClone(),
            ["description"] = request.Body["description"]?.DeepClone(),
            ["target_url"] = request.Body["target_url"]?.DeepClone(),
            ["context"] = request.Body["context"]!.DeepClone(),
            ["created_at"] = Time(),
            ["updated_at"] = Time(),
            ["creator"] = User("github-actions[bot]", "Bot"),
        };
        Statuses.Add(status);
        return new FakeAnswer(HttpStatusCode.Created, status.DeepClone());
    }

    private FakeAnswer Check(FakeRequest request)
    {
        // In prose only: https://docs.github.com/rest/checks/runs#create-a-check-run
        if (request.Body!["status"]?.GetValue<string>() == "completed" && request.Body["conclusion"] is null)
        {
            return Error(HttpStatusCode.UnprocessableEntity, "conclusion is required");
        }

        var id = _nextId++;
        var run = new JsonObject
        {
            ["id"] = id,
            ["node_id"] = "x",
            ["head_sha"] = request.Body["head_sha"]!.DeepClone(),
            ["name"] = request.Body["name"]!.DeepClone(),
            ["url"] = "x",
            ["html_url"] = string.Create(CultureInfo.InvariantCulture, $"https://github.com/octo/shop/runs/{id}"),
            ["details_url"] = request.Body["details_url"]?.DeepClone(),
            ["status"] = "completed",
            ["conclusion"] = request.Body["conclusion"]!.DeepClone(),
            ["started_at"] = Time(),
            ["completed_at"] = Time(),
            ["external_id"] = "",
            ["check_suite"] = new JsonObject { ["id"] = 1 },
            ["app"] = null,
            ["pull_requests"] = new JsonArray(),
            ["output"] = new JsonObject
            {
                ["title"] = request.Body["output"]!["title"]!.DeepClone(),
                ["summary"] = request.Body["output"]!["summary"]!.DeepClone(),
                ["text"] = request.Body["output"]!["text"]?.DeepClone(),
                ["annotations_count"] = 0,
                ["annotations_url"] = $"{Address}annotations",
            },
        };
        CheckRuns.Add(run);
        Annotations[id] = [];
        return Annotated(request, run, HttpStatusCode.Created);
    }

    /// <summary>The annotations by check run.</summary>
    public Dictionary<long, List<JsonNode>> Annotations { get; } = [];

    private FakeAnswer AddAnnotations(FakeRequest request, JsonObject run) => Annotated(request, run, HttpStatusCode.OK);

    private FakeAnswer Annotated(FakeRequest request, JsonObject run, HttpStatusCode status)
    {
        var all = Annotations[run["id"]!.GetValue<long>()];
        all.AddRange(request.Body!["output"]?["annotations"]?.AsArray().Select(annotation => annotation!.DeepClone()) ?? []);
        run["output"]!["annotations_count"] = all.Count;
        return new FakeAnswer(status, run.DeepClone());
    }

    private static JsonObject PullRequest(string schema, long number, string head)
    {
        var pull = Description.Smallest(schema).AsObject();
        pull["number"] = number;
        pull["head"]!["sha"] = head;
        return pull;
    }

    private FakeAnswer Permission(string login)
    {
        var permission = Permissions.GetValueOrDefault(login, "read");
        return new FakeAnswer(HttpStatusCode.OK, new JsonObject { ["permission"] = permission, ["role_name"] = permission, ["user"] = null });
    }

    private JsonObject Comment(string login, string type, string body)
    {
        var id = _nextId++;
        return new JsonObject
        {
            ["id"] = id,
            ["node_id"] = "x",
            ["url"] = $"{Address}x",
            ["html_url"] = string.Create(CultureInfo.InvariantCulture, $"https://github.com/octo/shop/pull/42#issuecomment-{id}"),
            ["issue_url"] = $"{Address}x",
            ["user"] = User(login, type),
            ["created_at"] = Time(),
            ["updated_at"] = Time(),
            ["author_association"] = type == "Bot" ? "NONE" : "CONTRIBUTOR",
            ["body"] = body,
        };
    }

    private JsonObject User(string login, string type)
    {
        var user = new JsonObject { ["login"] = login, ["id"] = Math.Abs(string.GetHashCode(login, StringComparison.Ordinal)), ["node_id"] = "x", ["type"] = type, ["site_admin"] = false, ["gravatar_id"] = null };
        foreach (var name in (string[])["avatar_url", "events_url", "followers_url", "following_url", "gists_url", "html_url", "organizations_url", "received_events_url", "repos_url", "starred_url", "subscriptions_url", "url"])
        {
            user[name] = $"{Address}{name}";
        }

        return user;
    }

    private JsonObject PublicUser(string login)
    {
        var user = User(login, "User");
        foreach (var name in (string[])["bio", "blog", "company", "email", "location", "name"])
        {
            user[name] = name == "blog" ? "" : null;
        }

        foreach (var name in (string[])["followers", "following", "public_gists", "public_repos"])
        {
            user[name] = 1;
        }

        user["hireable"] = null;
        user["created_at"] = Time();
        user["updated_at"] = Time();
        return user;
    }

    private static JsonObject? Find(List<JsonObject> all, Match id) =>
        all.Find(item => item["id"]!.GetValue<long>().ToString(CultureInfo.InvariantCulture) == id.Groups["id"].Value);

    private static FakeAnswer Error(HttpStatusCode status, string message) =>
        new(status, new JsonObject { ["message"] = message, ["documentation_url"] = "https://docs.github.com/rest" });

    [GeneratedRegex("^/repos/(?<repo>[^/]+/[^/]+)/(?<rest>.+)$")]
    private static partial Regex Route();

    [GeneratedRegex(@"^issues/comments/(?<id>\d+)$")]
    private static partial Regex CommentId();

    [GeneratedRegex(@"^check-runs/(?<id>\d+)$")]
    private static partial Regex CheckId();

    [GeneratedRegex("^collaborators/(?<login>[^/]+)/permission$")]
    private static partial Regex Collaborator();
}
