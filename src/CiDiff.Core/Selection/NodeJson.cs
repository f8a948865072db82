using System.Globalization;
using System.Text;
using System.Text.Json;
using CiDiff.Artifacts;

namespace CiDiff.Selection;

/// <summary>One resource as <c>dbt ls --output json</c> writes it, on one line: dbt's default keys, in the order in which the
/// manifest has them.</summary>
/// <remarks>Written as Python's <c>json.dumps</c> does: a space after each comma and colon, and nothing but ASCII.</remarks>
internal static class NodeJson
{
    /// <summary>The object.</summary>
    public static string Of(ManifestNode node)
    {
        var json = new StringBuilder("{");
        Member(json, "name", node.Name);
        Member(json, "resource_type", node.ResourceType);
        Member(json, "package_name", node.PackageName);
        Member(json, "original_file_path", node.OriginalFilePath);
        Member(json, "unique_id", node.Id.Value);
        switch (node.Section)
        {
            case ManifestSection.Nodes or ManifestSection.Functions:
                Member(json, "alias", node.Alias);
                Config(json, node);
                Tags(json, node);
                DependsOn(json, node);
                break;
            case ManifestSection.Sources:
                Member(json, "source_name", node.SourceName);
                Tags(json, node);
                Config(json, node);
                break;
            case ManifestSection.UnitTests or ManifestSection.SemanticModels:
                DependsOn(json, node);
                Config(json, node);
                break;
            default:
                Tags(json, node);
                Config(json, node);
                DependsOn(json, node);
                break;
        }

        return json.Append('}').ToString();
    }

    private static void Tags(StringBuilder json, ManifestNode node)
    {
        Name(json, "tags");
        List(json, node.Tags);
    }

    private static void Config(StringBuilder json, ManifestNode node)
    {
        Name(json, "config");
        Value(json, node.Config.Parse());
    }

    private static void DependsOn(StringBuilder json, ManifestNode node)
    {
        Name(json, "depends_on");
        json.Append('{');
        Name(json, "macros");
        List(json, node.DependsOnMacros.Select(id => id.Value));

        // A seed is made from a file: dbt gives it no list of nodes.
        if (node.ResourceType != "seed")
        {
            Name(json, "nodes");
            List(json, node.DependsOnNodes.Select(id => id.Value));
        }

        json.Append('}');
    }

    private static void Member(StringBuilder json, string name, string? value)
    {
        Name(json, name);
        Text(json, value);
    }

    private static void Name(StringBuilder json, string name)
    {
        if (json[^1] != '{')
        {
            json.Append(", ");
        }

        Text(json, name);
        json.Append(": ");
    }

    private static void List(StringBuilder json, IEnumerable<string> items)
    {
        var separator = "[";
        foreach (var item in items)
        {
            json.Append(separator);
            Text(json, item);
            separator = ", ";
        }

        json.Append(separator == "[" ? "[]" : "]");
    }

    private static void Value(StringBuilder json, JsonElement? value)
    {
        switch (value)
        {
            case { ValueKind: JsonValueKind.Object } element:
                json.Append('{');
                foreach (var member in element.EnumerateObject())
                {
                    Name(json, member.Name);
                    Value(json, member.Value);
                }

                json.Append('}');
                break;
            case { ValueKind: JsonValueKind.Array } element:
                var separator = "[";
                foreach (var item in element.EnumerateArray())
                {
                    json.Append(separator);
                    Value(json, item);
                    separator = ", ";
                }

                json.Append(separator == "[" ? "[]" : "]");
                break;
            case { ValueKind: JsonValueKind.String } element:
                Text(json, element.GetString());
                break;
            case { } element:
                json.Append(element.GetRawText());
                break;
            default:
                json.Append("null");
                break;
        }
    }

    private static void Text(StringBuilder json, string? text)
    {
        if (text is null)
        {
            json.Append("null");
            return;
        }

        json.Append('"');
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\n' => json.Append("\\n"),
                '\r' => json.Append("\\r"),
                '\t' => json.Append("\\t"),
                '\b' => json.Append("\\b"),
                '\f' => json.Append("\\f"),
                >= ' ' and <= '~' => json.Append(character),
                '\u007f' => json.Append(character),
                _ => json.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture)),
            };
        }

        json.Append('"');
    }
}
