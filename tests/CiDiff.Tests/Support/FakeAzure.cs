using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace CiDiff.Tests.Support;

/// <summary>Azure DevOps with one repository, <c>data/shop</c>, and its pull request 9; after https://learn.microsoft.com/rest/api/azure/devops/git/.</summary>
internal sealed class FakeAzure : FakeHost
{
    private const string PullRequest = "/org/data/_apis/git/repositories/shop/pullRequests/9/";
    private const string BuildService = "build-service";

    private long _nextId = 30;

    public List<JsonObject> Threads { get; } = [];

    public List<JsonObject> Statuses { get; } = [];

    public string Body(int index) => Threads[index]["comments"]![0]!["content"]!.GetValue<string>();

    public JsonObject Say(string name, string body, string type = "text", string status = "active")
    {
        var thread = new JsonObject
        {
            ["id"] = _nextId++,
            ["status"] = status,
            ["isDeleted"] = false,
            ["comments"] = new JsonArray(new JsonObject
            {
                ["id"] = 1,
                ["parentCommentId"] = 0,
                ["content"] = body,
                ["commentType"] = type,
                ["publishedDate"] = Now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
                ["author"] = new JsonObject { ["id"] = name, ["displayName"] = name },
            }),
        };
        Threads.Add(thread);
        return thread;
    }

    protected override FakeAnswer? Refuse(FakeRequest request, IHeaderDictionary headers) => request.Token switch
    {
        "Bearer header.payload.signature" or "Basic OnBlcnNvbmFs" => request.Query.ContainsKey("api-version") ? null : Error(HttpStatusCode.BadRequest, "The api-version is missing."),
        _ => Error(HttpStatusCode.Unauthorized, "Access Denied"),
    };

    protected override FakeAnswer Answer(FakeRequest request)
    {
        if (request.Path == "/org/_apis/connectionData")
        {
            return new FakeAnswer(HttpStatusCode.OK, new JsonObject { ["authenticatedUser"] = new JsonObject { ["id"] = BuildService } });
        }

        var parts = request.Path.StartsWith(PullRequest, StringComparison.Ordinal) ? request.Path[PullRequest.Length..].Split('/') : [];
        return (request.Method, parts) switch
        {
            ("GET", ["threads"]) => new FakeAnswer(HttpStatusCode.OK, new JsonObject
            {
                ["count"] = Threads.Count,
                ["value"] = new JsonArray([.. Threads.Select(thread => thread.DeepClone())]),
            }),
            ("POST", ["threads"]) => Create(request),
            ("POST", ["statuses"]) => SetStatus(request),
            ("PATCH" or "DELETE", ["threads", var thread, "comments", "1"]) =>
                Threads.Find(found => $"{found["id"]}" == thread) is not { } found ? Error(HttpStatusCode.NotFound, "The thread does not exist.")
                : request.Method == "PATCH" ? Update(request, found) : Delete(found),
            _ => Error(HttpStatusCode.NotFound, "The pull request does not exist."),
        };
    }

    private FakeAnswer Create(FakeRequest request) =>
        request.Body?["comments"]?[0]?["content"]?.GetValue<string>() is { Length: > 0 and <= 150_000 } body
            ? new FakeAnswer(HttpStatusCode.OK, Say(BuildService, body, "text", request.Body["status"]!.GetValue<string>()).DeepClone())
            : Error(HttpStatusCode.BadRequest, "The comment content is too long.");

    private static FakeAnswer Update(FakeRequest request, JsonObject thread)
    {
        thread["comments"]![0]!["content"] = request.Body!["content"]!.GetValue<string>();
        return new FakeAnswer(HttpStatusCode.OK, thread["comments"]![0]!.DeepClone());
    }

    private FakeAnswer Delete(JsonObject thread)
    {
        Threads.Remove(thread);
        return new FakeAnswer(HttpStatusCode.OK);
    }

    private FakeAnswer SetStatus(FakeRequest request)
    {
        var status = request.Body!.AsObject();
        Statuses.Add(status);
        return status["context"]?["name"] is not null && status["state"]?.GetValue<string>() is "succeeded" or "failed" or "error"
            ? new FakeAnswer(HttpStatusCode.OK, status.DeepClone())
            : Error(HttpStatusCode.BadRequest, "Invalid status");
    }

    private static FakeAnswer Error(HttpStatusCode status, string message) => new(status, new JsonObject { ["message"] = message });
}
