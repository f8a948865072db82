using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Errors;
using CiDiff.Selection;
using CiDiff.Tests.Diffing.Support;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Diffing;

/// <summary>Samples have the same keys on both sides, and what they lead to expect is true.</summary>
[Collection("postgres")]
public sealed class SamplingTests(PostgresServer server)
{
    private const int DuckDbDraws = 30;
    private const int PostgresDraws = 10;
    private const int RowsOfADraw = 10_000;

    // Of 100 rows of a draw, one is only in base, three are only in head, and two have another v, one of them in half of the cases another w. Head has
    // other types, and prod.same and pr.same another order.
    private const string Tables = """
        create schema prod; create schema pr;
        create table prod.t as
            select i as id, 'k' || i as code, i % 5 as line, i / {2} as draw, i * 7 % 1000 as v, 'x' as w
            from {0}(0, {1}) as t(i) where i * 31 % 100 not in (0, 1, 2);
        create table pr.t as
            select cast(i as bigint) as id, 'k' || i as code, cast(i % 5 as smallint) as line, i / {2} as draw,
                case when i * 31 % 100 in (7, 8) then -1 else i * 7 % 1000 end as v, case when i * 31 % 200 = 7 then 'y' else 'x' end as w
            from {0}(0, {1}) as t(i) where i * 31 % 100 <> 6;
        create table prod.same as select * from prod.t;
        create table pr.same as select cast(id as bigint) as id, code, cast(line as smallint) as line, draw, v, w from prod.t order by v desc, id;
        create table prod.bad as select case when i % 50 = 0 then null when i % 50 = 1 then 1 else i end as id, i as v from {0}(0, 20000) as t(i);
        create table pr.bad as select * from prod.bad;
        create table prod.plain as select i as id, i % 7 as v from {0}(0, 20000) as t(i);
        create table pr.plain as select * from prod.plain;
        create table prod.floats as select cast(i as double precision) as id, i as v from {0}(0, 1000) as t(i);
        create table pr.floats as select * from prod.floats;
        """;

    private static readonly Sampling Tenth = new Sampling.Share(0.1m) { Threshold = 0 };

    /// <summary>The key of the tables, in every kind that has a hash on both sides.</summary>
    public static TheoryData<string> Keys { get; } = ["id", "code", "id,line", "line,code"];

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task DuckDB_draws_the_same_keys_on_both_sides(string key)
    {
        using var file = DuckDb(1);
        await using var warehouse = file.Open();

        await CheckSameKeysAsync(WarehousePair.Of(warehouse), key);
    }

    [PostgresTheory]
    [MemberData(nameof(Keys))]
    public async Task PostgreSQL_draws_the_same_keys_on_both_sides(string key)
    {
        await using var warehouse = await PostgresAsync(1);

        await CheckSameKeysAsync(WarehousePair.Of(warehouse), key);
    }

    [PostgresTheory]
    [MemberData(nameof(Keys))]
    public async Task Two_databases_give_the_same_keys(string key)
    {
        await using var postgres = await PostgresAsync(1);
        using var file = DuckDb(1);
        await using var duckDb = file.Open();

        await CheckSameKeysAsync(WarehousePair.Of(postgres, duckDb), key);
        await CheckSameKeysAsync(WarehousePair.Of(duckDb, postgres), key);
    }

    [PostgresFact]
    public async Task Databases_that_hash_a_text_differently_are_read_whole()
    {
        var database = await server.CreateDatabaseAsync();
        var latin = $"{database}_latin";
        await server.ExecuteScriptAsync(database, $"create database {latin} encoding 'LATIN1' template template0 lc_collate 'C' lc_ctype 'C'");
        try
        {
            await server.ExecuteScriptAsync(latin, Script("generate_series", 1, isInclusive: true));
            using var file = DuckDb(1);
            await using var warehouses = WarehousePair.Of(new PostgresWarehouse(server.Settings(latin), new PostgresDialect()), file.Open());

            var diff = await TablesAsync(warehouses, "same", ["code"], new CompareRules { Sampling = Tenth });

            Assert.Null(diff.Sample);
            Assert.Equal(0, diff.Rows.Added);
            Assert.Contains(diff.Notes, note => note.Contains("the servers of base and head hash", StringComparison.Ordinal));
        }
        finally
        {
            await server.ExecuteScriptAsync(database, $"drop database {latin} with (force)");
        }
    }

