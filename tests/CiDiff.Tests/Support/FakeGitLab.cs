using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace CiDiff.Tests.Support;

/// <summary>GitLab with one project, <c>data/shop</c>, and its merge request 7.</summary>
/// <remarks>Requests and answers are held against GitLab's published OpenAPI description, but for three operations that it lacks: the token's user, a project's
/// member, and the events of labels. <c>gitlab-more.json</c> describes those and was written by hand from the pages of GitLab's documentation: what holds
/// against it agrees with our reading of those pages.</remarks>
internal sealed partial class FakeGitLab() : FakeHost(OpenApi.Load("gitlab.json"), OpenApi.Load("gitlab-more.json"))
{
    public const string Commit = "1a2b3c4d5e6f708192a3b4c5d6e7f80910213243";
    public const string ApiToken = "glpat-api";
    public const string JobToken = "job-token";
    public const string ReadToken = "glpat-read";

    private const string BotName = "project_1_bot_cidiff";
    private const int NoteLength = 1_000_000;

    private long _nextId = 500;

    public List<JsonObject> Notes { get; } = [];

    public List<JsonObject> Statuses { get; } = [];

    public List<JsonObject> LabelEvents { get; } = [];

    /// <summary>Who is a member, and as what; GitLab's access levels.</summary>
    public Dictionary<string, int> Members { get; } = new(StringComparer.Ordinal) { ["maintainer"] = 40, ["developer"] = 30, ["reporter"] = 20 };

    public string Body(int index) => Notes[index]["body"]!.GetValue<string>();

    /// <summary>Somebody writes a note by hand, or the system does.</summary>
    public JsonObject Say(string login, string body, bool isSystem = false)
    {
        var note = new JsonObject
        {
            ["id"] = _nextId++,
            ["body"] = body,
            ["author"] = User(login),
            ["created_at"] = Time(),
            ["updated_at"] = Time(),
            ["system"] = isSystem,
            ["noteable_id"] = 1,
            ["noteable_type"] = "MergeRequest",
            ["noteable_iid"] = 7,
        };
        Notes.Add(note);
        return note;
    }

    /// <summary>Somebody sets or removes a label by hand.</summary>
    public void Label(string login, string name, string action = "add") => LabelEvents.Add(new JsonObject
    {
        ["id"] = _nextId++,
        ["user"] = User(login),
        ["created_at"] = Time(),
        ["resource_type"] = "MergeRequest",
        ["resource_id"] = 1,
        ["label"] = new JsonObject { ["id"] = 1, ["name"] = name },
        ["action"] = action,
    });

    protected override FakeAnswer? Refuse(FakeRequest request, IHeaderDictionary headers) => request.Token switch
    {
        $"Bearer {ApiToken}" => null,
        $"Bearer {ReadToken}" => request.Method == "GET"
            ? null
            : new FakeAnswer(HttpStatusCode.Forbidden, new JsonObject
            {
                ["error"] = "insufficient_scope",
                ["error_description"] = "The request requires higher privileges than provided by the access token.",
                ["scope"] = "api",
            }),

        // CI_JOB_TOKEN is for a few endpoints, and none of these is one.
        $"Bearer {JobToken}" => new FakeAnswer(HttpStatusCode.Forbidden, new JsonObject { ["message"] = "403 Forbidden" }),
        _ => new FakeAnswer(HttpStatusCode.Unauthorized, new JsonObject { ["message"] = "401 Unauthorized" }),
    };

    protected override FakeAnswer Answer(FakeRequest request)
    {
        if (request.Path == "/api/v4/user")
        {
            var own = User(BotName);
            return new FakeAnswer(HttpStatusCode.OK, own);
        }

        var match = Route().Match(request.Path);
        if (!match.Success)
        {
            return new FakeAnswer(HttpStatusCode.NotFound, new JsonObject { ["message"] = "404 Project Not Found" });
        }

        var rest = match.Groups["rest"].Value;
        return (request.Method, rest) switch
        {
            ("GET", "merge_requests/7/notes") => Page(request, Sorted(request), 20),
            ("POST", "merge_requests/7/notes") => Write(request, null),
            ("GET", "merge_requests/7/resource_label_events") => Page(request, LabelEvents, 20),
            ("PUT", _) when NoteId().Match(rest) is { Success: true } id => Find(id) is { } note ? Write(request, note) : NotFound("Note"),
            ("DELETE", _) when NoteId().Match(rest) is { Success: true } id => Find(id) is { } note ? Delete(note) : NotFound("Note"),
            ("POST", _) when rest.StartsWith("statuses/", StringComparison.Ordinal) => SetStatus(request, rest["statuses/".Length..]),
            ("GET", _) when rest.StartsWith("members/all/", StringComparison.Ordinal) => Member(rest["members/all/".Length..]),
            _ => NotFound("Merge request"),
        };
    }

