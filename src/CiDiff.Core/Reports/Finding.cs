using System.Security.Cryptography;
using System.Text;
using CiDiff.Verdicts;

namespace CiDiff.Reports;

/// <summary>Something that warns, fails or stopped the run, at the place where a reviewer looks for it: what JUnit, SARIF, Code Quality and annotations
/// have in common.</summary>
/// <param name="Rule">The rule's name, such as <c>changed_rows</c>, or an error's code.</param>
/// <param name="Level">Warn, fail or error.</param>
/// <param name="Model">The model; null when it is about the run.</param>
/// <param name="Path">The model's file, relative to the repository, with slashes; the project's <c>dbt_project.yml</c> when it is about the run.</param>
/// <param name="Message">One line of plain text, at most <see cref="MessageLength"/> characters; holds no cell value.</param>
internal sealed record Finding(string Rule, VerdictLevel Level, RankedModel? Model, string Path, string Message)
{
    /// <summary>The longest message.</summary>
    public const int MessageLength = 1_000;

    private const string ProjectFile = "dbt_project.yml";

    /// <summary>Where in the file, from 1: the first line that the pull request changed, where that is known.</summary>
    public int Line => Model?.Report.Line ?? 1;

    /// <summary>The same finding of another run has the same one, whatever the numbers are: hosts tell by it what is new and what is fixed.</summary>
    /// <value>64 hex digits.</value>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Model?.Model.Id.Value}\n{Rule}\n{Path}")));

    /// <summary>All findings: those of the run, then those of the models, the gravest model first.</summary>
    public static IReadOnlyList<Finding> Of(RunReport report)
    {
        var models = RankedModel.Order(report);
        var known = models.Select(model => model.Model.Id.Value).ToHashSet(StringComparer.Ordinal);
        IReadOnlyList<Finding> findings =
        [
            .. report.Error is { } error ? [new Finding(error.Code, VerdictLevel.Error, null, PathOf(report, null), Text(WordsOf(error)))] : Array.Empty<Finding>(),
            .. report.Rules
                .Where(rule => rule.Outcome > VerdictLevel.Pass && (rule.ModelId is null || !known.Contains(rule.ModelId)))
                .Select(rule => new Finding(rule.Rule, rule.Outcome, null, PathOf(report, null), Text(WordsOf(rule)))),
            .. models.SelectMany(model => model.Rules
                .Where(rule => rule.Outcome > VerdictLevel.Pass)
                .Select(rule => new Finding(rule.Rule, rule.Outcome, model, PathOf(report, model), Text(WordsOf(model, rule))))),
        ];
        return [.. findings.DistinctBy(finding => (finding.Fingerprint, finding.Message))];
    }

    /// <summary>Where a model's file is in the repository.</summary>
    public static string PathOf(RunReport report, RankedModel? model) =>
        model?.Report.FileIn(report.Project)
        ?? (report.Project is { Directory.Length: > 0 } project ? $"{project.Directory.Replace('\\', '/')}/{ProjectFile}" : ProjectFile);

    private static Phrase WordsOf(RunError error) => error.Hint is { } hint
        ? Phrase.Of($"{new Prose(error.Code)}: {new Prose(error.Message)} Hint: {new Prose(hint)}")
        : Phrase.Of($"{new Prose(error.Code)}: {new Prose(error.Message)}");

    private static Phrase WordsOf(RankedModel model, RuleOutcome rule)
    {
        var found = Phrase.Join("; ", Headline.Of(model.Report, withRows: true));
        return Phrase.Of($"{new Quoted(model.Model.Name)}: {found} ({WordsOf(rule)})");
    }

    /// <summary>What a rule found, in half a sentence.</summary>
    public static Phrase WordsOf(RuleOutcome rule)
    {
        var words = Phrase.Of($"rule {new Quoted(rule.Rule)} {new Own(rule.Outcome == VerdictLevel.Warn ? "warns" : "fails")}");
        words = rule.Measured is { } measured ? Phrase.Of($"{words}: {MarkdownRules.Measure(measured)}") : words;
        words = rule.Limit is { } limit ? Phrase.Of($"{words}, limit {MarkdownRules.Measure(limit)}") : words;
        return rule.Note is { } note ? Phrase.Of($"{words}; {new Prose(note)}") : words;
    }

    private static string Text(Phrase phrase) => VisibleText.Cut(VisibleText.ForLog(PlainText.Of(phrase)), MessageLength);
}
