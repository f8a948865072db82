using System.Text.Json;
using CiDiff.Artifacts;

namespace CiDiff.Selection;

/// <summary>A generic test that says that something is unique.</summary>
/// <param name="Test">The test's node.</param>
/// <param name="Columns">What is unique, as written, without quotes; never empty.</param>
/// <param name="IsConditional">It looks at some of the rows only, so it proves nothing about the others.</param>
/// <param name="ExcludesNull">It fails for nulls too.</param>
internal sealed record UniquenessTest(ManifestNode Test, IReadOnlyList<string> Columns, bool IsConditional, bool ExcludesNull)
{
    /// <summary>Reads a test; null when it says nothing about uniqueness.</summary>
    public static UniquenessTest? Of(ManifestNode test)
    {
        if (test.TestMetadata.Parse() is not { ValueKind: JsonValueKind.Object } metadata
            || !metadata.TryGetProperty("name", out var name)
            || !metadata.TryGetProperty("kwargs", out var arguments))
        {
            return null;
        }

        // dbt_utils.unique_combination_of_columns has many namesakes in projects' own packages, so the namespace does not count.
        var columns = name.GetString() switch
        {
            "unique" or "unique_where" or "expect_column_values_to_be_unique" => KeyExpression.Columns(Text(arguments, "column_name") ?? test.TestColumnName ?? ""),
            "unique_combination_of_columns" => List(arguments, "combination_of_columns"),
            "expect_compound_columns_to_be_unique" => List(arguments, "column_list"),
            "primary_key" or "unique_key" => List(arguments, "column_names") is { Count: > 0 } several
                ? several
                : KeyExpression.Columns(Text(arguments, "column_name") ?? test.TestColumnName ?? ""),
            _ => [],
        };

        return columns.Count == 0
            ? null
            : new UniquenessTest(
                test,
                columns,
                HasCondition(test.Config.Parse()) || HasCondition(arguments),
                name.GetString() == "primary_key");
    }

    private static bool HasCondition(JsonElement? settings) =>
        settings is { ValueKind: JsonValueKind.Object } members && (Text(members, "where") ?? Text(members, "row_condition")) is { Length: > 0 };

    private static string? Text(JsonElement members, string name) =>
        members.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IReadOnlyList<string> List(JsonElement members, string name) =>
        members.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(item => KeyExpression.Unquoted(item.GetString()!))]
            : [];
}
