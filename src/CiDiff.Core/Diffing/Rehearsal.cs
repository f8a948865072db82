using System.Collections;
using System.Runtime.CompilerServices;
using CiDiff.Configuration;
using CiDiff.Selection;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>A comparison of two tables that do not exist, in no warehouse: it loads the code of the real one, which takes longer than running it, while a server is
/// still to answer.</summary>
public static class Rehearsal
{
    /// <summary>Compares.</summary>
    /// <param name="dialect">How the warehouse of the real comparison spells SQL.</param>
    /// <returns>What two large empty tables with the same columns would give.</returns>
    public static async Task<TableDiff> RunAsync(SqlDialect dialect)
    {
        await using var stage = new Stage(dialect);
        await using var warehouses = WarehousePair.Of(stage);
        return await TableDiffer.DiffAsync(
            new TableDiffRequest(
                "rehearsal",
                new Sides<DiffSource>(new DiffSource.Relation(Stage.Table("base")), new DiffSource.Relation(Stage.Table("head"))),
                [new KeyCandidate([Stage.Key], KeySource.Explicit)],
                new CompareRules { Attribution = false }),
            warehouses,
            new SessionOptions("", "", StatementTimeout: null, Progress: null),
            CancellationToken.None);
    }

    /// <summary>Reads a key of a row that differs, as of tables that are not equal.</summary>
    public static void ReadKeys() => Row.Texts(["[[\"1\"]]"], 0);

    // Each relation has a million rows, until they are counted.
    private sealed class Stage(SqlDialect dialect) : IWarehouse, IWarehouseSession
    {
        public const string Key = "id";

        public SqlDialect Dialect => dialect;

        public string AdapterType => "none";

        public string Description => "nowhere";

        public int Concurrency => 2;

        public int QueriesSent => 0;

        public static RelationName Table(string schema) => new(null, schema, "table");

        public Task<IWarehouseSession> OpenSessionAsync(SessionOptions options, CancellationToken cancellationToken) => Task.FromResult<IWarehouseSession>(this);

        public Task<Func<CancellationToken, Task<IWarehouseSession>>?> ShareSnapshotAsync(CancellationToken cancellationToken) =>
            Task.FromResult<Func<CancellationToken, Task<IWarehouseSession>>?>(_ => Task.FromResult<IWarehouseSession>(this));

        public Task<RelationInfo?> FindRelationAsync(RelationName relation, CancellationToken cancellationToken) => Task.FromResult<RelationInfo?>(new(
            relation,
            RelationKind.Table,
            [Column(Key, TypeFamily.Integer), Column("amount", TypeFamily.Decimal), Column("note", TypeFamily.Text), Column("changed_at", TypeFamily.Timestamp)],
            [[new ColumnName(Key)]],
            EstimatedRows: 1_000_000));

        public Task<IReadOnlyList<Column>> DescribeQueryAsync(SqlText query, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Column>>([]);

        public async IAsyncEnumerable<IReadOnlyList<object?>> QueryAsync(SqlText query, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            yield return new Zeros();
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static Column Column(string name, TypeFamily family) => new(new ColumnName(name), new ColumnType(family.ToString(), family));
    }

    // As many as are asked for: a count of 0, a key, or a list without keys.
    private sealed class Zeros : IReadOnlyList<object?>
    {
        public int Count => 1;

        public object? this[int index] => "0";

        public IEnumerator<object?> GetEnumerator()
        {
            yield return this[0];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
