using System.Globalization;
using CiDiff.Artifacts;
using CiDiff.Errors;
using CiDiff.Profiles;
using CiDiff.Selection;
using CiDiff.State;
using CiDiff.Warehouses;

namespace CiDiff;

/// <summary>What one check found.</summary>
/// <param name="Check">What was looked at, in a word or two: "base manifest".</param>
/// <param name="Outcome">How it is.</param>
/// <param name="Message">One sentence with a period.</param>
/// <param name="Code">The error's code; null when there is none.</param>
/// <param name="Hint">What to try; null when there is nothing to do.</param>
public sealed record CheckResult(string Check, CheckOutcome Outcome, string Message, string? Code = null, string? Hint = null)
{
    /// <summary>A check that an error ended.</summary>
    public static CheckResult From(string check, UserErrorException error, CheckOutcome outcome = CheckOutcome.Problem) =>
        new(check, outcome, error.Message, error.Code.Id, error.Hint);
}

/// <summary>How a thing that was checked is.</summary>
public enum CheckOutcome
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Worth knowing; a run would still come to its end.</summary>
    Note,

    /// <summary>A run would end with an error, or without what it is for.</summary>
    Problem,
}

/// <summary>Goes through what a run needs, one thing after the other, and goes on when one of them fails: <c>cidiff doctor</c>.</summary>
/// <remarks>No row of a table is read: the rights are tried with queries that have no result.</remarks>
public sealed class Checkup
{
    // Rights are given by schema, mostly: a few relations of each tell.
    private const int RelationsPerSide = 12;

    private readonly DiffRunRequest _request;
    private readonly IProgress<RunEvent> _progress;
    private readonly List<CheckResult> _results = [];

    private Checkup(DiffRunRequest request, IProgress<RunEvent> progress)
    {
        _request = request;
        _progress = progress;
    }

    /// <summary>Checks.</summary>
    /// <param name="request">What a run would be asked.</param>
    /// <param name="progress">Told of queries.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>In the order in which a run needs the things.</returns>
    public static async Task<IReadOnlyList<CheckResult>> ExamineAsync(
        DiffRunRequest request,
        IProgress<RunEvent> progress,
        CancellationToken cancellationToken)
    {
        var checkup = new Checkup(request, progress);
        checkup.Triggers();
        var manifests = checkup.Manifests(cancellationToken);
        await checkup.WarehouseAsync(manifests, cancellationToken);
        return checkup._results;
    }

    private void Triggers()
    {
        var decision = Git.Triggers.Decide(_request.Config.Triggers, _request.PullRequest);
        Add("triggers", CheckOutcome.Ok, decision.SkipReason is { } reason ? $"A run would be skipped: {reason}" : "A run would compare.");
        foreach (var note in decision.Notes)
        {
            Add("triggers", CheckOutcome.Note, note);
        }
    }

    private Sides<Manifest?> Manifests(CancellationToken cancellationToken)
    {
        var folder = _request.Profile.WorkingDirectory;
        var places = new BaseManifest(_request.Config.Triggers, _request.PullRequest, folder);
        var inBase = Read("base manifest", () => places.Find(_request.Config.Base, note => Add("base manifest", CheckOutcome.Note, note)));
        var inHead = Read("head manifest", () => Path.GetFullPath(BaseManifest.TextOf(_request.Config.Head), folder));
        if (inBase is not null && inHead is not null)
        {
            Try("manifests", () =>
            {
                var both = new Sides<Manifest>(inBase, inHead);
                ManifestReader.RequireSameProject(both);
                RunChecks.OfManifests(both);
                var changed = StateComparison.Compare(both).Changes.Values
                    .Count(change => change.Kind != ChangeKind.Unmodified && (inHead.Nodes.GetValueOrDefault(change.Id) ?? inBase.Nodes.GetValueOrDefault(change.Id))?.IsModel() == true);
                Add("manifests", CheckOutcome.Ok, string.Create(CultureInfo.InvariantCulture, $"They are of one project; {changed} of {inHead.Nodes.Values.Count(node => node.IsModel())} models differ."));
            });
        }

        return new Sides<Manifest?>(inBase, inHead);

        Manifest? Read(string check, Func<string> path)
        {
            Manifest? manifest = null;
            Try(check, () =>
            {
                manifest = ManifestReader.Read(path(), cancellationToken);
                Add(check, CheckOutcome.Ok, $"{manifest.Source}, dbt {manifest.Metadata.DbtVersion ?? "of an unknown version"}, made {manifest.Metadata.GeneratedAt ?? "at an unknown time"}.");
            });
            return manifest;
        }
    }

