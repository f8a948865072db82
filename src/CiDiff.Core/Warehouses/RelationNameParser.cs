using System.Text;

namespace CiDiff.Warehouses;

/// <summary>Reads a relation's name as it is written on a command line.</summary>
public static class RelationNameParser
{
    /// <summary>Reads <c>table</c>, <c>schema.table</c> or <c>database.schema.table</c>, each part plain or in double quotes, backticks or brackets.</summary>
    /// <param name="text">The name.</param>
    /// <param name="dialect">The warehouse's, which knows what becomes of a plain part's case.</param>
    /// <returns>Null when it is not a name.</returns>
    public static RelationName? Parse(string text, SqlDialect dialect)
    {
        var parts = new List<string>();
        var rest = text.AsSpan().Trim();
        while (true)
        {
            if (ReadPart(ref rest, dialect) is not { Length: > 0 } part || parts.Count == 3)
            {
                return null;
            }

            parts.Add(part);
            if (rest.IsEmpty)
            {
                break;
            }

            if (rest[0] != '.')
            {
                return null;
            }

            rest = rest[1..];
        }

        return new RelationName(parts.Count == 3 ? parts[0] : null, parts.Count >= 2 ? parts[^2] : null, parts[^1]);
    }

    private static string? ReadPart(ref ReadOnlySpan<char> rest, SqlDialect dialect)
    {
        if (rest.IsEmpty)
        {
            return null;
        }

        if (rest[0] is '"' or '`' or '[')
        {
            return ReadQuoted(ref rest, rest[0] == '[' ? ']' : rest[0]);
        }

        var end = rest.IndexOf('.');
        var part = end < 0 ? rest : rest[..end];
        rest = rest[part.Length..];
        return IsPlain(part) ? dialect.Fold(part.ToString()) : null;
    }

    private static bool IsPlain(ReadOnlySpan<char> part)
    {
        foreach (var c in part)
        {
            if (c is '"' or '`' or '[' or ']' or '(' or ')' or ' ' or ';' or '\'')
            {
                return false;
            }
        }

        return true;
    }

    private static string? ReadQuoted(ref ReadOnlySpan<char> rest, char close)
    {
        var part = new StringBuilder();
        for (var index = 1; index < rest.Length; index++)
        {
            if (rest[index] != close)
            {
                part.Append(rest[index]);
            }
            else if (index + 1 < rest.Length && rest[index + 1] == close)
            {
                part.Append(close);
                index++;
            }
            else
            {
                rest = rest[(index + 1)..];
                return part.ToString();
            }
        }

        return null;
    }
}
