using System.Text;
using CiDiff.Verdicts;

namespace CiDiff.Reports;

/// <summary>How much an annotation wants to be seen.</summary>
public enum AnnotationLevel
{
    /// <summary>Something differs, and no rule objects.</summary>
    Notice,

    /// <summary>A rule warns.</summary>
    Warning,

    /// <summary>A rule failed.</summary>
    Failure,
}

/// <summary>What is worth saying beside a line of the repository.</summary>
/// <param name="Level">How much it wants to be seen.</param>
/// <param name="Path">The file, relative to the repository's root, with slashes.</param>
/// <param name="Line">From 1.</param>
/// <param name="Title">The model and the verdict on it: one line, at most 200 characters.</param>
/// <param name="Message">What was found, one line each; plain text.</param>
public sealed record Annotation(AnnotationLevel Level, string Path, int Line, string Title, string Message)
{
    private const int TitleLength = 200;
    private const int MessageLength = 4_000;

    /// <summary>The annotations of a report: one per model that is not identical or breaks a rule, the gravest first.</summary>
    /// <remarks>No cell's value is in them, whatever privacy allows. Models without a file have none.</remarks>
    public static IReadOnlyList<Annotation> Of(RunReport report) =>
    [
        .. RankedModel.Order(report)
            .Where(model => !model.IsQuiet && model.Model.Path.Length > 0 && model.Rank <= Worth(model.Level))
            .Select(model => Of(report, model)),
    ];

    // A plan and a model that was not built are told in the table; they are no news beside the code.
    private static ModelRank Worth(VerdictLevel level) => level > VerdictLevel.Pass ? ModelRank.Skipped : ModelRank.Different;

    private static Annotation Of(RunReport report, RankedModel model)
    {
        var level = model.Level switch
        {
            VerdictLevel.Fail or VerdictLevel.Error => AnnotationLevel.Failure,
            VerdictLevel.Warn => AnnotationLevel.Warning,
            _ => AnnotationLevel.Notice,
        };
        var message = new StringBuilder();
        message.AppendJoin('\n', Headline.Of(model.Report, withRows: true).Select(PlainText.Of));
        foreach (var rule in model.Rules.Where(rule => rule.Outcome > VerdictLevel.Pass))
        {
            message.Append(message.Length > 0 ? "\n" : "").Append(PlainText.Of(Finding.WordsOf(rule)));
        }

        return new Annotation(
            level,
            Finding.PathOf(report, model),
            model.Report.Line ?? 1,
            VisibleText.Cut($"{VisibleText.Of(model.Model.Name)}: {Word(level)}", TitleLength),
            VisibleText.Cut(message.ToString(), MessageLength));
    }

    private static string Word(AnnotationLevel level) => level switch
    {
        AnnotationLevel.Failure => "fail",
        AnnotationLevel.Warning => "warning",
        _ => "the data differs",
    };
}
