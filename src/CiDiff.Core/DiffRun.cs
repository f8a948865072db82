using System.Diagnostics;
using System.Globalization;
using CiDiff.Artifacts;
using CiDiff.Configuration;
using CiDiff.Diffing;
using CiDiff.Errors;
using CiDiff.Git;
using CiDiff.Profiles;
using CiDiff.Reports;
using CiDiff.Selection;
using CiDiff.State;
using CiDiff.Verdicts;
using CiDiff.Warehouses;

namespace CiDiff;

/// <summary>The whole run, from two manifests to a report. The stages stand in <see cref="RunAsync"/> in the order in which they happen.</summary>
/// <remarks>Whatever stops it, the report says what was known until then.</remarks>
public sealed class DiffRun
{
    /// <summary>How the note begins that a plan had to do without the warehouse.</summary>
    public const string WarehouseNotAsked = "The warehouse was not asked: ";

    private static readonly IReadOnlyDictionary<UniqueId, ModelOutcome> NoOutcomes = new Dictionary<UniqueId, ModelOutcome>();

    private readonly DiffRunRequest _request;
    private readonly IProgress<RunEvent> _progress;
    private readonly List<string> _notes = [];
    private RunReport _report;
    private bool _isWithoutWarehouse;

    private DiffRun(DiffRunRequest request, IProgress<RunEvent> progress)
    {
        _request = request;
        _progress = progress;
        _report = new RunReport
        {
            ToolVersion = request.ToolVersion,
            Status = RunStatus.Error,
            Reason = "The run did not get to its end.",
            Privacy = request.Config.Values,
        };
    }

    /// <summary>Runs all stages.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="cancellationToken">Stops the queries in the warehouse; the report then says which models were not reached.</param>
    /// <returns>The report. What a user can fix is in it, and is not thrown.</returns>
    public static async Task<RunReport> ExecuteAsync(
        DiffRunRequest request,
        IProgress<RunEvent> progress,
        CancellationToken cancellationToken)
    {
        var run = new DiffRun(request, progress);
        try
        {
            await run.RunAsync(cancellationToken);
        }
        catch (UserErrorException error)
        {
            run._report = run._report with
            {
                Status = RunStatus.Error,
                Reason = $"Could not tell: {error.Message}",
                Error = RunError.From(error),
            };
        }

        return run._report with { Notes = [.. run._notes.Distinct(StringComparer.Ordinal)] };
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var note in _request.Config.Notes)
        {
            Warn(note);
        }

        foreach (var note in _request.PullRequest.Notes)
        {
            Warn(note);
        }

        if (IsSkipped())
        {
            return;
        }

        _progress.Report(new RunEvent.StageStarted("Reading manifests"));
        var manifests = await ReadManifestsAsync(cancellationToken);
        RunChecks.OfManifests(manifests);
        if (RunChecks.NoteOnPlaces(manifests, _request.Config.Connection.ForSides) is { } samePlaces)
        {
            Warn(samePlaces);
        }

        if (StaleSources.Note(manifests.Head, _request.PullRequest, _request.ProjectPath) is { } stale)
        {
            Warn(stale);
        }

        _progress.Report(new RunEvent.StageStarted("Comparing manifests"));
        var state = StateComparison.Compare(manifests);
        var selected = Select(state);
        var selection = selected.Models;
        if (IsTooMuch(selection) || IsNothingLeft(selected.NothingLeft))
        {
            return;
        }

        var outcomes = await CompareAsync(selection, manifests.Head.Metadata.AdapterType, cancellationToken);
        _report = _report with { Models = ModelsOf(selection, outcomes) };
        if (_request.PlanOnly)
        {
            _report = _report with { Status = RunStatus.Pass, Reason = $"{Models(selection.Selected.Count)} would be compared." };
            return;
        }

        if (cancellationToken.IsCancellationRequested)
        {
            // Half of the models judged would look like a verdict on all of them.
            var reached = outcomes.Values.Count(outcome => outcome is not ModelOutcome.NotCompared { Reason: NotComparedReason.NotReached });
            _report = _report with
            {
                Status = RunStatus.Error,
                Reason = $"The run was cancelled: {reached} of {Models(outcomes.Count)} had been compared, so there is no verdict.",
            };
            return;
        }

        if (_isWithoutWarehouse)
        {
            _report = _report with
            {
                Status = RunStatus.Skipped,
                Reason = "This pull request comes from a fork, whose jobs have no secrets, so no table was read; this is the plan.",
            };
            return;
        }

