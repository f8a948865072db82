using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Tests.Diffing.Support;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Diffing;

[Collection("postgres")]
public sealed class ColumnProfilerTests(PostgresServer server)
{
    private static readonly CompareRules Asked = new() { ColumnProfiles = true, Attribution = false };

    public static TheoryData<string> Names { get; } = ["duckdb", "postgres"];

    /// <summary>Type, values, what they are like: nulls, distinct values; mean; least to greatest; quantiles; frequent values.</summary>
    public static TheoryData<string, string, string, string> Values { get; } = OnBoth(
        ("integer", "1, 2, 2, 3, null", "1 null 3 distinct; mean 2; 1..3; 1 1 2 2 3", null),
        ("integer", "5, 5, 5, 7, 7, 9", "0 null 3 distinct; mean 6.3333; 5..9; 5 5 5 7 9; 5x3 7x2", null),
        ("decimal(6,2)", "1.10, 1.1, 2.50", "0 null 2 distinct; mean 1.5667; 1.10..2.50; 1.10 1.10 1.10 2.50 2.50", null),
        ("double precision", "1.5, 'NaN', 2", "0 null 3 distinct; 1.5..NaN; 1.5 1.5 2 NaN NaN", "0 null 3 distinct; 1.5..nan; 1.5 1.5 2.0 nan nan"),
        ("double precision", "'Infinity', '-Infinity'", "0 null 2 distinct; -Infinity..Infinity; -Infinity -Infinity -Infinity Infinity Infinity", "0 null 2 distinct; -inf..inf; -inf -inf -inf inf inf"),
        ("text", "'b', 'B', 'b', 'ä', ''", "0 null 4 distinct; ..ä", null),
        ("text", "'x', 'x', 'y', 'y', 'y', null", "1 null 2 distinct; x..y; yx3 xx2", null),
        ("boolean", "true, true, false, null", "1 null 2 distinct", null),
        ("date", "'2024-02-29', '2024-03-01', null", "1 null 2 distinct; 2024-02-29..2024-03-01; 2024-02-29 2024-02-29 2024-02-29 2024-03-01 2024-03-01", null),
        ("timestamp", "'2024-02-29 10:00:00', 'infinity'", "0 null 2 distinct; 2024-02-29 10:00:00..infinity; 2024-02-29 10:00:00 2024-02-29 10:00:00 2024-02-29 10:00:00 infinity infinity", null),
        ("uuid", "'00000000-0000-0000-0000-000000000001', null", "1 null 1 distinct", null),
        ("json", "'{\"a\":1}', '{ \"a\" : 1 }', '{\"a\":2}'", "0 null 2 distinct", null),
        ("interval", "'1 day', '24 hours', null", "1 null 1 distinct; 1 dayx2", null),
        ("integer[]", "'{1,2}', '{2,1}'", "0 null 2 distinct", "skip"),
        ("point", "'(1,2)', '(1,2)', null", "1 null 1 distinct; (1,2)x2", "skip"),
        ("xml", "'<a/>', '<b/>'", "0 null 2 distinct", "skip"),
        ("integer", "null, null", "2 null 0 distinct", null));

    [PostgresTheory]
    [MemberData(nameof(Values))]
    public async Task What_the_values_of_a_type_are_like_is_told(string engine, string type, string values, string answer)
    {
        var rows = string.Join(", ", values.Split(", ").Select((value, index) => $"({index}, {value})"));
        var diff = await DiffAsync(
            engine,
            $"create table t.base_table (id integer, v {type}); insert into t.base_table values {rows}; create table t.head_table as select * from t.base_table;");

        var profile = diff.Profiles.Single(profile => profile.Name.Value == "v");
        Assert.Equal(answer, Text(profile.Sides.Head!));
        Assert.Equal(answer, Text(profile.Sides.Base!));
    }

