using System.Diagnostics;
using System.Text;
using CiDiff.Diffing;
using CiDiff.Selection;
using CiDiff.State;

namespace CiDiff.Reports;

/// <summary>The words of <c>run.json</c> for the closed lists, and the same things said to people.</summary>
internal static class ReportWords
{
    /// <summary>An enum member as <c>run.json</c> writes it: <c>NotBuilt</c> is <c>not_built</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => SnakeCase(value.ToString());

    /// <summary>The member a word stands for; null when there is none.</summary>
    public static T? Parse<T>(string word)
        where T : struct, Enum
    {
        // Not by a dictionary, which would have to be compiled anew for each list.
        foreach (var value in Enum.GetValues<T>())
        {
            if (Of(value) == word)
            {
                return value;
            }
        }

        return null;
    }

    /// <param name="source">Where a key is from.</param>
    /// <param name="isSample">Only a sample was read.</param>
    public static string Say(KeySource source, bool isSample) => source switch
    {
        KeySource.Explicit => "as configured",
        KeySource.ModelMeta => "from the model's meta",
        KeySource.ColumnMeta => "from column meta",
        KeySource.ColumnTags => "from column tags",
        KeySource.UniqueTest => "from a uniqueness test",
        KeySource.UniqueKey => "from the unique_key config",
        KeySource.Constraint => "from a primary key constraint",
        KeySource.NameGuess when isSample => "a guess that was found not null, and unique in the sample",
        KeySource.NameGuess => "a guess that was found unique and not null on both sides",
        _ => throw new UnreachableException(),
    };

    public static string Say(RunStatus status) => status switch
    {
        RunStatus.Pass => "pass",
        RunStatus.Warn => "pass with warnings",
        RunStatus.Fail => "fail",
        RunStatus.Error => "could not tell",
        RunStatus.Skipped => "skipped",
        _ => throw new UnreachableException(),
    };

    /// <summary>What became of a model, in two or three words.</summary>
    public static string Say(ModelReport report) => report.Outcome switch
    {
        ModelOutcome.Compared { Diff.IsIdentical: true } => "identical",
        ModelOutcome.Compared { Diff.HasDifferences: false } => "no difference found",
        ModelOutcome.Compared => "different",
        ModelOutcome.Failed => "not comparable",
        ModelOutcome.NotCompared { Reason: var reason } => reason switch
        {
            NotComparedReason.New => "new",
            NotComparedReason.Removed => report.Model.Change.Kind == ChangeKind.Disabled ? "disabled" : "removed",
            NotComparedReason.NotBuilt => "not built",
            NotComparedReason.NotInBase => "not in production",
            NotComparedReason.NotReached => "not reached",
            NotComparedReason.PlanOnly => "planned",
            _ => throw new UnreachableException(),
        },
        null => report.Model is SelectedModel ? "not reached" : "skipped",
        _ => throw new UnreachableException(),
    };

    /// <summary>Why a model was not compared, as a sentence; null when the two or three words say it all.</summary>
    public static string? Explain(ModelReport report) => report.Outcome switch
    {
        ModelOutcome.NotCompared { Reason: var reason } => reason switch
        {
            NotComparedReason.New => "Production has no such model.",
            NotComparedReason.Removed => report.Model.Change.Kind == ChangeKind.Disabled
                ? "This pull request disables the model; what it left in production stays until somebody drops it."
                : "This pull request removes the model; what it left in production stays until somebody drops it.",
            NotComparedReason.NotBuilt => "There is no such table on this pull request's side: the job did not build it.",
            NotComparedReason.NotInBase => "There is no such table in production: it was never built there.",
            NotComparedReason.NotReached => "The run ended before this model's turn.",
            NotComparedReason.PlanOnly => null,
            _ => throw new UnreachableException(),
        },
        _ => null,
    };

    private static string SnakeCase(string name)
    {
        var words = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && words.Length > 0)
            {
                words.Append('_');
            }

            words.Append(char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }
}
