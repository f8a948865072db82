using CiDiff.Artifacts;
using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Git;
using CiDiff.Selection;
using CiDiff.State;

namespace CiDiff;

/// <summary>Which models a run compares, and the rules that hold for each.</summary>
/// <param name="Models">Selected and skipped ones.</param>
/// <param name="Rules">Of every model in reach.</param>
/// <param name="Declared">What the pull request says about itself.</param>
/// <param name="NothingLeft">Why nothing of what changed is compared; null when something is, or nothing changed.</param>
internal sealed record RunSelection(
    ModelSelection Models,
    IReadOnlyDictionary<UniqueId, (ModelIdentity Model, ModelRules Rules)> Rules,
    DeclaredChange Declared,
    string? NothingLeft)
{
    /// <summary>Selects.</summary>
    /// <param name="request">The run's.</param>
    /// <param name="state">What changed.</param>
    /// <param name="note">Told what the report has to say.</param>
    /// <param name="warn">Told what it has to say and the reader has to know at once.</param>
    /// <exception cref="UserErrorException">A selector names nothing.</exception>
    public static RunSelection Of(DiffRunRequest request, StateComparison state, Action<string> note, Action<string> warn)
    {
        var declared = Declare(request.PullRequest, note);
        var named = new NamedModels(state);
        var resolver = new ModelRulesResolver(request.Config, Matches, declared);
        var settings = request.Config.Selection;
        var rules = new Dictionary<UniqueId, (ModelIdentity Model, ModelRules Rules)>();
        var widening = Triggers.AllDownstreamLabel(request.PullRequest);
        if (settings.Slim && widening is not null)
        {
            note($"Everything downstream of the change is selected: the pull request has the label `{widening}`.");
        }

        var options = new SelectionOptions
        {
            Slim = settings.Slim && widening is null,
            SkipCosmetic = settings.Cosmetic == CosmeticChanges.Skip,
            Only = settings.Select.Count == 0 ? null : Named(string.Join(' ', settings.Select)),
            Excluded = settings.Exclude.Count == 0 ? new HashSet<string>(StringComparer.Ordinal) : Matches(string.Join(' ', settings.Exclude)),
            KeyTag = request.Config.Compare.KeyTag,
            Rules = node =>
            {
                var model = ModelSelector.IdentityOf(node);
                var resolved = resolver.Resolve(model, ModelSelector.ConfigMetaOf(node), node.Meta.Parse());
                rules[node.Id] = (model, resolved);
                return resolved;
            },
        };
        var selection = ModelSelector.Select(state, options);
        foreach (var contract in state.BreakingContracts)
        {
            note($"The enforced contract of {contract.Model} is broken: {string.Join(", ", contract.Breaks)}.");
        }

        return new RunSelection(selection, rules, declared, RunChecks.NothingLeft(state, selection, options, settings));

        IReadOnlySet<string> Matches(string names) => named.Find(names, warn);

        // A typo would switch the check off.
        IReadOnlySet<string> Named(string names) => Matches(names) is { Count: > 0 } ids ? ids : throw new UserErrorException(
            ErrorCodes.NothingNamed,
            $"The selector '{names}' names nothing in these manifests.",
            hint: "Check its spelling: `cidiff ls --select` shows what a selector names.");
    }

    private static DeclaredChange Declare(PullRequestContext pullRequest, Action<string> note)
    {
        var remaps = RemapSyntax.Find(pullRequest.CommitMessages);
        var (expectations, notes) = ExpectationText.FindInMessages(pullRequest.CommitMessages);
        notes.ToList().ForEach(note);
        return new DeclaredChange(expectations, model => RemapSyntax.Resolve(remaps, [], model));
    }
}
