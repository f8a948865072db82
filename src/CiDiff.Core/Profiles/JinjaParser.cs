using System.Globalization;
using System.Text;

namespace CiDiff.Profiles;

/// <summary>Reads one expression, from behind its <c>{{</c> to behind its <c>}}</c>.</summary>
internal sealed class JinjaParser(string text, int start)
{
    private static readonly Dictionary<string, object?> Constants = new(StringComparer.Ordinal)
    {
        ["true"] = true,
        ["True"] = true,
        ["false"] = false,
        ["False"] = false,
        ["none"] = null,
        ["None"] = null,
    };

    /// <summary>Where the text goes on.</summary>
    public int Position { get; private set; } = start;

    /// <summary>Whether white space behind the expression is dropped (<c>-}}</c>).</summary>
    public bool TrimsNext { get; private set; }

    /// <summary>What is wrong; only when <see cref="ParseExpression"/> gave null.</summary>
    public JinjaProblem Problem { get; private set; }

    /// <summary>Parses the expression and its end.</summary>
    public JinjaExpression? ParseExpression()
    {
        if (Joined() is not { } expression)
        {
            return null;
        }

        TrimsNext = Skip('-');
        if (!text.AsSpan(Math.Min(Position, text.Length)).StartsWith("}}", StringComparison.Ordinal))
        {
            return Unexpected();
        }

        Position += 2;
        return expression;
    }

    private JinjaExpression? Joined()
    {
        var left = Filtered();
        while (left is not null && Skip('~'))
        {
            left = Filtered() is { } right ? new JinjaExpression.Joined(left, right) : null;
        }

        return left;
    }

    private JinjaExpression? Filtered()
    {
        var value = Primary();
        while (value is not null && Skip('|'))
        {
            if (Name() is not { } filter)
            {
                return Unexpected();
            }

            IReadOnlyList<JinjaExpression>? arguments = [];
            if (Skip('('))
            {
                arguments = Arguments();
            }

            value = arguments is null ? null : new JinjaExpression.Filter(value, filter, arguments);
        }

        return value;
    }

    private JinjaExpression? Primary()
    {
        if (Skip('('))
        {
            return Joined() is not { } inner ? null : Skip(')') ? inner : Unexpected();
        }

        if (Position < text.Length && text[Position] is '\'' or '"')
        {
            return QuotedText();
        }

        if (Position < text.Length && (char.IsAsciiDigit(text[Position]) || text[Position] == '-'))
        {
            return Number();
        }

        if (Name() is not { } name)
        {
            return Unexpected();
        }

        if (Constants.TryGetValue(name, out var constant))
        {
            return new JinjaExpression.Literal(constant);
        }

        if (!Skip('('))
        {
            return new JinjaExpression.Variable(name);
        }

        return Arguments() is { } arguments ? new JinjaExpression.Call(name, arguments) : null;
    }

    private List<JinjaExpression>? Arguments()
    {
        var arguments = new List<JinjaExpression>();
        while (!Skip(')'))
        {
            // default=… as in env_var('A', default='b'): the names do not matter in the functions and filters there are.
            var before = Position;
            if (Name() is null || !Skip('='))
            {
                Position = before;
            }

            if (Joined() is not { } argument)
            {
                return null;
            }

            arguments.Add(argument);
            if (!Skip(',') && !Peek(')'))
            {
                Unexpected();
                return null;
            }
        }

        return arguments;
    }

    private JinjaExpression.Literal? QuotedText()
    {
        var quote = text[Position++];
        var value = new StringBuilder();
        for (; Position < text.Length; Position++)
        {
            var c = text[Position];
            if (c == quote)
            {
                Position++;
                return new JinjaExpression.Literal(value.ToString());
            }

            if (c == '\\' && Position + 1 < text.Length)
            {
                c = text[++Position] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other };
            }

            value.Append(c);
        }

        Problem = new JinjaProblem("a text is not closed", IsSyntax: true);
        return null;
    }

    private JinjaExpression? Number()
    {
        var from = Position++;
        while (Position < text.Length && (char.IsAsciiDigit(text[Position]) || text[Position] == '.'))
        {
            Position++;
        }

        var number = text[from..Position];
        return long.TryParse(number, CultureInfo.InvariantCulture, out var whole) ? new JinjaExpression.Literal(whole)
            : decimal.TryParse(number, NumberStyles.Number, CultureInfo.InvariantCulture, out var part) ? new JinjaExpression.Literal(part)
            : Unexpected();
    }

    private string? Name()
    {
        SkipSpace();
        var from = Position;
        while (Position < text.Length && (char.IsAsciiLetterOrDigit(text[Position]) || text[Position] == '_'))
        {
            Position++;
        }

        return Position > from && !char.IsAsciiDigit(text[from]) ? text[from..Position] : null;
    }

    private bool Peek(char expected)
    {
        SkipSpace();
        return Position < text.Length && text[Position] == expected;
    }

    private bool Skip(char expected)
    {
        var found = Peek(expected);
        Position += found ? 1 : 0;
        SkipSpace();
        return found;
    }

    private void SkipSpace()
    {
        while (Position < text.Length && char.IsWhiteSpace(text[Position]))
        {
            Position++;
        }
    }

    private JinjaExpression? Unexpected()
    {
        // dbt would know what to do with an operator or a word such as `if`; nobody would with anything else.
        var rest = text[Math.Min(Position, text.Length)..];
        var known = rest.Length > 0 && rest.Contains("}}", StringComparison.Ordinal)
            && (char.IsAsciiLetter(rest[0]) || rest[0] is '.' or '[' or '{' or '+' or '*' or '/' or '%' or '=' or '!' or '<' or '>');
        Problem = new JinjaProblem(rest.Length == 0 ? "an expression is not closed" : $"'{rest[..Math.Min(rest.Length, 20)]}' is not understood", IsSyntax: !known);
        return null;
    }
}
