using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CiDiff.Configuration;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Configuration;

/// <summary>The table of options, <c>docs/configuration.md</c>, the JSON Schema and the defaults in the code all say the same.</summary>
public sealed class ConfigDocumentationTests
{
    private static readonly string Page = Repository.PathTo("docs", "configuration.md");

    private static readonly JsonElement Schema =
        JsonDocument.Parse(File.ReadAllText(Repository.PathTo("schemas", "cidiff.schema.json"))).RootElement;

    [Fact]
    public void The_page_lists_every_option()
    {
        var text = new StringBuilder();
        foreach (var section in ConfigOption.All.GroupBy(option => Section(option) ?? "Top level"))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n### {section.Key}\n\n| key | takes | default | environment variable | flag | meaning |\n| --- | --- | --- | --- | --- | --- |\n");
            foreach (var option in section)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| {Code(option.Key)} | {option.Takes} | {Code(option.Default)} | {Code(option.EnvironmentVariable)} | {Code(option.Flag)} | {option.Meaning} |\n");
            }
        }

        text.Append('\n');
        IsOnThePage("options: written by the tests from ConfigOption.All", text.ToString());
    }

    [Fact]
    public void The_page_lists_every_setting_of_a_model()
    {
        var text = new StringBuilder("\n| key | takes | meaning |\n| --- | --- | --- |\n| `select` | dbt selector | Which models; only in `models:`. |\n");
        foreach (var option in ModelOption.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {Code(option.Key)} | {option.Takes} | {option.Meaning} |\n");
        }

        text.Append('\n');
        IsOnThePage("model options: written by the tests from ModelOption.All", text.ToString());
    }

    [Fact]
    public void Every_example_of_the_page_is_a_configuration()
    {
        var examples = Regex.Matches(File.ReadAllText(Page), "```yaml\n(.*?)```", RegexOptions.Singleline)
            .Select(match => match.Groups[1].Value)
            .Where(example => !example.Contains("meta:", StringComparison.Ordinal))
            .ToList();

        Assert.True(examples.Count >= 4);
        Assert.All(examples, example => ConfigReader.Read(example, "cidiff.yml", CiDiffConfig.Default, new Dictionary<string, string>()));
    }

    [Fact]
    public void A_documented_default_is_the_default()
    {
        foreach (var option in ConfigOption.All.Where(option => option.Default.Length > 0))
        {
            var node = YamlText.Parse(option.Default, new ConfigPlace("default"));

            var config = option.Apply(CiDiffConfig.Default, new ConfigValue(option.Key, node));

            // A rule that is off and a rule that nobody mentioned are the same.
            var rules = config.Rules.Limits.Where(rule => !rule.Value.IsOff).ToDictionary();
            Assert.Equal(CiDiffConfig.Default.Rules.Limits.ToDictionary(), rules);
            Assert.Equivalent(CiDiffConfig.Default, config with { Rules = CiDiffConfig.Default.Rules }, strict: true);
        }
    }

    [Fact]
    public void The_schema_has_exactly_the_options()
    {
        var inSchema =
            from top in Schema.GetProperty("properties").EnumerateObject()
            let definition = Resolve(top.Value)
            from key in IsSection(definition) ? NamesIn(definition).Select(name => $"{top.Name}.{name}") : [top.Name]
            select key;

        Assert.Equal(
            ConfigOption.All.Select(option => option.Key).Order(StringComparer.Ordinal),
            inSchema.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_schema_has_exactly_the_settings_of_a_model() => Assert.Equal(
        ModelOption.All.Select(option => option.Key).Prepend("select"),
        Schema.GetProperty("$defs").GetProperty("model").GetProperty("properties").EnumerateObject().Select(property => property.Name));

    [Fact]
    public void The_schema_gives_every_option_its_type_and_its_default()
    {
        foreach (var option in ConfigOption.All)
        {
            var definition = Definition(option.Key);
            if (definition.TryGetProperty("default", out var value))
            {
                Assert.Equal(AsJson(YamlText.Parse(option.Default, new ConfigPlace("default"))), JsonSerializer.Serialize(value));
            }
            else
            {
                Assert.True(option.Default is "" or "off" or "warn" or "fail", $"{option.Key} has no default in the schema");
            }

            Assert.True(TypesOf(definition).IsSubsetOf(TypesOf(option.Kind)), $"{option.Key} has other types in the schema");
            if (option.Words.Count > 0)
            {
                Assert.Subset(option.Words.ToHashSet(), Words(definition).ToHashSet());
            }
        }
    }

    private static HashSet<string> TypesOf(OptionKind kind) => kind switch
    {
        OptionKind.Text => ["string", "null", "boolean"],
        OptionKind.Switch => ["boolean", "null"],
        OptionKind.Number => ["integer", "null"],
        OptionKind.Choice => ["string", "null"],
        OptionKind.List => ["string", "array", "null"],
        OptionKind.Rule => ["string", "boolean", "integer", "object", "null"],
        OptionKind.Structure => ["string", "boolean", "integer", "array", "object", "null"],
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static HashSet<string> TypesOf(JsonElement definition)
    {
        if (definition.TryGetProperty("type", out var type))
        {
            return type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.GetString()!)] : [type.GetString()!];
        }

        return definition.TryGetProperty("enum", out var words)
            ? [.. words.EnumerateArray().Select(TypeOf)]
            : [.. definition.GetProperty("anyOf").EnumerateArray().SelectMany(branch => TypesOf(Resolve(branch)))];
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => "integer",
        _ => value.ValueKind.ToString().ToLowerInvariant(),
    };

    private static IEnumerable<string> Words(JsonElement definition) =>
        definition.GetProperty("enum").EnumerateArray().Where(word => word.ValueKind == JsonValueKind.String).Select(word => word.GetString()!);

    private static JsonElement Definition(string key)
    {
        var parts = key.Split('.', 2);
        var top = Schema.GetProperty("properties").GetProperty(parts[0]);
        if (parts.Length == 1)
        {
            return Merged(top);
        }

        var section = Resolve(top);
        return section.GetProperty("properties").TryGetProperty(parts[1], out var property)
            ? Merged(property)
            : Merged(section.GetProperty("patternProperties").EnumerateObject().Single(pattern => Regex.IsMatch(parts[1], pattern.Name)).Value);
    }

    private static bool IsSection(JsonElement definition) => definition.TryGetProperty("properties", out _);

    private static IEnumerable<string> NamesIn(JsonElement section) => section.GetProperty("properties").EnumerateObject()
        .Select(property => property.Name)
        .Concat(section.TryGetProperty("patternProperties", out var patterns)
            ? patterns.EnumerateObject().Select(pattern => Regex.Replace(pattern.Name, @"\\(.)|[\^$]", "$1").Replace(".+", "NAME", StringComparison.Ordinal))
            : []);

    private static JsonElement Resolve(JsonElement definition) => definition.TryGetProperty("$ref", out var reference)
        ? Schema.GetProperty("$defs").GetProperty(reference.GetString()!["#/$defs/".Length..])
        : definition;

    // A reference with a default beside it.
    private static JsonElement Merged(JsonElement definition) => JsonSerializer.SerializeToElement(
        definition.EnumerateObject().Concat(Resolve(definition).EnumerateObject())
            .DistinctBy(property => property.Name)
            .Where(property => property.Name != "$ref")
            .ToDictionary(property => property.Name, property => property.Value));

    private static string AsJson(ConfigNode node) => node switch
    {
        ConfigNode.Sequence sequence => $"[{string.Join(',', sequence.Items.Select(AsJson))}]",
        ConfigNode.Mapping mapping => $"{{{string.Join(',', mapping.Entries.Select(entry => $"\"{entry.Key}\":{AsJson(entry.Value)}"))}}}",
        ConfigNode.Scalar { Value: "true" or "false" } scalar => scalar.Value,
        ConfigNode.Scalar scalar when int.TryParse(scalar.Value, CultureInfo.InvariantCulture, out _) => scalar.Value,
        ConfigNode.Scalar scalar => $"\"{scalar.Value}\"",
        _ => "null",
    };

    private static string? Section(ConfigOption option) => option.Key.Split('.') is [var section, ..] and not [_] ? section : null;

    private static string Code(string? text) => string.IsNullOrEmpty(text) ? "" : $"`{text}`";

    private static void IsOnThePage(string marker, string expected)
    {
        var page = File.ReadAllText(Page);
        var begin = page.IndexOf($"<!-- {marker} -->\n", StringComparison.Ordinal) + $"<!-- {marker} -->\n".Length;
        var end = page.IndexOf("<!-- end -->", begin, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable(Golden.UpdateVariable) == "1")
        {
            File.WriteAllText(Page, page[..begin] + expected + page[end..]);
            return;
        }

        Assert.Equal(expected, page[begin..end]);
    }
}
