using System.Globalization;
using System.Text;

namespace CiDiff.Profiles;

/// <summary>The little Jinja that profiles use: text around expressions made of <c>env_var</c>, <c>var</c>, literals, <c>~</c> and
/// filters.</summary>
internal sealed class JinjaText
{
    private readonly IReadOnlyList<Part> _parts;

    private JinjaText(IReadOnlyList<Part> parts) => _parts = parts;

    /// <summary>Whether a text has to be rendered at all.</summary>
    public static bool IsJinja(string text) =>
        text.Contains("{{", StringComparison.Ordinal) || text.Contains("{%", StringComparison.Ordinal) || text.Contains("{#", StringComparison.Ordinal);

    /// <summary>Parses a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="problem">What is wrong when the result is null.</param>
    /// <returns>Null when it is not valid Jinja, or when it is Jinja that only dbt can render.</returns>
    public static JinjaText? Parse(string text, out JinjaProblem problem)
    {
        var parts = new List<Part>();
        var position = 0;
        var trimNext = false;
        problem = default;
        while (position < text.Length)
        {
            var open = NextOpening(text, position);
            var literal = text[position..(open < 0 ? text.Length : open)];
            literal = trimNext ? literal.TrimStart() : literal;
            if (open < 0)
            {
                // As Jinja, which drops one newline at the end of a template.
                Add(parts, literal.EndsWith('\n') ? literal[..^1] : literal);
                break;
            }

            position = open + 2;
            var trimBefore = position < text.Length && text[position] == '-';
            position += trimBefore ? 1 : 0;
            Add(parts, trimBefore ? literal.TrimEnd() : literal);
            switch (text[open + 1])
            {
                case '%':
                    problem = new JinjaProblem("statements ({% … %}) are not supported", IsSyntax: !text[position..].Contains("%}", StringComparison.Ordinal));
                    return null;
                case '#':
                    var close = text.IndexOf("#}", position, StringComparison.Ordinal);
                    if (close < 0)
                    {
                        problem = new JinjaProblem("a comment is not closed", IsSyntax: true);
                        return null;
                    }

                    trimNext = text[close - 1] == '-';
                    position = close + 2;
                    break;
                default:
                    var parser = new JinjaParser(text, position);
                    if (parser.ParseExpression() is not { } expression)
                    {
                        problem = parser.Problem;
                        return null;
                    }

                    parts.Add(new Part(null, expression));
                    trimNext = parser.TrimsNext;
                    position = parser.Position;
                    break;
            }
        }

        return new JinjaText(parts);
    }

    /// <summary>Renders the text; a variable's absence and a filter's refusal are reported by the scope.</summary>
    public string Render(JinjaScope scope)
    {
        var text = new StringBuilder();
        foreach (var part in _parts)
        {
            text.Append(part.Literal ?? JinjaValue.Text(scope.Evaluate(part.Expression!)));
        }

        return text.ToString();
    }

    private static void Add(List<Part> parts, string literal)
    {
        if (literal.Length > 0)
        {
            parts.Add(new Part(literal, null));
        }
    }

    private static int NextOpening(string text, int from)
    {
        for (var open = text.IndexOf('{', from); open >= 0 && open + 1 < text.Length; open = text.IndexOf('{', open + 1))
        {
            if (text[open + 1] is '{' or '%' or '#')
            {
                return open;
            }
        }

        return -1;
    }

    private sealed record Part(string? Literal, JinjaExpression? Expression);
}

/// <summary>Why a text could not be parsed.</summary>
/// <param name="Reason">Half a sentence.</param>
/// <param name="IsSyntax">True when it is not Jinja at all; false when dbt could render it.</param>
internal readonly record struct JinjaProblem(string Reason, bool IsSyntax);

/// <summary>An expression. Closed: every case is in this record.</summary>
internal abstract record JinjaExpression
{
    private JinjaExpression()
    {
    }

    /// <summary>A text, a <see cref="long"/>, a <see cref="decimal"/>, a <see cref="bool"/>, or null for <c>none</c>.</summary>
    public sealed record Literal(object? Value) : JinjaExpression;

    /// <summary>A bare name, such as <c>target</c>, which profiles cannot know.</summary>
    public sealed record Variable(string Name) : JinjaExpression;

    /// <summary>A function, for example <c>env_var('A')</c>.</summary>
    public sealed record Call(string Function, IReadOnlyList<JinjaExpression> Arguments) : JinjaExpression;

    /// <summary>A filter, for example <c>… | lower</c>.</summary>
    public sealed record Filter(JinjaExpression Value, string Name, IReadOnlyList<JinjaExpression> Arguments) : JinjaExpression;

    /// <summary>Two values joined as text: <c>a ~ b</c>.</summary>
    public sealed record Joined(JinjaExpression Left, JinjaExpression Right) : JinjaExpression;
}

/// <summary>Values as Python and Jinja write them.</summary>
internal static class JinjaValue
{
    public static string Text(object? value) => value switch
    {
        null => "None",
        bool truth => truth ? "True" : "False",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool truth => truth,
        string text => text.Length > 0,
        long number => number != 0,
        decimal number => number != 0,
        _ => true,
    };
}