    private async Task WarehouseAsync(Sides<Manifest?> manifests, CancellationToken cancellationToken)
    {
        WarehousePair? pair = null;
        Try("connection", () =>
        {
            var connections = ConnectionResolver.Resolve(
                _request.Config.Connection.ForSides, _request.Profile, warning => Add("connection", CheckOutcome.Note, warning));
            RunChecks.OfAdapter(manifests.Head?.Metadata.AdapterType, connections);
            pair = WarehousePair.Open(connections);
        });
        if (pair is null)
        {
            return;
        }

        await using var warehouses = pair;
        foreach (var warehouse in warehouses.All)
        {
            try
            {
                var session = await OpenAsync(warehouse, "connect", cancellationToken);
                await session.DisposeAsync();
                Add("connection", CheckOutcome.Ok, $"Connected to {warehouse.Description}.");
            }
            catch (UserErrorException error)
            {
                _results.Add(CheckResult.From("connection", error));
                return;
            }
        }

        if (manifests.Base is { } inBase)
        {
            await RightsAsync("rights on base", warehouses.Warehouses.Base, Relations(inBase, warehouses, isBase: true), cancellationToken);
        }

        if (manifests.Head is { } inHead)
        {
            await RightsAsync("rights on head", warehouses.Warehouses.Head, Relations(inHead, warehouses, isBase: false), cancellationToken);
        }
    }

    // One of each schema before a second of any.
    private static List<RelationName> Relations(Manifest manifest, WarehousePair pair, bool isBase) =>
    [
        .. manifest.Nodes.Values
            .Where(node => node.IsModel())
            .OrderBy(node => node.Id)
            .Select(node => RelationNaming.Of(node, manifest.Metadata.AdapterType))
            .OfType<RelationName>()
            .Select(name => isBase ? pair.Locate(new Sides<RelationName?>(name, null)).Base! : pair.Locate(new Sides<RelationName?>(null, name)).Head!)
            .GroupBy(name => (name.Database, name.Schema))
            .SelectMany(schema => schema.Select((name, index) => (Name: name, Index: index)))
            .OrderBy(relation => relation.Index)
            .Take(RelationsPerSide)
            .Select(relation => relation.Name),
    ];

    private async Task RightsAsync(string check, IWarehouse warehouse, List<RelationName> relations, CancellationToken cancellationToken)
    {
        var missing = new List<RelationName>();
        foreach (var relation in relations)
        {
            try
            {
                // A refused query ends the session's transaction.
                await using var session = await OpenAsync(warehouse, "rights", cancellationToken);
                if (await session.FindRelationAsync(relation, cancellationToken) is null)
                {
                    missing.Add(relation);
                    continue;
                }

                await foreach (var _ in session.QueryAsync(warehouse.Dialect.Sql($"select 1 as readable from {relation} where 1 = 0"), cancellationToken))
                {
                }
            }
            catch (UserErrorException error)
            {
                _results.Add(CheckResult.From(check, error));
                return;
            }
        }

        if (missing.Count == 0)
        {
            Add(check, CheckOutcome.Ok, string.Create(CultureInfo.InvariantCulture, $"All {relations.Count} tables and views that were tried can be read."));
            return;
        }

        var found = relations.Count - missing.Count;
        Add(
            check,
            found == 0 ? CheckOutcome.Problem : CheckOutcome.Note,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{found} of {relations.Count} tables and views that were tried can be read; {missing[0]}, for example, does not exist or cannot be seen."),
            "Build what is missing, or let the connection's user see its schemas (grant usage on schema …).");
    }

    private Task<IWarehouseSession> OpenAsync(IWarehouse warehouse, string what, CancellationToken cancellationToken) =>
        warehouse.OpenSessionAsync(new SessionOptions(_request.RunId, what, _request.Config.Compare.Timeout, _progress), cancellationToken);

    private void Try(string check, Action action)
    {
        try
        {
            action();
        }
        catch (UserErrorException error)
        {
            _results.Add(CheckResult.From(check, error));
        }
    }

    private void Add(string check, CheckOutcome outcome, string message, string? hint = null) =>
        _results.Add(new CheckResult(check, outcome, message, null, hint));
}
