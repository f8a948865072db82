namespace CiDiff.State.Code;

/// <summary>The three kinds of tag that Jinja has.</summary>
internal enum TemplateTagKind
{
    /// <summary><c>{{ … }}</c>.</summary>
    Expression,

    /// <summary><c>{% … %}</c>.</summary>
    Statement,

    /// <summary><c>{# … #}</c>.</summary>
    Comment,
}

/// <summary>A Jinja tag in a template.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="Start">Of its first brace.</param>
/// <param name="End">After its last brace.</param>
internal readonly record struct TemplateTag(TemplateTagKind Kind, int Start, int End)
{
    /// <summary>The tag at a position; null when none begins there.</summary>
    /// <param name="code">The template.</param>
    /// <param name="start">Where to look.</param>
    /// <exception cref="FormatException">A tag begins there and does not end.</exception>
    public static TemplateTag? At(string code, int start)
    {
        if (start + 1 >= code.Length || code[start] != '{')
        {
            return null;
        }

        return code[start + 1] switch
        {
            '{' => new TemplateTag(TemplateTagKind.Expression, start, EndOf(code, start, "}}")),
            '%' => new TemplateTag(TemplateTagKind.Statement, start, EndOf(code, start, "%}")),
            '#' => code.IndexOf("#}", start + 2, StringComparison.Ordinal) is var end and >= 0
                ? new TemplateTag(TemplateTagKind.Comment, start, end + 2)
                : throw new FormatException("A Jinja comment does not end."),
            _ => null,
        };
    }

    /// <summary>Every tag of a template, in order.</summary>
    /// <exception cref="FormatException">A tag does not end.</exception>
    public static IEnumerable<TemplateTag> All(string code)
    {
        for (var at = code.IndexOf('{', StringComparison.Ordinal); at >= 0; at = code.IndexOf('{', at))
        {
            if (At(code, at) is { } tag)
            {
                yield return tag;
                at = tag.End;
            }
            else
            {
                at++;
            }
        }
    }

    /// <summary>What stands between the braces, without the signs that trim white space.</summary>
    public ReadOnlySpan<char> Inside(string code)
    {
        var inside = code.AsSpan(Start + 2, End - Start - 4);
        if (inside is ['-' or '+', ..])
        {
            inside = inside[1..];
        }

        return inside is [.., '-' or '+'] ? inside[..^1] : inside;
    }

    /// <summary>Whether the white space before the tag is dropped.</summary>
    public bool TrimsBefore(string code) => code[Start + 2] == '-' && End - Start > 4;

    /// <summary>Whether the white space after the tag is dropped.</summary>
    public bool TrimsAfter(string code) => code[End - 3] == '-' && End - Start > 4;

    // Jinja looks for the end outside of texts and of brackets: {{ {'a': {}} }} and {{ "}}" }} are one tag each.
    private static int EndOf(string code, int start, string closing)
    {
        var depth = 0;
        for (var at = start + 2; at < code.Length; at++)
        {
            var next = code[at];
            if (depth == 0 && string.CompareOrdinal(code, at, closing, 0, 2) == 0)
            {
                return at + 2;
            }

            switch (next)
            {
                case '\'' or '"':
                    at = JinjaToken.EndOfText(code, at) - 1;
                    break;
                case '(' or '[' or '{':
                    depth++;
                    break;
                case ')' or ']' or '}':
                    depth--;
                    break;
            }
        }

        throw new FormatException("A Jinja tag does not end.");
    }
}
