using System.Text.Json;
using System.Text.RegularExpressions;

namespace CiDiff.Tests.Support;

/// <summary>Validates JSON against the part of JSON Schema (draft 2020-12, and OpenAPI 3.0's dialect of it) that this repository's schemas use. A keyword it does not
/// know is an exception, so that no schema says more than is checked.</summary>
/// <param name="root">The schema.</param>
internal sealed class JsonSchema(JsonElement root)
{
    private static readonly string[] Annotations = ["$schema", "$id", "$defs", "definitions", "$comment", "title", "description", "default", "examples", "deprecated", "readOnly", "discriminator"];

    public static JsonSchema Load(params string[] path) =>
        new(JsonDocument.Parse(File.ReadAllText(Repository.PathTo(path))).RootElement.Clone());

    /// <summary>What is wrong, each with its place; empty for a valid document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="definition">A definition of the schema to validate against; null for the whole schema.</param>
    /// <param name="closed">A property that the schema does not name is wrong, even where the schema allows more.</param>
    public IReadOnlyList<string> Errors(JsonElement document, string? definition = null, bool closed = false)
    {
        var errors = new List<string>();
        var schema = definition is null ? root : root.GetProperty("$defs").GetProperty(definition);
        Check(schema, document, "$", closed, errors);
        return errors;
    }

    /// <summary>What is wrong with a document by a part of the schema.</summary>
    public IReadOnlyList<string> Errors(JsonElement schema, JsonElement document, string at, bool closed = false)
    {
        var errors = new List<string>();
        Check(schema, document, at, closed, errors);
        return errors;
    }

    private void Check(JsonElement schema, JsonElement value, string at, bool closed, List<string> errors)
    {
        // OpenAPI 3.0 has no type null.
        if (value.ValueKind == JsonValueKind.Null && schema.ValueKind == JsonValueKind.Object
            && schema.TryGetProperty("nullable", out var nullable) && nullable.GetBoolean())
        {
            return;
        }

        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            if (schema.ValueKind == JsonValueKind.False)
            {
                errors.Add($"{at}: nothing may be here");
            }

            return;
        }

        foreach (var keyword in schema.EnumerateObject())
        {
            Check(schema, keyword, value, at, closed, errors);
        }

