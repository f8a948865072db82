using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CiDiff.Bench;

/// <summary>Makes a large project's manifests of production and of a pull request, the same ones each time.</summary>
/// <remarks>Models, tests and macros are those of a real manifest with other names, more columns and longer code, in the proportions of a
/// real large project. The pull request changes, adds and deletes a few models and builds all of them into another schema.</remarks>
public sealed class ManifestPairGenerator(int models, int testsPerModel)
{
    private const int ColumnsPerModel = 10;
    private const int ModelsPerFolder = 50;

    private static readonly JsonObject Source = JsonNode.Parse(File.ReadAllText(
        Path.Combine(Tool.Root, "tests", "CiDiff.Tests", "Fixtures", "storefront", "main", "target", "manifest.json")))!.AsObject();

    private static readonly JsonObject ModelTemplate = Entry("model.storefront.fct_orders");
    private static readonly JsonObject TestTemplate = Entry("test.storefront.not_null_fct_orders_order_id.4e687af8d0");

    /// <summary>Writes both, each into a folder of its own, unless they are there.</summary>
    /// <returns>The two folders.</returns>
    public (string Base, string Head) Write(string folder)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{models}x{testsPerModel}.2");
        var sides = (Base: Path.Combine(folder, name, "base"), Head: Path.Combine(folder, name, "head"));
        WriteOne(sides.Base, isHead: false);
        WriteOne(sides.Head, isHead: true);
        return sides;
    }

    private void WriteOne(string folder, bool isHead)
    {
        var path = Path.Combine(folder, "manifest.json");
        if (File.Exists(path))
        {
            return;
        }

        Directory.CreateDirectory(folder);
        using (var file = File.Create(path + ".part"))
        using (var json = new Utf8JsonWriter(file))
        {
            WriteManifest(json, isHead);
        }

        File.Move(path + ".part", path);
    }

    private void WriteManifest(Utf8JsonWriter json, bool isHead)
    {
        var numbers = Enumerable.Range(0, models + (isHead ? 5 : 0)).Where(number => !isHead || number % 1000 != 999).ToList();
        json.WriteStartObject();
        json.WritePropertyName("metadata");
        var metadata = Source["metadata"]!.DeepClone().AsObject();
        metadata["invocation_id"] = isHead ? "6f1d3f0c-0000-4000-8000-000000000002" : "6f1d3f0c-0000-4000-8000-000000000001";
        metadata.WriteTo(json);
        json.WriteStartObject("nodes");
        foreach (var number in numbers)
        {
            json.WritePropertyName(ModelId(number));
            Model(number, isHead).WriteTo(json);
        }

        foreach (var number in numbers)
        {
            for (var test = 0; test < testsPerModel; test++)
            {
                json.WritePropertyName(TestId(number, test));
                Test(number, test, isHead).WriteTo(json);
            }
        }

        json.WriteEndObject();
        json.WriteStartObject("macros");
        foreach (var (id, macro) in Source["macros"]!.AsObject())
        {
            var copy = macro!.DeepClone().AsObject();
            copy["macro_sql"] = $"{{% macro {id} %}}\n{Code(id.Length, 40)}\n{{% endmacro %}}";
            json.WritePropertyName(id);
            copy.WriteTo(json);
        }

        json.WriteEndObject();
        foreach (var section in new[] { "docs", "sources", "exposures", "metrics", "groups", "selectors", "disabled", "saved_queries", "semantic_models", "unit_tests", "functions" })
        {
            json.WriteStartObject(section);
            json.WriteEndObject();
        }

        WriteMap(json, "parent_map", numbers, number => Parents(number), (number, _) => [ModelId(number)]);
        WriteMap(json, "child_map", numbers, number => Enumerable.Range(0, testsPerModel).Select(test => TestId(number, test)), (_, _) => []);
        json.WriteEndObject();
    }

    private void WriteMap(
        Utf8JsonWriter json, string name, List<int> numbers, Func<int, IEnumerable<string>> ofModel, Func<int, int, IEnumerable<string>> ofTest)
    {
        json.WriteStartObject(name);
        foreach (var number in numbers)
        {
            WriteList(ModelId(number), ofModel(number));
            for (var test = 0; test < testsPerModel; test++)
            {
                WriteList(TestId(number, test), ofTest(number, test));
            }
        }

        json.WriteEndObject();

        void WriteList(string id, IEnumerable<string> ids)
        {
            json.WriteStartArray(id);
            foreach (var other in ids)
            {
                json.WriteStringValue(other);
            }

            json.WriteEndArray();
        }
    }

    private static JsonObject Model(int number, bool isHead)
    {
        var name = ModelName(number);
        var schema = isHead ? "dbt_pr_42_finance" : "analytics_finance";
        var parents = Parents(number).ToList();
        var code = $"select\n{Code(number, 12)}\nfrom {string.Join("\njoin ", parents.Select(parent => $"{{{{ ref('{parent[17..]}') }}}}"))}";
        if (isHead && number % 100 == 50)
        {
            code += "\nwhere amount_1 > 0";
        }

        var model = ModelTemplate.DeepClone().AsObject();
        model["schema"] = schema;
        model["name"] = name;
        model["alias"] = name;
        model["unique_id"] = ModelId(number);
        model["path"] = $"{Folder(number)}/{name}.sql";
        model["original_file_path"] = $"models/{Folder(number)}/{name}.sql";
        model["fqn"] = new JsonArray("storefront", "marts", Folder(number)[6..], name);
        model["relation_name"] = $"\"shop\".\"{schema}\".\"{name}\"";
        model["raw_code"] = code;
        model["compiled_code"] = code.Replace("{{ ref('", $"\"shop\".\"{schema}\".\"", StringComparison.Ordinal).Replace("') }}", "\"", StringComparison.Ordinal);
        model["description"] = $"What {name} holds, for whom it is, and one more sentence about how it is made.";
        model["checksum"]!["checksum"] = Digest(number, isHead && number % 100 == 50 ? 1 : 0);
        model["depends_on"]!["nodes"] = List(parents);
        model["refs"] = new JsonArray([.. parents.Select(parent => (JsonNode)new JsonObject { ["name"] = parent[17..], ["package"] = null, ["version"] = null })]);
        var column = model["columns"]!["order_id"]!;
        model["columns"] = new JsonObject(Enumerable.Range(0, ColumnsPerModel).Select(index =>
        {
            var copy = column.DeepClone();
            copy["name"] = $"amount_{index}";
            copy["description"] = $"What column {index} of {name} means.";
            copy["data_type"] = index % 2 == 0 ? "numeric" : "text";
            return KeyValuePair.Create<string, JsonNode?>($"amount_{index}", copy);
        }));
        return model;
    }

    private static JsonObject Test(int number, int test, bool isHead)
    {
        var name = $"not_null_{ModelName(number)}_amount_{test}";
        var copy = TestTemplate.DeepClone().AsObject();
        copy["schema"] = isHead ? "dbt_pr_42_dbt_test__audit" : "analytics_dbt_test__audit";
        copy["name"] = name;
        copy["alias"] = name;
        copy["unique_id"] = TestId(number, test);
        copy["path"] = $"{name}.sql";
        copy["original_file_path"] = $"models/{Folder(number)}/models.yml";
        copy["fqn"] = new JsonArray("storefront", "marts", Folder(number)[6..], name);
        copy["column_name"] = $"amount_{test}";
        copy["attached_node"] = ModelId(number);
        copy["depends_on"]!["nodes"] = new JsonArray(ModelId(number));
        copy["test_metadata"]!["kwargs"] = new JsonObject
        {
            ["column_name"] = $"amount_{test}",
            ["model"] = $"{{{{ get_where_subquery(ref('{ModelName(number)}')) }}}}",
        };
        copy["compiled_code"] = $"\n    \n    \n\n\n\nselect amount_{test}\nfrom \"shop\".\"{copy["schema"]}\".\"{ModelName(number)}\"\nwhere amount_{test} is null\n\n\n";
        return copy;
    }

    // Two or three earlier models, most of them near.
    private static IEnumerable<string> Parents(int number) =>
        number < 40 ? [] : from step in new[] { 7, 31, number % 3 == 0 ? number / 2 : 0 } where step > 0 select ModelId(Existing(number - step));

    // The pull request deletes every thousandth.
    private static int Existing(int number) => number % 1000 == 999 ? number - 1 : number;

    private static string ModelName(int number) => string.Create(CultureInfo.InvariantCulture, $"fct_orders_by_region_{number:00000}");

    private static string ModelId(int number) => $"model.storefront.{ModelName(number)}";

    private static string TestId(int number, int test) => $"test.storefront.not_null_{ModelName(number)}_amount_{test}.{Digest(number, test)[..10]}";

    private static string Folder(int number) => string.Create(CultureInfo.InvariantCulture, $"marts/area_{number / ModelsPerFolder:000}");

    private static string Digest(int number, int salt) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number}.{salt}"))));

    private static string Code(int seed, int lines) => string.Join(
        ",\n",
        Enumerable.Range(0, lines).Select(line => string.Create(
            CultureInfo.InvariantCulture, $"    round(t{line % 3}.gross_{(seed * 7) + line} * (100 - o.discount_pct) / 100.0, 2) as amount_{line}")));

    private static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static JsonObject Entry(string id) => Source["nodes"]![id]!.AsObject();
}