    [PostgresFact]
    public async Task Estimates_across_two_databases_cover_the_truth()
    {
        await using var postgres = await PostgresAsync(PostgresDraws);
        using var file = DuckDb(PostgresDraws);
        await using var duckDb = file.Open();

        await CheckEstimatesAsync(WarehousePair.Of(duckDb, postgres), PostgresDraws);
    }

    [Fact]
    public async Task DuckDB_estimates_cover_the_truth()
    {
        using var file = DuckDb(DuckDbDraws);
        await using var warehouse = file.Open();

        await CheckEstimatesAsync(WarehousePair.Of(warehouse), DuckDbDraws);
    }

    [PostgresFact]
    public async Task PostgreSQL_estimates_cover_the_truth()
    {
        await using var warehouse = await PostgresAsync(PostgresDraws);

        await CheckEstimatesAsync(WarehousePair.Of(warehouse), PostgresDraws);
    }

    [Fact]
    public async Task Tables_without_a_difference_in_a_sample_are_never_identical()
    {
        using var file = DuckDb(1);
        await using var warehouse = file.Open();

        var whole = await TablesAsync(warehouse, "plain", ["id"], new CompareRules());
        var sampled = await TablesAsync(warehouse, "plain", ["id"], new CompareRules { Sampling = Tenth });

        Assert.True(whole.IsIdentical);
        Assert.False(sampled.IsIdentical);
        Assert.False(sampled.HasDifferences);
    }

    [Fact]
    public async Task A_fingerprint_of_a_sample_counts_what_its_join_counts()
    {
        using var file = DuckDb(2);
        await using var warehouse = file.Open();

        var joined = await TablesAsync(warehouse, "t", ["id"], new CompareRules { Sampling = Tenth, Strategy = DiffStrategy.Join });
        var fingerprinted = await TablesAsync(warehouse, "t", ["id"], new CompareRules { Sampling = Tenth, Strategy = DiffStrategy.Fingerprint });

        Assert.Equal(DiffStrategy.Fingerprint, fingerprinted.Strategy);
        Assert.Equal(joined.Sample!.Found, fingerprinted.Sample!.Found);
        Assert.Equal(joined.Rows, fingerprinted.Rows);
    }

