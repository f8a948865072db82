using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Tests.Diffing.Support;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Diffing;

/// <summary>What `Scenarios` cannot say: DuckDB stores variants in databases of its newest format only.</summary>
public sealed class UnknownTypesTests
{
    [Fact]
    public async Task A_variant_is_compared_as_text_and_the_reader_is_told()
    {
        using var file = new DuckDbFile("create table unused (id int)");
        await using var warehouse = file.Open();

        var diff = await Diff.SourcesAsync(
            warehouse, Query("select 1 as id, 1::variant as v union all select 2, 'x'::variant"), Query("select 1 as id, 1::variant as v union all select 2, 'y'::variant"),
            ["id"], new CompareRules { ColumnProfiles = true });

        Assert.Equal("2/2 rows: +0 -0 ~1 =1; v ~1", DiffText.Of(diff));
        Assert.Contains("Column 'v' has the type VARIANT, which has no equality that can be relied on: its values are compared as text.", diff.Notes);
        Assert.Equal(2, diff.Profiles.Single(profile => profile.Name.Value == "v").Sides.Head!.Distinct);
    }

    private static DiffSource.Query Query(string sql) => new(SqlText.FromConfiguration(sql, "a test"));
}