    [PostgresFact]
    public async Task A_number_looks_the_same_however_many_zeros_were_written()
    {
        var diff = await DiffAsync(
            "postgres",
            """
            create table t.base_table as select * from (values (1, 92.34), (2, 92.34), (3, 100), (4, 100), (5, 1.5)) as n(id, v);
            create table t.head_table as select * from (values (1, 92.3400), (2, 92.340), (3, 100.00), (4, 100), (5, 1.500)) as n(id, v);
            """);

        var (before, after) = diff.Profiles.Single(profile => profile.Name.Value == "v").Sides;
        Assert.Equal("0 null 3 distinct; mean 77.236; 1.5..100; 1.5 92.34 92.34 100 100", Text(after!));
        Assert.Equal(Text(before!), Text(after!));
    }

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task Columns_stand_beside_what_they_were(string engine)
    {
        var diff = await DiffAsync(
            engine,
            """
            create table t.base_table as select i as id, i as amount, i as gone, i as was, i as hidden from generate_series(1, 4) as n(i);
            create table t.head_table as select i as id, i * 2 as became, i * 3 as fresh, i + 1 as amount, i as hidden from generate_series(1, 4) as n(i);
            """,
            Asked with { Renames = [new ColumnRename("was", "became")], IgnoreColumns = ["hidden"] });

        Assert.Equal(
            ["id 4/4", "became 4/8", "fresh -/12", "amount 4/5", "gone 4/-"],
            diff.Profiles.Select(profile => $"{profile.Name} {profile.Sides.Base?.Greatest ?? "-"}/{profile.Sides.Head?.Greatest ?? "-"}"));
    }

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task An_empty_table_has_no_shares_and_no_values(string engine)
    {
        var diff = await DiffAsync(engine, "create table t.base_table (id integer, v text, d date); create table t.head_table (id integer, v text, d date);");

        Assert.Equal(3, diff.Profiles.Count);
        Assert.All(diff.Profiles, profile => Assert.Equal((0, null, "0 null 0 distinct"), (profile.Sides.Head!.Rows, profile.Sides.Head.NullShare, Text(profile.Sides.Head))));
    }

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task The_filter_holds_and_frequent_values_are_bounded(string engine)
    {
        var diff = await DiffAsync(
            engine,
            """
            create table t.base_table as select i as id, i % 20 as v from generate_series(1, 1000) as n(i);
            create table t.head_table as select * from t.base_table;
            """,
            Asked with { Filter = new ConfiguredSql("id <= 205", "a test") });

        Assert.Equal(
            "0 null 20 distinct; mean 9.3415; 0..19; 1 4 9 14 18; 1x11 2x11 3x11 4x11 5x11",
            Text(diff.Profiles.Single(profile => profile.Name.Value == "v").Sides.Head!));
    }

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task They_take_two_statements_a_side_and_none_when_nobody_asks(string engine)
    {
        const string Script = """
            create table t.base_table as select i as id, i % 20 as v from generate_series(1, 100) as n(i);
            create table t.head_table as select * from t.base_table;
            """;

        var with = await DiffAsync(engine, Script);
        var without = await DiffAsync(engine, Script, Asked with { ColumnProfiles = false });

        Assert.Empty(without.Profiles);
        Assert.Equal(4, with.Cost.Queries - without.Cost.Queries);
    }

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task Views_and_tables_of_many_columns_have_profiles_too(string engine)
    {
        var columns = string.Join(", ", Enumerable.Range(0, 150).Select(index => $"i % {index + 2} as c{index}"));
        var diff = await DiffAsync(
            engine,
            $"""
            create view t.base_table as select i as id, {columns} from generate_series(1, 300) as n(i);
            create table t.head_table as select * from t.base_table;
            """);

        Assert.Equal(151, diff.Profiles.Count);
        Assert.All(diff.Profiles, profile => Assert.Equal(Text(profile.Sides.Base!), Text(profile.Sides.Head!)));
        Assert.Equal(
            "0 null 150 distinct; mean 74.5; 0..149; 7 37 74 112 142; 0x2 1x2 10x2 100x2 101x2",
            Text(diff.Profiles.Single(profile => profile.Name.Value == "c148").Sides.Head!));
    }

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task Rows_without_a_key_have_profiles_too(string engine)
    {
        var diff = await DiffAsync(engine, "create table t.base_table as select 1 as v; create table t.head_table as select 2 as v;", key: null);

        Assert.Equal(("1", "2"), (diff.Profiles[0].Sides.Base!.Least, diff.Profiles[0].Sides.Head!.Least));
    }

    [Fact]
    public async Task Tables_in_two_databases_have_profiles_each_from_its_own()
    {
        var diff = await DiffAsync(
            "duckdb",
            "create table t.base_table as select 1 as id, 10 as v; create table t.head_table as select 1 as id, 12 as v;",
            Asked with { Strategy = DiffStrategy.Hash });

        Assert.Equal(DiffStrategy.Hash, diff.Strategy);
        Assert.Equal(("10", "12"), (diff.Profiles[1].Sides.Base!.Least, diff.Profiles[1].Sides.Head!.Least));
    }

    private Task<TableDiff> DiffAsync(string engine, string script, CompareRules? rules = null, string? key = "id") =>
        Engines.DiffAsync(engine, server, script, key is null ? null : [key], rules ?? Asked);

    private static string Text(ColumnStatistics side)
    {
        var parts = new List<string> { $"{side.Nulls} null {side.Distinct} distinct" };
        if (side.Mean is { } mean)
        {
            parts.Add(FormattableString.Invariant($"mean {mean:0.####}"));
        }

        if (side.Least is not null)
        {
            parts.Add($"{side.Least}..{side.Greatest}");
        }

        if (side.Quantiles.Count > 0)
        {
            parts.Add(string.Join(' ', side.Quantiles));
        }

        if (side.Frequent.Count > 0)
        {
            parts.Add(string.Join(' ', side.Frequent.Select(frequent => $"{frequent.Value}x{frequent.Rows}")));
        }

        return string.Join("; ", parts);
    }

    // DuckDB's own answer where it writes a value in another way.
    private static TheoryData<string, string, string, string> OnBoth(params (string Type, string Values, string Answer, string? OfDuckDb)[] cases)
    {
        var data = new TheoryData<string, string, string, string>();
        foreach (var (type, values, answer, ofDuckDb) in cases)
        {
            data.Add("postgres", type, values, answer);
            if (ofDuckDb != "skip")
            {
                data.Add("duckdb", type, values, ofDuckDb ?? answer);
            }
        }

        return data;
    }
}
