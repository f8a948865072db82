using CiDiff.Artifacts;
using CiDiff.Errors;
using CiDiff.Selection;
using CiDiff.State;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Selection;

public sealed class NodeSelectorTests
{
    // raw -> stg -> (orders.v1, orders.v2, totals) -> report; the tests, an exposure and a package of somebody else around it.
    private static readonly Manifest Shop = new ManifestBuilder()
        .Node("sources", "source.shop.landing.raw", "raw", """
            {"source_name": "landing", "identifier": "raw", "fqn": ["shop", "staging", "landing", "raw"], "tags": ["daily"],
             "original_file_path": "models/staging/sources.yml", "config": {"enabled": true, "loaded_at_field": "at"}}
            """)
        .Node("nodes", "seed.shop.countries", "countries", """
            {"fqn": ["shop", "countries"], "original_file_path": "seeds/countries.csv", "config": {"enabled": true, "materialized": "seed"}}
            """)
        .Model("stg", ["source.shop.landing.raw"], """
            {"fqn": ["shop", "staging", "stg"], "original_file_path": "models/staging/stg.sql", "patch_path": "shop://models/staging/stg.yml",
             "tags": ["daily", "staging"], "config": {"materialized": "view", "tags": ["daily"], "meta": {"owner": "finance", "pii": true, "n": 1}}}
            """)
        .Model("orders", ["stg"], """
            {"version": 1, "latest_version": 2, "fqn": ["shop", "marts", "orders", "v1"], "original_file_path": "models/marts/orders_v1.sql",
             "access": "public", "group": "finance", "config": {"group": "finance", "materialized": "incremental", "unique_key": ["a", "b"]}}
            """)
        .Model("orders", ["stg"], """
            {"version": 2, "latest_version": 2, "fqn": ["shop", "marts", "orders", "v2"], "original_file_path": "models/marts/orders_v2.sql"}
            """)
        .Model("orders", ["stg"], """
            {"version": 3, "latest_version": 2, "fqn": ["shop", "marts", "orders", "v3"], "original_file_path": "models/marts/orders_v3.py"}
            """)
        .Model("totals", ["stg", "seed.shop.countries"], """
            {"fqn": ["shop", "marts", "totals"], "original_file_path": "models/marts/totals.sql", "access": "private"}
            """)
        .Model("report.daily", ["totals", "model.shop.orders.v2", "off"], """
            {"fqn": ["shop", "marts", "report.daily"], "original_file_path": "models/marts/report.daily.sql"}
            """)
        .Model("off", ["stg"], """{"config": {"enabled": false}}""")
        .Model("calendar", [], """
            {"package_name": "tools", "fqn": ["tools", "marts", "calendar"], "original_file_path": "models/marts/calendar.sql"}
            """)
        .Model("lonely", [], """
            {"package_name": "tools", "fqn": ["tools", "misc", "lonely"], "original_file_path": "models/misc/lonely.sql"}
            """)
        .Test("unique", "totals", """{"column_name": "id"}""", """{"name": "unique_totals", "config": {"severity": "warn"}}""")
        .Node("nodes", "test.shop.both", "both", """
            {"fqn": ["shop", "both"], "original_file_path": "tests/both.sql", "config": {"enabled": true, "severity": "ERROR"}}
            """, ["stg", "totals"])
        .Node("unit_tests", "unit_test.shop.totals.adds_up", "adds_up", """
            {"model": "totals", "fqn": ["shop", "marts", "totals", "adds_up"], "original_file_path": "models/marts/m.yml",
             "config": {"enabled": true, "tags": "slow"}}
            """, ["totals"])
        .Node("exposures", "exposure.shop.board", "board", """
            {"fqn": ["shop", "board"], "original_file_path": "models/m.yml", "config": {"enabled": true}}
            """, ["model.shop.report.daily"])
        .Node("metrics", "metric.shop.revenue", "revenue", """
            {"fqn": ["shop", "revenue"], "original_file_path": "models/m.yml", "config": {"enabled": true, "group": "finance"}}
            """, ["semantic_model.shop.sales"])
        .Node("semantic_models", "semantic_model.shop.sales", "sales", """
            {"fqn": ["shop", "sales"], "original_file_path": "models/m.yml", "config": {"enabled": true}}
            """, ["totals"])
        .Node("saved_queries", "saved_query.shop.weekly", "weekly", """
            {"fqn": ["shop", "weekly"], "original_file_path": "models/m.yml", "config": {"enabled": true}}
            """, ["metric.shop.revenue"])
        .Node("functions", "function.shop.band", "band", """
            {"fqn": ["shop", "band"], "original_file_path": "functions/band.sql", "config": {"enabled": true, "type": "scalar"}}
            """)
        .Node("nodes", "analysis.shop.ad_hoc", "ad_hoc", """
            {"fqn": ["shop", "analysis", "ad_hoc"], "original_file_path": "analyses/ad_hoc.sql", "config": {"enabled": true}}
            """, ["totals"])
        .Build();