        RunChecks.OfBuilt(selection.Selected, outcomes);
        RunChecks.OfFailed(selection.Selected, outcomes);
        await DecideAsync(selected, outcomes, cancellationToken);
    }

    private async Task<Sides<Manifest>> ReadManifestsAsync(CancellationToken cancellationToken)
    {
        var inBase = new BaseManifest(_request.Config.Triggers, _request.PullRequest, _request.Profile.WorkingDirectory);
        var manifests = await ManifestReader.ReadBothAsync(
            new Sides<string>(inBase.Find(_request.Config.Base, Warn), FullPath(_request.Config.Head)),
            ManifestReadOptions.Default,
            cancellationToken);
        _report = _report with
        {
            Project = new ProjectInfo(manifests.Head.Metadata.ProjectName, _request.ProjectPath),
            Artifacts = manifests.Map<ArtifactInfo?>(InfoOf),
        };
        if (inBase.Doubt(_report.Artifacts.Base?.Commit) is { } doubt)
        {
            Warn(doubt);
        }

        return manifests;
    }

    private bool IsSkipped()
    {
        var decision = Triggers.Decide(_request.Config.Triggers, _request.PullRequest);
        foreach (var note in decision.Notes)
        {
            Warn(note);
        }

        if (decision.SkipReason is not { } reason)
        {
            return false;
        }

        if (_request.Force)
        {
            Warn($"Compared because of `--force`, although: {reason}");
            return false;
        }

        _report = _report with { Status = RunStatus.Skipped, Reason = reason };
        return true;
    }

    private string FullPath(ManifestLocation location) => location switch
    {
        ManifestLocation.Path path => Path.GetFullPath(path.Value, _request.Profile.WorkingDirectory),
        _ => throw new UnreachableException($"{location}"),
    };

    // GITHUB_SHA and the like come into the manifest as DBT_ENV_CUSTOM_ENV_GIT_SHA and under many other names.
    private ArtifactInfo InfoOf(Manifest manifest) => new(
        Shown(manifest.Source),
        manifest.Metadata.GeneratedAt,
        manifest.Metadata.DbtVersion,
        manifest.Metadata.Environment
            .Where(variable => variable.Key.EndsWith("SHA", StringComparison.OrdinalIgnoreCase) || variable.Key.EndsWith("COMMIT", StringComparison.OrdinalIgnoreCase))
            .OrderBy(variable => variable.Key, StringComparer.Ordinal)
            .Select(variable => variable.Value)
            .FirstOrDefault());

    // As it would be typed here, so that the command in the report works on other machines too.
    private string Shown(string path)
    {
        var relative = Path.IsPathRooted(path) ? Path.GetRelativePath(_request.Profile.WorkingDirectory, path).Replace('\\', '/') : path;
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? path : relative;
    }

    private RunSelection Select(StateComparison state)
    {
        var selected = RunSelection.Of(_request, state, _notes.Add, Warn);
        foreach (var model in selected.Models.Selected.Cast<ModelInReach>().Concat(selected.Models.Skipped).OrderBy(model => model.Id))
        {
            _progress.Report(new RunEvent.Reasoning($"{model.Name} is {(model is SelectedModel ? "selected" : "skipped")}: {model.Reason}"));
        }

        _report = _report with { Models = ModelsOf(selected.Models, NoOutcomes) };
        return selected;
    }

    // Without a word this would look like a change that does nothing.
    private bool IsNothingLeft(string? because)
    {
        if (because is null)
        {
            return false;
        }

        Warn(because);
        _report = _request.PlanOnly ? _report : _report with { Status = RunStatus.Skipped, Reason = because };
        return !_request.PlanOnly;
    }

    private bool IsTooMuch(ModelSelection selection)
    {
        if (_request.Config.Triggers.MaxDiffs is not { } limit || selection.Selected.Count <= limit || _request.Force || Triggers.HasRunLabel(_request.PullRequest))
        {
            return false;
        }

        var reason = string.Create(
            CultureInfo.InvariantCulture,
            $"{selection.Selected.Count} models are selected, more than triggers.max_diffs ({limit}), so no table {(_request.PlanOnly ? "would be" : "was")} read; "
                + $"to compare them, give the pull request the label `{Triggers.RunLabel}`, or run with `--force`.");
        if (_request.PlanOnly)
        {
            Warn(reason);
            return false;
        }

        var outcome = new ModelOutcome.NotCompared(NotComparedReason.PlanOnly, new(null, null));
        _report = _report with
        {
            Status = RunStatus.Skipped,
            Reason = reason,
            Models = ModelsOf(selection, selection.Selected.ToDictionary(model => model.Id, ModelOutcome (_) => outcome)),
        };
        return true;
    }

    private async Task<IReadOnlyDictionary<UniqueId, ModelOutcome>> CompareAsync(
        ModelSelection selection, string? adapterType, CancellationToken cancellationToken)
    {
        if (selection.Selected.Count == 0)
        {
            return NoOutcomes;
        }

        try
        {
            var connections = ConnectionResolver.Resolve(_request.Config.Connection.ForSides, _request.Profile, Warn);
            RunChecks.OfAdapter(adapterType, connections);
            await using var warehouses = WarehousePair.Open(connections);
            IReadOnlyList<SelectedModel> models =
                [.. selection.Selected.Select(model => model with { Relations = warehouses.Locate(model.Relations) })];
            if (warehouses.IsOne)
            {
                RunChecks.OfRelations(models);
            }

            _progress.Report(new RunEvent.StageStarted(
                $"{(_request.PlanOnly ? "Looking at" : "Comparing")} {Models(models.Count)} in {warehouses.Description}"));

            // A server that does not answer at all is told once, not once per model.
            foreach (var warehouse in warehouses.All)
            {
                var session = await warehouse.OpenSessionAsync(
                    new SessionOptions(_request.RunId, "connect", _request.Config.Compare.Timeout, _progress), cancellationToken);
                await session.DisposeAsync();
            }

            var outcomes = _request.PlanOnly
                ? await ModelPlan.MakeAsync(models, warehouses, _request.RunId, _progress, cancellationToken)
                : await DiffScheduler.RunAsync(models, warehouses, _request.RunId, _progress, cancellationToken);
            return models.Zip(outcomes).ToDictionary(pair => pair.First.Id, pair => pair.Second);
        }
        catch (UserErrorException error) when (_request.PlanOnly || IsForWantOfSecrets(error))
        {
            _isWithoutWarehouse = true;
            Warn($"{WarehouseNotAsked}{error.Message}");
            var unknown = new ModelOutcome.NotCompared(NotComparedReason.PlanOnly, new(null, null));
            return selection.Selected.ToDictionary(model => model.Id, ModelOutcome (_) => unknown);
        }
    }

    // A job of a fork gets no secrets: what it can tell without them is worth more than an error that its author cannot mend.
    private bool IsForWantOfSecrets(UserErrorException error) => _request.PullRequest.IsFork
        && (error.Code == ErrorCodes.VariableNotSet || error.Code == ErrorCodes.UndefinedVariable || error.Code == ErrorCodes.ProfilesNotFound);

    private async Task DecideAsync(
        RunSelection selected, IReadOnlyDictionary<UniqueId, ModelOutcome> outcomes, CancellationToken cancellationToken)
    {
        IReadOnlyList<JudgedModel> models =
        [
            .. from model in selected.Models.Selected
               let known = selected.Rules[model.Id]
               select new JudgedModel(known.Model, outcomes[model.Id], known.Rules.Rules, known.Rules.Expectations),
        ];
        var verdict = Judge.Decide(models, selected.Declared, []);
        if (verdict.Level == VerdictLevel.Fail)
        {
            var accepted = await _request.ReadAccepted(cancellationToken);
            accepted.Notes.ToList().ForEach(Warn);
            verdict = Judge.Decide(models, selected.Declared, accepted.Acceptances);
        }

        _notes.AddRange(verdict.Notes);
        _report = _report with
        {
            Status = verdict.Level switch
            {
                VerdictLevel.Pass => RunStatus.Pass,
                VerdictLevel.Warn => RunStatus.Warn,
                VerdictLevel.Fail => RunStatus.Fail,
                VerdictLevel.Error => RunStatus.Error,
                _ => throw new UnreachableException($"{verdict.Level}"),
            },
            Reason = verdict.Reason,
            Rules = verdict.Rules,
        };
    }

    private void Warn(string note)
    {
        _notes.Add(note);
        _progress.Report(new RunEvent.Warning(note));
    }

    private static string Models(int count) => count == 1 ? "1 model" : string.Create(CultureInfo.InvariantCulture, $"{count} models");

    private static IReadOnlyList<ModelReport> ModelsOf(ModelSelection selection, IReadOnlyDictionary<UniqueId, ModelOutcome> outcomes) =>
    [
        .. selection.Selected.Select(model => new ModelReport(model, outcomes.GetValueOrDefault(model.Id)))
            .Concat(selection.Skipped.Select(model => new ModelReport(model, null)))
            .OrderBy(model => model.Model.Id),
    ];
}
