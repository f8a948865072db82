using System.Text;
using System.Text.Json;
using CiDiff.Artifacts;
using CiDiff.Errors;
using CiDiff.State;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Artifacts;

public sealed class ManifestReaderTests
{
    private const string Metadata = "\"metadata\": {\"dbt_schema_version\": \"https://schemas.getdbt.com/dbt/manifest/v12.json\"}";

    [Fact]
    public void Everything_that_the_stages_ask_for_is_read()
    {
        var manifest = Fixture.Manifest("storefront/main/target/manifest.json");

        Assert.Equal(
            ("1.11.14", 12, "storefront", "postgres", true),
            (manifest.Metadata.DbtVersion, manifest.Metadata.SchemaVersion, manifest.Metadata.ProjectName, manifest.Metadata.AdapterType, manifest.Metadata.Quoting!.Schema));
        Assert.Equal("main", manifest.Metadata.Environment["GIT_BRANCH"]);
        Assert.Equal((72, 485, 1), (manifest.Nodes.Count, manifest.Macros.Count, manifest.Disabled.Count));
        Assert.Contains("finance-data@storefront.example", Text(manifest.GroupOwners["finance"]), StringComparison.Ordinal);

        var model = manifest.Nodes[new UniqueId("model.storefront.fct_orders")];
        Assert.Equal(
            ("model", "fct_orders", "storefront", "marts/finance/fct_orders.sql", "models/marts/finance/fct_orders.sql"),
            (model.ResourceType, model.Name, model.PackageName, model.Path, model.OriginalFilePath));
        Assert.Equal(
            ("shop", "analytics_finance", "fct_orders", "\"shop\".\"analytics_finance\".\"fct_orders\"", "table", "sql"),
            (model.Database, model.Schema, model.Alias, model.RelationName, model.Materialized, model.Language));
        Assert.Equal(["storefront", "marts", "finance", "fct_orders"], model.Fqn);
        Assert.Equal(["order_id", "gross_amount", "net_amount"], model.Columns.Select(column => column.Name));
        Assert.Equal(3, model.DependsOnNodes.Count);
        Assert.StartsWith("select\n    o.order_id,\n", model.RawCode, StringComparison.Ordinal);
        Assert.Equal(("finance", "protected", "One row for each order.", true), (model.Group, model.Access, model.Description, model.IsEnabled));
        Assert.Equal("""{"owner":"finance","tier":"gold"}""", Text(model.Meta));
        Assert.Null(model.CompiledCode);

        var test = manifest.Nodes[new UniqueId("test.storefront.not_null_fct_orders_order_id.4e687af8d0")];
        Assert.Equal(("order_id", "model.storefront.fct_orders"), (test.TestColumnName, test.AttachedNode?.Value));
        Assert.Contains("\"name\":\"not_null\"", Text(test.TestMetadata), StringComparison.Ordinal);
        Assert.True(manifest.Nodes[new UniqueId("test.storefront.paid_never_negative")].TestMetadata.IsMissing);

        var source = manifest.Nodes[new UniqueId("source.storefront.landing.web_sessions")];
        Assert.Equal(("landing", "web_sessions", ManifestSection.Sources), (source.SourceName, source.Alias, source.Section));
        Assert.Equal("2", manifest.Nodes[new UniqueId("model.storefront.customer_scores.v2")].Version);
    }

