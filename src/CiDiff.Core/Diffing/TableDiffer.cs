using System.Diagnostics;
using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Compares two tables: inside the warehouse that holds both, from which nothing but counts and samples comes, or across two. Nothing is ever
/// written there.</summary>
public static class TableDiffer
{
    /// <summary>Compares.</summary>
    /// <param name="request">What, and how.</param>
    /// <param name="warehouses">Where the tables are.</param>
    /// <param name="options">For the sessions: who asks, the time limit, and who is told of queries.</param>
    /// <param name="cancellationToken">Stops the queries in the warehouses.</param>
    /// <exception cref="UserErrorException">A table is missing or is its own counterpart, the key or the filter cannot be used, or a query
    /// fails.</exception>
    public static async Task<TableDiff> DiffAsync(
        TableDiffRequest request, WarehousePair warehouses, SessionOptions options, CancellationToken cancellationToken)
    {
        var (diff, isSecond) = await LostConnection.RetryAsync(
            request.Model,
            () => TimeBudget.KeepAsync(request.Model, request.Rules, CompareAsync, options.Progress, cancellationToken),
            options.Progress,
            cancellationToken);
        return isSecond ? diff with { Notes = [.. diff.Notes, LostConnection.Note] } : diff;

        async Task<TableDiff> CompareAsync(CompareRules rules, CancellationToken token)
        {
            await using var session = await PairSession.OpenAsync(warehouses, options, IsSeparate(rules), token);
            var names = request.Sources.Map(source => (source as DiffSource.Relation)?.Name);
            var relations = await session.FindAsync(names, token);
            if ((names.Base is { } inBase && relations.Base is null ? NotFound(inBase, "base") : names.Head is { } inHead && relations.Head is null ? NotFound(inHead, "head") : null)
                is { } missing)
            {
                throw missing;
            }

            return await DiffAsync(request with { Rules = rules }, relations, session, token);
        }
    }

    /// <summary>Whether each side is read by a session of its own, although one would do.</summary>
    internal static bool IsSeparate(CompareRules rules) => rules.Strategy == DiffStrategy.Hash;

    /// <summary>Compares tables that were already looked up.</summary>
    /// <param name="request">What, and how.</param>
    /// <param name="relations">What the catalog knows; null for a query.</param>
    /// <param name="sessions">For this comparison alone.</param>
    /// <param name="cancellationToken">Stops the queries in the warehouses.</param>
    internal static Task<TableDiff> DiffAsync(
        TableDiffRequest request, Sides<RelationInfo?> relations, PairSession sessions, CancellationToken cancellationToken) => StatementHint.AddAsync(
            request.Rules, [request.Sources.Base, request.Sources.Head], () => CompareAsync(request, relations, sessions, cancellationToken));

    private static async Task<TableDiff> CompareAsync(
        TableDiffRequest request, Sides<RelationInfo?> relations, PairSession sessions, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        CheckTimeTravel(request);
        if (sessions.Warehouses.IsOne && relations is { Base: { } @base, Head: { } head } && @base.Name == head.Name)
        {
            throw request.Rules.IsOfOptions
                ? new UserErrorException(
                    ErrorCodes.SameRelation, $"BASE and HEAD are the same relation, {@base.Name}.", hint: "Name two, or write queries in parentheses to compare parts of one.")
                : new UserErrorException(
                    ErrorCodes.SameRelation,
                    $"Base and head of {request.Model} are the same relation, {@base.Name}.",
                    hint: "Build the pull request into a schema of its own, or check which manifest is base and which is head.");
        }

        var filter = request.Rules.Filter is { } configured ? FilterCheck.Read(configured) : null;
        var dialects = sessions.Warehouses.Warehouses.Map(warehouse => warehouse.Dialect);
        var sides = new Sides<DiffSide>(
            await DescribeAsync("base", request.Sources.Base, relations.Base, dialects.Base, filter, sessions.Sides.Base, cancellationToken),
            await DescribeAsync("head", request.Sources.Head, relations.Head, dialects.Head, filter, sessions.Sides.Head, cancellationToken));
        if (filter is not null)
        {
            await CheckFilterAsync(sides.Base, filter, sessions.Sides.Base, cancellationToken);
            await CheckFilterAsync(sides.Head, filter, sessions.Sides.Head, cancellationToken);
        }

        var comparing = sessions.Sides.Map(session => new DiffSession(session, sessions.Options.Progress));
        var obstacle = sessions.Warehouses.IsOne && !sessions.IsOne ? HashObstacle.Of(sides, Match(request, sides).Columns) : null;
        var diff = sessions.IsOne || obstacle is not null
            ? await CompareInOneAsync(request, sides, obstacle, comparing.Head, cancellationToken)
            : await new SeparateDiffer(request, sides, comparing, sessions).CompareAsync(cancellationToken);
        if (filter is not null && diff.Rows is { Base: 0, Head: 0 })
        {
            diff = diff with { Notes = [.. diff.Notes, "The filter leaves no row on either side: nothing was compared."] };
        }

        diff = await ColumnProfiles.AddAsync(diff, request, sides, comparing, cancellationToken);
        return diff with
        {
            Cost = new DiffCost(watch.Elapsed, comparing.Head.QueriesSent + (sessions.IsOne ? 0 : comparing.Base.QueriesSent), Bytes: null),
            Notes = [.. Surroundings(relations), .. diff.Notes],
        };
    }

