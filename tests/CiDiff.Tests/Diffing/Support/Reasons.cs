using System.Collections.Concurrent;

namespace CiDiff.Tests.Diffing.Support;

/// <summary>Keeps what is said of the way to an answer.</summary>
internal sealed class Reasons : IProgress<RunEvent>
{
    public ConcurrentQueue<string> All { get; } = new();

    public void Report(RunEvent value)
    {
        if (value is RunEvent.Reasoning { Text: var reason })
        {
            All.Enqueue(reason);
        }
    }

    public bool Contains(string reason) => All.Any(found => found.Contains(reason, StringComparison.Ordinal));

    public override string ToString() => string.Join(" ", All);
}
