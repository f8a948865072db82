using System.Collections.Concurrent;

namespace CiDiff.Tests.Diffing.Support;

/// <summary>Keeps what is said of the way to an answer, and what was asked on it.</summary>
internal sealed class Reasons : IProgress<RunEvent>
{
    public ConcurrentQueue<string> All { get; } = new();

    public ConcurrentQueue<string> Queries { get; } = new();

    public void Report(RunEvent value)
    {
        if (value is RunEvent.Reasoning { Text: var reason })
        {
            All.Enqueue(reason);
        }
        else if (value is RunEvent.QueryStarted { Sql: var sql })
        {
            Queries.Enqueue(sql);
        }
    }

    public bool Contains(string reason) => All.Any(found => found.Contains(reason, StringComparison.Ordinal));

    public override string ToString() => string.Join(" ", All);
}
