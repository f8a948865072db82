using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Warehouses;
using CiDiff.Warehouses.DuckDb;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Diffing;

/// <summary>A rehearsal that stumbles costs time that nobody sees: it has to come to its end.</summary>
public sealed class RehearsalTests
{
    public static TheoryData<SqlDialect> Dialects => [new PostgresDialect(), new DuckDbDialect()];

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Two_tables_that_do_not_exist_are_compared_to_the_end(SqlDialect dialect)
    {
        var diff = await Rehearsal.RunAsync(dialect);

        Assert.True(diff.IsIdentical);
        Assert.Equal(new RowCounts(0, 0, 0, 0, 0, 0), diff.Rows);
        Assert.Equal(DiffStrategy.Join, diff.Strategy);
        Assert.Equal(["amount", "note", "changed_at"], diff.Columns.Select(column => column.Head.Name.Value));
        Assert.Empty(diff.Notes);
    }
}
