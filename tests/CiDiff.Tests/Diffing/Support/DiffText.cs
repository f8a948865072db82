using CiDiff.Diffing;

namespace CiDiff.Tests.Diffing.Support;

/// <summary>A diff in one line, so that a table of cases can hold whole answers.</summary>
/// <remarks><c>4/4 rows: +1 -0 ~2 =1; v ~2; null 1/0; twice 1/1 (2/2 rows); bad rows differ; columns +fresh -gone ty:integer>bigint</c>.
/// Without a key <c>~</c> is missing. Parts that say nothing are left out.</remarks>
internal static class DiffText
{
    public static string Of(TableDiff diff)
    {
        var rows = diff.Rows;
        var parts = new List<string> { $"{rows.Base}/{rows.Head} rows: +{rows.Added} -{rows.Removed}{(rows.Changed is { } changed ? $" ~{changed}" : "")} ={rows.Same}" };
        parts.AddRange(diff.Columns.Where(column => column.Changed > 0).Select(column => $"{column.Head.Name} ~{column.Changed}"));
        parts.AddRange(diff.Columns.Where(column => column.Nulls is not null).Select(column => $"{column.Head.Name} null {column.Nulls!.Base}/{column.Nulls.Head}"));
        if (diff.Keys is { } keys)
        {
            Add(keys.Base.Null + keys.Head.Null > 0, $"null {keys.Base.Null}/{keys.Head.Null}");
            Add(
                keys.Base.Duplicate + keys.Head.Duplicate > 0,
                $"twice {keys.Base.Duplicate}/{keys.Head.Duplicate} ({keys.Base.DuplicateRows}/{keys.Head.DuplicateRows} rows)");
            Add(
                keys.Base.Distinct != rows.Base || keys.Head.Distinct != rows.Head,
                $"distinct {keys.Base.Distinct}/{keys.Head.Distinct}");
        }

        Add(diff.HasUnmatchedBadKeys, "bad rows differ");
        var columns = diff.Schema.Added.Select(column => $" +{column.Name}")
            .Concat(diff.Schema.Removed.Select(column => $" -{column.Name}"))
            .Concat(diff.Schema.Renamed.Select(column => $" {column.Base}={column.Head}"))
            .Concat(diff.Schema.Retyped.Select(column => $" {column.Name}:{column.Base.Name}>{column.Head.Name}"))
            .Concat(diff.Schema.IsReordered ? [" reordered"] : []);
        var schema = string.Concat(columns);
        Add(schema.Length > 0, $"columns{schema}");
        return string.Join("; ", parts);

        void Add(bool isNews, string part)
        {
            if (isNews)
            {
                parts.Add(part);
            }
        }
    }

    /// <summary>The samples in one line: <c>~1(v:'a'>'b') +3(v:'x') -4(v:null) twice 2x1/3x2</c>.</summary>
    public static string Of(DiffSamples samples)
    {
        var parts = samples.Changed.Select(row => $"~{Key(row.Key)}({string.Join(", ", row.Values.Select(value => $"{value.Column}:{Text(value.Base)}>{Text(value.Head)}"))})")
            .Concat(samples.Added.Select(row => $"+{Row(row)}"))
            .Concat(samples.Removed.Select(row => $"-{Row(row)}"))
            .Concat(samples.DuplicateKeys.Base.Select(key => $"base {Key(key.Key)}x{key.Occurrences}"))
            .Concat(samples.DuplicateKeys.Head.Select(key => $"head {Key(key.Key)}x{key.Occurrences}"));
        return string.Join(" ", parts);

        static string Row(SampleRow row) =>
            $"{Key(row.Key)}({string.Join(", ", row.Values.Select(value => $"{value.Key}:{Text(value.Value)}"))}){(row.Occurrences > 1 ? $"x{row.Occurrences}" : "")}";

        static string Key(IReadOnlyList<string?> key) => string.Join("/", key);

        static string Text(string? value) => value is null ? "null" : $"'{value}'";
    }
}
