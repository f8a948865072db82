using System.Text.Json;
using System.Text.Json.Nodes;

namespace CiDiff.Tests.Support;

/// <summary>Holds requests and answers against a host's published API description (OpenAPI 3.0): the path, the parameters, the body, and the
/// answer's status and body.</summary>
internal sealed class OpenApi
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch"];

    private readonly JsonElement _root;
    private readonly JsonSchema _schemas;

    public OpenApi(JsonElement root)
    {
        _root = root;
        _schemas = new JsonSchema(root);
    }

    /// <summary>Reads a description below <c>Fixtures/api</c>.</summary>
    public static OpenApi Load(string name)
    {
        using var document = JsonDocument.Parse(Fixture.Open($"api/{name}"));
        return new OpenApi(document.RootElement.Clone());
    }

    /// <summary>What is wrong with a request; empty for nothing.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path as it was sent, still escaped.</param>
    /// <param name="query">Names and values, unescaped.</param>
    /// <param name="contentType">Of the body; null without one.</param>
    /// <param name="body">The body; null without one.</param>
    public IReadOnlyList<string> RequestErrors(string method, string path, IReadOnlyDictionary<string, string> query, string? contentType, JsonElement? body)
    {
        if (Find(method, path) is not { } found)
        {
            return [$"{method} {path} is not in the description"];
        }

        var errors = new List<string>();
        var parameters = Parameters(found.Path, found.Operation).ToList();
        foreach (var parameter in parameters)
        {
            var name = parameter.GetProperty("name").GetString()!;
            var given = parameter.GetProperty("in").GetString() switch
            {
                "path" => found.Values.GetValueOrDefault(name),
                "query" => query.GetValueOrDefault(name),
                _ => null,
            };
            if (given is not null)
            {
                errors.AddRange(_schemas.Errors(parameter.GetProperty("schema"), Typed(parameter.GetProperty("schema"), given), name));
            }
            else if (parameter.TryGetProperty("required", out var required) && required.GetBoolean())
            {
                errors.Add($"{name} is missing");
            }
        }

        errors.AddRange(query.Keys
            .Where(name => !parameters.Exists(parameter => parameter.GetProperty("name").GetString() == name))
            .Select(name => $"there is no parameter {name}"));

        if (found.Operation.TryGetProperty("requestBody", out var described))
        {
            described = Resolve(described);
            if (body is null)
            {
                if (described.TryGetProperty("required", out var required) && required.GetBoolean())
                {
                    errors.Add("the body is missing");
                }
            }
            else if (contentType?.Split(';')[0] != "application/json")
            {
                errors.Add($"the body is {contentType}, not application/json");
            }
            else
            {
                errors.AddRange(_schemas.Errors(described.GetProperty("content").GetProperty("application/json").GetProperty("schema"), body.Value, "body", closed: true));
            }
        }
        else if (body is not null)
        {
            errors.Add("there is a body, and none is described");
        }

        return errors;
    }

    /// <summary>What is wrong with an answer; empty for nothing. Refusals that hold for every operation (401, 403, 404, 429, 5xx) need not be described.</summary>
    public IReadOnlyList<string> AnswerErrors(string method, string path, int status, JsonElement? body)
    {
        if (Find(method, path) is not { } found)
        {
            return [];
        }

        var answers = found.Operation.GetProperty("responses");
        if (!answers.TryGetProperty($"{status}", out var answer))
        {
            if (status is 401 or 403 or 404 or 429 or >= 500)
            {
                return [];
            }

            // GitLab's description says 200 where 201 is what comes.
            var success = answers.EnumerateObject().FirstOrDefault(described => described.Name.StartsWith('2'));
            if (status is < 200 or >= 300 || success.Value.ValueKind == JsonValueKind.Undefined)
            {
                return [$"{status} is no answer to {method} {path}"];
            }

            answer = success.Value;
        }

        // GitLab's description gives 204 a body, which HTTP does not know.
        if (status == 204)
        {
            return body is null ? [] : ["204 has a body"];
        }

        answer = Resolve(answer);
        if (!answer.TryGetProperty("content", out var content) || !content.TryGetProperty("application/json", out var json))
        {
            return body is null ? [] : status >= 400 ? [] : [$"{status} has no body"];
        }

        return body is null ? [$"{status} lacks its body"] : _schemas.Errors(json.GetProperty("schema"), body.Value, $"{status}");
    }

    /// <summary>The smallest value that a schema of the description accepts: what is required, and nothing besides.</summary>
    public JsonNode Smallest(string schema) => Smallest(_root.GetProperty("components").GetProperty("schemas").GetProperty(schema))!;

    private JsonNode? Smallest(JsonElement schema)
    {
        schema = Resolve(schema);
        if (schema.TryGetProperty("nullable", out var nullable) && nullable.GetBoolean())
        {
            return null;
        }

        foreach (var choice in (string[])["oneOf", "anyOf"])
        {
            if (schema.TryGetProperty(choice, out var branches))
            {
                return Smallest(branches[0]);
            }
        }

        if (schema.TryGetProperty("enum", out var words))
        {
            return JsonNode.Parse(words[0].GetRawText());
        }

        switch (schema.GetProperty("type").GetString())
        {
            case "object":
                var value = new JsonObject();
                foreach (var name in schema.TryGetProperty("required", out var required) ? required.EnumerateArray().Select(name => name.GetString()!) : [])
                {
                    value[name] = Smallest(schema.GetProperty("properties").GetProperty(name));
                }

                return value;
            case "array":
                return new JsonArray();
            case "integer" or "number":
                return JsonValue.Create(1);
            case "boolean":
                return JsonValue.Create(false);
            default:
                return JsonValue.Create((schema.TryGetProperty("format", out var format) ? format.GetString() : "") switch
                {
                    "uri" => "https://example.org/x",
                    "date-time" => "2026-03-02T09:00:00Z",
                    _ => "x",
                });
        }
    }

    private (JsonElement Path, JsonElement Operation, Dictionary<string, string> Values)? Find(string method, string path)
    {
        var parts = path.Split('/');
        var fitting =
            from described in _root.GetProperty("paths").EnumerateObject()
            let names = described.Name.Split('/')
            where names.Length == parts.Length
            where names.Zip(parts).All(pair => pair.First == pair.Second || (pair.First.StartsWith('{') && pair.Second.Length > 0))
            orderby names.Count(name => name.StartsWith('{'))
            select (described, names);
        foreach (var (described, names) in fitting)
        {
            if (Methods.Contains(method.ToLowerInvariant()) && described.Value.TryGetProperty(method.ToLowerInvariant(), out var operation))
            {
                return (described.Value, operation, names.Zip(parts)
                    .Where(pair => pair.First.StartsWith('{'))
                    .ToDictionary(pair => pair.First.Trim('{', '}'), pair => Uri.UnescapeDataString(pair.Second)));
            }
        }

        return null;
    }

    private IEnumerable<JsonElement> Parameters(params JsonElement[] parents) =>
        from parent in parents
        where parent.TryGetProperty("parameters", out _)
        from parameter in parent.GetProperty("parameters").EnumerateArray()
        select Resolve(parameter);

    private JsonElement Resolve(JsonElement element) => element.TryGetProperty("$ref", out var reference) ? _schemas.Resolve(reference.GetString()!) : element;

    // In an address everything is text: what is to be a number is one when it looks like one.
    private static JsonElement Typed(JsonElement schema, string value)
    {
        var isNumber = schema.TryGetProperty("type", out var type) && type.GetString() is "integer" or "number" && long.TryParse(value, out _);
        return JsonDocument.Parse(isNumber ? value : JsonSerializer.Serialize(value)).RootElement.Clone();
    }
}
