using System.Text.RegularExpressions;
using CiDiff.Tests.Support;

namespace CiDiff.Packages.Tests.Support;

/// <summary>The code blocks of a Markdown file, so that what it tells people to write is what the tests run.</summary>
internal static partial class Readme
{
    /// <summary>The one block that holds a text.</summary>
    /// <param name="text">What it holds.</param>
    /// <param name="path">The file, below the repository's root.</param>
    public static string Block(string text, string path = "README.md")
    {
        var blocks = Fences().Matches(File.ReadAllText(Repository.PathTo(path))).Select(match => match.Groups["code"].Value).ToList();
        return Assert.Single(blocks, block => block.Contains(text, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^```\w*\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();
}
