using System.Collections.Concurrent;
using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Errors;
using CiDiff.Reports;
using CiDiff.Selection;
using CiDiff.Tests.Diffing.Support;
using CiDiff.Tests.Support;
using CiDiff.Warehouses;

namespace CiDiff.Tests.Diffing;

public sealed class ModelRunnerTests : IDisposable
{
    private readonly DuckDbFile _file = new("""
        create schema prod; create schema pr;
        create table prod.orders as select i as id, i % 3 as v from range(10) as t(i);
        create table pr.orders as select i as id, case when i = 4 then 9 else i % 3 end as v from range(11) as t(i);
        create table pr.fresh as select * from (values (1, 'a'), (1, 'b'), (null, 'c'), (2, 'd')) as t(id, v);
        create table prod.gone as select 1 as id;
        create table prod.events as select i as id, 0 as v from range(20000) as t(i);
        create table pr.events as select i as id, i % 2 as v from range(20000) as t(i);
        """);

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task A_model_on_both_sides_is_compared()
    {
        var outcome = Assert.IsType<ModelOutcome.Compared>(await RunAsync(Models.Selected("orders", Prod("orders"), Pr("orders"), ["id"])));

        Assert.Equal("10/11 rows: +1 -0 ~1 =9; v ~1", DiffText.Of(outcome.Diff));
        Assert.True(outcome.Diff.Cost.Queries > 0);
    }

    [Fact]
    public async Task A_new_model_has_its_rows_counted_and_its_key_looked_at()
    {
        var outcome = Assert.IsType<ModelOutcome.NotCompared>(await RunAsync(Models.Selected("fresh", null, Pr("fresh"), ["id"])));

        Assert.Equal((NotComparedReason.New, new Sides<long?>(null, 4)), (outcome.Reason, outcome.Rows));
        Assert.Equal(new KeyCounts(1, 1, 2, 2), outcome.Keys);
    }

    [Fact]
    public async Task A_filter_holds_for_a_new_model_too()
    {
        var rules = new CompareRules { Filter = new ConfiguredSql("v <> 'a'", "a test") };

        var outcome = Assert.IsType<ModelOutcome.NotCompared>(await RunAsync(Models.Selected("fresh", null, Pr("fresh"), ["ID"], rules)));

        Assert.Equal((3, new KeyCounts(1, 0, 0, 2)), (outcome.Rows.Head, outcome.Keys));
    }

    [Fact]
    public async Task A_model_that_production_never_built_is_counted_like_a_new_one()
    {
        var outcome = Assert.IsType<ModelOutcome.NotCompared>(await RunAsync(Models.Selected("fresh", Prod("fresh"), Pr("fresh"))));

        Assert.Equal((NotComparedReason.NotInBase, new Sides<long?>(null, 4), null), (outcome.Reason, outcome.Rows, outcome.Keys));
    }

    [Fact]
    public async Task A_model_that_the_pull_request_did_not_build_is_not_compared_and_its_rows_stay_unknown()
    {
        var outcome = Assert.IsType<ModelOutcome.NotCompared>(await RunAsync(Models.Selected("gone", Prod("gone"), Pr("gone"))));

        Assert.Equal((NotComparedReason.NotBuilt, new Sides<long?>(null, null)), (outcome.Reason, outcome.Rows));
    }

    [Fact]
    public async Task A_removed_model_has_the_rows_of_base()
    {
        var outcome = Assert.IsType<ModelOutcome.NotCompared>(await RunAsync(Models.Selected("gone", Prod("gone"), null)));

        Assert.Equal((NotComparedReason.Removed, new Sides<long?>(1, null)), (outcome.Reason, outcome.Rows));
    }

    [Fact]
    public async Task A_removed_model_that_production_dropped_already_has_no_rows()
    {
        var outcome = Assert.IsType<ModelOutcome.NotCompared>(await RunAsync(Models.Selected("never", Prod("never"), null)));

        Assert.Equal((NotComparedReason.Removed, new Sides<long?>(null, null)), (outcome.Reason, outcome.Rows));
    }

    [Fact]
    public async Task Base_and_head_must_not_be_the_same_relation()
    {
        var outcome = Assert.IsType<ModelOutcome.Failed>(await RunAsync(Models.Selected("orders", Prod("orders"), Prod("ORDERS"), ["id"])));

        Assert.Equal(ErrorCodes.SameRelation, outcome.Error.Code);
    }

