using System.Text.RegularExpressions;

namespace CiDiff.Configuration;

/// <summary>Patterns in the syntax of gitignore: <c>!</c> takes back, <c>#</c> comments, the last pattern that matches decides.</summary>
/// <remarks>Not git's own semantics in one point: a file can be taken back although its folder is matched, because each name is looked at
/// alone. Teams bring lists such as <c>*</c>, <c>!dbt/*</c>, <c>dbt/*.md</c>, which mean "everything but dbt" only that way. Packages that
/// follow git, MAB.DotIgnore for one, ignore <c>dbt/a.sql</c> there.</remarks>
public sealed class IgnorePatterns
{
    private readonly IReadOnlyList<(Regex Expression, bool Ignores)> _patterns;

    private IgnorePatterns(IEnumerable<string> lines, Func<string, Regex> compile) =>
        _patterns = [.. lines.SelectMany(text => text.Split('\n')).Select(Trim).Where(IsPattern).Select(line => Compile(line, compile))];

    /// <summary>Patterns of column names; case does not count, and a slash means nothing.</summary>
    public static IgnorePatterns ForColumns(IEnumerable<string> lines) =>
        new(lines, pattern => Glob.ToRegex(Glob.Translate(pattern, crossesFolders: true), ignoreCase: true));

    /// <summary>Patterns of files, relative to the root of the repository, with slashes. A pattern without a slash matches at any depth, one that
    /// matches a folder matches everything below it, and <c>**</c> crosses folders.</summary>
    public static IgnorePatterns ForFiles(IEnumerable<string> lines) =>
        new(lines, pattern => Glob.ToRegex(FileExpression(pattern), ignoreCase: false));

    /// <summary>Whether the last pattern that matches is one that ignores; false when none matches.</summary>
    /// <param name="name">A column's name, or a file's path with slashes and without a leading one.</param>
    public bool Ignores(string name)
    {
        for (var index = _patterns.Count - 1; index >= 0; index--)
        {
            if (_patterns[index].Expression.IsMatch(name))
            {
                return _patterns[index].Ignores;
            }
        }

        return false;
    }

    private static bool IsPattern(string line) => line is not ("" or "!" or "/") && line[0] != '#';

    // Trailing blanks do not count, unless a backslash stands before them.
    private static string Trim(string line)
    {
        var text = line.TrimEnd('\r', '\n');
        while (text is [.. var rest, ' ' or '\t'] && !rest.EndsWith('\\'))
        {
            text = rest;
        }

        return text;
    }

    private static (Regex Expression, bool Ignores) Compile(string line, Func<string, Regex> compile) =>
        line[0] == '!' ? (compile(line[1..]), false) : (compile(line), true);

    private static string FileExpression(string pattern)
    {
        var isFolder = pattern.EndsWith('/');
        var isAnchored = pattern.TrimEnd('/').Contains('/', StringComparison.Ordinal);
        var parts = pattern.Trim('/').Split('/');
        var expression = isAnchored ? "" : "(?:.*/)?";
        for (var index = 0; index < parts.Length; index++)
        {
            var isLast = index == parts.Length - 1;
            expression += (parts[index], isLast) switch
            {
                ("**", false) => "(?:.*/)?",
                ("**", true) => ".*",
                (var part, false) => $"{Glob.Translate(part, crossesFolders: false)}/",
                (var part, true) => Glob.Translate(part, crossesFolders: false),
            };
        }

        return isFolder ? $"{expression}/.*" : $"{expression}(?:/.*)?";
    }
}
