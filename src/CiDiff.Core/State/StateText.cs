using System.Globalization;

namespace CiDiff.State;

/// <summary>Writes a comparison for people: what <c>cidiff state</c> prints.</summary>
/// <remarks>One line with the counts, then a section for each kind of change with a line for each resource, in order of ids, and what
/// differs. Unmodified resources are counted only.</remarks>
public static class StateText
{
    // Test ids can be longer than a line; they do not push the others to the right.
    private const int WidestId = 60;

    private const int MostDetails = 5;

    /// <summary>Writes all of it; lines end in a line feed.</summary>
    public static void Write(StateComparison comparison, TextWriter output)
    {
        var changes = comparison.Changes.Values.OrderBy(change => change.Id).ToList();
        var counts = new[] { ChangeKind.Modified, ChangeKind.New, ChangeKind.Deleted, ChangeKind.Disabled, ChangeKind.Unmodified }
            .Select(kind => $"{changes.Count(change => change.Kind == kind)} {StateWords.Of(kind)}");
        Line(output, string.Join(", ", counts));

        Section(output, "Modified", Of(ChangeKind.Modified), Differences);
        Section(output, "New", Of(ChangeKind.New), change => change.MovedFromOrTo is { } from ? $"was {from}" : "");
        Section(output, "Deleted", Of(ChangeKind.Deleted), change => change.MovedFromOrTo is { } to ? $"is now {to}" : "");
        Section(output, "Disabled", Of(ChangeKind.Disabled), _ => "");
        WriteContracts(comparison, output);
        WriteMacros(comparison, output);

        IReadOnlyList<NodeChange> Of(ChangeKind kind) => [.. changes.Where(change => change.Kind == kind)];
    }

    private static void Section(TextWriter output, string title, IReadOnlyList<NodeChange> changes, Func<NodeChange, string> describe)
    {
        if (changes.Count == 0)
        {
            return;
        }

        Line(output, "");
        Line(output, title);
        var width = changes.Select(change => change.Id.Value.Length).Where(length => length <= WidestId).DefaultIfEmpty(0).Max();
        foreach (var change in changes)
        {
            Line(output, $"  {change.Id.Value.PadRight(width)}  {describe(change)}".TrimEnd());
            if (change.FalsePositive is { } reason)
            {
                Line(output, $"      False positive of dbt: {reason}");
            }
        }
    }

    private static string Differences(NodeChange change) => string.Join(
        ", ",
        change.Changes.Select(reason => reason switch
        {
            ChangeReason.Body when change.IsCosmetic => "body (comments and white space only)",
            ChangeReason.Configs => With("configs", change.ConfigKeys),
            ChangeReason.Macros => With("macros", [.. change.Macros.Select(macro => macro.Value)]),
            ChangeReason.Reference => string.Join(", ", change.Fields),
            ChangeReason.Definition => With("definition", [.. change.Fields.Select(field => field == "checksum" ? "content" : field)]),
            _ => StateWords.Of(reason),
        }));

    // After an upgrade of dbt a test reaches dozens of changed macros.
    private static string With(string word, IReadOnlyList<string> details) => details.Count switch
    {
        0 => word,
        <= MostDetails => $"{word} ({string.Join(", ", details)})",
        _ => $"{word} ({string.Join(", ", details.Take(MostDetails))} and {details.Count - MostDetails} more)",
    };

    private static void WriteContracts(StateComparison comparison, TextWriter output)
    {
        if (comparison.BreakingContracts.Count == 0)
        {
            return;
        }

        Line(output, "");
        Line(output, "Contracts broken");
        foreach (var contract in comparison.BreakingContracts)
        {
            var note = contract.IsVersioned ? " (dbt refuses to select by state because of it)" : "";
            Line(output, $"  {contract.Model}  {string.Join("; ", contract.Breaks)}{note}");
        }
    }

    private static void WriteMacros(StateComparison comparison, TextWriter output)
    {
        var used = comparison.Changes.Values.SelectMany(change => change.Macros).ToHashSet();
        var unused = comparison.ChangedMacros.Where(macro => !used.Contains(macro)).ToList();
        if (unused.Count == 0)
        {
            return;
        }

        Line(output, "");
        Line(output, "Changed macros that no resource uses");
        foreach (var macro in unused)
        {
            Line(output, $"  {macro}");
        }
    }

    // Names are the project's, and a terminal obeys what is in them.
    private static void Line(TextWriter output, string text)
    {
        foreach (var sign in text)
        {
            output.Write(char.GetUnicodeCategory(sign) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? '\uFFFD' : sign);
        }

        output.Write('\n');
    }
}
