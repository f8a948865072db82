using System.Text;
using System.Text.Json.Nodes;
using CiDiff.Artifacts;

namespace CiDiff.Tests.Support;

/// <summary>Writes small manifests for tests, and reads them as CiDiff reads real ones.</summary>
internal sealed class ManifestBuilder
{
    private readonly JsonObject _document = new()
    {
        ["metadata"] = new JsonObject
        {
            ["dbt_schema_version"] = "https://schemas.getdbt.com/dbt/manifest/v12.json",
            ["dbt_version"] = "1.11.14",
            ["project_name"] = "shop",
            ["adapter_type"] = "postgres",
        },
        ["nodes"] = new JsonObject(),
    };

    /// <summary>Sets a key of <c>metadata</c>.</summary>
    public ManifestBuilder Metadata(string key, JsonNode? value)
    {
        _document["metadata"]![key] = value;
        return this;
    }

    /// <summary>Adds a table <c>models/NAME.sql</c> of the project.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="parents">Unique ids; a name alone is a model of the project.</param>
    /// <param name="keys">Keys of the node that are to be otherwise, as JSON.</param>
    public ManifestBuilder Model(string name, string[]? parents = null, string keys = "{}")
    {
        var given = JsonNode.Parse(keys)!.AsObject();
        var package = given["package_name"]?.GetValue<string>() ?? "shop";
        var version = given["version"]?.ToString();
        return Node(
            "nodes",
            $"model.{package}.{name}" + (version is null ? "" : $".v{version}"),
            name,
            $$"""
            {
                "database": "warehouse", "schema": "analytics", "alias": "{{name}}",
                "relation_name": "\"warehouse\".\"analytics\".\"{{name}}\"", "path": "{{name}}.sql", "original_file_path": "models/{{name}}.sql",
                "fqn": ["{{package}}", "{{name}}"{{(version is null ? "" : $", \"v{version}\"")}}],
                "raw_code": "select 1 as {{name}}", "language": "sql",
                "checksum": {"name": "sha256", "checksum": "{{name}}"},
                "config": {"enabled": true, "materialized": "table"}
            }
            """,
            parents,
            keys);
    }

    /// <summary>Adds a generic test.</summary>
    /// <param name="test">Its name: <c>unique</c>, or with its package <c>dbt_utils.unique_combination_of_columns</c>.</param>
    /// <param name="model">The unique id of what it tests; a name alone is a model of the project.</param>
    /// <param name="arguments">Its arguments, as JSON.</param>
    /// <param name="keys">Keys of the node that are to be otherwise, as JSON.</param>
    public ManifestBuilder Test(string test, string model, string arguments, string keys = "{}")
    {
        var parts = test.Split('.');
        var name = $"{parts[^1]}_{model}_{_document["nodes"]!.AsObject().Count}";
        var kwargs = JsonNode.Parse(arguments)!.AsObject();
        var column = kwargs["column_name"]?.ToJsonString() ?? "null";
        return Node(
            "nodes",
            $"test.shop.{name}.0123456789",
            name,
            $$"""
            {
                "fqn": ["shop", "{{name}}"], "column_name": {{column}}, "attached_node": "{{Id(model)}}",
                "original_file_path": "models/models.yml", "path": "{{name}}.sql", "raw_code": "{{test}}",
                "test_metadata": {
                    "name": "{{parts[^1]}}", "namespace": {{(parts.Length == 2 ? $"\"{parts[0]}\"" : "null")}}, "kwargs": {{kwargs.ToJsonString()}}
                },
                "config": {"enabled": true, "materialized": "test", "severity": "ERROR", "where": null}
            }
            """,
            [model],
            keys);
    }

    /// <summary>Adds an entry to a section.</summary>
    /// <param name="section">The section's name in the file.</param>
    /// <param name="id">Its unique id.</param>
    /// <param name="name">Its name.</param>
    /// <param name="defaults">Its keys, as JSON.</param>
    /// <param name="parents">Unique ids; a name alone is a model of the project.</param>
    /// <param name="keys">Keys that are to be otherwise, as JSON; those of <c>config</c> one by one.</param>
    public ManifestBuilder Node(
        string section, string id, string name, string defaults, string[]? parents = null, string keys = "{}")
    {
        var node = JsonNode.Parse(defaults)!.AsObject();
        node["unique_id"] = id;
        node["resource_type"] = id[..id.IndexOf('.', StringComparison.Ordinal)];
        node["name"] = name;
        node["package_name"] ??= id.Split('.')[1];
        node["depends_on"] = new JsonObject
        {
            ["nodes"] = new JsonArray([.. (parents ?? []).Select(parent => (JsonNode)Id(parent))]),
            ["macros"] = new JsonArray(),
        };
        foreach (var (key, value) in JsonNode.Parse(keys)!.AsObject())
        {
            if (key == "config" && node["config"] is JsonObject config)
            {
                foreach (var (name2, setting) in value!.AsObject())
                {
                    config[name2] = setting?.DeepClone();
                }
            }
            else
            {
                node[key] = value?.DeepClone();
            }
        }

        if (_document[section] is null)
        {
            _document[section] = new JsonObject();
        }

        _document[section]![id] = node;
        return this;
    }

    /// <summary>Reads what was written.</summary>
    public Manifest Build()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(_document.ToJsonString()));
        return ManifestReader.Read(stream, "built by a test", ManifestReadOptions.Default, new SharedText(), CancellationToken.None);
    }

    private static string Id(string nameOrId) => nameOrId.Contains('.', StringComparison.Ordinal) ? nameOrId : $"model.shop.{nameOrId}";
}
