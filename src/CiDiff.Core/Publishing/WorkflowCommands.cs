using System.Globalization;
using CiDiff.Reports;

namespace CiDiff.Publishing;

/// <summary>Annotations as lines of the log that GitHub's runner turns into annotations: they need no token.</summary>
/// <remarks>https://docs.github.com/actions/reference/workflow-commands-for-github-actions (2026-11-21). Of each level the runner takes ten a
/// step; the rest would vanish without a word.</remarks>
public static class WorkflowCommands
{
    private const int MostOfALevel = 10;

    /// <summary>Writes one line per annotation, the gravest first, ten of each level, and says how many there are besides.</summary>
    public static void Write(IReadOnlyList<Annotation> annotations, TextWriter writer)
    {
        foreach (var level in annotations.GroupBy(annotation => annotation.Level).OrderByDescending(level => level.Key))
        {
            var all = level.ToList();

            // The last of ten says that there are more.
            var shown = all.Count > MostOfALevel ? MostOfALevel - 1 : all.Count;
            foreach (var annotation in all.Take(shown))
            {
                writer.Write(string.Create(
                    CultureInfo.InvariantCulture,
                    $"::{Command(level.Key)} file={Property(annotation.Path)},line={annotation.Line},title={Property(annotation.Title)}::{Data(annotation.Message)}\n"));
            }

            if (shown < all.Count)
            {
                writer.Write(string.Create(
                    CultureInfo.InvariantCulture,
                    $"::{Command(level.Key)} title=CiDiff::{all.Count - shown} more models; the report in the job summary has them all.\n"));
            }
        }
    }

    private static string Command(AnnotationLevel level) => level switch
    {
        AnnotationLevel.Failure => "error",
        AnnotationLevel.Warning => "warning",
        _ => "notice",
    };

    // https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts; and the runner takes ##[command] anywhere in a line.
    private static string Data(string text) => VisibleText.WithoutDoubleHash(text)
        .Replace("%", "%25", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text)
        .Replace(":", "%3A", StringComparison.Ordinal)
        .Replace(",", "%2C", StringComparison.Ordinal);
}
