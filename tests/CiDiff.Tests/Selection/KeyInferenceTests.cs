using CiDiff.Artifacts;
using CiDiff.Selection;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Selection;

public sealed class KeyInferenceTests
{
    public static TheoryData<string, string> Meta() => new()
    {
        // the model's meta
        { """{"config": {"meta": {"primary-key": ["a", "b"]}}}""", "a, b (ModelMeta)" },
        { """{"config": {"meta": {"primary-key": "a"}}}""", "a (ModelMeta)" },
        { """{"config": {"meta": {"primary-key": "a, \"Main Colour\""}}}""", "a, Main Colour (ModelMeta)" },
        { """{"meta": {"primary-key": ["a"]}}""", "a (ModelMeta)" },
        { """{"config": {"meta": {"primary-key": ["b"]}}, "meta": {"primary-key": ["a"]}}""", "b (ModelMeta)" },
        { """{"config": {"meta": {"primary-key": true}}}""", "" },
        { """{"config": {"meta": {"primary-key": []}}}""", "" },
        { """{"config": {"meta": {"primary_key": ["a"]}}}""", "" },

        // the columns' meta and tags; a value counts
        { """{"columns": {"a": {"name": "a", "meta": {"primary-key": true}}}}""", "a (ColumnMeta)" },
        { """{"columns": {"a": {"name": "a", "config": {"meta": {"primary-key": "yes"}}}}}""", "a (ColumnMeta)" },
        { """{"columns": {"b": {"name": "b", "meta": {"primary-key": true}}, "a": {"name": "a", "meta": {"primary-key": 1}}}}""", "b, a (ColumnMeta)" },
        { """{"columns": {"a": {"name": "a", "meta": {"primary-key": false}}, "b": {"name": "b", "meta": {"primary-key": true}}}}""", "b (ColumnMeta)" },
        { """{"columns": {"a": {"name": "a", "meta": {"primary-key": "false"}}}}""", "" },
        { """{"columns": {"a": {"name": "a", "meta": {"primary-key": null}}}}""", "" },
        { """{"columns": {"a": {"name": "a", "tags": ["pii", "primary-key"]}, "b": {"name": "b", "tags": ["primary-key"]}}}""", "a, b (ColumnTags)" },
        { """{"columns": {"a": {"name": "a", "config": {"tags": ["primary-key"]}}}}""", "a (ColumnTags)" },
        { """{"columns": {"\"A b\"": {"name": "\"A b\"", "tags": ["primary-key"]}}}""", "A b (ColumnTags)" },
        { """{"columns": {"a.b": {"name": "a.b", "tags": ["primary-key"]}}}""", "a.b (ColumnTags)" },

        // unique_key
        { """{"config": {"unique_key": "a"}}""", "a (UniqueKey)" },
        { """{"config": {"unique_key": ["a", "b"]}}""", "a, b (UniqueKey)" },
        { """{"config": {"unique_key": "a, b"}}""", "a, b (UniqueKey)" },
        { """{"config": {"unique_key": "a || '-' || b"}}""", "a, b (UniqueKey)" },
        { """{"config": {"unique_key": ["concat(a, b)", "\"C\""]}}""", "a, b, C (UniqueKey)" },
        { """{"config": {"unique_key": null}}""", "" },
        { """{"config": {"unique_key": []}}""", "" },

        // constraints
        { """{"constraints": [{"type": "check", "columns": ["c"]}, {"type": "primary_key", "columns": ["a", "b"]}]}""", "a, b (Constraint)" },
        { """{"columns": {"c": {"name": "c", "constraints": [{"type": "unique"}]}, "a": {"name": "a", "constraints": [{"type": "not_null"}, {"type": "primary_key"}]}}}""", "a (Constraint)" },
        { """{"constraints": [{"type": "unique", "columns": ["a"]}]}""", "" },

        // the order of the rules
        {
            """
            {"config": {"meta": {"primary-key": "a"}, "unique_key": "d"},
             "columns": {"b": {"name": "b", "meta": {"primary-key": true}}, "c": {"name": "c", "tags": ["primary-key"]},
                         "e": {"name": "e", "constraints": [{"type": "primary_key"}]}}}
            """,
            "a (ModelMeta); b (ColumnMeta); c (ColumnTags); d (UniqueKey); e (Constraint)"
        },
        { """{"config": {"meta": {"primary-key": ["A", "b"]}, "unique_key": ["B", "a"]}}""", "A, b (ModelMeta)" },
    };

