using System.Diagnostics;
using System.Globalization;
using CiDiff.Diffing;

namespace CiDiff.Reports;

/// <summary>What a later step of a pipeline decides by, one <c>name=value</c> a line: what GitHub takes as a step's outputs and GitLab as a dotenv report.</summary>
/// <remarks>Values are words and counts of ours: nothing that came from a table, a manifest or a person is among them, so no value can end its line.</remarks>
public static class OutputLines
{
    /// <summary>Writes <c>verdict</c> (pass, warn, fail, error or skipped), <c>selected</c>, <c>compared</c>, <c>different</c> and <c>failed</c>, each
    /// ended by <c>\n</c>.</summary>
    /// <param name="report">The run.</param>
    /// <param name="writer">Where to.</param>
    public static void Write(RunReport report, TextWriter writer)
    {
        var compared = report.Models.Select(model => model.Outcome).OfType<ModelOutcome.Compared>().ToList();
        Line("verdict", report.Status switch
        {
            RunStatus.Pass => "pass",
            RunStatus.Warn => "warn",
            RunStatus.Fail => "fail",
            RunStatus.Error => "error",
            RunStatus.Skipped => "skipped",
            _ => throw new UnreachableException($"{report.Status}"),
        });
        Line("selected", Count(report.Models.Count(model => model.Outcome is not null)));
        Line("compared", Count(compared.Count));
        Line("different", Count(compared.Count(outcome => outcome.Diff.HasDifferences)));
        Line("failed", Count(report.Models.Count(model => model.Outcome is ModelOutcome.Failed)));

        void Line(string name, string value) => writer.Write($"{name}={value}\n");
    }

    private static string Count(int number) => number.ToString(CultureInfo.InvariantCulture);
}
