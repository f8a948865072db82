using CiDiff.Configuration;
using CiDiff.Errors;

namespace CiDiff.Selection;

/// <summary>The types of resources that <c>dbt ls</c> lists.</summary>
public static class ListedResourceTypes
{
    private static readonly string[] Default =
    [
        "exposure", "function", "metric", "model", "saved_query", "seed", "semantic_model", "snapshot", "source", "test", "unit_test",
    ];

    /// <summary>What <c>--resource-type</c> takes.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Default, "analysis", "all", "default"];

    /// <summary>The types that some words mean.</summary>
    /// <param name="words">Words of <see cref="All"/>; none is the same as <c>default</c>.</param>
    /// <exception cref="UserErrorException">A word is none of them.</exception>
    internal static IReadOnlySet<string> Expand(IReadOnlyList<string> words)
    {
        var types = new HashSet<string>(words.Count == 0 ? Default : [], StringComparer.Ordinal);
        foreach (var word in words)
        {
            types.UnionWith(word switch
            {
                "default" => Default,
                "all" => [.. Default, "analysis"],
                _ when All.Contains(word) => [word],
                _ => throw new UserErrorException(
                    ErrorCodes.UnknownResourceType, $"'{word}' is no type of dbt resource.", Spelling.Hint(word, All)),
            });
        }

        return types;
    }
}
