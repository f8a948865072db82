using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Errors;
using CiDiff.Tests.Diffing.Support;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Diffing;

[Collection("postgres")]
public sealed class TimelineReaderTests(PostgresServer server)
{
    public static TheoryData<string> Names { get; } = ["duckdb", "postgres"];

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task Rows_that_differ_are_counted_in_the_bucket_of_their_time(string engine)
    {
        var diff = await DiffAsync(
            engine,
            "timestamp '2023-12-31 12:00' + i * interval '1 day'",
            "union all select 1001, timestamp '2024-03-15', 1 union all select 1002, timestamp '2024-07-04 03:00', 1",
            "where id not in (5, 6, 40)",
            rows: 400);

        // 366 days and more: months. Row 32 is the first of February.
        Assert.Equal(
            "month: 2024-01 29~3+0-2 2024-02 28~2+0-1 2024-03 31~3+1-0 2024-04 30~3+0-0 2024-05 31~3+0-0 2024-06 30~3+0-0 2024-07 31~3+1-0 "
            + "2024-08 31~3+0-0 2024-09 30~3+0-0 2024-10 31~3+0-0 2024-11 30~3+0-0 2024-12 31~3+0-0 2025-01 31~3+0-0 2025-02 3~1+0-0",
            Text(diff));
        Assert.Equal(diff.Rows.Changed, diff.Timeline!.Buckets.Sum(bucket => bucket.Changed));
        Assert.Equal(diff.Rows.Added, diff.Timeline.Buckets.Sum(bucket => bucket.Added));
        Assert.Equal(diff.Rows.Removed, diff.Timeline.Buckets.Sum(bucket => bucket.Removed));
    }

    [PostgresTheory]
    [InlineData("duckdb", "timestamp '2024-02-28 10:30' + i * interval '40 minutes'", "hour: 2024-02-28 11:00 2~0+0-0 2024-02-28 12:00 1~0+0-0")]
    [InlineData("postgres", "timestamp '2024-02-28 10:30' + i * interval '40 minutes'", "hour: 2024-02-28 11:00 2~0+0-0 2024-02-28 12:00 1~0+0-0")]
    [InlineData("duckdb", "cast(timestamp '2024-02-27' + i * interval '1 day' as date)", "day: 2024-02-28 1~0+0-0 2024-02-29 1~0+0-0 2024-03-01 1~0+0-0")]
    [InlineData("postgres", "cast(timestamp '2024-02-27' + i * interval '1 day' as date)", "day: 2024-02-28 1~0+0-0 2024-02-29 1~0+0-0 2024-03-01 1~0+0-0")]
    [InlineData("duckdb", "timestamptz '2024-01-01 00:30:00+01' + i * interval '3 days'", "week: 2024-01-01 2~0+0-0 2024-01-08 2~0+0-0 2024-01-15 3~0+0-0")]
    [InlineData("postgres", "timestamptz '2024-01-01 00:30:00+01' + i * interval '3 days'", "week: 2024-01-01 2~0+0-0 2024-01-08 2~0+0-0 2024-01-15 3~0+0-0")]
    [InlineData("duckdb", "timestamp '2014-01-01' + i * interval '50 days'", "year: 2014 7~0+0-0 2015 7~1+0-0")]
    [InlineData("postgres", "timestamp '2014-01-01' + i * interval '50 days'", "year: 2014 7~0+0-0 2015 7~1+0-0")]
    public async Task How_long_a_bucket_is_follows_from_the_range(string engine, string time, string begins) =>
        Assert.StartsWith(begins, Text(await DiffAsync(engine, time, rows: 45)), StringComparison.Ordinal);

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task Times_that_stand_for_never_and_rows_without_one_have_buckets_of_their_own(string engine)
    {
        var text = Text(await DiffAsync(
            engine,
            """
            case i % 10 when 0 then null when 1 then timestamp 'infinity' when 2 then timestamp '9999-12-31' when 3 then timestamp '0001-01-01'
                else timestamp '2024-01-01' + i * interval '1 hour' end
            """,
            rows: 40));

        Assert.StartsWith("hour: 0001-01-01 00:00 4~0+0-0 2024-01-01 04:00 1~0+0-0", text, StringComparison.Ordinal);
        Assert.EndsWith("9999-12-31 00:00 4~0+0-0 infinity 4~0+0-0 null 4~4+0-0", text, StringComparison.Ordinal);
    }

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task Rows_whose_key_repeats_are_in_no_bucket(string engine)
    {
        var diff = await DiffAsync(engine, "timestamp '2024-01-01' + i * interval '1 day'", "union all select 10, timestamp '2024-01-03', 1", rows: 50);

        Assert.Equal(diff.Rows.Changed + diff.Rows.Same, diff.Timeline!.Buckets.Sum(bucket => bucket.Matched));
        Assert.Equal((49, 4), (diff.Timeline.Buckets.Sum(bucket => bucket.Matched), diff.Timeline.Buckets.Sum(bucket => bucket.Changed)));
    }

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task Of_a_sample_the_rows_of_the_sample_are_counted(string engine)
    {
        var rules = new CompareRules { TimeColumn = "happened_at", Sampling = new Sampling.Share(0.25m) { Threshold = 0 } };

        var diff = await DiffAsync(engine, "timestamp '2024-01-01' + i * interval '1 hour'", rows: 4_000, rules: rules);

        Assert.Equal(0.25, diff.Timeline!.KeyShare);
        Assert.Equal(diff.Sample!.Found.Changed, diff.Timeline.Buckets.Sum(bucket => bucket.Changed));
    }