    public static TheoryData<string, string> Selectors() => new()
    {
        // fqn: names, folders, packages
        { "stg", "stg" },
        { "fqn:stg", "stg" },
        { "staging", "stg" },
        { "shop.staging", "stg" },
        { "shop.staging.stg", "stg" },
        { "tools", "calendar lonely" },
        { "marts", "adds_up calendar orders.v1 orders.v2 orders.v3 report.daily totals" },
        { "marts.*", "adds_up calendar orders.v1 orders.v2 orders.v3 report.daily totals" },
        { "shop.marts", "adds_up orders.v1 orders.v2 orders.v3 report.daily totals" },
        { "shop.*.orders.*", "orders.v1 orders.v2 orders.v3" },
        { "*.stg", "stg" },
        { "*stg", "stg" },
        { "shop.staging.st?", "stg" },
        { "shop.staging.[s]tg", "stg" },
        { "st?", "" }, // a pattern is for the whole rest of the fqn
        { "raw", "" }, // sources have a method of their own
        { "landing", "" },
        { "off", "" }, // disabled
        { "STG", "" },
        { "report.daily", "report.daily" },
        { "shop.marts.report", "report.daily" }, // a dot in a name separates like any other
        { "daily", "" },
        { "adds_up", "adds_up" },
        { "board", "board" },

        // versions
        { "orders", "orders.v1 orders.v2 orders.v3" },
        { "orders.v2", "orders.v2" },
        { "orders_v2", "orders.v2" },
        { "shop.marts.orders.v2", "orders.v2" },
        { "v2", "" },
        { "version:latest", "orders.v2" },
        { "version:old", "orders.v1" },
        { "version:prerelease", "orders.v3" },
        { "version:none", "calendar lonely report.daily stg totals" },

        // path and file, given and implied
        { "path:models/marts", "adds_up calendar orders.v1 orders.v2 orders.v3 report.daily totals" },
        { "path:./models/marts/", "adds_up calendar orders.v1 orders.v2 orders.v3 report.daily totals" },
        { "models/staging", "landing.raw stg" },
        { "models/staging/stg.sql", "stg" },
        { "models/staging/stg.yml", "stg" },
        { "models/*/stg.sql", "stg" },
        { "models/*/*.sql,models/staging", "stg" },
        { "path:**/stg.sql", "stg" },
        { "path:models", "adds_up board calendar landing.raw lonely orders.v1 orders.v2 orders.v3 report.daily revenue sales stg totals unique_totals weekly" },
        { "path:models/misc", "" }, // only the installed package has that folder
        { "path:model", "" },
        { "path:models/m", "" },
        { "file:stg.sql", "stg" },
        { "stg.sql", "stg" },
        { "orders_v3.py", "orders.v3" },
        { "countries.csv", "countries" },
        { "file:orders_v*", "orders.v1 orders.v2 orders.v3" },
        { "file:totals", "totals" },

        // the other methods
        { "package:shop,resource_type:model", "orders.v1 orders.v2 orders.v3 report.daily stg totals" },
        { "package:this,resource_type:seed", "countries" },
        { "package:to*", "calendar lonely" },
        { "tag:daily", "landing.raw stg" },
        { "tag:da*", "landing.raw stg" },
        { "tag:slow", "adds_up" },
        { "config.materialized:view", "stg" },
        { "config.materialized:incremental", "orders.v1" },
        { "config.unique_key:b", "orders.v1" },
        { "config.meta.owner:finance", "stg" },
        { "config.meta.pii:true", "stg" },
        { "config.meta.pii:True", "stg" },
        { "config.meta.n:1", "" }, // a number is no text
        { "config.meta.absent:x", "" },
        { "config.materialized.deeper:x", "" },
        { "config.loaded_at_field:at", "landing.raw" },
        { "config.type:scalar", "band" },
        { "config.severity:WARN", "unique_totals" },
        { "resource_type:seed", "countries" },
        { "resource_type:macro", "" },
        { "source:landing", "landing.raw" },
        { "source:landing.raw", "landing.raw" },
        { "source:shop.landing.*", "landing.raw" },
        { "source:raw", "" },
        { "exposure:board", "board" },
        { "exposure:shop.b*", "board" },
        { "metric:revenue", "revenue" },
        { "semantic_model:sales", "sales" },
        { "saved_query:weekly", "weekly" },
        { "unit_test:adds_up", "adds_up" },
        { "group:finance", "orders.v1 revenue" },
        { "group:fin*", "orders.v1 revenue" },
        { "access:public", "orders.v1" },
        { "access:private", "totals" },
        { "access:protected,marts", "calendar orders.v2 orders.v3 report.daily" },
        { "test_type:generic", "unique_totals" },
        { "test_type:schema", "unique_totals" },
        { "test_type:singular", "both" },
        { "test_type:data", "both unique_totals" },
        { "test_type:unit", "adds_up" },
        { "test_name:uni*", "unique_totals" },
        { "test_name:adds_up", "adds_up" },

        // graph operators
        { "stg+1", "both orders.v1 orders.v2 orders.v3 stg totals" },
        { "totals+", "adds_up board both report.daily revenue sales totals unique_totals weekly" },
        { "+totals", "countries landing.raw stg totals" },
        { "1+totals", "countries stg totals" },
        { "0+totals+0", "totals" },
        { "1+orders.v2+1", "orders.v2 report.daily stg" },
        { "@orders.v2", "board countries landing.raw orders.v2 report.daily stg totals" },
        { "+exposure:board", "board countries landing.raw orders.v2 report.daily stg totals" },
        { "2+board", "board orders.v2 report.daily totals" },
        { "a+b", "" },
        { "landing.raw+", "" },
        { "source:landing+1", "landing.raw stg" },

        // sets
        { "stg totals", "stg totals" },
        { "  stg \n totals ", "stg totals" },
        { "marts,tag:daily", "" },
        { "+totals,resource_type:model stg", "stg totals" },
    };

