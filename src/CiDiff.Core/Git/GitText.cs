namespace CiDiff.Git;

/// <summary>Text of a repository in sentences for people.</summary>
internal static class GitText
{
    /// <summary>A word of a command that is to be pasted: a branch may be named like another command.</summary>
    public static string ShellWord(string text) => text.All(letter => char.IsAsciiLetterOrDigit(letter) || "_-./:@%+,=".Contains(letter, StringComparison.Ordinal))
        ? text
        : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
