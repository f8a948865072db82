using CiDiff.Diffing;
using CiDiff.Reports;
using CiDiff.Selection;

namespace CiDiff.Publishing;

/// <summary>A run in the few words of a commit status.</summary>
internal static class StatusText
{
    /// <summary>GitHub refuses more; GitLab takes 255, Bitbucket and Azure more.</summary>
    private const int DescriptionLength = 140;

    /// <summary>The name of the status: <c>cidiff</c>, or <c>cidiff/FOLDER</c> for one project of several.</summary>
    public static string Context(string name) => name.Length == 0 ? "cidiff" : $"cidiff/{VisibleText.Cut(VisibleText.Of(name), 100)}";

    /// <summary>The status of a run.</summary>
    public static CommitStatus Of(RunReport report, string name, Uri? link) => new(
        Context(name),
        report.Status switch
        {
            RunStatus.Pass or RunStatus.Warn or RunStatus.Skipped => StatusState.Success,
            RunStatus.Fail => StatusState.Failure,
            _ => StatusState.Error,
        },
        VisibleText.Cut(PlainText.OfSentence(Description(report)), DescriptionLength),
        link);

    /// <summary>Nothing was read although models are selected: neither a pass nor a fail.</summary>
    public static bool IsPlanOnly(RunReport report) =>
        report is { Status: RunStatus.Pass, Models.Count: > 0 }
        && report.Models.Any(model => model.Model is SelectedModel)
        && report.Models.All(model => model.Outcome is null or ModelOutcome.NotCompared { Reason: NotComparedReason.PlanOnly });

    private static string Description(RunReport report) => report.Status switch
    {
        RunStatus.Warn => $"Pass with warnings: {report.Reason}",
        RunStatus.Skipped => $"Skipped: {report.Reason}",
        _ => report.Reason,
    };
}
