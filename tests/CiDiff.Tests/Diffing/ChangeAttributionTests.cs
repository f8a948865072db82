using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Tests.Diffing.Support;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Diffing;

[Collection("postgres")]
public sealed class ChangeAttributionTests(PostgresServer server)
{
    private const string Odd = "O'Neill \"x\" \\ ? % -- /* ö 😀";

    // A thousand orders, a tenth of them from Germany, over 250 days.
    private const string Columns = """
        i as id,
        case when i % 20 = 0 then null else (array['ES', 'DE', 'FR', 'IT', 'NL', 'BE', 'AT', 'PL', 'CH', 'PT'])[1 + i % 10] end as country,
        i % 3 = 0 as is_test,
        cast(floor(i / 10.0) as integer) % 5 as tier,
        timestamp '2024-01-01' + i * interval '6 hours' as ordered_at,
        i * 1.5 as amount,
        'note ' || i as note
        """;

    /// <summary>Engine, which rows change, what is told: column, value, share of the changed rows, over-representation; null when it is not looked for.</summary>
    public static TheoryData<string, string, string?> Answers { get; } = OnBoth(
        ("country = 'DE'", "country=DE 1.00 10.0"),
        ("country = 'DE' or i % 100 = 5", "country=DE 0.91 9.1"),
        ("country = 'DE' or i % 20 = 2", "country=DE 0.67 6.7, country=FR 0.33 3.3"),
        ("country is null", "country=null 1.00 20.0"),
        ("is_test", "is_test=true 1.00 3.0"),
        ("tier = 4", "tier=4 1.00 5.0"),
        ("ordered_at >= '2024-03-01' and ordered_at < '2024-04-01'", "ordered_at month=2024-03 1.00 8.1"),
        ("i % 7 = 0", ""),
        ("country = 'DE' and i <= 290", null),
        ("i % 10 <> 1", null),
        ("false", null));

    public static TheoryData<string> Names { get; } = ["duckdb", "postgres"];

