namespace CiDiff.Warehouses;

/// <summary>One warehouse that can be asked, read-only.</summary>
/// <remarks>Safe for concurrent use. Errors of the server arrive as <see cref="Errors.UserErrorException"/> with a 4xxx code and
/// the driver's exception inside; a cancelled call throws <see cref="OperationCanceledException"/> after the query was
/// stopped in the server.</remarks>
public interface IWarehouse : IAsyncDisposable
{
    /// <summary>How this warehouse spells SQL.</summary>
    SqlDialect Dialect { get; }

    /// <summary>The adapter's name as dbt writes it, for example <c>postgres</c>.</summary>
    string AdapterType { get; }

    /// <summary>Where it is, for people: host and database or file, never a secret.</summary>
    string Description { get; }

    /// <summary>How many sessions it runs well at once; at least 1.</summary>
    int Concurrency { get; }

    /// <summary>Begins to connect, for the first session; whoever has more to do before it opens one calls it. What goes wrong is told to that session.</summary>
    /// <returns>False when there is nothing to wait for.</returns>
    bool Connect() => false;

    /// <summary>Opens a session: one connection, one read-only transaction with one snapshot where the warehouse has them.</summary>
    /// <param name="options">What the session is for.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    Task<IWarehouseSession> OpenSessionAsync(SessionOptions options, CancellationToken cancellationToken);
}

/// <summary>What a session is for.</summary>
/// <param name="RunId">The run, for the comment that ends every query; letters, digits, <c>-</c> and <c>_</c> only.</param>
/// <param name="Model">The model, for the same comment and for progress.</param>
/// <param name="StatementTimeout">The longest a single statement may take; null for no limit.</param>
/// <param name="Progress">Told of every query as it starts and ends; null for nobody.</param>
public sealed record SessionOptions(string RunId, string Model, TimeSpan? StatementTimeout, IProgress<RunEvent>? Progress);

/// <summary>One read-only session. Not safe for concurrent use.</summary>
public interface IWarehouseSession : IAsyncDisposable
{
    /// <summary>How many queries were sent so far, catalog look-ups included.</summary>
    int QueriesSent { get; }

    /// <summary>What the catalog knows of a relation, or null when there is none that this user can see.</summary>
    Task<RelationInfo?> FindRelationAsync(RelationName relation, CancellationToken cancellationToken);

    /// <summary>The same of two relations at once.</summary>
    /// <param name="relations">Null for nothing to look up.</param>
    /// <param name="cancellationToken">Stops it.</param>
    async Task<Sides<RelationInfo?>> FindRelationsAsync(Sides<RelationName?> relations, CancellationToken cancellationToken) => new(
        relations.Base is { } inBase ? await FindRelationAsync(inBase, cancellationToken) : null,
        relations.Head is { } inHead ? await FindRelationAsync(inHead, cancellationToken) : null);

    /// <summary>The result columns of a query, without running it to its end.</summary>
    Task<IReadOnlyList<Column>> DescribeQueryAsync(SqlText query, CancellationToken cancellationToken);

    /// <summary>Streams the rows of a query, in the order the query gives.</summary>
    /// <returns>Each row's values in the order of the select list: null, <see cref="bool"/>, <see cref="long"/> for every
    /// integer that fits, <see cref="double"/> for floats, <see cref="decimal"/> for decimals that fit, <see cref="string"/>
    /// for text. Other types only arrive when a query asks for them: cast to text in SQL what is for people.</returns>
    IAsyncEnumerable<IReadOnlyList<object?>> QueryAsync(SqlText query, CancellationToken cancellationToken);

    /// <summary>Shares what this session sees, so that two queries can run at once.</summary>
    /// <returns>What opens another session that sees exactly the data this one sees, also while this one runs a query; it works as long as this one is
    /// open. Null when the warehouse cannot share a snapshot.</returns>
    Task<Func<CancellationToken, Task<IWarehouseSession>>?> ShareSnapshotAsync(CancellationToken cancellationToken) =>
        Task.FromResult<Func<CancellationToken, Task<IWarehouseSession>>?>(null);
}
