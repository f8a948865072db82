using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Selection;
using CiDiff.Tests.Diffing.Support;
using CiDiff.Tests.Support;

namespace CiDiff.Tests.Diffing;

/// <summary>DuckDB tables whose key is one whole number, compared by fingerprints of groups of neighbours, beside the join of the same tables.</summary>
public sealed class NeighbouringKeysTests
{
    private const string Twenty = "select i as id, i % 3 as v, 'x' as t from range(1, 20001) as r(i)";

    /// <summary>Base and head as queries, and what is said of the way; every answer is the join's.</summary>
    public static TheoryData<string, string, string> Cases { get; } = new()
    {
        { Twenty, Twenty, "no row differs" },
        { Twenty, $"{Twenty} order by hash(i)", "no row differs" },
        { Twenty, Twenty.Replace("i % 3 ", "case when i = 17000 then 9 else i % 3 end "), "differ in 1 of 5000 groups" },
        { Twenty, Twenty.Replace("i % 3 ", "case when i in (1, 20000) then null else i % 3 end "), "differ in 2 of 5000 groups" },

        // Rows on one side only, at the ends and in between.
        { Twenty, $"{Twenty} where i not in (1, 77, 20000)", "differ in 3 of 5000 groups" },
        { $"{Twenty} where i not in (1, 77, 20000)", Twenty, "differ in 3 of 5000 groups" },
        { Twenty, $"{Twenty} union all select 20001, 1, 'x'", "differ in 1 of 5001 groups" },
        { Twenty, $"{Twenty} union all select -3, 1, 'x'", "differ in 1 of 2501 groups" },

        // Values that change places, in one group.
        { Twenty, Twenty.Replace("i % 3 ", "case i when 9 then 10 % 3 when 10 then 9 % 3 else i % 3 end "), "differ in 1 of 5000 groups" },

        // Keys that repeat: within one group, as equal rows and as others; on one side and on both.
        { $"{Twenty} union all select 9, 0, 'x'", $"{Twenty} union all select 9, 0, 'x'", "The key repeats" },
        { $"{Twenty} union all select 9, 0, 'x'", Twenty, "The key repeats" },
        { Twenty, $"{Twenty} union all select 9, 0, 'x'", "differ in 1 of 5000 groups" },
        { Twenty, $"{Twenty} union all select 9, 1, 'x'", "differ in 1 of 5000 groups" },
        { $"{Twenty} union all {Twenty}", $"{Twenty} union all {Twenty}", "The key repeats" },
        { $"{Twenty} union all select 9, 0, 'x' union all select 9, 0, 'x'", $"{Twenty} union all select 10, 1, 'x' union all select 10, 1, 'x'", "The key repeats" },
        { Twenty, Twenty.Replace("i as id", "case when i = 10 then 9 else i end as id"), "differ in 1 of 5000 groups" },

        // A null on one side, on both.
        { Twenty, Twenty.Replace("i as id", "case when i <> 9 then i end as id"), "nulls in the key" },
        { Twenty.Replace("i as id", "case when i <> 9 then i end as id"), Twenty.Replace("i as id", "case when i <> 9 then i end as id"), "nulls in the key" },

        // Where whole numbers end, and far apart.
        { Twenty.Replace("i as id", "9223372036854775807 - i + 1 as id"), Twenty.Replace("i as id", "9223372036854775807 - i + 1 as id"), "no row differs" },
        { Twenty.Replace("i as id", "-9223372036854775808 + i - 1 as id"), Twenty.Replace("i as id", "-9223372036854775808 + i - 1 as id").Replace("i % 3 ", "case when i = 1 then 9 else i % 3 end "), "differ in 1 of 5000 groups" },
        { Twenty.Replace("i as id", "i * 400000000000000 - 1 as id"), Twenty.Replace("i as id", "i * 400000000000000 - 1 as id").Replace("i % 3 ", "case when i = 1 then 9 else i % 3 end "), "differ in 1 of 17424 groups" },
        { Twenty.Replace("i as id", "i * 60 as id"), Twenty.Replace("i as id", "i * 60 as id").Replace("i % 3 ", "case when i = 1 then 9 else i % 3 end "), "differ in 1 of 4688 groups" },

        // Other types of whole numbers, not the same on both sides.
        { Twenty.Replace("i as id", "i::integer as id"), Twenty, "no row differs" },
        { Twenty.Replace("i as id", "i::usmallint as id"), Twenty.Replace("i as id", "i::smallint as id").Replace("i % 3 ", "case when i = 5 then 9 else i % 3 end "), "differ in 1 of 5000 groups" },
        { Twenty.Replace("i as id", "i::ubigint as id"), Twenty, "no row differs" },
        { Twenty.Replace("i as id", "i::hugeint as id"), Twenty, "no row differs" },

        // Values that are the same and not alike, and the other way round.
        { Twenty.Replace("i % 3 as v", "case when i % 2 = 0 then -0.0::double else 'nan'::double end as v"), Twenty.Replace("i % 3 as v", "case when i % 2 = 0 then 0.0::double else 'nan'::double end as v"), "no row differs" },
        { Twenty.Replace("i % 3 as v", "(i % 3)::decimal(12, 2) as v"), Twenty.Replace("i % 3 as v", "(i % 3)::decimal(18, 4) as v"), "no row differs" },
        { Twenty.Replace("'x' as t", "case when i = 3 then null else 'x' end as t"), Twenty.Replace("'x' as t", "case when i = 3 then '' else 'x' end as t"), "differ in 1 of 5000 groups" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_answer_is_that_of_a_join(string ofBase, string ofHead, string because)
    {
        using var file = new DuckDbFile($"create schema a; create schema b; create table a.t as {ofBase}; create table b.t as {ofHead};");
        await using var warehouse = file.Open();
        var reasons = new List<string>();

        var scanned = await CompareAsync(DiffStrategy.Fingerprint);
        var joined = await CompareAsync(DiffStrategy.Join);

        Assert.Equal((DiffText.Of(joined), DiffText.Of(joined.Samples)), (DiffText.Of(scanned), DiffText.Of(scanned.Samples)));
        Assert.Contains(reasons, reason => reason.Contains(because, StringComparison.Ordinal));

        Task<TableDiff> CompareAsync(DiffStrategy strategy) => Diff.SourcesAsync(
            warehouse,
            new DiffSource.Relation(new(null, "a", "t")),
            new DiffSource.Relation(new(null, "b", "t")),
            [new KeyCandidate(["id"], KeySource.Explicit)],
            new CompareRules { Strategy = strategy, Attribution = false },
            new Listener(reasons));
    }

    /// <summary>What the key is made of, and what is said of the way.</summary>
    [Theory]
    [InlineData("i * 63", "The fingerprints differ in 4 of 246094 groups of rows.")]
    [InlineData("i * 65", "The keys lie far apart: everything is joined.")]
    public async Task A_million_rows_are_scanned_first_where_their_keys_lie_close_together(string id, string because)
    {
        using var file = new DuckDbFile($"""
            create schema a; create schema b;
            create table a.t as select {id} as id, i % 3 as v from range(1, 1000001) as r(i);
            create table b.t as select {id} as id, case when i % 300000 = 7 then 9 else i % 3 end as v from range(1, 1000001) as r(i) where i <> 300007;
            """);
        await using var warehouse = file.Open();
        var reasons = new List<string>();

        var diff = await Diff.SourcesAsync(
            warehouse,
            new DiffSource.Relation(new(null, "a", "t")),
            new DiffSource.Relation(new(null, "b", "t")),
            [new KeyCandidate(["id"], KeySource.Explicit)],
            new CompareRules { Attribution = false },
            new Listener(reasons));

        Assert.Equal("1000000/999999 rows: +0 -1 ~3 =999996; v ~3", DiffText.Of(diff));
        Assert.Contains(because, reasons);
    }

    private sealed class Listener(List<string> reasons) : IProgress<RunEvent>
    {
        public void Report(RunEvent value)
        {
            if (value is RunEvent.Reasoning reasoning)
            {
                reasons.Add(reasoning.Text);
            }
        }
    }
}
