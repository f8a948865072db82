using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Selection;
using CiDiff.Warehouses;
using CiDiff.Warehouses.DuckDb;
using CiDiff.Warehouses.Postgres;

namespace CiDiff.Tests.Diffing;

public sealed class StrategyChoiceTests
{
    /// <summary>Adapter and, where it matters, the key's type; what is asked, kinds and sizes of base and head, whether both have a unique index; the choice.</summary>
    public static TheoryData<string, DiffStrategy, RelationKind, long?, long?, bool, DiffStrategy> Cases { get; } = new()
    {
        { "duckdb", DiffStrategy.Auto, RelationKind.Table, 1_000_000, 1_000_000, false, DiffStrategy.Join },
        { "duckdb", DiffStrategy.Auto, RelationKind.Table, 20_000_000, 20_000_000, false, DiffStrategy.Join },
        { "duckdb", DiffStrategy.Auto, RelationKind.Table, 50_000_000, 10, false, DiffStrategy.Fingerprint },
        { "duckdb BIGINT", DiffStrategy.Auto, RelationKind.Table, 999_999, 10, false, DiffStrategy.Join },
        { "duckdb BIGINT", DiffStrategy.Auto, RelationKind.Table, 1_000_000, 10, false, DiffStrategy.Fingerprint },
        { "duckdb UBIGINT", DiffStrategy.Auto, RelationKind.Table, 5_000_000, 10, false, DiffStrategy.Join },
        { "duckdb", DiffStrategy.Auto, RelationKind.View, 50_000_000, 50_000_000, false, DiffStrategy.Join },
        { "duckdb", DiffStrategy.Auto, RelationKind.MaterializedView, 50_000_000, 50_000_000, false, DiffStrategy.Fingerprint },
        { "duckdb", DiffStrategy.Auto, RelationKind.Table, null, 50_000_000, false, DiffStrategy.Join },
        { "duckdb", DiffStrategy.Fingerprint, RelationKind.View, 10, 10, false, DiffStrategy.Fingerprint },
        { "duckdb", DiffStrategy.Join, RelationKind.Table, 50_000_000, 50_000_000, false, DiffStrategy.Join },
        { "postgres", DiffStrategy.Auto, RelationKind.Table, 999_999, 999_999, false, DiffStrategy.Join },
        { "postgres", DiffStrategy.Auto, RelationKind.Table, 1_000_000, 10, false, DiffStrategy.Fingerprint },
        { "postgres", DiffStrategy.Auto, RelationKind.Table, 50_000_000, 50_000_000, true, DiffStrategy.Fingerprint },
        { "postgres", DiffStrategy.Auto, RelationKind.Table, 2_999_999, 2_999_999, true, DiffStrategy.Join },
        { "postgres", DiffStrategy.Auto, RelationKind.Table, 3_000_000, 10, true, DiffStrategy.Fingerprint },
        { "postgres uuid", DiffStrategy.Auto, RelationKind.Table, 50_000_000, 50_000_000, true, DiffStrategy.Join },
        { "postgres", DiffStrategy.Fingerprint, RelationKind.Table, 10, 10, true, DiffStrategy.Fingerprint },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_tables_and_the_user_choose(
        string adapter, DiffStrategy asked, RelationKind kind, long? rowsOfBase, long? rowsOfHead, bool isIndexed, DiffStrategy choice)
    {
        var found = StrategyChoice.Of(Key(adapter, "integer", asked, kind, rowsOfBase, rowsOfHead, isIndexed));

        Assert.Equal(choice, found.Strategy);
        Assert.NotEmpty(found.Because);
    }

    [Fact]
    public void What_has_no_hash_is_joined_and_the_reason_names_the_column()
    {
        var found = StrategyChoice.Of(Key("duckdb", "INTEGER[]", DiffStrategy.Fingerprint, RelationKind.Table, 10, 10, isIndexed: false));

        Assert.Equal(DiffStrategy.Join, found.Strategy);
        Assert.Contains("'v'", found.Because, StringComparison.Ordinal);
    }

    [Fact]
    public void Hashes_that_would_not_give_the_answer_of_the_warehouse_are_not_taken()
    {
        var key = Key("duckdb", "INTEGER", DiffStrategy.Hash, RelationKind.Table, 50_000_000, 50_000_000, isIndexed: false);

        var found = StrategyChoice.Of(new TableKey(key.Pair with { HashObstacle = "they would not" }, key.Columns, key.Candidate));

        Assert.Equal((DiffStrategy.Join, "hashes were asked for, but they would not"), (found.Strategy, found.Because));
    }

    private static TableKey Key(
        string adapter, string type, DiffStrategy asked, RelationKind kind, long? rowsOfBase, long? rowsOfHead, bool isIndexed)
    {
        SqlDialect dialect = adapter.StartsWith("duckdb", StringComparison.Ordinal) ? new DuckDbDialect() : new PostgresDialect();
        var ofKey = adapter switch
        {
            "duckdb" => new ColumnType("VARCHAR", TypeFamily.Text),
            "postgres" => new ColumnType("bigint", TypeFamily.Integer),
            "postgres uuid" => new ColumnType("uuid", TypeFamily.Uuid),
            _ => new ColumnType(adapter.Split(' ')[1], TypeFamily.Integer),
        };
        var id = new Column(new ColumnName("id"), ofKey);
        var value = new Column(new ColumnName("v"), new ColumnType(type, type.EndsWith(']') ? TypeFamily.Array : TypeFamily.Integer));
        var pair = new TablePair(
            dialect,
            new(Side("base", rowsOfBase), Side("head", rowsOfHead)),
            [new ColumnPlan(new ColumnPair(id, id), null, null), new ColumnPlan(new ColumnPair(value, value), null, null)],
            new CompareRules { Strategy = asked });
        return new TableKey(pair, [pair.Columns[0].Pair], new KeyCandidate(["id"], KeySource.Explicit));

        DiffSide Side(string name, long? rows)
        {
            var relation = new RelationName(null, name, "orders");
            var info = new RelationInfo(relation, kind, [id, value], isIndexed ? [[id.Name]] : [], rows);
            return new DiffSide(dialect, name, new DiffSource.Relation(relation), info, [id, value], Filter: null);
        }
    }
}
