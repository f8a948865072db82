using CiDiff.Diffing;
using CiDiff.Errors;
using CiDiff.Selection;
using CiDiff.Verdicts;

namespace CiDiff.Reports;

/// <summary>Everything a report can say. The only input of every writer; <c>run.json</c> holds the same and can be read back.</summary>
public sealed record RunReport
{
    /// <summary>CiDiff's own version.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>The dbt project; null when it did not come that far.</summary>
    public ProjectInfo? Project { get; init; }

    /// <summary>What became of the run.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>One sentence with a period.</summary>
    public required string Reason { get; init; }

    /// <summary>Where the manifests came from; null for a side that was not read.</summary>
    public Sides<ArtifactInfo?> Artifacts { get; init; } = new(null, null);

    /// <summary>Every rule that was measured.</summary>
    public IReadOnlyList<RuleOutcome> Rules { get; init; } = [];

    /// <summary>Every model in the change's reach, in id order.</summary>
    public IReadOnlyList<ModelReport> Models { get; init; } = [];

    /// <summary>What stopped the run; null when nothing did.</summary>
    public RunError? Error { get; init; }

    /// <summary>Things the reader has to know, as sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What may be shown of cells: none, keys or full.</summary>
    public ValuePrivacy Privacy { get; init; }

    /// <summary>Report files by format, relative to the report folder.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>What became of a run.</summary>
public enum RunStatus
{
    /// <summary>Nothing to object.</summary>
    Pass,

    /// <summary>Warnings only.</summary>
    Warn,

    /// <summary>A rule failed.</summary>
    Fail,

    /// <summary>Could not tell.</summary>
    Error,

    /// <summary>A trigger said that this pull request is not CiDiff's business.</summary>
    Skipped,
}

/// <summary>Which dbt project a report is about; a repository may have several.</summary>
/// <param name="Name">As in <c>dbt_project.yml</c>; null when the manifest does not say.</param>
/// <param name="Directory">Where the project is in the repository, with slashes; empty for its root, or when that is not known. Paths of models
/// are relative to it.</param>
public sealed record ProjectInfo(string? Name, string Directory);

/// <summary>Where a manifest came from.</summary>
/// <param name="Source">A path or a URL without credentials.</param>
/// <param name="GeneratedAt">As dbt wrote it; null when absent.</param>
/// <param name="DbtVersion">Null when absent.</param>
/// <param name="Commit">The commit it was made from, where known.</param>
public sealed record ArtifactInfo(string Source, string? GeneratedAt, string? DbtVersion, string? Commit);

/// <summary>What stopped a run or a model.</summary>
public sealed record RunError(string Code, string Message, string? Hint)
{
    /// <summary>Takes over a user error.</summary>
    public static RunError From(UserErrorException error) => new(error.Code.Id, error.Message, error.Hint);
}

/// <summary>One model in a report.</summary>
/// <param name="Model">The model and why it was selected or skipped.</param>
/// <param name="Outcome">Null for a skipped model.</param>
public sealed record ModelReport(ModelInReach Model, ModelOutcome? Outcome)
{
    /// <summary>The first line of the model's file that the pull request changed, from 1; null when it is not known or none did.</summary>
    public int? Line { get; init; }

    /// <summary>Its file, relative to the repository's root, with slashes; null when it has none.</summary>
    public string? FileIn(ProjectInfo? project) => Model.Path.Length == 0
        ? null
        : (project is { Directory.Length: > 0 } ? $"{project.Directory}/{Model.Path}" : Model.Path).Replace('\\', '/');
}

/// <summary>Writes a report in one format.</summary>
public interface IReportWriter
{
    /// <summary>As in <c>reports.formats</c>: markdown, json, …</summary>
    string Format { get; }

    /// <summary>The file's name in the report folder.</summary>
    string FileName { get; }

    /// <summary>Writes the whole report. Same input, same bytes: ordinal sorting, invariant culture, <c>\n</c>.</summary>
    void Write(RunReport report, TextWriter writer);
}