    [Fact]
    public void Compiled_code_is_kept_when_it_is_asked_for()
    {
        var path = Fixture.PathTo("storefront/main/target");

        var manifest = ManifestReader.Read(path, new ManifestReadOptions { WithCompiledCode = true }, CancellationToken.None);

        Assert.Contains("\"shop\".\"analytics\".\"stg_orders\"", manifest.Nodes[new UniqueId("model.storefront.fct_orders")].CompiledCode, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_sides_share_what_they_have_in_common()
    {
        var paths = new Sides<string>(Fixture.PathTo("storefront/main/target/manifest.json"), Fixture.PathTo("storefront/pr"));

        var manifests = await ManifestReader.ReadBothAsync(paths, ManifestReadOptions.Default, CancellationToken.None);

        var id = new UniqueId("model.storefront.dim_countries");
        Assert.Same(manifests.Base.Nodes[id].RawCode, manifests.Head.Nodes[id].RawCode);
    }

    [Fact]
    public void Old_names_and_shapes_are_read_too()
    {
        var manifest = ManifestText.Read(
            """
            'nodes': {
              'model.shop.a': {'raw_sql': 'select 1', 'compiled_sql': 'select 1', 'tags': 'nightly', 'version': 1.0, 'compiled_code': {'odd': 1}, 'latest_version': '2', 'refs': [['b']],
                               'columns': {'id': {'tags': 'pii', 'meta': {}, 'config': {'meta': {'x': 1}, 'tags': ['key']}}, 'other': null, 'other': {'description': 'last'}},
                               'depends_on': {'macros': ['macro.dbt.x', null], 'nodes': null}, 'config': {'enabled': false, 'materialized': 'view'}},
              'seed.shop.s': {'checksum': 'abc', 'config': null, 'unrendered_config': null, 'fqn': null}
            },
            'metrics': {'metric.shop.old': {'name': 'old'}}, 'sources': null, 'disabled': {'model.shop.off': [{'name': 'off'}]}, 'something_new': [{'a': 1}]
            """,
            dbt: "1.0.4",
            schema: 4);

        var model = manifest.Nodes[new UniqueId("model.shop.a")];
        Assert.Equal(("select 1", "1", "2", false, "view", "a"), (model.RawCode, model.Version, model.LatestVersion, model.IsEnabled, model.Materialized, model.Name));
        Assert.Equal(["nightly"], model.Tags);
        Assert.Equal(["id", "other"], model.Columns.Select(column => column.Name));
        Assert.Equal(["pii", "key"], model.Columns[0].Tags);
        Assert.Equal("""{"x":1}""", Text(model.Columns[0].Meta));
        Assert.Equal(["macro.dbt.x"], model.DependsOnMacros.Select(macro => macro.Value));
        Assert.Equal("off", manifest.Disabled[new UniqueId("model.shop.off")].Name);
        Assert.DoesNotContain(manifest.Nodes.Values, node => node.Section == ManifestSection.Metrics); // dbt drops those of schema v9 and older
    }

    [Theory]
    [InlineData("""{"nodes": {"model.shop.a": {"raw_code": "x"}}, METADATA}""")] // in any order
    [InlineData("{METADATA, \"nodes\": {\"model.shop.a\": {\"raw_code\": \"x\", \"meta\": {\"a\": NaN, \"b\": [-Infinity, Infinity], \"c\": \"NaN\"}}}}")]
    [InlineData("""{METADATA, "nodes": {"model.shop.a": {"raw_code": "x", "description": "half a \ud83d pair", "created_at": 1e400}}}""")]
    [InlineData("\uFEFF{METADATA, \"nodes\": {\"model.shop.a\": {\"raw_code\": \"x\"}}}\n\n")]
    [InlineData("""{ METADATA , "nodes" : { "model.shop.\u0061" : { "raw_code" : "\u0078" } } , "docs" : { "a" : "}{][\"\\" } }""")]
    [InlineData("""{METADATA, "nodes": {"model.shop.a": {"raw_code": "x", "meta": MANY}}}""")]
    public void What_real_manifests_hold_is_read(string json)
    {
        var deep = string.Concat(Enumerable.Repeat("[", 200)) + string.Concat(Enumerable.Repeat("]", 200));

        var manifest = ManifestText.ReadText(json.Replace("METADATA", Metadata, StringComparison.Ordinal).Replace("MANY", deep, StringComparison.Ordinal));

        Assert.Equal("x", manifest.Nodes[new UniqueId("model.shop.a")].RawCode);
    }

    [Fact]
    public void Words_that_only_Python_takes_for_numbers_become_texts()
    {
        var manifest = ManifestText.ReadText($$$$"""{{{{{Metadata}}}}, "nodes": {"model.shop.a": {"meta": {"a": NaN, "b": -Infinity, "c": "NaN \" NaN"} } } }""");

        Assert.Equal("""{"a": "NaN", "b": "-Infinity", "c": "NaN \" NaN"}""", Text(manifest.Nodes[new UniqueId("model.shop.a")].Meta));
    }

    [Theory]
    [InlineData(@"a \ud83d b", "a \uFFFD b")]
    [InlineData(@"\ud83d\ude00", "\U0001F600")]
    [InlineData(@"\ude00\ud83d", "\uFFFD\uFFFD")]
    [InlineData(@"\uD83D\uD83D\uDE00", "\uFFFD\U0001F600")]
    [InlineData(@"\\ud83d", @"\ud83d")] // a backslash, and no escape
    [InlineData("\u00FF", "\uFFFD")] // written as the byte FF, which is no UTF-8
    public void Halves_of_characters_become_replacement_characters(string written, string expected)
    {
        var json = Encoding.Latin1.GetBytes($$$$"""{{{{{Metadata}}}}, "nodes": {"model.shop.a": {"description": "{{{{written}}}}", "meta": "{{{{written}}}}"} } }""");

        var model = ManifestText.ReadBytes(json).Nodes[new UniqueId("model.shop.a")];

        Assert.Equal((expected, expected), (model.Description, model.Meta.Parse()?.GetString()));
    }

    [Fact]
    public void A_value_may_be_larger_than_the_buffer()
    {
        var code = new string('x', 3_000_000);

        var manifest = ManifestText.ReadText($$$$"""{"docs": {"a": "{{{{code}}}}"}, {{{{Metadata}}}}, "nodes": {"model.shop.a": {"raw_code": "{{{{code}}}}"}}}""");

        Assert.Equal(code, manifest.Nodes[new UniqueId("model.shop.a")].RawCode);
    }

    // Where a buffer ends must not matter: every cut of the file into two reads gives the same.
    [Fact]
    public void Where_the_file_is_cut_into_reads_does_not_matter()
    {
        var json = Encoding.UTF8.GetBytes(
            $$$$"""{"docs": {"a": ["\\\"}", 1.5, true]}, "other": -12, {{{{Metadata}}}}, "nodes": {"model.shop.a": {"raw_code": "\"x\\", "meta": {"a": [{}]} } } }""");
        for (var cut = 1; cut < json.Length; cut++)
        {
            using var stream = new TwoReads(json, cut);

            var manifest = ManifestReader.Read(stream, "cut", ManifestReadOptions.Default, new SharedText(), CancellationToken.None);

            Assert.Equal("\"x\\", manifest.Nodes[new UniqueId("model.shop.a")].RawCode);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_damaged_manifest_is_read_or_refused_and_never_a_crash(int seed)
    {
        var random = new Random(seed);
        var whole = Encoding.UTF8.GetBytes(Fixture.Text("storefront/pr/target/manifest.json"));
        var good = Fixture.Manifest("storefront/main/target/manifest.json");
        string[] pieces = ["\"", "{", "}", "[", "]", ",", ":", "\\", "null", "1", "\\ud800", "\u00FF", "{}", "[]", "\"a\"", "NaN", " "];
        var outcomes = new Dictionary<string, int>();
        for (var round = 0; round < 20; round++)
        {
            var damaged = whole.ToList();
            for (var damage = 0; damage < 3; damage++)
            {
                // Most of it is macros; what comes before is more interesting.
                var at = random.Next(damaged.Count / 2);
                damaged.RemoveRange(at, random.Next(6));
                damaged.InsertRange(at, Encoding.Latin1.GetBytes(pieces[random.Next(pieces.Length)]));
            }

            var outcome = Record.Exception(() => StateComparison.Compare(new Sides<Manifest>(good, ManifestText.ReadBytes([.. damaged]))));

            Assert.True(outcome is null or JsonException or EndOfStreamException or UserErrorException, outcome?.ToString());
            outcomes[outcome?.GetType().Name ?? ""] = outcomes.GetValueOrDefault(outcome?.GetType().Name ?? "") + 1;
        }

        Assert.True(outcomes.ContainsKey("") && outcomes.Count > 1, string.Join(", ", outcomes));
    }

    [Fact]
    public void Reading_can_be_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(
            () => ManifestReader.Read(Fixture.PathTo("storefront/main"), cancelled.Token));
    }

    private static string Text(JsonFragment fragment) => Encoding.UTF8.GetString(fragment.Utf8.Span);

    private sealed class TwoReads(byte[] bytes, int cut) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) =>
            base.Read(buffer, offset, Position < cut ? Math.Min(count, cut - (int)Position) : count);
    }
}
