namespace CiDiff.Diffing;

/// <summary>Does two things at once.</summary>
internal static class AtOnce
{
    /// <summary>Does both, and stops each when the other fails.</summary>
    /// <param name="first">One; given what stops it.</param>
    /// <param name="second">The other.</param>
    /// <param name="cancellationToken">Stops both.</param>
    public static async Task<(T First, T Second)> RunAsync<T>(
        Func<CancellationToken, Task<T>> first, Func<CancellationToken, Task<T>> second, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tasks = new[] { StopBothOnFailureAsync(first(stop.Token)), StopBothOnFailureAsync(second(stop.Token)) };
        await Task.WhenAll(tasks.Select(task => task.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)));

        // What failed by itself says more than what was stopped because of it.
        var failed = tasks.FirstOrDefault(task => task.IsFaulted) ?? tasks.FirstOrDefault(task => task.IsCanceled);
        if (failed is not null)
        {
            await failed;
        }

        return (await tasks[0], await tasks[1]);

        async Task<T> StopBothOnFailureAsync(Task<T> work)
        {
            try
            {
                return await work;
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }
        }
    }
}
