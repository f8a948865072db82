using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Tests.Diffing.Support;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Diffing;

[Collection("postgres")]
public sealed class StatementHintTests(PostgresServer server)
{
    private const string Texts = """
        create table t.base_table as select 1 as id, cast('x' as text) as v;
        create table t.head_table as select 1 as id, cast('y' as text) as v;
        """;

    public static TheoryData<string> Names { get; } = ["duckdb", "postgres"];

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task A_filter_that_fails_on_a_row_is_named(string engine)
    {
        var error = await FailAsync(engine, Texts, new CompareRules { Filter = new ConfiguredSql("cast(v as integer) > 0", "a test, line 3") });

        Assert.Equal("The statement has the filter of a test, line 3 in it, which has to work on every row.", error.Hint);
    }

    [PostgresFact]
    public async Task A_json_tolerance_of_texts_that_are_none_is_named_with_its_column()
    {
        var error = await FailAsync("postgres", Texts, new CompareRules { Tolerances = new Dictionary<string, Tolerance> { ["v"] = ToleranceText.TryParse("json")! } });

        Assert.Equal(
            "The statement has the tolerance `json` of 'v' in it, which has to work on every row."
            + " `json` is for columns whose texts are all JSON, or empty: name only those, or filter the other rows out.",
            error.Hint);
    }

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task A_view_that_fails_has_a_hint_too(string engine)
    {
        var error = await FailAsync(
            engine, $"{Texts.Replace("t.head_table", "t.source", StringComparison.Ordinal)}\ncreate view t.head_table as select id, cast(v as integer) as v from t.source;");

        Assert.Contains("`--verbosity debug`", error.Hint, StringComparison.Ordinal);
    }

    private async Task<UserErrorException> FailAsync(string engine, string script, CompareRules? rules = null)
    {
        var error = await Assert.ThrowsAsync<UserErrorException>(() => Engines.DiffAsync(engine, server, script, ["id"], rules));

        Assert.Equal(ErrorCodes.QueryFailed, error.Code);
        return error;
    }
}
