using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Sees to it that what a user wrote as a condition is one expression and cannot become anything else inside a statement.</summary>
internal static class FilterCheck
{
    /// <summary>Takes over a filter.</summary>
    /// <exception cref="UserErrorException">It is more, or less, than one expression.</exception>
    public static SqlText Read(ConfiguredSql filter)
    {
        var problem = string.IsNullOrWhiteSpace(filter.Text) ? "it is empty" : Problem(filter.Text);
        return problem is null
            ? SqlText.FromConfiguration(filter.Text, filter.Origin)
            : throw new UserErrorException(
                ErrorCodes.InvalidFilter,
                $"The filter in {filter.Origin} is not one SQL expression: {problem}.",
                hint: "Write a condition as it would stand after `where`, for example: created_at >= '2026-01-01'");
    }

    /// <summary>Why a text is not one expression, or one query, as half a sentence; null when it is, as far as brackets, quotes and semicolons tell.</summary>
    public static string? Problem(string sql)
    {
        var depth = 0;
        for (var index = 0; index < sql.Length; index++)
        {
            var rest = sql.AsSpan(index);
            switch (sql[index])
            {
                case '(':
                    depth++;
                    break;
                case ')' when --depth < 0:
                    return $"the bracket at position {index + 1} closes nothing";
                case ';':
                    return $"it has a semicolon at position {index + 1}";
                case '-' when rest.StartsWith("--"):
                    var end = rest.IndexOf('\n');
                    index = end < 0 ? sql.Length : index + end;
                    break;
                case '/' when rest.StartsWith("/*"):
                    // Nested or not: warehouses disagree, and nobody needs one inside another.
                    var close = rest.IndexOf("*/");
                    if (close < 0 || rest[2..close].IndexOf("/*") >= 0)
                    {
                        return $"the comment at position {index + 1} does not end, or holds another one";
                    }

                    index += close + 1;
                    break;
                case '\'' or '"' or '`':
                    var length = QuotedLength(rest, HasBackslashes(sql, index));
                    if (length < 0)
                    {
                        return $"the quote at position {index + 1} does not end";
                    }

                    index += length - 1;
                    break;
                case '$' when DollarTag(sql, index) is { } tag:
                    var dollars = rest[tag.Length..].IndexOf(tag);
                    if (dollars < 0)
                    {
                        return $"the quote at position {index + 1} does not end";
                    }

                    index += dollars + (2 * tag.Length) - 1;
                    break;
            }
        }

        return depth > 0 ? "a bracket is not closed" : null;
    }

    /// <summary>The length of a quoted text or name with its quotes, -1 when it does not end. A quote inside is doubled.</summary>
    private static int QuotedLength(ReadOnlySpan<char> text, bool hasBackslashes)
    {
        for (var index = 1; index < text.Length; index++)
        {
            if (text[index] == '\\' && hasBackslashes)
            {
                index++;
            }
            else if (text[index] == text[0])
            {
                if (index + 1 < text.Length && text[index + 1] == text[0])
                {
                    index++;
                }
                else
                {
                    return index + 1;
                }
            }
        }

        return -1;
    }

    // E'it\'s' in PostgreSQL and DuckDB.
    private static bool HasBackslashes(string sql, int quote) =>
        sql[quote] == '\'' && quote > 0 && sql[quote - 1] is 'e' or 'E' && (quote == 1 || !IsWord(sql[quote - 2]));

    // $$ or $tag$, which quotes until it comes again. Not the $ in a name, nor a parameter such as $1.
    private static string? DollarTag(string sql, int start)
    {
        if (start > 0 && IsWord(sql[start - 1]))
        {
            return null;
        }

        var end = start + 1;
        while (end < sql.Length && (char.IsLetter(sql[end]) || sql[end] == '_' || (end > start + 1 && char.IsAsciiDigit(sql[end]))))
        {
            end++;
        }

        return end < sql.Length && sql[end] == '$' ? sql[start..(end + 1)] : null;
    }

    private static bool IsWord(char character) => char.IsLetterOrDigit(character) || character is '_' or '$';
}
