using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace CiDiff.Tests.Support;

/// <summary>Bitbucket Cloud with one repository, <c>data/shop</c>, and its pull request 5; after
/// https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/.</summary>
internal sealed class FakeBitbucket : FakeHost
{
    private const string Repository = "/2.0/repositories/data/shop/";

    private long _nextId = 70;

    public List<JsonObject> Comments { get; } = [];

    public List<JsonObject> Statuses { get; } = [];

    public string Body(int index) => Comments[index]["content"]!["raw"]!.GetValue<string>();

    public JsonObject Say(string name, string body, string type = "user")
    {
        var comment = new JsonObject
        {
            ["id"] = _nextId++,
            ["content"] = new JsonObject { ["raw"] = body, ["markup"] = "markdown" },
            ["created_on"] = Now.ToString("O", CultureInfo.InvariantCulture),
            ["user"] = new JsonObject { ["uuid"] = $"{{{name}}}", ["display_name"] = name, ["type"] = type },
            ["deleted"] = false,
            ["links"] = new JsonObject { ["html"] = new JsonObject { ["href"] = $"https://bitbucket.org/data/shop/pull-requests/5/_/diff#comment-{_nextId}" } },
        };
        Comments.Add(comment);
        return comment;
    }

    protected override FakeAnswer? Refuse(FakeRequest request, IHeaderDictionary headers) =>
        request.Token == "Bearer bb-token" ? null : Error(HttpStatusCode.Unauthorized, "Token is invalid, expired, or not supported for this endpoint.");

    protected override FakeAnswer Answer(FakeRequest request)
    {
        if (request.Path == "/2.0/user")
        {
            return Error(HttpStatusCode.Forbidden, "Your credentials lack one or more required privilege scopes.");
        }

        var rest = request.Path.StartsWith(Repository, StringComparison.Ordinal) ? request.Path[Repository.Length..] : "";
        return (request.Method, rest) switch
        {
            ("GET", "pullrequests/5/comments") => Page(request),
            ("POST", "pullrequests/5/comments") => Write(request, null),
            ("POST", _) when rest.StartsWith("commit/", StringComparison.Ordinal) && rest.EndsWith("/statuses/build", StringComparison.Ordinal) => SetStatus(request),
            ("PUT" or "DELETE", _) when rest.StartsWith("pullrequests/5/comments/", StringComparison.Ordinal) =>
                Comments.Find(comment => $"{comment["id"]}" == rest.Split('/')[^1]) is not { } comment ? Error(HttpStatusCode.NotFound, "No such comment")
                : request.Method == "PUT" ? Write(request, comment) : Delete(comment),
            _ => Error(HttpStatusCode.NotFound, "Resource not found"),
        };
    }

    private FakeAnswer Page(FakeRequest request)
    {
        var size = Math.Min(100, int.Parse(request.Query.GetValueOrDefault("pagelen", "10"), CultureInfo.InvariantCulture));
        var page = int.Parse(request.Query.GetValueOrDefault("page", "1"), CultureInfo.InvariantCulture);
        var body = new JsonObject
        {
            ["pagelen"] = size,
            ["page"] = page,
            ["values"] = new JsonArray([.. Comments.Skip((page - 1) * size).Take(size).Select(comment => comment.DeepClone())]),
        };
        if (page * size < Comments.Count)
        {
            body["next"] = $"{Address.AbsoluteUri.TrimEnd('/')}{request.Path}?pagelen={size}&page={page + 1}";
        }

        return new FakeAnswer(HttpStatusCode.OK, body);
    }

    private FakeAnswer Write(FakeRequest request, JsonObject? comment)
    {
        if (request.Body?["content"]?["raw"]?.GetValue<string>() is not { Length: > 0 and <= 32_768 } body)
        {
            return Error(HttpStatusCode.BadRequest, "Your comment is too long");
        }

        if (comment is null)
        {
            return new FakeAnswer(HttpStatusCode.Created, Say("shop-bot", body, "app_user").DeepClone());
        }

        comment["content"]!["raw"] = body;
        return new FakeAnswer(HttpStatusCode.OK, comment.DeepClone());
    }

    private FakeAnswer Delete(JsonObject comment)
    {
        Comments.Remove(comment);
        return new FakeAnswer(HttpStatusCode.NoContent);
    }

    private FakeAnswer SetStatus(FakeRequest request)
    {
        var status = request.Body!.AsObject();
        if (status["key"]?.GetValue<string>() is not { Length: > 0 and <= 40 }
            || status["url"]?.GetValue<string>().StartsWith("https://", StringComparison.Ordinal) != true
            || status["state"]?.GetValue<string>() is not ("SUCCESSFUL" or "FAILED" or "INPROGRESS" or "STOPPED"))
        {
            return Error(HttpStatusCode.BadRequest, "Invalid status");
        }

        Statuses.Add(status);
        return new FakeAnswer(HttpStatusCode.Created, status.DeepClone());
    }

    private static FakeAnswer Error(HttpStatusCode status, string message) =>
        new(status, new JsonObject { ["type"] = "error", ["error"] = new JsonObject { ["message"] = message } });
}