    [PostgresTheory]
    [MemberData(nameof(Answers))]
    public async Task The_values_that_changed_rows_have_more_often_are_told(string engine, string changes, string? answer) =>
        Assert.Equal(answer, Text(await DiffAsync(engine, Columns, Changed("amount", changes, "amount + 1"))));

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task That_a_column_changed_where_it_had_a_value_is_told_only_when_there_is_nothing_else(string engine)
    {
        Assert.Equal("country=DE 1.00 10.0", Text(await DiffAsync(engine, Columns, Changed("country", "country = 'DE'", "'XX'"))));
        Assert.Equal(
            "tier=1 0.50 2.5, tier=2 0.50 2.5", Text(await DiffAsync(engine, Columns, Changed("country", "country = 'DE' and tier in (1, 2)", "'XX'"))));
    }

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task A_value_with_every_sign_in_it_is_counted_in_both_tables(string engine)
    {
        var columns = Columns.Replace("'DE'", $"'{Odd.Replace("'", "''", StringComparison.Ordinal)}'", StringComparison.Ordinal);

        Assert.Equal($"country={Odd} 1.00 10.0", Text(await DiffAsync(engine, columns, Changed("amount", "i % 10 = 1", "amount + 1"))));
    }

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task Rows_whose_key_repeats_are_not_among_the_changed_ones(string engine)
    {
        var diff = await DiffAsync(engine, Columns, Changed("amount", "country = 'DE'", "amount + 1"), "union all select * from made where i = 11 or i = 3");

        Assert.Equal((99, 99), (diff.Rows.Changed, diff.Attribution!.ChangedRows));
        Assert.StartsWith("country=DE 1.00", Text(diff), StringComparison.Ordinal);
    }

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task Columns_that_are_left_out_explain_nothing(string engine)
    {
        var rules = new CompareRules { IgnoreColumns = ["country"] };

        Assert.Equal("", Text(await DiffAsync(engine, Columns, Changed("amount", "country = 'DE'", "amount + 1"), rules: rules)));
    }

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task It_takes_two_statements_and_none_when_it_is_switched_off(string engine)
    {
        var with = await DiffAsync(engine, Columns, Changed("amount", "country = 'DE'", "amount + 1"));
        var without = await DiffAsync(engine, Columns, Changed("amount", "country = 'DE'", "amount + 1"), rules: new CompareRules { Attribution = false });

        Assert.Null(without.Attribution);
        Assert.Equal(2, with.Cost.Queries - without.Cost.Queries);
    }

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task Some_rows_of_a_large_table_say_nearly_the_same(string engine)
    {
        var diff = await DiffAsync(engine, Columns, Changed("amount", "country = 'DE' and i % 100 = 1 or i % 2000 = 5", "amount + 1"), rows: 400_000);

        Assert.Equal(4_200, diff.Rows.Changed);
        Assert.Equal((ChangeAttribution.MostKeys, true), (diff.Attribution!.ChangedRows, diff.Attribution.IsEstimate));
        var found = diff.Attribution.Concentrations.First(found => found.Column.Value == "country");
        Assert.Equal("DE", found.Value);
        Assert.InRange(found.Share, 0.93, 0.975);
        Assert.InRange(found.BaseShare, 0.097, 0.103);
    }

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task The_rows_that_stand_for_all_are_taken_from_the_whole_range_of_the_key(string engine)
    {
        // Of a table that PostgreSQL reads in two halves, one of which has nine tenths of the changed rows.
        var diff = await DiffAsync(
            engine, Columns, Changed("amount", "i <= 200000 and i % 40 = 1 or i > 200000 and i % 360 = 2", "amount + 1"), rows: 400_000, after: "alter table {0} add primary key (id)");

        Assert.Equal(ChangeAttribution.MostKeys, diff.Attribution!.ChangedRows);
        var found = diff.Attribution.Concentrations.First(found => found.Value == "DE");
        Assert.InRange(found.Share, 0.87, 0.93);
    }

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task Of_a_sample_the_changed_rows_of_the_sample_are_looked_at(string engine)
    {
        var rules = new CompareRules { Sampling = new Sampling.Share(0.5m) { Threshold = 0 } };

        var diff = await DiffAsync(engine, Columns, Changed("amount", "country = 'DE'", "amount + 1"), rules: rules, rows: 4_000);

        Assert.Equal((diff.Sample!.Found.Changed, true), (diff.Attribution!.ChangedRows, diff.Attribution.IsEstimate));
        var found = Assert.Single(diff.Attribution.Concentrations);
        Assert.Equal(("DE", 1), (found.Value, found.Share));
        Assert.InRange(found.BaseShare, 0.07, 0.13);
    }

    [PostgresTheory]
    [InlineData("duckdb", "id, note")]
    [InlineData("postgres", "id, note")]
    [InlineData("duckdb", "note, id, ordered_at")]
    [InlineData("postgres", "note, id, ordered_at")]
    public async Task A_key_of_several_columns_finds_the_same_rows(string engine, string key)
    {
        var diff = await DiffAsync(engine, Columns, Changed("amount", "country = 'DE'", "amount + 1"), key: key.Split(", "));

        Assert.Equal(100, diff.Attribution!.ChangedRows);
        Assert.Equal("country=DE 1.00 10.0", Text(diff));
    }

    [Fact]
    public async Task A_fingerprint_gives_changed_rows_too()
    {
        var rules = new CompareRules { Strategy = DiffStrategy.Fingerprint };

        var diff = await DiffAsync("duckdb", Columns, Changed("amount", "country = 'DE'", "amount + 1"), rules: rules, rows: 2_000);

        Assert.Equal(DiffStrategy.Fingerprint, diff.Strategy);
        Assert.Equal(200, diff.Attribution!.ChangedRows);
        Assert.Equal("country=DE 1.00 10.0", Text(diff));
    }

    private Task<TableDiff> DiffAsync(
        string engine, string columns, string head, string more = "", CompareRules? rules = null, int rows = 1_000, string[]? key = null, string after = "") => Engines.DiffAsync(
        engine,
        server,
        $"""
        create table t.source as select {columns}, i from generate_series(1, {rows}) as numbers(i);
        create table t.base_table as select id, country, is_test, tier, ordered_at, amount, note from t.source;
        create table t.head_table as with made as (select {head}, i from t.source)
          select id, country, is_test, tier, ordered_at, amount, note from (select * from made {more}) as everything;
        {after.Replace("{0}", "t.base_table", StringComparison.Ordinal)};
        {after.Replace("{0}", "t.head_table", StringComparison.Ordinal)};
        """,
        key ?? ["id"],
        rules);

    private static string Changed(string column, string where, string to) => string.Join(
        ", ",
        new[] { "id", "country", "is_test", "tier", "ordered_at", "amount", "note" }
            .Select(name => name == column ? $"case when {where} then {to} else {column} end as {column}" : name));

    private static string? Text(TableDiff diff) => diff.Attribution is not { } attribution ? null : string.Join(
        ", ",
        attribution.Concentrations.Select(found => FormattableString.Invariant(
            $"{found.Column}{(found.Unit is { } unit ? $" {unit.ToString().ToLowerInvariant()}" : "")}={found.Value ?? "null"} {found.Share:0.00} {found.Lift:0.0}")));

    private static TheoryData<string, string, string?> OnBoth(params (string Changes, string? Answer)[] cases)
    {
        var data = new TheoryData<string, string, string?>();
        foreach (var (changes, answer) in cases)
        {
            data.Add("duckdb", changes, answer);
            data.Add("postgres", changes, answer);
        }

        return data;
    }
}
