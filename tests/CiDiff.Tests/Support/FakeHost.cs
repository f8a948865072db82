using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CiDiff.Tests.Support;

/// <summary>A request that a fake got.</summary>
internal sealed record FakeRequest(string Method, string Path, IReadOnlyDictionary<string, string> Query, string? Token, JsonNode? Body)
{
    public override string ToString() => $"{Method} {Path}";
}

/// <summary>What a fake answers.</summary>
internal sealed record FakeAnswer(HttpStatusCode Status, JsonNode? Body = null)
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>A small server that stands in for a CI host: it keeps state, is as strict as the real one, and holds every request and every answer
/// against the published description of the API.</summary>
internal abstract class FakeHost
{
    private readonly WebApplication _app;
    private readonly OpenApi[] _descriptions;
    private readonly Lock _gate = new();
    private readonly List<(Func<FakeRequest, bool> Fits, FakeAnswer Answer)> _faults = [];

    protected FakeHost(params OpenApi[] descriptions)
    {
        _descriptions = descriptions;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>Every request, in the order in which they came.</summary>
    public List<FakeRequest> Requests { get; } = [];

    /// <summary>What broke the description, on either side. Has to stay empty.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>What the host's clock shows.</summary>
    public DateTimeOffset Now { get; set; } = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Called before a request is answered, for tests in which several jobs meet.</summary>
    public Func<FakeRequest, Task> Before { get; set; } = _ => Task.CompletedTask;

    public Uri Address { get; private set; } = null!;

    public async Task StartAsync()
    {
        await _app.StartAsync();
        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    /// <summary>Answers the next requests that fit with something else, once each.</summary>
    public void Fail(Func<FakeRequest, bool> fits, FakeAnswer answer, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _faults.Add((fits, answer));
        }
    }

    /// <summary>As the operation that fits the request answers; called by one request at a time.</summary>
    protected abstract FakeAnswer Answer(FakeRequest request);

    /// <summary>The path as the description has it.</summary>
    protected virtual string PathInDescription(string path) => path;

    /// <summary>What the host itself asks of every request, besides the description.</summary>
    protected abstract FakeAnswer? Refuse(FakeRequest request, IHeaderDictionary headers);

    /// <summary>One page of a list, with the headers that lead to the others.</summary>
    protected FakeAnswer Page(FakeRequest request, IReadOnlyList<JsonObject> all, int usual)
    {
        var size = Math.Min(100, Number(request, "per_page") ?? usual);
        var page = Number(request, "page") ?? 1;
        var pages = Math.Max(1, (all.Count + size - 1) / size);
        var links = new List<string>();
        if (page < pages)
        {
            links.Add($"<{PageAddress(page + 1)}>; rel=\"next\"");
            links.Add($"<{PageAddress(pages)}>; rel=\"last\"");
        }

        var body = new JsonArray([.. all.Skip((page - 1) * size).Take(size).Select(item => item.DeepClone())]);
        return new FakeAnswer(HttpStatusCode.OK, body)
        {
            Headers = links.Count == 0 ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Link"] = string.Join(", ", links) },
        };

        string PageAddress(int number)
        {
            var query = request.Query.Where(pair => pair.Key != "page").Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}")
                .Append(string.Create(CultureInfo.InvariantCulture, $"page={number}"));
            return $"{Address.AbsoluteUri.TrimEnd('/')}{request.Path}?{string.Join('&', query)}";
        }
    }

    protected string Time() => Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static int? Number(FakeRequest request, string name) =>
        request.Query.TryGetValue(name, out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0];
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync();
        var authorization = context.Request.Headers.Authorization.ToString();
        var request = new FakeRequest(
            context.Request.Method,
            path,
            context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal),
            authorization.Length > 0 ? authorization : null,
            text.Length > 0 ? JsonNode.Parse(text) : null);
        await Before(request);

        FakeAnswer answer;
        lock (_gate)
        {
            Requests.Add(request);
            answer = Decide(request, context.Request);
            Violations.AddRange(_descriptions
                .SelectMany(description => description.AnswerErrors(request.Method, PathInDescription(path), (int)answer.Status, Element(answer.Body)))
                .Select(error => $"answer to {request}: {error}"));
        }

        context.Response.StatusCode = (int)answer.Status;
        context.Response.Headers.Date = Now.ToString("r", CultureInfo.InvariantCulture);
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        if (answer.Body is { } body)
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            await context.Response.WriteAsync(body.ToJsonString());
        }
    }

    private FakeAnswer Decide(FakeRequest request, HttpRequest raw)
    {
        if (_faults.FindIndex(fault => fault.Fits(request)) is >= 0 and var index)
        {
            var fault = _faults[index].Answer;
            _faults.RemoveAt(index);
            return fault;
        }

        var path = PathInDescription(request.Path);
        var errors = _descriptions
            .Select(description => description.RequestErrors(request.Method, path, request.Query, raw.ContentType, Element(request.Body)))
            .OrderBy(found => found.Count)
            .FirstOrDefault([]);
        if (errors.Count > 0)
        {
            Violations.AddRange(errors.Select(error => $"{request}: {error}"));
            return new FakeAnswer(HttpStatusCode.UnprocessableEntity, new JsonObject { ["message"] = "Validation Failed", ["documentation_url"] = "https://example.org" });
        }

        return Refuse(request, raw.Headers) ?? Answer(request);
    }

    private static JsonElement? Element(JsonNode? node) => node is null ? null : JsonSerializer.SerializeToElement(node);
}