    public static TheoryData<string, string, string, string?> BadSelectors() => new()
    {
        { "@stg+", "CID3001", "The selector '@stg+' has both '@' in front and '+' behind.", null },
        { "stg,", "CID3001", "The selector 'stg,' has nothing on one side of a comma.", null },
        { "99999999999+stg", "CID3001", "'99999999999' in the selector '99999999999+stg' is too many levels.", null },
        { "tags:x", "CID3002", "'tags' in the selector 'tags:x' is no method of dbt's selectors.", "Did you mean 'tag'?" },
        { "stg config:x", "CID3001", "The selector 'config:x' does not say which configuration.", null },
        { "source:a.b.c.d", "CID3001", "The selector 'source:a.b.c.d' has too many dots.", null },
        { "exposure:a.b.c", "CID3001", "The selector 'exposure:a.b.c' has too many dots.", null },
        { "state:modifed+", "CID3001", "The selector 'state:modifed+' asks for a state that dbt does not know.", "Did you mean 'modified'?" },
        { "version:newest", "CID3001", "The selector 'version:newest' names no kind of version.", null },
        { "test_type:custom", "CID3001", "The selector 'test_type:custom' names no type of test.", null },
        { "resource_type:modle", "CID3001", "The selector 'resource_type:modle' names no type of resource.", "Did you mean 'model'?" },
        { "/models/stg.sql", "CID3001", "The path '/models/stg.sql' in a selector is absolute.", null },
        { "state:new", "CID3004", "The selector 'state:new' compares with production, and there is no base manifest.", null },
        { "result:error", "CID3003", "The selector 'result:error' needs the run_results.json of an earlier run, and CiDiff reads two manifests only.", null },
        { "source_status:fresher+", "CID3003", "The selector 'source_status:fresher+' needs the sources.json of two freshness checks, and CiDiff reads two manifests only.", null },
        { "selector:nightly", "CID3003", "The selector 'selector:nightly' needs the project's selectors.yml, and CiDiff reads two manifests only.", null },
    };

