using System.Globalization;
using System.Text.RegularExpressions;
using CiDiff.Errors;

namespace CiDiff.Git;

/// <summary>Where in each file a pull request changed something first, so that a finding can stand beside it.</summary>
public static partial class ChangedLines
{
    // More names than this may not fit into a command line everywhere.
    private const int MostPaths = 200;

    /// <summary>Asks git.</summary>
    /// <param name="pullRequest">Nothing is known of one whose clone does not reach back to where it branched off.</param>
    /// <param name="files">The files, relative to the repository's root and with slashes.</param>
    /// <param name="timeout">The longest that git may take.</param>
    /// <param name="cancellationToken">Stops git.</param>
    /// <returns>The first changed line of each file that has one, from 1. Empty when git cannot tell: it is only a nicety.</returns>
    public static async Task<IReadOnlyDictionary<string, int>> FindAsync(
        PullRequestContext pullRequest,
        IReadOnlyList<string> files,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        if (pullRequest is not { Root: { } root, MergeBase: { } mergeBase } || files.Count == 0)
        {
            return new Dictionary<string, int>(StringComparer.Ordinal);
        }

        // Locally what is not committed yet counts too.
        string[] sides = pullRequest is { Host: not CiHost.Local, HeadCommit: { } head } ? [mergeBase, head] : [mergeBase];
        string[] paths = files.Count <= MostPaths ? ["--", .. files] : [];
        try
        {
            var answer = await new GitCli(root, timeout).TryRunAsync(
                [
                    "--literal-pathspecs", "-c", "core.quotePath=false", "diff", "--unified=0", "--no-renames", "--no-color", "--no-ext-diff", "--no-textconv",
                    "--src-prefix=a/", "--dst-prefix=b/", .. sides, .. paths,
                ],
                cancellationToken);
            return answer.ExitCode == 0 ? Read(answer.Output) : new Dictionary<string, int>(StringComparer.Ordinal);
        }
        catch (UserErrorException)
        {
            return new Dictionary<string, int>(StringComparer.Ordinal);
        }
    }

    /// <summary>Reads the output of <c>git diff --unified=0</c>. Deleted files and those whose names git has to quote are left out.</summary>
    internal static IReadOnlyDictionary<string, int> Read(string diff)
    {
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        string? file = null;
        var inHunk = 0L;
        foreach (var line in diff.Split('\n'))
        {
            // A changed line may look like anything.
            if (inHunk > 0)
            {
                inHunk -= line.StartsWith('\\') ? 0 : 1;
                continue;
            }

            if (line.StartsWith("+++ ", StringComparison.Ordinal))
            {
                file = line.StartsWith("+++ b/", StringComparison.Ordinal) ? line["+++ b/".Length..].TrimEnd('\t', '\r') : null;
            }
            else if (Hunk().Match(line) is { Success: true } hunk)
            {
                inHunk = Count(hunk.Groups["removed"]) + Count(hunk.Groups["added"]);
                if (file is not null && int.TryParse(hunk.Groups["line"].Value, CultureInfo.InvariantCulture, out var first))
                {
                    lines.TryAdd(file, Math.Max(1, first));
                }
            }
        }

        return lines;
    }

    private static long Count(Group group) => group.Success && long.TryParse(group.Value, CultureInfo.InvariantCulture, out var count) ? count : 1;

    // @@ -12,3 +14 @@: a count that is missing is 1
    [GeneratedRegex(@"^@@ -\d+(,(?<removed>\d+))? \+(?<line>\d+)(,(?<added>\d+))? @@", RegexOptions.ExplicitCapture)]
    private static partial Regex Hunk();
}
