using CiDiff.Configuration;

namespace CiDiff.Git;

/// <summary>Decides whether a pull request is CiDiff's business at all. Pure.</summary>
/// <remarks>A person's own run is not held to what only a pull request has: base branch and label. A job that is for no pull request is: it
/// has neither.</remarks>
public static class Triggers
{
    /// <summary>The label that lifts <c>triggers.max_diffs</c>.</summary>
    public const string RunLabel = "cidiff:run";

    private const int FilesNamed = 3;

    // Datafold's own words count too, for the teams that come from there.
    private static readonly string[] SkipTokens = ["cidiff-skip", "datafold-skip-ci"];
    private static readonly string[] AllDownstreamLabels = ["cidiff:all-downstream", "datafold:diff-all-downstream"];

    /// <summary>Asks every trigger in turn; the first that closes decides.</summary>
    public static TriggerDecision Decide(TriggerSettings settings, PullRequestContext context)
    {
        var reason = settings.Enabled ? null : "CiDiff is switched off: triggers.enabled is false.";
        reason ??= BaseBranch(settings, context) ?? Label(settings, context) ?? SkipToken(context) ?? Files(settings, context);
        return new TriggerDecision(reason, [.. Notes(settings, context)]);
    }

    /// <summary>The label that asks for everything downstream, as the pull request has it; null for none.</summary>
    public static string? AllDownstreamLabel(PullRequestContext context) => AllDownstreamLabels.FirstOrDefault(label => Has(context, label));

    /// <summary>Whether a label lifts <c>triggers.max_diffs</c>.</summary>
    public static bool HasRunLabel(PullRequestContext context) => Has(context, RunLabel);

    private static string? BaseBranch(TriggerSettings settings, PullRequestContext context)
    {
        if (settings.BaseBranches.Count == 0 || context.Host == CiHost.Local)
        {
            return null;
        }

        var wanted = $"triggers.base_branches is {string.Join(", ", settings.BaseBranches)}";
        return (context.Number, context.BaseBranch) switch
        {
            (_, { } branch) => settings.BaseBranches.Any(pattern => IsBranch(pattern, branch)) ? null : $"This pull request is for {branch}, and {wanted}.",
            (null, _) => $"This job is for no pull request, and {wanted}.",
            _ => $"It is not known which branch this pull request is for, and {wanted}.",
        };
    }

    private static bool IsBranch(string pattern, string branch) =>
        Glob.ToRegex(Glob.Translate(pattern, crossesFolders: true), ignoreCase: false).IsMatch(branch);

    private static string? Label(TriggerSettings settings, PullRequestContext context) => settings.Label switch
    {
        null => null,
        _ when context.Host == CiHost.Local => null,
        var label when Has(context, label) => null,
        var label when context.Number is null => $"This job is for no pull request, and triggers.label asks for the label `{label}`.",
        var label when !context.AreLabelsKnown => $"The labels of this pull request are not known here, and triggers.label asks for `{label}`.",
        var label => $"This pull request does not have the label `{label}` (triggers.label).",
    };

    private static string? SkipToken(PullRequestContext context) =>
        SkipTokens.FirstOrDefault(token => context.HeadMessage?.Contains(token, StringComparison.Ordinal) == true) is { } token
            ? $"The message of the last commit says `{token}`."
            : null;

    private static string? Files(TriggerSettings settings, PullRequestContext context)
    {
        if (settings.IgnoreFiles.Count == 0 || context.ChangedFiles is not { Count: > 0 } files)
        {
            return null;
        }

        var patterns = IgnorePatterns.ForFiles(settings.IgnoreFiles);
        if (!files.All(patterns.Ignores))
        {
            return null;
        }

        var named = string.Join(", ", files.Take(FilesNamed));
        return files.Count <= FilesNamed
            ? $"All changed files are ignored (triggers.ignore_files): {named}."
            : FormattableString.Invariant($"All {files.Count} changed files are ignored (triggers.ignore_files): {named}, …");
    }

    private static IEnumerable<string> Notes(TriggerSettings settings, PullRequestContext context)
    {
        foreach (var pattern in settings.IgnoreFiles.SelectMany(text => text.Split('\n')).Where(IsSeveralInOne))
        {
            yield return $"The pattern '{pattern}' in triggers.ignore_files has a '!' in the middle; if it was several lines once, write each as an item of its own.";
        }

        if (settings.IgnoreFiles.Count > 0 && context.ChangedFiles is null)
        {
            yield return "triggers.ignore_files has no effect here: it is not known which files the pull request changes.";
        }
    }

    // Datafold's documentation shows "*!dbt/*dbt/*.md", which lost its line breaks, and people paste it.
    private static bool IsSeveralInOne(string pattern)
    {
        var mark = pattern.IndexOf('!', StringComparison.Ordinal);
        return mark > 0 && pattern[mark - 1] is not ('[' or '\\') && !pattern.StartsWith('#');
    }

    // Hosts do not tell labels apart by case.
    private static bool Has(PullRequestContext context, string label) => context.Labels.Contains(label, StringComparer.OrdinalIgnoreCase);
}

/// <summary>What the triggers say.</summary>
/// <param name="SkipReason">Why there is nothing to do, one sentence; null when there is.</param>
/// <param name="Notes">What is worth a warning either way, as sentences.</param>
public sealed record TriggerDecision(string? SkipReason, IReadOnlyList<string> Notes);