    // Newest first unless asked otherwise.
    private List<JsonObject> Sorted(FakeRequest request) =>
        request.Query.GetValueOrDefault("sort") == "asc" ? Notes : [.. Notes.AsEnumerable().Reverse()];

    private FakeAnswer Write(FakeRequest request, JsonObject? note)
    {
        var body = request.Body!["body"]!.GetValue<string>();
        if (body.Length > NoteLength)
        {
            return new FakeAnswer(HttpStatusCode.BadRequest, new JsonObject { ["message"] = new JsonObject { ["note"] = new JsonArray("is too long (maximum is 1000000 characters)") } });
        }

        if (note is not null)
        {
            note["body"] = body;
            note["updated_at"] = Time();
            return new FakeAnswer(HttpStatusCode.OK, note.DeepClone());
        }

        return new FakeAnswer(HttpStatusCode.Created, Say(BotName, body).DeepClone());
    }

    private FakeAnswer Delete(JsonObject note)
    {
        Notes.Remove(note);
        return new FakeAnswer(HttpStatusCode.NoContent);
    }

    private FakeAnswer SetStatus(FakeRequest request, string sha)
    {
        if (sha != Commit)
        {
            return NotFound("Commit");
        }

        var (name, state) = (request.Body!["name"]!.GetValue<string>(), request.Body["state"]!.GetValue<string>());
        if (Statuses.LastOrDefault(status => status["name"]!.GetValue<string>() == name) is { } last && last["status"]!.GetValue<string>() == state)
        {
            return new FakeAnswer(HttpStatusCode.BadRequest, new JsonObject { ["message"] = $"Cannot transition status via :enqueue from :{state} (Reason(s): Status cannot transition via \"enqueue\")" });
        }

        if (request.Body["description"]?.GetValue<string>() is { Length: > 255 })
        {
            return new FakeAnswer(HttpStatusCode.BadRequest, new JsonObject { ["message"] = new JsonObject { ["description"] = new JsonArray("is too long (maximum is 255 characters)") } });
        }

        var status = new JsonObject
        {
            ["id"] = _nextId++,
            ["sha"] = sha,
            ["ref"] = "feature",
            ["status"] = state,
            ["name"] = name,
            ["target_url"] = request.Body["target_url"]?.DeepClone(),
            ["description"] = request.Body["description"]!.DeepClone(),
            ["created_at"] = Time(),
            ["author"] = User(BotName),
        };
        Statuses.Add(status);
        return new FakeAnswer(HttpStatusCode.Created, status.DeepClone());
    }

    private FakeAnswer Member(string id)
    {
        var member = Members.FirstOrDefault(member => Id(member.Key).ToString(CultureInfo.InvariantCulture) == id);
        if (member.Key is null)
        {
            return NotFound("");
        }

        var user = User(member.Key);
        user["access_level"] = member.Value;
        return new FakeAnswer(HttpStatusCode.OK, user);
    }

    private JsonObject User(string login) => new()
    {
        ["id"] = Id(login),
        ["username"] = login,
        ["name"] = login,
        ["state"] = "active",
        ["web_url"] = $"{Address}{login}",
        ["avatar_url"] = $"{Address}a",
    };

    private static int Id(string login) => login.Aggregate(17, (hash, letter) => ((hash * 31) + letter) & 0xfffffff);

    private JsonObject? Find(Match id) => Notes.Find(note => note["id"]!.GetValue<long>().ToString(CultureInfo.InvariantCulture) == id.Groups["id"].Value);

    private static FakeAnswer NotFound(string what) => new(HttpStatusCode.NotFound, new JsonObject { ["message"] = $"404 {what} Not Found" });

    [GeneratedRegex("^/api/v4/projects/data%2Fshop/(?<rest>.+)$")]
    private static partial Regex Route();

    [GeneratedRegex(@"^merge_requests/7/notes/(?<id>\d+)$")]
    private static partial Regex NoteId();
}
