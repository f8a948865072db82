using System.Text.RegularExpressions;

namespace CiDiff.Git;

/// <summary>What the pre-push hook does, as text of a shell script.</summary>
/// <remarks>Plain sh, as git for Windows has it.</remarks>
internal static partial class PrePushScript
{
    /// <summary>The line by which a script, and the part of somebody else's script, is known as ours.</summary>
    public const string Mark = "# cidiff:pre-push";

    private const string EndMark = "# cidiff:pre-push end";

    /// <summary>The line that checks one project.</summary>
    /// <param name="project">The dbt project's folder, relative to the working copy, with slashes; <c>.</c> for its root.</param>
    /// <param name="words">Further words for <c>cidiff hook run</c>; any text.</param>
    /// <param name="isStrict">Whether a push is stopped also when CiDiff cannot be run.</param>
    public static string Line(string project, IReadOnlyList<string> words, bool isStrict) =>
        $"cidiff_push {Quote(project)} {(isStrict ? "strict" : "lenient")}{string.Concat(words.Select(word => " " + Quote(word)))} -- \"$@\" || cidiff_stop=$?";

    /// <summary>The lines of a script that check a project each.</summary>
    public static IReadOnlyList<string> LinesOf(string script) => [.. script.Split('\n').Where(line => ProjectLine().IsMatch(line))];

    /// <summary>The project that such a line checks.</summary>
    public static string ProjectOf(string line) => ProjectLine().Match(line).Groups["project"].Value.Replace(@"'\''", "'", StringComparison.Ordinal);

    /// <summary>A hook of our own.</summary>
    public static string Whole(IReadOnlyList<string> lines) => $$"""
        #!/bin/sh
        {{Mark}}
        # Written by `cidiff hook install`; `cidiff hook remove` takes it away. To push once without it: git push --no-verify
        cidiff_refs=$(cat)
        before="$(dirname -- "$0")/pre-push.before-cidiff"
        if [ -x "$before" ]; then
          printf '%s\n' "$cidiff_refs" | "$before" "$@" || exit $?
        fi
        {{Check(lines)}}

        """.ReplaceLineEndings("\n");

    /// <summary>A part of somebody else's script: it goes first, and what follows finds the refs on its input as if nothing had read them.</summary>
    public static string Part(IReadOnlyList<string> lines) => $$"""
        {{Mark}}
        # Written by `cidiff hook install`; `cidiff hook remove` takes it away. To push once without it: git push --no-verify
        cidiff_refs=$(cat)
        {{Check(lines)}}
        exec <<CIDIFF_REFS
        $cidiff_refs
        CIDIFF_REFS
        {{EndMark}}

        """.ReplaceLineEndings("\n");

    /// <summary>Puts our part into somebody else's script, in the place of the one that is there.</summary>
    public static string With(string script, string part)
    {
        var others = Without(script);
        var firstLine = others.StartsWith("#!", StringComparison.Ordinal) ? others.IndexOf('\n', StringComparison.Ordinal) + 1 : 0;
        return firstLine == 0 && others.StartsWith("#!", StringComparison.Ordinal) ? $"{others}\n{part}" : others.Insert(firstLine, part);
    }

    /// <summary>Somebody else's script without our part.</summary>
    public static string Without(string script)
    {
        var start = script.IndexOf(Mark + "\n", StringComparison.Ordinal);
        var end = start < 0 ? -1 : script.IndexOf(EndMark + "\n", start, StringComparison.Ordinal);
        return end < 0 ? script : script.Remove(start, end + EndMark.Length + 1 - start);
    }

    // The tool that the repository pins comes before one that happens to be installed. Only CiDiff's own "fail" stops a push: `dotnet tool run` gives 1 too
    // when the tool is not restored, which shows in that it cannot tell its version either. 130 is Ctrl-C. What git says of the repository in
    // variables would not hold in other folders: https://git-scm.com/docs/githooks
    private static string Check(IReadOnlyList<string> lines) => $$"""
        cidiff_stop=0
        cidiff_push() (
          [ "$cidiff_stop" != 130 ] || exit 130
          unset $(git rev-parse --local-env-vars)
          project=$1
          strict=$2
          shift 2
          run=
          if command -v cidiff >/dev/null 2>&1; then
            run=cidiff
          fi
          for manifest in .config/dotnet-tools.json dotnet-tools.json "$project/.config/dotnet-tools.json" "$project/dotnet-tools.json"; do
            if grep -qi '"cidiff"' "$manifest" 2>/dev/null && command -v dotnet >/dev/null 2>&1; then
              run='dotnet tool run cidiff --'
            fi
          done
          cd -- "$project" 2>/dev/null || exit 0
          problem='not installed here'
          if [ -n "$run" ]; then
            code=0
            printf '%s\n' "$cidiff_refs" | $run hook run "$@" || code=$?
            case $code in
              0 | 130) exit $code ;;
              1) $run --version </dev/null >/dev/null 2>&1 && exit 1 ;;
            esac
            problem='could not be run'
          fi
          if [ "$strict" = strict ]; then
            echo "cidiff: $problem, so nothing was compared, and the hook is strict. To push all the same: git push --no-verify" >&2
            exit 1
          fi
          echo "cidiff: $problem, so nothing was compared; the push goes on." >&2
        )
        {{string.Join('\n', lines)}}
        [ "$cidiff_stop" = 0 ] || exit "$cidiff_stop"
        """;

    private static string Quote(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^cidiff_push '(?<project>([^']|'\\'')*)' ", RegexOptions.ExplicitCapture)]
    private static partial Regex ProjectLine();
}
