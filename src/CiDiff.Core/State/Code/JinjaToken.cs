using System.Text;

namespace CiDiff.State.Code;

/// <summary>What a piece of a Jinja expression is.</summary>
internal enum JinjaTokenKind
{
    /// <summary>A name, keyword or number.</summary>
    Word,

    /// <summary>A text; the token holds its value, so that <c>'a'</c> and <c>"a"</c> are the same.</summary>
    Text,

    /// <summary>One sign.</summary>
    Sign,
}

/// <summary>A piece of a Jinja expression.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Value">What it says.</param>
internal readonly record struct JinjaToken(JinjaTokenKind Kind, string Value)
{
    /// <summary>Takes an expression apart; white space is dropped.</summary>
    /// <exception cref="FormatException">A text does not end.</exception>
    public static IReadOnlyList<JinjaToken> Tokenize(string expression)
    {
        var tokens = new List<JinjaToken>();
        for (var at = 0; at < expression.Length;)
        {
            var next = expression[at];
            if (char.IsWhiteSpace(next))
            {
                at++;
            }
            else if (next is '\'' or '"')
            {
                var end = EndOfText(expression, at);
                tokens.Add(new JinjaToken(JinjaTokenKind.Text, Unescape(expression.AsSpan(at + 1, end - at - 2))));
                at = end;
            }
            else if (IsPartOfWord(next))
            {
                var start = at;
                while (at < expression.Length && IsPartOfWord(expression[at]))
                {
                    at++;
                }

                tokens.Add(new JinjaToken(JinjaTokenKind.Word, expression[start..at]));
            }
            else
            {
                // Signs stay apart, but for those whose meaning depends on standing together.
                var length = at + 1 < expression.Length && IsPair(next, expression[at + 1]) ? 2 : 1;
                tokens.Add(new JinjaToken(JinjaTokenKind.Sign, expression.Substring(at, length)));
                at += length;
            }
        }

        return tokens;
    }

    /// <summary>Where the text that begins at a quote ends, after its last quote.</summary>
    /// <exception cref="FormatException">It does not end.</exception>
    public static int EndOfText(string code, int start)
    {
        for (var at = start + 1; at < code.Length; at++)
        {
            if (code[at] == '\\')
            {
                at++;
            }
            else if (code[at] == code[start])
            {
                return at + 1;
            }
        }

        throw new FormatException("A text in a Jinja tag does not end.");
    }

    private static bool IsPartOfWord(char sign) => char.IsLetterOrDigit(sign) || sign == '_';

    private static bool IsPair(char first, char second) =>
        (first, second) is ('*', '*') or ('/', '/') or ('=', '=') or ('!', '=') or ('<', '=') or ('>', '=');

    private static string Unescape(ReadOnlySpan<char> written)
    {
        if (!written.Contains('\\'))
        {
            return written.ToString();
        }

        var text = new StringBuilder(written.Length);
        for (var at = 0; at < written.Length; at++)
        {
            if (written[at] == '\\' && at + 1 < written.Length && written[at + 1] is '\\' or '\'' or '"' or 'n' or 't')
            {
                at++;
                text.Append(written[at] switch { 'n' => '\n', 't' => '\t', var sign => sign });
            }
            else
            {
                text.Append(written[at]);
            }
        }

        return text.ToString();
    }
}