        if (closed && value.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out var known)
            && !schema.TryGetProperty("additionalProperties", out _))
        {
            errors.AddRange(value.EnumerateObject()
                .Where(property => !known.TryGetProperty(property.Name, out _))
                .Select(property => $"{at}: '{property.Name}' is not in the schema"));
        }
    }

    private void Check(JsonElement schema, JsonProperty keyword, JsonElement value, string at, bool closed, List<string> errors)
    {
        switch (keyword.Name)
        {
            case "$ref":
                Check(Resolve(keyword.Value.GetString()!), value, at, closed, errors);
                break;
            case "type":
                if (!Words(keyword.Value).Any(type => IsType(value, type)))
                {
                    errors.Add($"{at}: {value.ValueKind} is not {keyword.Value}");
                }

                break;
            case "enum":
                if (!keyword.Value.EnumerateArray().Any(allowed => JsonElement.DeepEquals(allowed, value)))
                {
                    errors.Add($"{at}: {value} is not one of {keyword.Value}");
                }

                break;
            case "const":
                if (!JsonElement.DeepEquals(keyword.Value, value))
                {
                    errors.Add($"{at}: {value} is not {keyword.Value}");
                }

                break;
            case "required" when value.ValueKind == JsonValueKind.Object:
                errors.AddRange(Words(keyword.Value)
                    .Where(name => !value.TryGetProperty(name, out _))
                    .Select(name => $"{at}: '{name}' is missing"));
                break;
            case "properties" when value.ValueKind == JsonValueKind.Object:
                foreach (var property in keyword.Value.EnumerateObject())
                {
                    if (value.TryGetProperty(property.Name, out var member))
                    {
                        Check(property.Value, member, $"{at}.{property.Name}", closed, errors);
                    }
                }

                break;
            case "additionalProperties" when value.ValueKind == JsonValueKind.Object:
                var named = schema.TryGetProperty("properties", out var properties) ? properties : default;
                foreach (var member in value.EnumerateObject())
                {
                    if ((named.ValueKind != JsonValueKind.Object || !named.TryGetProperty(member.Name, out _)) && !MatchingPatterns(schema, member.Name).Any())
                    {
                        Check(keyword.Value, member.Value, $"{at}.{member.Name}", closed, errors);
                    }
                }

                break;
            case "patternProperties" when value.ValueKind == JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    foreach (var pattern in MatchingPatterns(schema, member.Name))
                    {
                        Check(pattern, member.Value, $"{at}.{member.Name}", closed, errors);
                    }
                }

                break;
            case "items" when value.ValueKind == JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    Check(keyword.Value, item, $"{at}[{index++}]", closed, errors);
                }

                break;
            case "minimum" when value.ValueKind == JsonValueKind.Number && value.GetDouble() < keyword.Value.GetDouble():
                errors.Add($"{at}: {value} is less than {keyword.Value}");
                break;
            case "maximum" when value.ValueKind == JsonValueKind.Number && value.GetDouble() > keyword.Value.GetDouble():
                errors.Add($"{at}: {value} is more than {keyword.Value}");
                break;
            case "pattern" when value.ValueKind == JsonValueKind.String && !Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!):
                errors.Add($"{at}: '{value}' does not match {keyword.Value}");
                break;
            case "anyOf" or "oneOf":
                var fitting = keyword.Value.EnumerateArray().Count(branch => Fits(branch, value, closed));
                if (fitting == 0 || (keyword.Name == "oneOf" && fitting > 1))
                {
                    errors.Add($"{at}: {value} fits {fitting} branches of {keyword.Name}");
                }

                break;
            case "maxItems" when value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > keyword.Value.GetInt32():
                errors.Add($"{at}: more than {keyword.Value} items");
                break;
            case "maxLength" when value.ValueKind == JsonValueKind.String && value.GetString()!.Length > keyword.Value.GetInt32():
                errors.Add($"{at}: longer than {keyword.Value} characters");
                break;
            case "minLength" when value.ValueKind == JsonValueKind.String && value.GetString()!.Length < keyword.Value.GetInt32():
                errors.Add($"{at}: shorter than {keyword.Value} characters");
                break;
            case "minItems" when value.ValueKind == JsonValueKind.Array && value.GetArrayLength() < keyword.Value.GetInt32():
                errors.Add($"{at}: fewer than {keyword.Value} items");
                break;
            case "uniqueItems" when value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Select(item => item.GetRawText()).Distinct(StringComparer.Ordinal).Count() < value.GetArrayLength():
                errors.Add($"{at}: two items are the same");
                break;
            case "format" when value.ValueKind == JsonValueKind.String && !HasFormat(value.GetString()!, keyword.Value.GetString()!):
                errors.Add($"{at}: '{value}' is no {keyword.Value}");
                break;
            case "nullable" or "maxItems" or "maxLength" or "minLength" or "minItems" or "uniqueItems" or "format" or "required" or "properties" or "patternProperties" or "additionalProperties" or "items" or "minimum" or "maximum" or "pattern":
                // Says nothing about other types.
                break;
            default:
                Assert.True(Annotations.Contains(keyword.Name), $"The validator does not know the keyword '{keyword.Name}'.");
                break;
        }
    }

    private static IEnumerable<JsonElement> MatchingPatterns(JsonElement schema, string name) =>
        schema.TryGetProperty("patternProperties", out var patterns)
            ? patterns.EnumerateObject().Where(pattern => Regex.IsMatch(name, pattern.Name)).Select(pattern => pattern.Value)
            : [];

    private bool Fits(JsonElement schema, JsonElement value, bool closed)
    {
        var errors = new List<string>();
        Check(schema, value, "$", closed, errors);
        return errors.Count == 0;
    }

    /// <summary>What a reference within the schema means.</summary>
    internal JsonElement Resolve(string reference)
    {
        Assert.StartsWith("#/", reference, StringComparison.Ordinal);
        return reference[2..].Split('/').Aggregate(root, (schema, name) => schema.GetProperty(name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)));
    }

    private static bool HasFormat(string value, string format) => format switch
    {
        "uri" => Uri.TryCreate(value, UriKind.Absolute, out _),
        "date" or "int64" or "float" or "email" or "byte" or "repo.nwo" or "timestamp" => true,
        "uri-reference" => Uri.IsWellFormedUriString(value, UriKind.RelativeOrAbsolute),
        "date-time" => DateTimeOffset.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out _),
        _ => throw new ArgumentException($"'{format}' is no format.", nameof(format)),
    };

    private static IEnumerable<string> Words(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray().Select(word => word.GetString()!)
        : [value.GetString()!];

    private static bool IsType(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetDouble() == Math.Floor(value.GetDouble()),
        _ => throw new ArgumentException($"'{type}' is no type.", nameof(type)),
    };
}
