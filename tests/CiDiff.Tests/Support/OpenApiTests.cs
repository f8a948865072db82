using System.Text.Json;

namespace CiDiff.Tests.Support;

/// <summary>The fakes are worth as much as what holds them to the description.</summary>
public sealed class OpenApiTests
{
    private const string Comments = "/repos/octo/shop/issues/42/comments";
    private const string Checks = "/repos/octo/shop/check-runs";
    private const string Notes = "/api/v4/projects/octo%2Fshop/merge_requests/7/notes";

    private static readonly OpenApi GitHub = OpenApi.Load("github.json");
    private static readonly OpenApi GitLab = OpenApi.Load("gitlab.json");

    [Theory]
    [InlineData("POST", Comments, """{"body": "x"}""", 0)]
    [InlineData("POST", Comments, """{"text": "x"}""", 2)]
    [InlineData("POST", Comments, """{"body": 5}""", 1)]
    [InlineData("POST", Comments, null, 1)]
    [InlineData("POST", "/repos/octo/shop/issues/abc/comments", """{"body": "x"}""", 1)]
    [InlineData("POST", "/repos/octo/shop/issues/42/notes", """{"body": "x"}""", 1)]
    [InlineData("PUT", "/repos/octo/shop/issues/comments/1", """{"body": "x"}""", 1)]
    [InlineData("GET", Comments + "?per_page=100&page=2", null, 0)]
    [InlineData("GET", Comments + "?per_page=abc", null, 1)]
    [InlineData("GET", Comments + "?size=5", null, 1)]
    [InlineData("POST", "/repos/octo/shop/statuses/abc", """{"state": "success"}""", 0)]
    [InlineData("POST", "/repos/octo/shop/statuses/abc", """{"state": "passed"}""", 1)]
    [InlineData("POST", Checks, """{"name": "x", "head_sha": "x", "output": {"title": "x", "summary": "x", "annotations": [{"path": "x", "start_line": 1, "end_line": 1, "annotation_level": "warning", "message": "x"}]}}""", 0)]
    [InlineData("POST", Checks, """{"name": "x", "head_sha": "x", "output": {"title": "x", "summary": "x", "annotations": [{"path": "x", "start_line": 1, "end_line": 1, "annotation_level": "error", "message": "x"}]}}""", 1)]
    public void A_request_to_GitHub_is_held_against_its_description(string method, string target, string? body, int errors) =>
        Assert.Equal(errors, Errors(GitHub, method, target, body).Count);

    [Theory]
    [InlineData("POST", Notes, """{"body": "x"}""", 0)]
    [InlineData("POST", Notes, "{}", 1)]
    [InlineData("POST", "/api/v4/projects/octo%2Fshop/merge_requests/x/notes", """{"body": "x"}""", 1)]
    [InlineData("POST", "/api/v4/projects/octo%2Fshop/statuses/abc", """{"state": "success"}""", 0)]
    [InlineData("POST", "/api/v4/projects/octo%2Fshop/statuses/abc", """{"state": "passed"}""", 1)]
    public void A_request_to_GitLab_is_held_against_its_description(string method, string target, string? body, int errors) =>
        Assert.Equal(errors, Errors(GitLab, method, target, body).Count);

    [Fact]
    public void More_annotations_than_a_request_may_carry_are_noticed()
    {
        var annotation = """{"path": "x", "start_line": 1, "end_line": 1, "annotation_level": "notice", "message": "x"}""";
        var body = """{"name": "x", "head_sha": "x", "output": {"title": "x", "summary": "x", "annotations": [ALL]}}"""
            .Replace("ALL", string.Join(',', Enumerable.Repeat(annotation, 51)), StringComparison.Ordinal);

        Assert.Equal("body.output.annotations: more than 50 items", Assert.Single(Errors(GitHub, "POST", Checks, body)));
    }

    [Theory]
    [InlineData(201, """{"id": "x"}""")]
    [InlineData(201, null)]
    [InlineData(202, """{"id": 1}""")]
    [InlineData(400, """{"message": "x"}""")]
    public void An_answer_that_GitHub_would_not_give_is_noticed(int status, string? body) =>
        Assert.NotEmpty(GitHub.AnswerErrors("POST", Comments, status, Element(body)));

    private static IReadOnlyList<string> Errors(OpenApi api, string method, string target, string? body)
    {
        var parts = target.Split('?');
        var query = (parts.Length > 1 ? parts[1] : "").Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return api.RequestErrors(method, parts[0], query, body is null ? null : "application/json; charset=utf-8", Element(body));
    }

    private static JsonElement? Element(string? json) => json is null ? null : JsonDocument.Parse(json).RootElement.Clone();
}
