using System.Text.Json;
using CiDiff.Artifacts;

namespace CiDiff.Selection;

/// <summary>A test that says which columns are unique or not null.</summary>
/// <param name="Name">The test's own name.</param>
/// <param name="Columns">Which columns; never empty.</param>
/// <param name="IsUnique">They are unique, taken together.</param>
/// <param name="IsNotNull">None of them is ever null.</param>
/// <param name="Weakness">Why it proves less than that; null when it proves it.</param>
internal sealed record UniquenessTest(string Name, IReadOnlyList<string> Columns, bool IsUnique, bool IsNotNull, string? Weakness)
{
    /// <summary>Reads a test; null when it says nothing about keys.</summary>
    /// <remarks>Known by the name of the generic test, whatever its package: projects and packages copy these, and name them alike.</remarks>
    public static UniquenessTest? Read(ManifestNode test)
    {
        var metadata = test.TestMetadata.Parse();
        var arguments = metadata.Member("kwargs");
        var (isUnique, isNotNull) = metadata.Member("name")?.ToString() switch
        {
            "unique" => (true, false), // dbt
            "not_null" => (false, true), // dbt
            "unique_combination_of_columns" or "unique_where" => (true, false), // dbt_utils
            "not_null_where" => (false, true), // dbt_utils before 1.0
            "expect_column_values_to_be_unique" or "expect_compound_columns_to_be_unique" => (true, false), // dbt_expectations
            "expect_column_values_to_not_be_null" => (false, true), // dbt_expectations
            "primary_key" => (true, true), // dbt_constraints
            "unique_key" => (true, false), // dbt_constraints
            _ => (false, false),
        };
        var columns = isUnique || isNotNull ? ColumnsOf(test, arguments) : [];
        return columns.Count == 0 ? null : new UniquenessTest(test.Name, columns, isUnique, isNotNull, WeaknessOf(test, arguments));
    }

    private static IReadOnlyList<string> ColumnsOf(ManifestNode test, JsonElement? arguments)
    {
        foreach (var list in new[] { "combination_of_columns", "column_list", "column_names" })
        {
            if (arguments.Member(list) is { } columns)
            {
                string[] texts = columns.ValueKind == JsonValueKind.Array
                    ? [.. columns.EnumerateArray().Select(column => column.ToString())]
                    : [columns.ToString()];
                return arguments.Member("quote_columns") is { ValueKind: JsonValueKind.True } ? texts : ColumnExpression.Columns(texts);
            }
        }

        return ColumnExpression.Columns(arguments.Member("column_name")?.ToString() ?? test.TestColumnName ?? "");
    }

    private static string? WeaknessOf(ManifestNode test, JsonElement? arguments)
    {
        var config = test.Config.Parse();
        var condition = config.Member("where") ?? arguments.Member("where") ?? arguments.Member("row_condition");
        if (condition is { } where && where.ToString().Length > 0)
        {
            return "which does not look at every row";
        }

        var severity = config.Member("severity")?.ToString() ?? "error";
        var failsIf = config.Member("error_if")?.ToString() ?? "!= 0";
        return !severity.Equals("error", StringComparison.OrdinalIgnoreCase) ? "which only warns"
            : failsIf.Replace(" ", "", StringComparison.Ordinal) is not ("!=0" or "<>0" or ">0" or ">=1") ? "which tolerates failures"
            : null;
    }
}