    [Theory]
    [MemberData(nameof(Selectors))]
    public void A_selector_names_what_it_names_in_dbt(string selector, string expected)
    {
        var selection = Select(selector, IndirectSelection.Empty);

        Assert.Equal(expected, Names(selection));
        Assert.Equal(expected.Length == 0, selection.Warnings.Count > 0);
    }

    [Theory]
    [InlineData("stg", IndirectSelection.Eager, "both stg")]
    [InlineData("stg", IndirectSelection.Cautious, "stg")]
    [InlineData("stg", IndirectSelection.Buildable, "stg")]
    [InlineData("totals", IndirectSelection.Eager, "adds_up both totals unique_totals")]
    [InlineData("totals", IndirectSelection.Cautious, "adds_up totals unique_totals")]
    [InlineData("totals", IndirectSelection.Buildable, "adds_up both totals unique_totals")]
    [InlineData("totals", IndirectSelection.Empty, "totals")]
    [InlineData("stg totals", IndirectSelection.Cautious, "adds_up both stg totals unique_totals")]
    [InlineData("+totals,resource_type:model", IndirectSelection.Cautious, "adds_up both stg totals unique_totals")]
    [InlineData("staging,stg", IndirectSelection.Eager, "both stg")]
    [InlineData("both", IndirectSelection.Empty, "both")]
    public void Tests_come_along_as_the_mode_says(string selector, IndirectSelection mode, string expected) =>
        Assert.Equal(expected, Names(Select(selector, mode)));

    [Theory]
    [InlineData("marts", "totals", "calendar orders.v1 orders.v2 orders.v3 report.daily")]
    [InlineData(null, "package:shop", "calendar lonely")]
    [InlineData("stg totals", "nothing", "adds_up both stg totals unique_totals")]
    public void An_exclusion_takes_its_tests_with_it(string? select, string exclude, string expected)
    {
        var request = new NodeSelectionRequest { Select = select, Exclude = exclude };

        Assert.Equal(expected, Names(new NodeSelector(Shop, null).Select(request)));
    }

    [Theory]
    [InlineData("", "ad_hoc", "")]
    [InlineData("analysis", "", "ad_hoc")]
    [InlineData("seed source", "", "countries landing.raw")]
    [InlineData("all", "package:tools resource_type:model resource_type:test resource_type:unit_test", "ad_hoc band board countries landing.raw revenue sales weekly")]
    [InlineData("default", "resource_type:model resource_type:test resource_type:unit_test", "band board countries landing.raw revenue sales weekly")]
    public void Only_the_asked_types_are_listed(string types, string exclude, string expected)
    {
        var request = new NodeSelectionRequest
        {
            Select = types.Length == 0 ? "ad_hoc" : null,
            Exclude = types.Length == 0 || exclude.Length == 0 ? null : exclude,
            ResourceTypes = types.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            IndirectSelection = IndirectSelection.Empty,
        };

        Assert.Equal(expected, Names(new NodeSelector(Shop, null).Select(request)));
    }