    // What is to be known of the tables themselves, whatever their rows are like.
    private static IEnumerable<string> Surroundings(Sides<RelationInfo?> relations)
    {
        if (relations is { Base.Kind: var before, Head.Kind: var after } && before != after)
        {
            yield return $"Base is {Words(before)}, head {Words(after)}.";
        }

        if ((relations.Base, relations.Head) switch
        {
            ({ IsRowSecured: true }, { IsRowSecured: true }) => "base and head",
            ({ IsRowSecured: true }, _) => "base",
            (_, { IsRowSecured: true }) => "head",
            _ => null,
        } is { } secured)
        {
            yield return $"Row-level security applies to {secured}: only the rows that the connection's user may see are compared.";
        }
    }

    private static async Task<TableDiff> CompareInOneAsync(
        TableDiffRequest request, Sides<DiffSide> sides, string? hashObstacle, DiffSession session, CancellationToken cancellationToken)
    {
        var dialect = sides.Head.Dialect;
        var matching = Match(request, sides);
        CheckColumns(request, matching);
        var time = await EventTime.LimitAsync(sides, matching, request.Rules, session, cancellationToken);
        var pair = new TablePair(dialect, time.Sides, matching.Columns, request.Rules) { HashObstacle = hashObstacle };
        var diff = await new PairDiffer(pair, matching, new RowsInOneWarehouse(pair, session)).CompareAsync(request.KeyCandidates, cancellationToken);
        return diff with { Notes = [.. time.Notes, .. diff.Notes] };
    }

    private static ColumnMatching Match(TableDiffRequest request, Sides<DiffSide> sides) =>
        ColumnMatching.Of(sides.Head.Dialect, sides.Map(side => side.Columns), request.Rules);

    private static string Words(RelationKind kind) => kind switch
    {
        RelationKind.Table => "a table",
        RelationKind.View => "a view",
        RelationKind.MaterializedView => "a materialized view",
        RelationKind.Other => "another kind of relation",
        _ => throw new UnreachableException($"{kind}"),
    };

    // Reading the tables as they are now instead would be an answer to another question.
    private static void CheckTimeTravel(TableDiffRequest request)
    {
        var (inBase, inHead) = request.Rules.TimeTravel;
        if ((inBase ?? inHead) is { } moment)
        {
            throw new UserErrorException(
                ErrorCodes.NoTimeTravel,
                $"{(inBase is not null ? "prod_time_travel" : "pr_time_travel")} asks to read {request.Model} as it was at '{moment}', and this warehouse keeps no earlier state of its tables.",
                hint: "Remove it. To leave out rows that only one side can have yet, set event_time, or filter by a date.");
        }
    }

    /// <summary>Refuses rules that name columns which neither side has.</summary>
    internal static void CheckColumns(TableDiffRequest request, ColumnMatching matching)
    {
        var isNothingIncluded = request.Rules.IncludeColumns is { Count: > 0 } included
            && matching.Unknown.Count(unknown => unknown.Setting == "include_columns") == included.Count;
        if (matching.Unknown is [var (setting, column), ..] && (request.Rules.IsOfOptions || isNothingIncluded))
        {
            throw new UserErrorException(
                ErrorCodes.ColumnNotFound,
                $"Neither base nor head{(request.Rules.IsOfOptions ? "" : $" of {request.Model}")} has the column '{column}', which {request.Rules.Written(setting)} names.",
                hint: $"Both sides have: {string.Join(", ", matching.Columns.Select(known => known.Pair.Head.Name.Value).Take(20))}.");
        }
    }

    private static UserErrorException NotFound(RelationName relation, string side) => new(
        ErrorCodes.RelationNotFound,
        $"There is no table or view {relation} for {side}, or the user of this connection cannot see it.",
        hint: "Check the schema and the spelling, whether it was built, and that the connection's user may use its schema.");

    private static async Task<DiffSide> DescribeAsync(
        string name,
        DiffSource source,
        RelationInfo? relation,
        SqlDialect dialect,
        SqlText? filter,
        IWarehouseSession session,
        CancellationToken cancellationToken)
    {
        var columns = (relation, source) switch
        {
            ({ } known, _) => known.Columns,
            (null, DiffSource.Query query) => await DescribeQueryAsync(name, query.Sql, dialect, session, cancellationToken),
            _ => throw new UnreachableException(),
        };
        return new DiffSide(dialect, name, source, relation, columns, filter);
    }

    private static async Task<IReadOnlyList<Column>> DescribeQueryAsync(
        string name, SqlText query, SqlDialect dialect, IWarehouseSession session, CancellationToken cancellationToken)
    {
        if (FilterCheck.Problem(query.Text) is { } problem)
        {
            throw new UserErrorException(
                ErrorCodes.QueryFailed, $"The query of {name} is not one query: {problem}.", hint: "Write a single select, without a semicolon.");
        }

        var columns = await session.DescribeQueryAsync(query, cancellationToken);
        if (columns.GroupBy(column => column.Name.Value, dialect.NameComparer).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new UserErrorException(
                ErrorCodes.DuplicateColumn, $"The query of {name} has more than one column '{twice.Key}'.", hint: "Give each column a name of its own, with `as`.");
        }

        // It may be text that a collation makes equal although its bytes differ; a result does not tell.
        return [.. columns.Select(column => column with { Type = column.Type with { HasLooseEquality = true } })];
    }

    private static async Task CheckFilterAsync(DiffSide side, SqlText filter, IWarehouseSession session, CancellationToken cancellationToken)
    {
        try
        {
            await session.DescribeQueryAsync(side.RowsOnce([]), cancellationToken);
        }
        catch (UserErrorException error) when (error.Code == ErrorCodes.QueryFailed || error.Code == ErrorCodes.RelationNotFound)
        {
            throw new UserErrorException(
                ErrorCodes.InvalidFilter,
                $"The filter in {filter.Origin} does not work on {side.Name}, {side}: {error.Message}",
                hint: "The filter must be one condition over columns that both sides have, true for the rows to compare.",
                error);
        }
    }
}