    [Fact]
    public async Task Rows_with_bad_keys_are_counted_or_estimated_and_their_share_has_a_limit()
    {
        using var file = DuckDb(1);
        await using var warehouse = file.Open();

        var tolerant = await TablesAsync(warehouse, "bad", ["id"], new CompareRules { Sampling = Tenth with { KeyErrors = 0.5m } });
        var strict = await TablesAsync(warehouse, "bad", ["id"], new CompareRules { Sampling = Tenth });

        Assert.Equal((400, 400), (tolerant.Keys!.Base.Null, tolerant.Keys.Head.Null));
        Assert.False(tolerant.IsIdentical);
        Assert.Contains("Rows with a null in the key, 400 of base and 400 of head, are in no sample: nothing is known of their values.", tolerant.Notes);
        Assert.Null(strict.Sample);
        Assert.True(strict.IsIdentical);
        Assert.Contains(strict.Notes, note => note.Contains("the key is null or repeats in about", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rows_that_the_sample_does_not_explain_make_everything_be_read()
    {
        using var file = DuckDb(1);
        await using var warehouse = file.Open();

        // Most rows too many are of one key, which is not among those that are drawn.
        var more = "select id, v from prod.plain union all select 1 as id, v from prod.plain where id between 1 and 2000";
        var diff = await Diff.SourcesAsync(
            warehouse, Query(more), Query("select id, v from prod.plain"), [new KeyCandidate(["id"], KeySource.Explicit)], new CompareRules { Sampling = Tenth with { KeyErrors = 1 } });

        Assert.Null(diff.Sample);
        Assert.Equal((1, 2001), (diff.Keys!.Base.Duplicate, diff.Keys.Base.DuplicateRows));
        Assert.Contains(
            "Everything was read, and no sample: head has 2,000 rows less than base, and rows like those of the sample do not explain it.", diff.Notes);
    }

    [Fact]
    public async Task A_guessed_key_has_no_null_in_the_whole_tables()
    {
        using var file = DuckDb(1);
        await using var warehouse = file.Open();
        var key = new KeyCandidate(["id"], KeySource.NameGuess);

        var bad = await Diff.SourcesAsync(warehouse, Query("select id, v from prod.bad"), Query("select id, v from pr.bad where true"), [key], new CompareRules { Sampling = Tenth });
        var good = await Diff.SourcesAsync(warehouse, Query("select id, v from prod.plain"), Query("select id, v from pr.plain where true"), [key], new CompareRules { Sampling = Tenth });

        Assert.Null(bad.Key);
        Assert.Contains(bad.Notes, note => note.Contains("was not used: it has nulls or repeats", StringComparison.Ordinal));
        Assert.NotNull(good.Sample);
    }

    [Theory]
    [InlineData("1%", null, "the larger table has 20,000 of the 5,000,000 rows at which sampling begins")]
    [InlineData("20000", 0L, "it would be as large as the larger table, whose number of rows is 20,000")]
    [InlineData("{tolerance: 0.01%, confidence: 99%, threshold: 0}", null, "it would be as large as the larger table")]
    public async Task A_small_table_is_read_whole_and_the_notes_say_so(string sampling, long? threshold, string note)
    {
        using var file = DuckDb(1);
        await using var warehouse = file.Open();
        var asked = SamplingText.Parse(sampling);

        var diff = await TablesAsync(warehouse, "plain", ["id"], new CompareRules { Sampling = asked with { Threshold = threshold ?? asked.Threshold } });

        Assert.True(diff.IsIdentical);
        Assert.Contains(diff.Notes, said => said.Contains(note, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_size_of_a_sample_is_a_share_a_number_of_rows_or_what_a_tolerance_takes()
    {
        using var file = DuckDb(1);
        await using var warehouse = file.Open();

        foreach (var (text, rows) in new[] { ("{share: 20%, threshold: 0}", 1980), ("{rows: 500, threshold: 0}", 500), ("{tolerance: 0.5%, confidence: 99%, threshold: 0}", 921) })
        {
            var diff = await TablesAsync(warehouse, "same", ["id"], new CompareRules { Sampling = SamplingText.Parse(text) });

            Assert.InRange(diff.Sample!.Found.Base, rows * 0.85, rows * 1.15);
        }
    }

    [Theory]
    [InlineData("same", null, "without a key, a changed row would be in it on one side only")]
    [InlineData("floats", "id", "the hashes of equal keys of this type may differ")]
    public async Task What_has_no_sample_is_read_whole_and_the_notes_say_why(string table, string? key, string note)
    {
        using var file = DuckDb(1);
        await using var warehouse = file.Open();

        var diff = await TablesAsync(warehouse, table, key is null ? null : [key], new CompareRules { Sampling = Tenth });

        Assert.Null(diff.Sample);
        Assert.Contains(diff.Notes, said => said.Contains(note, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_over_its_time_budget_is_sampled_and_its_report_says_why()
    {
        using var file = DuckDb(20);
        await using var warehouse = file.Open();
        var warnings = new Recorder();
        var rules = new CompareRules { TimeBudget = TimeSpan.FromTicks(1) };

        var outcome = await new ModelRunner(WarehousePair.Of(warehouse), "test", warnings).RunAsync(Model("t", rules), default);

        var diff = Assert.IsType<ModelOutcome.Compared>(outcome).Diff;
        Assert.InRange(diff.Sample!.Found.Base, 95_000, 105_000);
        Assert.Equal("everything took longer than the time budget of 0 s", diff.Sample.Because);
        Assert.Contains(warnings.Texts, text => text.StartsWith("t took longer than its time budget", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_over_its_time_budget_has_no_column_profiles_and_a_note_says_so()
    {
        using var file = DuckDb(20);
        await using var warehouse = file.Open();
        var rules = new CompareRules { TimeBudget = TimeSpan.FromTicks(1), ColumnProfiles = true };

        var outcome = await new ModelRunner(WarehousePair.Of(warehouse), "test", null).RunAsync(Model("t", rules), default);

        var diff = Assert.IsType<ModelOutcome.Compared>(outcome).Diff;
        Assert.NotNull(diff.Sample);
        Assert.Empty(diff.Profiles);
        Assert.Contains("There are no column profiles: the time budget of 0 s was used up before them.", diff.Notes);
    }

    [PostgresFact]
    public async Task PostgreSQL_stops_the_query_of_a_model_over_its_time_budget_and_reads_a_sample()
    {
        await using var warehouse = await PostgresAsync(1);
        var rules = new CompareRules { TimeBudget = TimeSpan.FromSeconds(0.3), Sampling = Tenth with { Threshold = 1_000_000 } };

        // Slow is only a row that the sample does not have.
        var diff = await Diff.SourcesAsync(
            warehouse, Query("select id, v from prod.same"), Query("select id, v, case when id = 6 then pg_sleep(1) end is null as slow from pr.same"), ["id"], rules);

        Assert.Equal(0, diff.Rows.Changed);
        Assert.NotNull(diff.Sample);
    }

    [Theory]
    [InlineData("t", true, OverBudget.Fail, "compare.over_budget says that it fails then.")]
    [InlineData("t", false, OverBudget.Sample, "Without a key there is no sample of it.")]
    [InlineData("floats", true, OverBudget.Sample, "There is no sample of it: the hashes of equal keys of this type may differ.")]
    public async Task A_model_over_its_time_budget_fails_where_no_sample_is_wanted_or_possible(string table, bool hasKey, OverBudget then, string why)
    {
        using var file = DuckDb(1);
        await using var warehouse = file.Open();
        var rules = new CompareRules { TimeBudget = TimeSpan.FromTicks(1), OverBudget = then };

        var outcome = await new ModelRunner(WarehousePair.Of(warehouse), "test", null).RunAsync(Model(table, rules, hasKey), default);

        var error = Assert.IsType<ModelOutcome.Failed>(outcome).Error;
        Assert.Equal(ErrorCodes.OverTimeBudget, error.Code);
        Assert.EndsWith(why, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "The model's over_budget says that it fails then.")]
    [InlineData(false, "compare.over_budget says that it fails then.")]
    public async Task A_model_that_fails_over_its_time_budget_names_the_setting(bool isOwn, string why)
    {
        using var file = DuckDb(1);
        await using var warehouse = file.Open();
        var rules = new CompareRules { TimeBudget = TimeSpan.FromTicks(1), OverBudget = OverBudget.Fail, IsOwnOverBudget = isOwn };

        var outcome = await new ModelRunner(WarehousePair.Of(warehouse), "test", null).RunAsync(Model("t", rules), default);

        Assert.EndsWith(why, Assert.IsType<ModelOutcome.Failed>(outcome).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_run_is_cancelled_and_not_over_its_budget()
    {
        using var file = DuckDb(1);
        await using var warehouse = file.Open();
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new ModelRunner(WarehousePair.Of(warehouse), "test", null).RunAsync(Model("t", new CompareRules { TimeBudget = TimeSpan.FromHours(1) }), stop.Token));
    }

    private static async Task CheckSameKeysAsync(WarehousePair warehouses, string key)
    {
        var rules = new CompareRules { Sampling = Tenth };

        var same = await TablesAsync(warehouses, "same", key.Split(','), rules);
        var again = await TablesAsync(warehouses, "same", key.Split(','), rules);

        Assert.InRange(same.Sample!.Found.Base, 800, 1200);
        Assert.Equal(new RowCounts(same.Sample.Found.Base, same.Sample.Found.Base, 0, 0, 0, same.Sample.Found.Base), same.Sample.Found);
        Assert.Equal(same.Sample, again.Sample);
        Assert.Equal((9700, 9700), (same.Rows.Base, same.Rows.Head));

        // Nothing was found, and that is all that is known.
        Assert.InRange(same.Sample.MostDiffering, 0.002, 0.004);
        Assert.InRange(same.Sample.Changed.High, 20, 40);
    }

    private static async Task CheckEstimatesAsync(WarehousePair warehouses, int draws)
    {
        var (covered, all) = (0, 0);
        for (var draw = 0; draw < draws; draw++)
        {
            var filter = new ConfiguredSql($"draw = {draw}", "a test");
            var truth = await TablesAsync(warehouses, "t", ["id"], new CompareRules { Filter = filter });
            var diff = await TablesAsync(warehouses, "t", ["id"], new CompareRules { Filter = filter, Sampling = Tenth });
            var sample = diff.Sample!;

            Assert.Equal((truth.Rows.Base, truth.Rows.Head), (diff.Rows.Base, diff.Rows.Head));
            Assert.Equal(truth.Rows.Base, diff.Rows.Removed + diff.Rows.Changed!.Value + diff.Rows.Same, 2.0);
            Check(truth.Rows.Added, diff.Rows.Added, sample.Added);
            Check(truth.Rows.Removed, diff.Rows.Removed, sample.Removed);
            Check(truth.Rows.Changed!.Value, diff.Rows.Changed.Value, sample.Changed);
            foreach (var (exact, estimate) in truth.Columns.Zip(diff.Columns))
            {
                Check(exact.Changed!.Value, estimate.Changed!.Value, estimate.ChangedRange!.Value);
            }

            Assert.InRange(truth.MatchScore, sample.MatchScore.Low, sample.MatchScore.High);
            Assert.True(diff.HasDifferences);
        }

        Assert.True(covered >= 0.9 * all, $"{covered} of {all} ranges hold the truth");

        void Check(long truth, long estimate, CountRange range)
        {
            Assert.InRange(estimate, range.Low, range.High);
            covered += truth >= range.Low && truth <= range.High ? 1 : 0;
            all++;
        }
    }

    private static Task<TableDiff> TablesAsync(IWarehouse warehouse, string table, IReadOnlyList<string>? key, CompareRules rules) =>
        TablesAsync(WarehousePair.Of(warehouse), table, key, rules);

    private static Task<TableDiff> TablesAsync(WarehousePair warehouses, string table, IReadOnlyList<string>? key, CompareRules rules) =>
        Diff.TablesAsync(warehouses, "prod", "pr", table, key, rules);

    private static DiffSource.Query Query(string sql) => new(SqlText.FromConfiguration(sql, "a test"));

    private static SelectedModel Model(string table, CompareRules rules, bool hasKey = true) => Models.Selected(
        table, new RelationName(null, "prod", table), new RelationName(null, "pr", table), hasKey ? ["id"] : null, rules);

    private static string Script(string series, int draws, bool isInclusive) => Tables
        .Replace("{0}", series, StringComparison.Ordinal)
        .Replace("{1}", $"{(draws * RowsOfADraw) - (isInclusive ? 1 : 0)}", StringComparison.Ordinal)
        .Replace("{2}", $"{RowsOfADraw}", StringComparison.Ordinal)
        .Replace("/ 10000", isInclusive ? "/ 10000" : "// 10000", StringComparison.Ordinal)
        .Replace("(0, 20000)", isInclusive ? "(0, 19999)" : "(0, 20000)", StringComparison.Ordinal);

    private static DuckDbFile DuckDb(int draws) => new(Script("range", draws, isInclusive: false));

    private async Task<PostgresWarehouse> PostgresAsync(int draws)
    {
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteScriptAsync(database, Script("generate_series", draws, isInclusive: true));
        return new PostgresWarehouse(server.Settings(database), new PostgresDialect());
    }

    private sealed class Recorder : IProgress<RunEvent>
    {
        public List<string> Texts { get; } = [];

        public void Report(RunEvent value)
        {
            if (value is RunEvent.Warning warning)
            {
                Texts.Add(warning.Text);
            }
        }
    }
}
