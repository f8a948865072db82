namespace CiDiff.Artifacts;

/// <summary>What dbt's last command did.</summary>
/// <remarks>Each command overwrites the file: after <c>dbt run</c> and <c>dbt test</c> only the tests are in it.</remarks>
public sealed record RunResults
{
    /// <summary>Where it came from, for messages.</summary>
    public required string Source { get; init; }

    /// <summary>As written (ISO 8601, UTC); null when absent.</summary>
    public string? GeneratedAt { get; init; }

    /// <summary>The run of dbt that wrote it; null when absent.</summary>
    public string? InvocationId { get; init; }

    /// <summary>The command: <c>build</c>, <c>run</c>, <c>test</c>, …; null when absent.</summary>
    public string? Command { get; init; }

    /// <summary>The target that was named on the command line; null when none was, or when it is not noted.</summary>
    public string? Target { get; init; }

    /// <summary>Whether unbuilt parents were read from another environment (<c>--defer</c>).</summary>
    public bool IsDeferred { get; init; }

    /// <summary>One result for each resource that was selected.</summary>
    public required IReadOnlyDictionary<UniqueId, RunResult> Results { get; init; }

    /// <summary>Whether this command built anything at all, so that what is not among its results was not built by it.</summary>
    public bool BuildsRelations => Command is "build" or "run" or "seed" or "snapshot" or "run-operation" or "clone" or "retry";

    /// <summary>Whether the command left a resource's relation in its own environment.</summary>
    public bool HasBuilt(UniqueId id) => Results.TryGetValue(id, out var result) && result.IsBuilt;
}

/// <summary>What became of one resource.</summary>
/// <param name="Id">Which one.</param>
/// <param name="Status">dbt's word: <c>success</c>, <c>error</c>, <c>skipped</c>, <c>partial success</c>, <c>no-op</c>, <c>reused</c>; of
/// tests <c>pass</c>, <c>fail</c>, <c>warn</c>; of sources also <c>runtime error</c>.</param>
/// <param name="Message">What the warehouse or dbt said; null for nothing.</param>
/// <param name="Failures">Rows a test found; null for everything but tests.</param>
public sealed record RunResult(UniqueId Id, string Status, string? Message, long? Failures)
{
    /// <summary>Whether the resource's relation is there now, built or taken as it was. A table of which some batches failed is.</summary>
    public bool IsBuilt => Status is "success" or "partial success" or "reused";
}
