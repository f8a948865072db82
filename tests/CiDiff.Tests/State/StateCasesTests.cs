using System.Text;
using System.Text.Json.Nodes;
using CiDiff.Artifacts;
using CiDiff.State;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.State;

/// <summary>1,200 changes of one manifest, with what dbt's own selector code answered to each.</summary>
public sealed class StateCasesTests
{
    private const string Main = "storefront/main/target/manifest.json";

    [Fact]
    public void Every_change_is_judged_as_dbt_judges_it()
    {
        var main = JsonNode.Parse(Fixture.Text(Main))!.AsObject();
        var manifest = Fixture.Manifest(Main);
        var cases = Fixture.Text("state_cases/storefront-main.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var wrong = new List<string>();
        foreach (var line in cases)
        {
            var test = JsonNode.Parse(line)!.AsObject();
            var changed = JsonPatch.Apply(main, manifest, test["ops"]!.AsArray());
            wrong.AddRange(Judge(test, StateComparison.Compare(new Sides<Manifest>(manifest, changed))));
        }

        Assert.Equal(1200, cases.Length);
        Assert.Empty(wrong);
    }

    private static IEnumerable<string> Judge(JsonObject test, StateComparison comparison)
    {
        var expect = test["expect"]!.AsObject();
        var stopsDbt = expect.Any(answer => answer.Value is JsonObject);
        if (comparison.BreakingContracts.Any(contract => contract.IsVersioned) != stopsDbt)
        {
            yield return $"{test["name"]}: dbt {(stopsDbt ? "refuses to answer" : "answers")}";
        }

        foreach (var selector in StateSelectors.All.Except(["old", "unmodified"]))
        {
            if (expect[selector] is JsonObject)
            {
                continue; // dbt's answer is the error
            }

            var expected = expect[selector]?.AsArray().Select(id => id!.GetValue<string>()) ?? [];
            var actual = comparison.Select(selector).Select(id => id.Value);
            if (!expected.Order(StringComparer.Ordinal).SequenceEqual(actual))
            {
                yield return $"{test["name"]}: {selector} is {string.Join(", ", expected)}, not {string.Join(", ", actual)}";
            }
        }
    }

    /// <summary>Applies a patch by reading only the entries it touches: reading the whole manifest each time would take minutes.</summary>
    private static class JsonPatch
    {
        public static Manifest Apply(JsonObject document, Manifest manifest, JsonArray operations)
        {
            var touched = new Dictionary<(string Section, string Id), JsonNode?>();
            foreach (var operation in operations.Select(operation => operation!.AsObject()))
            {
                var path = operation["path"]!.GetValue<string>().Split('/').Skip(1)
                    .Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))
                    .ToArray();
                var entry = (path[0], path[1]);
                if (!touched.TryGetValue(entry, out var node))
                {
                    node = document[path[0]]?[path[1]]?.DeepClone();
                }

                var value = operation["op"]!.GetValue<string>() == "remove" ? null : operation["value"]?.DeepClone();
                touched[entry] = path.Length == 2 ? value : Edit(node!, path[2..], operation["op"]!.GetValue<string>(), value);
            }

            return Merge(document, manifest, touched);
        }

        private static JsonNode Edit(JsonNode entry, string[] path, string operation, JsonNode? value)
        {
            var parent = path[..^1].Aggregate(entry, (node, part) => node is JsonArray list ? list[int.Parse(part, null)]! : node[part]!);
            switch (parent, operation)
            {
                case (JsonArray list, "remove"):
                    list.RemoveAt(int.Parse(path[^1], null));
                    break;
                case (JsonArray list, _):
                    list[int.Parse(path[^1], null)] = value;
                    break;
                case (JsonObject members, "remove"):
                    members.Remove(path[^1]);
                    break;
                default:
                    parent[path[^1]] = value;
                    break;
            }

            return entry;
        }

        private static Manifest Merge(JsonObject document, Manifest manifest, Dictionary<(string Section, string Id), JsonNode?> touched)
        {
            var part = new JsonObject { ["metadata"] = document["metadata"]!.DeepClone(), ["nodes"] = new JsonObject() };
            foreach (var ((section, id), entry) in touched)
            {
                if (entry is not null)
                {
                    part.TryAdd(section, new JsonObject());
                    part[section]![id] = entry.DeepClone();
                }
            }

            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(part.ToJsonString()));
            var read = ManifestReader.Read(stream, "patched", ManifestReadOptions.Default, new SharedText(), CancellationToken.None);
            var macros = touched.Keys.Where(entry => entry.Section == "macros").Select(entry => new UniqueId(entry.Id)).ToHashSet();
            var disabled = touched.Keys.Where(entry => entry.Section == "disabled").Select(entry => new UniqueId(entry.Id)).ToHashSet();
            var nodes = touched.Keys.Where(entry => entry.Section is not ("macros" or "disabled" or "groups"))
                .Select(entry => new UniqueId(entry.Id)).ToHashSet();
            return manifest with
            {
                Nodes = Replace(manifest.Nodes, nodes, read.Nodes),
                Macros = Replace(manifest.Macros, macros, read.Macros),
                Disabled = Replace(manifest.Disabled, disabled, read.Disabled),
            };
        }

        private static Dictionary<UniqueId, T> Replace<T>(
            IReadOnlyDictionary<UniqueId, T> all, HashSet<UniqueId> touched, IReadOnlyDictionary<UniqueId, T> read) =>
            all.Where(entry => !touched.Contains(entry.Key)).Concat(read).ToDictionary();
    }
}