    public static TheoryData<string, string, string> Tests() => new()
    {
        { "unique", """{"column_name": "a"}""", "a" },
        { "unique", """{"column_name": "\"Main Colour\""}""", "Main Colour" },
        { "unique", """{"column_name": "concat(a, '-', b)"}""", "a, b" },
        { "unique", """{"column_name": "a || '-' || b"}""", "a, b" },
        { "unique", """{"column_name": "{{ dbt.hash('a') }}"}""", "" },
        { "dbt_utils.unique_combination_of_columns", """{"combination_of_columns": ["a", "\"B\""]}""", "a, B" },
        { "dbt_utils.unique_combination_of_columns", """{"combination_of_columns": ["A a", "b.c"], "quote_columns": true}""", "A a, b.c" },
        { "shop_utils.unique_combination_of_columns", """{"combination_of_columns": ["a", "b"]}""", "a, b" },
        { "unique_combination_of_columns", """{"combination_of_columns": ["a", "cast(b as date)"]}""", "a, b" },
        { "dbt_expectations.expect_compound_columns_to_be_unique", """{"column_list": ["a", "b"]}""", "a, b" },
        { "dbt_expectations.expect_column_values_to_be_unique", """{"column_name": "a"}""", "a" },
        { "dbt_constraints.primary_key", """{"column_name": "a"}""", "a" },
        { "dbt_constraints.primary_key", """{"column_names": ["a", "b"]}""", "a, b" },
        { "dbt_constraints.unique_key", """{"column_names": ["a", "b"]}""", "a, b" },
        { "not_null", """{"column_name": "a"}""", "" },
        { "accepted_values", """{"column_name": "a", "values": ["unique"]}""", "" },
        { "dbt_utils.not_constant", """{"column_name": "a"}""", "" },
    };

    public static TheoryData<string, string> Weak() => new()
    {
        { """{"config": {"where": "created_at > '2020-01-01'"}}""", "which does not look at every row" },
        { """{"config": {"severity": "warn"}}""", "which only warns" },
        { """{"config": {"severity": "WARN"}}""", "which only warns" },
        { """{"config": {"error_if": "> 10"}}""", "which tolerates failures" },
        { """{"test_metadata": {"name": "unique", "kwargs": {"column_name": "a", "row_condition": "b"}}}""", "which does not look at every row" },
    };

    [Theory]
    [MemberData(nameof(Meta))]
    public void Meta_tags_configs_and_constraints_are_read_in_their_order(string node, string expected)
    {
        var manifest = new ManifestBuilder().Model("orders", [], node).Build();

        Assert.Equal(expected, Declared(manifest));
    }

    [Theory]
    [MemberData(nameof(Tests))]
    public void A_test_of_uniqueness_names_its_columns(string test, string arguments, string expected)
    {
        var manifest = new ManifestBuilder().Model("orders").Test(test, "orders", arguments).Build();

        Assert.Equal(expected.Length == 0 ? "" : $"{expected} (UniqueTest)", Declared(manifest));
    }

    [Fact]
    public void Two_tests_are_two_candidates()
    {
        var manifest = new ManifestBuilder().Model("orders")
            .Test("unique", "orders", """{"column_name": "email"}""")
            .Test("unique", "orders", """{"column_name": "number"}""")
            .Test("unique_combination_of_columns", "orders", """{"combination_of_columns": ["a", "b"]}""")
            .Test("unique", "orders", """{"column_name": "code"}""")
            .Test("not_null", "orders", """{"column_name": "CODE"}""")
            .Build();

        Assert.Equal("code (UniqueTest); email (UniqueTest); number (UniqueTest); a, b (UniqueTest)", Declared(manifest));
    }

