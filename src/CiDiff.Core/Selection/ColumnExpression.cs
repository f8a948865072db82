using System.Collections.Frozen;
using System.Text;

namespace CiDiff.Selection;

/// <summary>Finds the columns in what people write where a column's name is expected: <c>order_id</c>, <c>"Main Colour"</c>,
/// <c>order_id || '-' || line</c>, <c>concat(order_id, line::text)</c>.</summary>
/// <remarks>When an expression is unique, so are the columns it is made of, taken together: two rows that agree in all of them would
/// agree in the expression. So nobody has to understand the functions, only to tell columns from everything else.</remarks>
internal static class ColumnExpression
{
    // Reserved words: a column of such a name needs quotes.
    private static readonly FrozenSet<string> Keywords = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "all", "and", "any", "as", "asc", "at", "between", "both", "by", "case", "collate", "current_date", "current_timestamp", "desc",
        "distinct", "else", "end", "for", "from", "ilike", "in", "is", "leading", "like", "not", "null", "or", "similar", "then", "to",
        "trailing", "true", "false", "using", "when");

    /// <summary>The columns that an expression names, each once, in the order in which they first appear.</summary>
    /// <returns>None when there is no column in it, when it is Jinja or a subquery, or when quotes or parentheses are left open. Commas
    /// separate columns, too: <c>order_id, line</c>.</returns>
    public static IReadOnlyList<string> Columns(string expression)
    {
        if (Tokens(expression) is not { } tokens || tokens.Any(token => token.IsWord("select")))
        {
            return [];
        }

        // `Main Colour`: no SQL, but a name without the quotes it will need.
        if (tokens.Count > 1 && tokens.All(token => token.Kind == TokenKind.Word && !Keywords.Contains(token.Text)))
        {
            return [expression.Trim()];
        }

        var columns = new List<string>();
        for (var index = 0; index < tokens.Count; index++)
        {
            if (tokens[index].IsSymbol("::"))
            {
                index = EndOfType(tokens, index);
            }
            else if (tokens[index].IsWord("as") && index > 0)
            {
                // In `cast(x as numeric(10, 2))`; what else `as` is for does not stand in an expression.
                index = EndOfType(tokens, index);
            }
            else if (tokens[index].IsWord("at") && index + 2 < tokens.Count && tokens[index + 2].IsWord("zone"))
            {
                index += 2;
            }
            else if (NameAt(tokens, ref index) is { } name && !columns.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                columns.Add(name);
            }
        }

        return columns;
    }

    /// <summary>The columns of several expressions, each once.</summary>
    public static IReadOnlyList<string> Columns(IEnumerable<string> expressions) =>
        [.. expressions.SelectMany(Columns).Distinct(StringComparer.OrdinalIgnoreCase)];

    // The last part of `orders.order_id`; null for functions, keywords and everything that is no name.
    private static string? NameAt(List<Token> tokens, ref int index)
    {
        if (tokens[index].Kind is not (TokenKind.Word or TokenKind.Quoted))
        {
            return null;
        }

        while (index + 2 < tokens.Count && tokens[index + 1].IsSymbol(".") && tokens[index + 2].Kind is TokenKind.Word or TokenKind.Quoted)
        {
            index += 2;
        }

        // A word in front of a literal is its type: `date '2024-01-01'`.
        var isNoColumn = index + 1 < tokens.Count && tokens[index + 1] is var next && (next.IsSymbol("(") || next.Kind == TokenKind.Literal);
        var isKeyword = tokens[index].Kind == TokenKind.Word && Keywords.Contains(tokens[index].Text) && tokens.Count > 1;
        return isNoColumn || isKeyword ? null : tokens[index].Text;
    }

    // Words, and what stands in parentheses behind them: `timestamp(6) with time zone`.
    private static int EndOfType(List<Token> tokens, int index)
    {
        while (index + 1 < tokens.Count && tokens[index + 1] is var next
            && (next.Kind == TokenKind.Quoted || next.IsSymbol("(") || next.IsSymbol(".")
                || (next.Kind == TokenKind.Word && !Keywords.Contains(next.Text))))
        {
            index++;
            if (tokens[index].IsSymbol("("))
            {
                index = tokens.FindIndex(index, token => token.IsSymbol(")")) is var end and >= 0 ? end : tokens.Count - 1;
            }
        }

        return index;
    }

    private static List<Token>? Tokens(string text)
    {
        var tokens = new List<Token>();
        var depth = 0;
        for (var at = 0; at < text.Length;)
        {
            var start = at;
            var character = text[at];
            if (char.IsWhiteSpace(character))
            {
                at++;
            }
            else if (character is '{' or ';' || text.AsSpan(at).StartsWith("--") || text.AsSpan(at).StartsWith("/*"))
            {
                return null;
            }
            else if (character is '\'' or '"' or '`' or '[')
            {
                if (ReadQuoted(text, ref at) is not { } content)
                {
                    return null;
                }

                tokens.Add(new Token(character == '\'' ? TokenKind.Literal : TokenKind.Quoted, content));
            }
            else if (char.IsLetter(character) || character == '_')
            {
                while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '$'))
                {
                    at++;
                }

                tokens.Add(new Token(TokenKind.Word, text[start..at]));
            }
            else if (char.IsDigit(character))
            {
                while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '.'))
                {
                    at++;
                }

                tokens.Add(new Token(TokenKind.Literal, text[start..at]));
            }
            else
            {
                at += text.AsSpan(at).StartsWith("::") || text.AsSpan(at).StartsWith("||") ? 2 : 1;
                depth += character switch { '(' => 1, ')' => -1, _ => 0 };
                tokens.Add(new Token(TokenKind.Symbol, text[start..at]));
                if (depth < 0)
                {
                    return null;
                }
            }
        }

        return depth == 0 ? tokens : null;
    }

    // A doubled quote is one of the name's characters.
    private static string? ReadQuoted(string text, ref int at)
    {
        var close = text[at] == '[' ? ']' : text[at];
        var content = new StringBuilder();
        for (var index = at + 1; index < text.Length; index++)
        {
            if (text[index] != close)
            {
                content.Append(text[index]);
            }
            else if (index + 1 < text.Length && text[index + 1] == close)
            {
                content.Append(close);
                index++;
            }
            else
            {
                at = index + 1;
                return content.ToString();
            }
        }

        return null;
    }

    private enum TokenKind
    {
        Word,
        Quoted,
        Literal,
        Symbol,
    }

    private readonly record struct Token(TokenKind Kind, string Text)
    {
        public bool IsWord(string word) => Kind == TokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

        public bool IsSymbol(string symbol) => Kind == TokenKind.Symbol && Text == symbol;
    }
}