    [Theory]
    [MemberData(nameof(BadSelectors))]
    public void A_bad_selector_is_an_error_that_says_why(string selector, string code, string message, string? hint)
    {
        var error = Assert.Throws<UserErrorException>(() => Select(selector, IndirectSelection.Eager));

        Assert.Equal((code, message), (error.Code.Id, error.Message));
        Assert.NotNull(error.Hint);
        Assert.Equal(hint ?? error.Hint, error.Hint);
    }

    [Fact]
    public void An_unknown_resource_type_is_an_error()
    {
        var request = new NodeSelectionRequest { ResourceTypes = ["models"] };

        var error = Assert.Throws<UserErrorException>(() => new NodeSelector(Shop, null).Select(request));

        Assert.Equal((ErrorCodes.UnknownResourceType, "Did you mean 'model'?"), (error.Code, error.Hint));
    }

    [Fact]
    public void What_names_nothing_is_told()
    {
        var selection = Select("stg nothing lonely,tag:daily", IndirectSelection.Eager);

        Assert.Equal(
            [
                "The selector 'nothing' does not match any enabled resource.",
                "The selector 'lonely,tag:daily' does not match any enabled resource.",
            ],
            selection.Warnings);
    }

    [Fact]
    public void A_manifest_written_on_windows_has_the_same_paths()
    {
        var manifest = new ManifestBuilder()
            .Model("stg", [], """{"original_file_path": "models\\staging\\stg.sql", "patch_path": "shop://models\\staging\\stg.yml"}""")
            .Build();

        foreach (var selector in new[] { "models/staging", "models/staging/stg.yml", "file:stg.sql" })
        {
            var selection = new NodeSelector(manifest, null).Select(new NodeSelectionRequest { Select = selector });
            Assert.Equal("stg", Names(selection));
        }
    }

    [Fact]
    public void Twenty_thousand_resources_are_walked_in_an_instant()
    {
        var builder = new ManifestBuilder();
        for (var number = 0; number < 300; number++)
        {
            builder.Model($"m{number}", number == 0 ? [] : [$"m{number - 1}"]);
        }

        var manifest = builder.Build();
        var nodes = Enumerable.Range(0, 20_000).Select(number => manifest.Nodes[new UniqueId($"model.shop.m{number % 300}")] with
        {
            Id = new UniqueId($"model.shop.n{number}"),
            DependsOnNodes = [.. Enumerable.Range(1, Math.Min(10, number)).Select(back => new UniqueId($"model.shop.n{number - back}"))],
        });
        var large = manifest with { Nodes = nodes.ToDictionary(node => node.Id) };
        var graph = LineageGraph.Of(large);
        var first = graph.NoNodes();
        first.Add(graph.NumberOf(new UniqueId("model.shop.n0"))!.Value);

        var started = TimeProvider.System.GetTimestamp();
        var descendants = graph.Descendants(first);
        var elapsed = TimeProvider.System.GetElapsedTime(started);

        Assert.Equal(19_999, descendants.Count);
        Assert.InRange(elapsed.TotalSeconds, 0, 5); // a set for each node would take minutes
    }

    private static NodeSelection Select(string selector, IndirectSelection mode) =>
        new NodeSelector(Shop, null).Select(new NodeSelectionRequest { Select = selector, IndirectSelection = mode });

    private static string Names(NodeSelection selection)
    {
        var written = new StringWriter();
        NodeList.Write(selection.Nodes, LsFormat.Name, written);
        return string.Join(' ', written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }
}
