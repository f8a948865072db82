using System.Text.Json;
using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Configuration;

/// <summary>Every file of <c>Configs/valid</c> is accepted by the reader and by the JSON Schema. Every file of <c>Configs/invalid</c> is refused with the
/// code and the words that its last lines name; these lines also say whether the schema can tell.</summary>
public sealed class ConfigFilesTests
{
    private static readonly JsonSchema Schema = JsonSchema.Load("schemas", "cidiff.schema.json");

    public static TheoryData<string> Valid => Files("valid");

    public static TheoryData<string> Invalid => Files("invalid");

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_valid_file_is_accepted(string name)
    {
        var text = Text("valid", name);

        var config = ConfigReader.Read(text, name, CiDiffConfig.Default, new Dictionary<string, string>());

        Assert.Equal(name, config.File);
        Assert.Empty(Schema.Errors(AsJson(text), closed: true));
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void An_invalid_file_is_refused_with_code_place_and_hint(string name)
    {
        var text = Text("invalid", name);
        var expected = text.Split('\n').Single(line => line.StartsWith("# error: ", StringComparison.Ordinal))["# error: ".Length..];

        var error = Assert.Throws<UserErrorException>(
            () => ConfigReader.Read(text, name, CiDiffConfig.Default, new Dictionary<string, string>()));

        var shown = $"{error.Code}: {error.Message} | {error.Hint}";
        Assert.StartsWith($"{error.Code}: {name}, line ", shown, StringComparison.Ordinal);
        Assert.Equal(expected[..9], $"{error.Code}: ");
        Assert.Contains(expected[9..], shown, StringComparison.Ordinal);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(error.Hint));
        Assert.DoesNotContain("hunter2", shown, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void The_schema_refuses_an_invalid_file_where_it_can_tell(string name)
    {
        var text = Text("invalid", name);
        var schema = text.Split('\n').Single(line => line.StartsWith("# schema: ", StringComparison.Ordinal))["# schema: ".Length..];

        switch (schema)
        {
            case "rejects":
                Assert.NotEmpty(Schema.Errors(AsJson(text)));
                break;
            case "accepts":
                Assert.Empty(Schema.Errors(AsJson(text)));
                break;
            default:
                Assert.Equal("unreadable", schema);
                Assert.Throws<UserErrorException>(() => AsJson(text));
                break;
        }
    }

    // As editors see the file: the core schema of YAML 1.2.
    private static JsonElement AsJson(string text) =>
        JsonSerializer.SerializeToElement(ToObject(YamlText.Parse(text, new ConfigPlace("schema"))));

    private static object? ToObject(ConfigNode node) => node switch
    {
        ConfigNode.Null => null,
        ConfigNode.Sequence sequence => sequence.Items.Select(ToObject).ToList(),
        ConfigNode.Mapping mapping => mapping.Entries.ToDictionary(entry => entry.Key, entry => ToObject(entry.Value)),
        ConfigNode.Scalar { IsQuoted: false, Value: "true" or "false" } scalar => scalar.Value == "true",
        ConfigNode.Scalar { IsQuoted: false } scalar when decimal.TryParse(
            scalar.Value, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) => number,
        ConfigNode.Scalar scalar => scalar.Value,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Text(string folder, string name) => File.ReadAllText(Path.Combine(Folder(folder), name));

    private static TheoryData<string> Files(string folder) =>
        [.. Directory.EnumerateFiles(Folder(folder), "*.yml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string Folder(string folder) =>
        Repository.PathTo("tests", "CiDiff.Tests", "Configuration", "Configs", folder);
}