    [Fact]
    public async Task What_is_told_of_a_finished_model_has_the_numbers_of_the_reports()
    {
        var events = new Recorder();
        await using var warehouse = _file.Open();
        var sampled = new CompareRules { Sampling = new Sampling.Share(0.5m) { Threshold = 0 } };

        var outcomes = await DiffScheduler.RunAsync(
            [
                Models.Selected("a", Prod("events"), Pr("events"), ["id"]),
                Models.Selected("b", Prod("events"), Pr("events"), ["id"], sampled),
                Models.Selected("c", null, Pr("events")),
            ],
            WarehousePair.Of(warehouse),
            "test",
            events,
            default);

        var diff = Assert.IsType<ModelOutcome.Compared>(outcomes[1]).Diff;
        Assert.Equal(
            ["a: 10,000 changed", $"b: {Estimates.Say(diff.Rows.Changed!.Value, diff.Sample!.Changed)} changed", "c: new, 20,000 rows"],
            events.All.OfType<RunEvent.ModelFinished>().Select(finished => $"{finished.Model}: {finished.Summary}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task One_failure_does_not_stop_the_others_and_the_order_is_kept()
    {
        var events = new Recorder();
        await using var warehouse = _file.Open();

        var outcomes = await DiffScheduler.RunAsync(
            [
                Models.Selected("a", Prod("orders"), Pr("orders"), ["nothing"]),
                Models.Selected("b", Prod("orders"), Pr("orders"), ["id"]),
                Models.Selected("c", null, Pr("fresh")),
                Models.Selected("d", Prod("gone"), Pr("gone")),
            ],
            WarehousePair.Of(warehouse),
            "test",
            events,
            default);

        Assert.Equal(ErrorCodes.KeyColumnNotFound, Assert.IsType<ModelOutcome.Failed>(outcomes[0]).Error.Code);
        Assert.IsType<ModelOutcome.Compared>(outcomes[1]);
        Assert.Equal([NotComparedReason.New, NotComparedReason.NotBuilt], outcomes.Skip(2).Select(outcome => Assert.IsType<ModelOutcome.NotCompared>(outcome).Reason));
        Assert.Equal(
            ["a: failed: CID5001", "b: 1 changed, 1 added", "c: new, 4 rows", "d: not built"],
            events.All.OfType<RunEvent.ModelFinished>().Select(finished => $"{finished.Model}: {finished.Summary}").Order(StringComparer.Ordinal));
        Assert.Equal(4, events.All.OfType<RunEvent.ModelStarted>().Count());
        Assert.Equal(events.All.OfType<RunEvent.QueryStarted>().Count(), events.All.OfType<RunEvent.QueryFinished>().Count());
    }

    [Fact]
    public async Task After_a_cancellation_what_was_finished_is_kept_and_the_rest_was_not_reached()
    {
        using var cancellation = new CancellationTokenSource();
        var events = new Recorder();
        await using var warehouse = _file.Open();
        var models = Enumerable.Range(0, 200).Select(index => Models.Selected($"m{index}", Prod("orders"), Pr("orders"), ["id"])).ToList();
        events.When<RunEvent.ModelFinished>(cancellation.Cancel);

        var outcomes = await DiffScheduler.RunAsync(models, WarehousePair.Of(warehouse), "test", events, cancellation.Token);

        Assert.Equal(200, outcomes.Count);
        Assert.Contains(outcomes, outcome => outcome is ModelOutcome.Compared);
        Assert.Contains(outcomes, outcome => outcome is ModelOutcome.NotCompared { Reason: NotComparedReason.NotReached });
        Assert.DoesNotContain(outcomes, outcome => outcome is ModelOutcome.Failed);
    }

    private static RelationName Prod(string name) => new(null, "prod", name);

    private static RelationName Pr(string name) => new(null, "pr", name);

    private async Task<ModelOutcome> RunAsync(SelectedModel model)
    {
        await using var warehouse = _file.Open();
        return await new ModelRunner(WarehousePair.Of(warehouse), "test", null).RunAsync(model, default);
    }

    private sealed class Recorder : IProgress<RunEvent>
    {
        private Action<RunEvent> _then = _ => { };

        public ConcurrentQueue<RunEvent> All { get; } = [];

        public void When<T>(Action then) => _then = told =>
        {
            if (told is T)
            {
                then();
            }
        };

        public void Report(RunEvent value)
        {
            All.Enqueue(value);
            _then(value);
        }
    }
}