    [PostgresTheory]
    [MemberData(nameof(Names))]
    public async Task It_takes_two_statements_and_none_when_nothing_differs(string engine)
    {
        const string Time = "timestamp '2024-01-01' + i * interval '1 day'";
        var without = new CompareRules { Attribution = false };
        var with = without with { TimeColumn = "happened_at" };

        var differing = (await DiffAsync(engine, Time, rules: with), await DiffAsync(engine, Time, rules: without));
        var same = (await DiffAsync(engine, Time, rows: 9, rules: with), await DiffAsync(engine, Time, rows: 9, rules: without));

        Assert.Equal(2, differing.Item1.Cost.Queries - differing.Item2.Cost.Queries);
        Assert.Equal(0, same.Item1.Cost.Queries - same.Item2.Cost.Queries);
        Assert.Null(same.Item1.Timeline);
        Assert.Null(differing.Item2.Timeline);
    }

    [PostgresTheory]
    [InlineData("duckdb", "i", "happened_at", "id", "time_column has no effect: the column 'happened_at' is no date or timestamp on both sides.")]
    [InlineData("postgres", "i", "happened_at", "id", "time_column has no effect: the column 'happened_at' is no date or timestamp on both sides.")]
    [InlineData("duckdb", "i", "when", "id", "time_column names the column 'when', which neither base nor head has.")]
    [InlineData("postgres", "i", "when", "id", "time_column names the column 'when', which neither base nor head has.")]
    [InlineData("duckdb", "current_date", "happened_at", null, "time_column has no effect without a key.")]
    [InlineData("postgres", "current_date", "happened_at", null, "time_column has no effect without a key.")]
    public async Task A_column_that_is_no_time_is_told(string engine, string time, string column, string? key, string note)
    {
        var diff = await DiffAsync(engine, time, rules: new CompareRules { TimeColumn = column }, key: key);

        Assert.Null(diff.Timeline);
        Assert.Contains(note, diff.Notes);
    }

    [Theory]
    [InlineData("2024-02-07T00:00:00", null, "prod_time_travel asks to read a_model as it was at '2024-02-07T00:00:00'")]
    [InlineData(null, "-130", "pr_time_travel asks to read a_model as it was at '-130'")]
    public async Task A_model_that_is_to_be_read_as_it_was_fails(string? inBase, string? inHead, string message)
    {
        var rules = new CompareRules { TimeTravel = new(inBase, inHead) };

        var error = await Assert.ThrowsAsync<UserErrorException>(() => DiffAsync("duckdb", "current_date", rules: rules));

        Assert.Equal(ErrorCodes.NoTimeTravel, error.Code);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    // Every tenth row changes.
    private Task<TableDiff> DiffAsync(
        string engine, string time, string added = "", string kept = "", int rows = 20, CompareRules? rules = null, string? key = "id") => Engines.DiffAsync(
        engine,
        server,
        $"""
        create table t.base_table as select i as id, {time} as happened_at, i as amount from generate_series(1, {rows}) as numbers(i);
        create table t.head_table as
          select id, happened_at, case when id % 10 = 0 then -1 else amount end as amount from t.base_table {kept} {added};
        """,
        key is null ? null : [key],
        rules ?? new CompareRules { TimeColumn = "HAPPENED_AT" });

    private static string? Text(TableDiff diff) => diff.Timeline is not { } timeline ? null : $"{timeline.Unit.ToString().ToLowerInvariant()}: " + string.Join(
        " ",
        timeline.Buckets.Select(bucket => $"{bucket.Start ?? "null"} {bucket.Matched}~{bucket.Changed}+{bucket.Added}-{bucket.Removed}"));
}
