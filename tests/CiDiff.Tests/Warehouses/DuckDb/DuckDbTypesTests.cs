using CiDiff.Tests.Support;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Warehouses.DuckDb;

public sealed class DuckDbTypesTests
{
    public static TheoryData<string, TypeFamily> Types => new()
    {
        { "tinyint", TypeFamily.Integer },
        { "bigint", TypeFamily.Integer },
        { "uhugeint", TypeFamily.Integer },
        { "bignum", TypeFamily.Integer },
        { "decimal(38,10)", TypeFamily.Decimal },
        { "numeric", TypeFamily.Decimal },
        { "real", TypeFamily.Float },
        { "double", TypeFamily.Float },
        { "boolean", TypeFamily.Boolean },
        { "varchar(10)", TypeFamily.Text },
        { "varchar collate nocase", TypeFamily.Text },
        { "enum('a(', 'b]')", TypeFamily.Enumeration },
        { "date", TypeFamily.Date },
        { "time", TypeFamily.Time },
        { "time_ns", TypeFamily.Time },
        { "timetz", TypeFamily.Time },
        { "timestamp", TypeFamily.Timestamp },
        { "timestamp_s", TypeFamily.Timestamp },
        { "timestamp_ms", TypeFamily.Timestamp },
        { "timestamp_ns", TypeFamily.Timestamp },
        { "timestamptz", TypeFamily.TimestampWithZone },
        { "interval", TypeFamily.Interval },
        { "uuid", TypeFamily.Uuid },
        { "blob", TypeFamily.Binary },
        { "json", TypeFamily.Json },
        { "integer[]", TypeFamily.Array },
        { "integer[3][]", TypeFamily.Array },
        { "struct(a integer, b varchar)[]", TypeFamily.Array },
        { "struct(\"a]\" integer[], b varchar)", TypeFamily.Composite },
        { "map(varchar, integer[])", TypeFamily.Composite },
        { "union(n integer, s varchar)", TypeFamily.Composite },
        { "bit", TypeFamily.Other },
        { "variant", TypeFamily.Other },
        { "geometry", TypeFamily.Other },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_type_as_DuckDB_writes_it_has_its_family(string type, TypeFamily family)
    {
        await using var warehouse = DuckDbFile.InMemory();
        await using var session = await warehouse.OpenSessionAsync(new("run-1", "orders", null, null), default);

        var column = Assert.Single(await session.DescribeQueryAsync(SqlText.FromConfiguration($"select null::{type} as x", "a test"), default));

        Assert.Equal(family, column.Type.Family);
    }
}