    [Fact]
    public void Among_equal_tests_a_keys_name_comes_first_then_the_documented_order()
    {
        var manifest = new ManifestBuilder()
            .Model("stg_orders", [], """{"columns": {"token": {"name": "token"}, "email": {"name": "email"}, "order_id": {"name": "order_id"}}}""")
            .Test("unique", "stg_orders", """{"column_name": "email"}""")
            .Test("unique", "stg_orders", """{"column_name": "order_id"}""")
            .Test("unique", "stg_orders", """{"column_name": "token"}""")
            .Build();

        Assert.Equal("order_id (UniqueTest); token (UniqueTest); email (UniqueTest)", Declared(manifest, "stg_orders"));
    }

    [Theory]
    [InlineData("""{"config": {"enabled": false}}""")]
    [InlineData("""{"test_metadata": null}""")]
    public void A_disabled_or_singular_test_does_not_count(string keys)
    {
        var manifest = new ManifestBuilder().Model("orders").Test("unique", "orders", """{"column_name": "a"}""", keys).Build();

        Assert.Equal("", Declared(manifest));
    }

    [Theory]
    [MemberData(nameof(Weak))]
    public void A_test_that_proves_less_comes_after_what_is_meant_for_every_row(string keys, string weakness)
    {
        var manifest = new ManifestBuilder()
            .Model("orders", [], """{"config": {"unique_key": "c"}}""")
            .Test("unique", "orders", """{"column_name": "a"}""", keys)
            .Test("unique_combination_of_columns", "orders", """{"combination_of_columns": ["b", "d"]}""")
            .Build();

        Assert.Equal("b, d (UniqueTest); c (UniqueKey); a (UniqueTest)", Declared(manifest));
        Assert.EndsWith(weakness, Candidates(manifest, "orders")[2].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"severity": "error", "error_if": ">0"}""")]
    [InlineData("""{"severity": "ERROR", "where": ""}""")]
    public void A_test_whose_settings_are_the_usual_ones_is_not_weak(string config)
    {
        var manifest = new ManifestBuilder()
            .Model("orders", [], """{"config": {"unique_key": "c"}}""")
            .Test("unique", "orders", """{"column_name": "a"}""", $$"""{"config": {{config}}}""")
            .Build();

        Assert.Equal("a (UniqueTest); c (UniqueKey)", Declared(manifest));
    }

    [Fact]
    public void A_unique_column_that_may_be_null_gives_way_to_a_primary_key()
    {
        const string Columns = """
            {"columns": {"id": {"name": "id", "constraints": [{"type": "primary_key"}]}, "email": {"name": "email"},
                         "code": {"name": "code", "constraints": [{"type": "not_null"}]}}}
            """;
        var manifest = new ManifestBuilder().Model("orders", [], Columns)
            .Test("unique", "orders", """{"column_name": "email"}""")
            .Test("unique", "orders", """{"column_name": "code"}""")
            .Build();

        Assert.Equal("code (UniqueTest); id (Constraint); email (UniqueTest)", Declared(manifest));
    }

    [Fact]
    public void The_key_of_a_snapshot_tells_its_versions_apart()
    {
        var manifest = new ManifestBuilder()
            .Node("nodes", "snapshot.shop.history", "history", """{"config": {"unique_key": ["a", "b"]}}""")
            .Node("nodes", "snapshot.shop.renamed", "renamed", """
                {"config": {"unique_key": "a", "snapshot_meta_column_names": {"dbt_scd_id": "row_id", "dbt_valid_from": "since"}}}
                """)
            .Build();

        Assert.Equal("dbt_scd_id (UniqueKey); a, b, dbt_valid_from (UniqueKey)", Declared(manifest, "snapshot.shop.history"));
        Assert.Equal("row_id (UniqueKey); a, since (UniqueKey)", Declared(manifest, "snapshot.shop.renamed"));
    }

    [Fact]
    public void A_test_is_of_what_it_names_where_the_manifest_does_not_say()
    {
        var manifest = new ManifestBuilder().Model("orders").Model("customers")
            .Node("nodes", "test.shop.unique_orders", "unique_orders", """
                {"test_metadata": {"name": "unique", "kwargs": {"column_name": "a", "model": "{{ get_where_subquery(ref('orders')) }}"}},
                 "config": {"enabled": true}}
                """, ["orders", "customers"])
            .Build();

        Assert.Equal("a (UniqueTest)", Declared(manifest));
        Assert.Equal("", Declared(manifest, "customers"));
    }

    [Fact]
    public void A_key_somebody_named_is_the_only_candidate()
    {
        var manifest = new ManifestBuilder().Model("orders", [], """{"config": {"unique_key": "a"}}""").Build();
        var model = manifest.Nodes[new UniqueId("model.shop.orders")];

        var candidate = Assert.Single(new KeyInference(manifest, "primary-key").Candidates(model, ["x", "y"]));

        Assert.Equal((KeySource.Explicit, "x, y"), (candidate.Source, string.Join(", ", candidate.Columns)));
    }

    [Fact]
    public void The_tag_is_the_configured_one()
    {
        var manifest = new ManifestBuilder().Model("orders", [], """{"columns": {"a": {"name": "a", "tags": ["pk"]}}}""").Build();

        Assert.Equal("a (ColumnTags)", Declared(manifest, keyTag: "pk"));
        Assert.Equal("", Declared(manifest));
    }

    [Theory]
    [InlineData("orders", "id pk pkey orders_id order_id orders_key order_key orders_code order_code")]
    [InlineData("status", "id pk pkey status_id status_key status_code")]
    [InlineData("addresses", "id pk pkey addresses_id address_id addresses_key address_key addresses_code address_code")]
    [InlineData(
        "dim_country_names",
        "id pk pkey dim_country_names_id dim_country_name_id country_names_id country_name_id country_id "
        + "dim_country_names_key dim_country_name_key country_names_key country_name_key country_key "
        + "dim_country_names_code dim_country_name_code country_names_code country_name_code country_code")]
    [InlineData("stg_companies", "id pk pkey stg_companies_id stg_company_id companies_id company_id "
        + "stg_companies_key stg_company_key companies_key company_key stg_companies_code stg_company_code companies_code company_code")]
    public void Names_that_look_like_a_key_come_last_and_have_to_be_proven(string model, string expected)
    {
        var manifest = new ManifestBuilder().Model(model).Build();

        var guesses = Candidates(manifest, model);

        Assert.Equal(expected, string.Join(' ', guesses.SelectMany(guess => guess.Columns)));
        Assert.All(guesses, guess => Assert.True(guess is { MustBeProven: true, Source: KeySource.NameGuess }));
    }

    [Fact]
    public void Of_dbts_own_guess_only_a_single_column_is_taken()
    {
        var manifest = new ManifestBuilder()
            .Model("a", [], """{"primary_key": ["sku"]}""")
            .Model("b", [], """{"primary_key": ["id", "email"]}""")
            .Build();

        Assert.Equal("sku", string.Join(", ", Candidates(manifest, "a")[^1].Columns));
        Assert.DoesNotContain(Candidates(manifest, "b"), candidate => candidate.Columns.Contains("email"));
    }

    private static IReadOnlyList<KeyCandidate> Candidates(Manifest manifest, string model, string keyTag = "primary-key")
    {
        var id = new UniqueId(model.Contains('.', StringComparison.Ordinal) ? model : $"model.shop.{model}");
        return new KeyInference(manifest, keyTag).Candidates(manifest.Nodes[id], null);
    }

    private static string Declared(Manifest manifest, string model = "orders", string keyTag = "primary-key") => string.Join(
        "; ",
        from candidate in Candidates(manifest, model, keyTag)
        where !candidate.MustBeProven
        select $"{string.Join(", ", candidate.Columns)} ({candidate.Source})");
}
