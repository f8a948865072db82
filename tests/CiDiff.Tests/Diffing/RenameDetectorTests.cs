using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Selection;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Diffing;

public sealed class RenameDetectorTests
{
    [Theory]
    [InlineData("amount as total", "amount=total 1.00")]
    [InlineData("case when id = 7 then amount + 1 else amount end as total", "amount=total 0.99")]
    [InlineData("case when id <= 10 then amount + 1 else amount end as total", "")]
    [InlineData("null::double as total", "")]
    [InlineData("amount::varchar as total", "")]
    [InlineData("id as total", "")]
    public async Task A_column_that_went_and_one_that_came_are_a_rename_when_their_values_agree(string column, string renamed) =>
        Assert.Equal(renamed, await DetectedAsync("id, amount", $"id, {column}"));

    [Fact]
    public async Task Constant_columns_tell_nothing() =>
        Assert.Equal("", await DetectedAsync("id, 1 as was", "id, 1 as became"));

    [Fact]
    public async Task Each_column_is_renamed_once_and_to_what_fits_best() =>
        Assert.Equal(
            "country=land 1.00, amount=exact 1.00",
            await DetectedAsync("id, amount, country", "id, country as land, case when id = 3 then 0 else amount end as nearly, amount as exact"));

    [Fact]
    public async Task Nulls_on_both_sides_are_no_agreement() =>
        Assert.Equal("", await DetectedAsync("id, case when id <= 2 then amount end as was", "id, case when id = 2 then amount end as became"));

    [Fact]
    public async Task Rows_with_repeated_keys_do_not_count() =>
        Assert.Equal("amount=total 1.00", await DetectedAsync("id, amount", "id, amount as total", "union all select 1, -5 union all select 1, -6"));

    private static async Task<string> DetectedAsync(string inBase, string inHead, string more = "")
    {
        using var file = new DuckDbFile($"""
            create table source as select i as id, (i * 1.5)::double as amount, case when i % 3 = 0 then 'DE' else 'FR' end as country from range(1, 101) as t(i);
            create table base_table as select {inBase} from source;
            create table head_table as select {inHead} from source {more};
            """);
        await using var warehouse = file.Open();
        var request = new TableDiffRequest(
            "test",
            new Sides<DiffSource>(Relation("base_table"), Relation("head_table")),
            [new KeyCandidate(["id"], KeySource.Explicit)],
            new CompareRules());

        var diff = await TableDiffer.DiffAsync(request, WarehousePair.Of(warehouse), new SessionOptions("test", "test", null, null), CancellationToken.None);

        // They are told apart, but nobody said that it was meant.
        Assert.All(diff.Schema.Renamed, renamed => Assert.Contains(renamed.Base, diff.Schema.Removed.Select(column => column.Name)));
        Assert.DoesNotContain(diff.Schema.Told.Added, column => diff.Schema.Renamed.Any(renamed => renamed.Head == column.Name));
        return string.Join(", ", diff.Schema.Renamed.Select(renamed => FormattableString.Invariant($"{renamed.Base}={renamed.Head} {renamed.Share:0.00}")));

        static DiffSource Relation(string name) => new DiffSource.Relation(new RelationName(null, "main", name));
    }
}
