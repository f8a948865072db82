using System.Reflection;
using System.Runtime.CompilerServices;
using CiDiff.Cli;
using CiDiff.Diffing;

namespace CiDiff.Tests;

/// <summary>The tasks of asynchronous methods. This assembly is compiled with the same types as the tool, so that every test that waits runs on them too.</summary>
public sealed class AsyncTaskMethodBuilderTests
{
    private static readonly AsyncLocal<string?> Local = new();

    [Theory]
    [InlineData(typeof(TableDiffer))]
    [InlineData(typeof(CliApp))]
    [InlineData(typeof(AsyncTaskMethodBuilderTests))]
    public void Every_asynchronous_method_that_gives_a_task_is_made_with_its_assemblys_own_types(Type ofAssembly)
    {
        const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var builders = ofAssembly.Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(IAsyncStateMachine)))
            .Select(type => type.GetFields(Fields).Single(field => field.Name == "<>t__builder").FieldType)
            .Where(builder => builder.Name.StartsWith("AsyncTaskMethodBuilder", StringComparison.Ordinal))
            .ToList();

        Assert.True(builders.Count > 5);
        Assert.All(builders, builder => Assert.Equal(ofAssembly.Assembly, builder.Assembly));
    }

    [Fact]
    public async Task A_method_that_does_not_wait_is_done_when_it_returns()
    {
        var task = NumberAsync(waits: 0);

        Assert.True(task.IsCompletedSuccessfully);
        Assert.Equal(0, await task);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_method_may_give_nothing(int waits)
    {
        await NothingAsync(waits);
        var thrown = new InvalidDataException("broken");

        Assert.Same(thrown, await Assert.ThrowsAsync<InvalidDataException>(() => NothingAsync(waits, thrown)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    public async Task A_method_may_wait_many_times(int waits) => Assert.Equal(waits, await NumberAsync(waits));

    [Fact]
    public async Task Many_methods_may_wait_at_once()
    {
        var gate = new TaskCompletionSource<int>();
        var waiting = Enumerable.Range(0, 10_000).Select(WaitAsync).ToList();
        Assert.All(waiting, task => Assert.False(task.IsCompleted));
        gate.SetResult(1);

        Assert.Equal(Enumerable.Range(1, 10_000), await Task.WhenAll(waiting));

        async Task<int> WaitAsync(int number) => number + await gate.Task;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task What_a_method_throws_is_in_its_task(int waits)
    {
        var thrown = new InvalidDataException("broken");
        var task = ThrowAsync(waits, thrown);

        Assert.Same(thrown, await Assert.ThrowsAsync<InvalidDataException>(() => task));
        Assert.True(task.IsFaulted);
        Assert.Contains(nameof(ThrowAsync), thrown.StackTrace, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_cancellation_is_one(int waits)
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        var thrown = new OperationCanceledException("stopped", new InvalidDataException("why"), source.Token);
        var task = ThrowAsync(waits, thrown);

        Assert.Same(thrown, await Assert.ThrowsAsync<OperationCanceledException>(() => task));
        Assert.True(task.IsCanceled);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task What_a_method_sets_for_its_flow_is_there_after_it_waited_and_not_its_callers(int waits)
    {
        Local.Value = "caller";

        Assert.Equal(("caller", "method"), await SetAsync());
        Assert.Equal("caller", Local.Value);

        async Task<(string? Before, string? After)> SetAsync()
        {
            var before = Local.Value;
            Local.Value = "method";
            await NumberAsync(waits);
            return (before, Local.Value);
        }
    }

    [Fact]
    public async Task Who_lets_a_method_go_on_does_not_give_it_its_own_flow()
    {
        var gate = new TaskCompletionSource();
        Local.Value = "method";
        var reading = ReadAsync();
        await Task.Run(() =>
        {
            Local.Value = "other";
            gate.SetResult();
        });

        Assert.Equal("method", await reading);

        async Task<string?> ReadAsync()
        {
            await gate.Task;
            return Local.Value;
        }
    }

    [Fact]
    public async Task A_method_goes_on_where_flows_are_suppressed()
    {
        Task<int> task;
        using (ExecutionContext.SuppressFlow())
        {
            task = NumberAsync(waits: 3);
        }

        Assert.Equal(3, await task);
    }

    [Fact]
    public async Task An_awaiter_that_knows_of_no_flow_is_enough()
    {
        Local.Value = "method";

        Assert.Equal(7, await WaitAsync());

        static async Task<int> WaitAsync()
        {
            var number = await new Seven();
            return Local.Value == "method" ? number : 0;
        }
    }

    private static async Task NothingAsync(int waits, Exception? thrown = null)
    {
        await NumberAsync(waits);
        if (thrown is not null)
        {
            throw thrown;
        }
    }

    private static async Task<int> NumberAsync(int waits)
    {
        var number = 0;
        while (number < waits)
        {
            await Task.Yield();
            number++;
        }

        return number;
    }

    private static async Task ThrowAsync(int waits, Exception thrown)
    {
        await NumberAsync(waits);
        throw thrown;
    }

    private sealed class Seven : INotifyCompletion
    {
        public bool IsCompleted => false;

        public Seven GetAwaiter() => this;

        public int GetResult() => 7;

        public void OnCompleted(Action continuation) => ThreadPool.QueueUserWorkItem(_ => continuation());
    }
}
