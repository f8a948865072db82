using System.Text.RegularExpressions;
using CiDiff.Configuration;

namespace CiDiff.Git;

/// <summary>One line that says that a column changed its name.</summary>
/// <param name="Old">Its name until then.</param>
/// <param name="New">Its name from then on.</param>
/// <param name="Models">A shell pattern of the models it is about, ignoring case; null for all.</param>
public sealed record ColumnRemap(string Old, string New, string? Models);

/// <summary>The lines in commit messages and comments by which a pull request says that it renamed a column.</summary>
/// <remarks>
/// <para>A line is a prefix, a verb, the old name, the new name and, if wanted, a pattern of models: <c>datafold remap oldcol newcol
/// VIEW_*</c>. Prefixes: <c>datafold</c> and <c>cidiff</c>, each also with a colon or a slash, <c>X-Datafold:</c> and <c>X-CiDiff:</c>. Verbs:
/// remap, remapped, rename, renamed. Names with blanks stand in double quotes.</para>
/// <para>https://docs.datafold.com/deployment-testing/configuration/column-remapping, read in November 2026.</para>
/// </remarks>
public static partial class RemapSyntax
{
    // Anyone may write a commit message; no column name is that long.
    private const int MaximumLine = 1000;

    /// <summary>Finds the lines in some texts.</summary>
    /// <param name="texts">Whole messages, oldest first.</param>
    /// <returns>The lines' meaning, in their order. Lines that look similar are prose and mean nothing.</returns>
    public static IReadOnlyList<ColumnRemap> Find(IEnumerable<string> texts) =>
    [
        .. texts
            .SelectMany(text => text.Split('\n'))
            .Where(line => line.Length <= MaximumLine)
            .Select(line => Line().Match(line))
            .Where(match => match.Success)
            .Select(match => new ColumnRemap(
                Unquote(match.Groups["old"].Value),
                Unquote(match.Groups["new"].Value),
                match.Groups["models"] is { Success: true } models ? models.Value : null)),
    ];

    /// <summary>What all lines together mean for one model.</summary>
    /// <param name="commits">Lines of commit messages, oldest first. They chain: <c>a b</c> and then <c>b c</c> is <c>a c</c>; a later line can undo
    /// or change an earlier one.</param>
    /// <param name="comments">Lines of comments on the pull request, oldest first. They chain too, and win over commits.</param>
    /// <param name="model">The model.</param>
    /// <returns>Names in base and names in head; a column that has its old name again is not in here.</returns>
    public static IReadOnlyList<ColumnRename> Resolve(
        IReadOnlyList<ColumnRemap> commits,
        IReadOnlyList<ColumnRemap> comments,
        ModelIdentity model) =>
    [
        .. ColumnRename.Merge(Chain(commits, model), Chain(comments, model)).Where(rename => !IsSame(rename.Base, rename.Head)),
    ];

    private static IReadOnlyList<ColumnRename> Chain(IReadOnlyList<ColumnRemap> remaps, ModelIdentity model) => remaps
        .Where(remap => remap.Models is null || model.Names.Any(name => Glob.IsMatch(remap.Models, name)))
        .Aggregate<ColumnRemap, IReadOnlyList<ColumnRename>>([], (renames, remap) =>
        {
            // The column that is called `Old` by now had another name in base, unless no line renamed it.
            var source = renames.FirstOrDefault(rename => IsSame(rename.Head, remap.Old))?.Base ?? remap.Old;
            return ColumnRename.Merge(renames, [new ColumnRename(source, remap.New)]);
        });

    private static bool IsSame(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static string Unquote(string name) => name is ['"', .. var inner, '"'] ? inner.Replace("\"\"", "\"", StringComparison.Ordinal) : name;

    [GeneratedRegex(
        """
        ^\s*(/?datafold|datafold:|x-datafold:|/?cidiff|cidiff:|x-cidiff:)
        \s+(remap|remapped|rename|renamed)
        \s+(?<old>"([^"]|"")+"|[^\s"]+)
        \s+(?<new>"([^"]|"")+"|[^\s"]+)
        (\s+(?<models>\S+))?\s*$
        """,
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Line();
}
