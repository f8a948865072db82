using CiDiff.Diffing;
using CiDiff.Errors;
using CiDiff.Tests.Diffing.Support;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Diffing;

public sealed class LostConnectionTests : IDisposable
{
    private readonly DuckDbFile _file = new("""
        create schema prod; create schema pr;
        create table prod.orders as select i as id, i % 3 as v from range(10) as t(i);
        create table pr.orders as select i as id, case when i = 4 then 9 else i % 3 end as v from range(11) as t(i);
        """);

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_model_whose_connection_is_lost_is_read_again_as_a_whole(int queries)
    {
        await using var warehouse = new Unreliable(_file.Open(), losses: 1, queries);

        var outcome = Assert.IsType<ModelOutcome.Compared>(await RunAsync(warehouse));

        Assert.Equal("10/11 rows: +1 -0 ~1 =9; v ~1", DiffText.Of(outcome.Diff));
        Assert.Contains("The connection was lost once; everything was read again from the beginning.", outcome.Diff.Notes);
        Assert.Equal(2, warehouse.Sessions);
    }

    [Fact]
    public async Task A_connection_that_is_lost_twice_fails_the_model()
    {
        await using var warehouse = new Unreliable(_file.Open(), losses: 2, queries: 2);

        var outcome = Assert.IsType<ModelOutcome.Failed>(await RunAsync(warehouse));

        Assert.Equal(ErrorCodes.ConnectionLost, outcome.Error.Code);
        Assert.Equal(2, warehouse.Sessions);
    }

    [Fact]
    public async Task A_server_that_still_recovers_is_waited_for()
    {
        await using var warehouse = new Unreliable(_file.Open(), losses: 1, queries: 2) { Refusals = 1 };

        var outcome = Assert.IsType<ModelOutcome.Compared>(await RunAsync(warehouse));

        Assert.Equal("10/11 rows: +1 -0 ~1 =9; v ~1", DiffText.Of(outcome.Diff));
        Assert.Equal((2, 0), (warehouse.Sessions, warehouse.Refusals));
    }

    [Fact]
    public async Task A_comparison_without_loss_uses_one_session_and_has_no_note()
    {
        await using var warehouse = new Unreliable(_file.Open(), losses: 0, queries: 0);

        var outcome = Assert.IsType<ModelOutcome.Compared>(await RunAsync(warehouse));

        Assert.Empty(outcome.Diff.Notes);
        Assert.Equal(1, warehouse.Sessions);
    }

    private static Task<ModelOutcome> RunAsync(IWarehouse warehouse) => new ModelRunner(WarehousePair.Of(warehouse), "test", null).RunAsync(
        Models.Selected("orders", new RelationName(null, "prod", "orders"), new RelationName(null, "pr", "orders"), ["id"]), default);

    /// <summary>A warehouse that loses the connection of its first sessions after some queries.</summary>
    private sealed class Unreliable(IWarehouse warehouse, int losses, int queries) : IWarehouse
    {
        public int Sessions { get; private set; }

        /// <summary>So many sessions are refused after the first one.</summary>
        public int Refusals { get; set; }

        public SqlDialect Dialect => warehouse.Dialect;

        public string AdapterType => warehouse.AdapterType;

        public string Description => warehouse.Description;

        public int Concurrency => warehouse.Concurrency;

        public async Task<IWarehouseSession> OpenSessionAsync(SessionOptions options, CancellationToken cancellationToken)
        {
            if (Sessions > 0 && Refusals > 0)
            {
                Refusals--;
                throw new UserErrorException(ErrorCodes.ConnectionFailed, "The database system is in recovery mode.", hint: null);
            }

            var session = await warehouse.OpenSessionAsync(options, cancellationToken);
            return Sessions++ < losses ? new Session(session, queries) : session;
        }

        public ValueTask DisposeAsync() => warehouse.DisposeAsync();
    }

    private sealed class Session(IWarehouseSession session, int queries) : IWarehouseSession
    {
        private int _left = queries;

        public int QueriesSent => session.QueriesSent;

        public Task<RelationInfo?> FindRelationAsync(RelationName relation, CancellationToken cancellationToken)
        {
            Use();
            return session.FindRelationAsync(relation, cancellationToken);
        }

        public Task<IReadOnlyList<Column>> DescribeQueryAsync(SqlText query, CancellationToken cancellationToken)
        {
            Use();
            return session.DescribeQueryAsync(query, cancellationToken);
        }

        public IAsyncEnumerable<IReadOnlyList<object?>> QueryAsync(SqlText query, CancellationToken cancellationToken)
        {
            Use();
            return session.QueryAsync(query, cancellationToken);
        }

        public ValueTask DisposeAsync() => session.DisposeAsync();

        private void Use()
        {
            if (_left-- == 0)
            {
                throw new UserErrorException(ErrorCodes.ConnectionLost, "The server went away.", hint: "Start it again.");
            }
        }
    }
}
