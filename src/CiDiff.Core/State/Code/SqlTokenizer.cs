using System.Text.RegularExpressions;

namespace CiDiff.State.Code;

/// <summary>Takes SQL with Jinja in it apart, for whatever dialect it is.</summary>
/// <remarks>It refuses what dialects read differently, and what makes white space or comments matter: whoever asks must then take every
/// difference for a real one.</remarks>
internal sealed partial class SqlTokenizer
{
    private readonly string _code;
    private readonly List<SqlToken> _tokens = [];
    private SqlGap _gap;
    private int _at;
    private int _end;
    private int _brackets;

    private SqlTokenizer(string code) => _code = code;

    /// <summary>The pieces of a template, without white space and comments.</summary>
    /// <exception cref="FormatException">It cannot be told what they are.</exception>
    public static IReadOnlyList<SqlToken> Tokenize(string code)
    {
        var tokenizer = new SqlTokenizer(code);
        while (tokenizer._at < code.Length)
        {
            tokenizer.Step();
        }

        return tokenizer._tokens;
    }

    /// <summary>How a Jinja expression is written into a token.</summary>
    public static string TextOf(IReadOnlyList<JinjaToken> tokens) => string.Concat(tokens.Select(token => $"\0{token.Kind}{token.Value}"));

    private void Step()
    {
        var next = _code[_at];
        var second = _at + 1 < _code.Length ? _code[_at + 1] : '\0';
        if (char.IsWhiteSpace(next))
        {
            _gap |= next == '\n' ? SqlGap.Space | SqlGap.Line : SqlGap.Space;
            _at++;
        }
        else if (TemplateTag.At(_code, _at) is { } tag)
        {
            ReadTag(tag);
        }
        else if (next == '-' && second == '-')
        {
            ReadLineComment();
        }
        else if (next == '/' && second == '*')
        {
            ReadBlockComment();
        }
        else if (next is '\'' or '"' or '`')
        {
            ReadQuoted(next);
        }
        else if (next == '$' && DollarQuote().Match(_code, _at) is { Success: true } quote && quote.Index == _at)
        {
            var end = _code.IndexOf(quote.Value, _at + quote.Length, StringComparison.Ordinal);
            Add(SqlTokenKind.Verbatim, end < 0 ? throw Unclear("a dollar quote does not end") : end + quote.Length);
        }
        else if (IsPartOfWord(next))
        {
            ReadWord();
        }
        else
        {
            _brackets += next switch { '[' => 1, ']' => -1, _ => 0 };
            Add(SqlTokenKind.Sign, _at + 1);
        }
    }

    private void ReadTag(TemplateTag tag)
    {
        if (tag.Kind == TemplateTagKind.Comment)
        {
            if (tag.TrimsBefore(_code) || tag.TrimsAfter(_code))
            {
                throw Unclear("a Jinja comment joins what stands around it");
            }

            _at = tag.End;
            return;
        }

        if (_gap.HasFlag(SqlGap.LineComment) && tag.TrimsBefore(_code))
        {
            throw Unclear("a Jinja tag takes a comment's line end away");
        }

        var tokens = JinjaToken.Tokenize(tag.Inside(_code).ToString());
        if (tag.Kind == TemplateTagKind.Statement && CapturesText(tokens))
        {
            throw Unclear("a Jinja block makes a text of the SQL in it");
        }

        var text = $"{TextOf(tokens)}\0{tag.Kind}{tag.TrimsBefore(_code)}{tag.TrimsAfter(_code)}";
        _tokens.Add(new SqlToken(SqlTokenKind.Tag, text, _gap));
        _gap = SqlGap.None;
        _at = _end = tag.End;
    }

    private static bool CapturesText(IReadOnlyList<JinjaToken> tokens) => tokens is [{ Value: var name }, ..] && name switch
    {
        "raw" or "call" or "filter" or "macro" or "docs" => true,
        "set" => !tokens.Any(token => token is { Kind: JinjaTokenKind.Sign, Value: "=" }),
        _ => false,
    };

    private void ReadLineComment()
    {
        var end = _code.IndexOf('\n', _at);
        end = end < 0 ? _code.Length : end;
        var comment = _code.AsSpan(_at, end - _at);
        if (comment.StartsWith("--+") || HoldsJinja(comment))
        {
            Add(SqlTokenKind.Verbatim, end);
            _gap = SqlGap.LineComment;
            return;
        }

        _gap |= SqlGap.Space | SqlGap.LineComment;
        _at = end;
    }

    private void ReadBlockComment()
    {
        var end = _code.IndexOf("*/", _at + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Unclear("a comment does not end");
        }

        var comment = _code.AsSpan(_at + 2, end - _at - 2);
        if (comment.Contains("/*", StringComparison.Ordinal))
        {
            throw Unclear("dialects disagree whether comments nest");
        }

        // Hints to an optimizer.
        if (comment is ['+' or '!', ..] || HoldsJinja(comment))
        {
            Add(SqlTokenKind.Verbatim, end + 2);
            return;
        }

        _gap |= SqlGap.Space;
        _at = end + 2;
    }

    // Jinja is rendered before any comment is read: `-- depends_on: {{ ref('orders') }}` means something.
    private static bool HoldsJinja(ReadOnlySpan<char> comment)
    {
        if (comment.Contains("{#", StringComparison.Ordinal) || comment.Contains("#}", StringComparison.Ordinal))
        {
            throw Unclear("a Jinja comment within a comment");
        }

        return comment.Contains("{{", StringComparison.Ordinal) || comment.Contains("{%", StringComparison.Ordinal)
            ? comment.Contains("%}", StringComparison.Ordinal) || comment.Contains("}}", StringComparison.Ordinal)
                ? true
                : throw Unclear("a Jinja tag goes beyond its comment")
            : false;
    }

    private void ReadQuoted(char quote)
    {
        if (_code.AsSpan(_at).StartsWith([quote, quote, quote]))
        {
            throw Unclear("dialects disagree about three quotes");
        }

        for (var at = _at + 1; at < _code.Length; at++)
        {
            if (_code[at] == '\\' && at + 1 < _code.Length && _code[at + 1] == quote)
            {
                throw Unclear("dialects disagree about a backslash before a quote");
            }

            if (TemplateTag.At(_code, at) is { } tag)
            {
                at = tag.End - 1;
            }
            else if (_code[at] == quote)
            {
                if (at + 1 < _code.Length && _code[at + 1] == quote)
                {
                    at++;
                }
                else
                {
                    Add(SqlTokenKind.Verbatim, at + 1);
                    return;
                }
            }
        }

        throw Unclear("a quote does not end");
    }

    private void ReadWord()
    {
        var isNumber = char.IsAsciiDigit(_code[_at]);
        var end = _at;
        while (end < _code.Length && (IsPartOfWord(_code[end]) || (end > _at && _code[end] == '$')))
        {
            end++;
            // 1e-5
            if (isNumber && end + 1 < _code.Length && _code[end - 1] is 'e' or 'E' && _code[end] is '+' or '-' && char.IsAsciiDigit(_code[end + 1]))
            {
                end++;
            }
        }

        Add(SqlTokenKind.Word, end);
    }

    private void Add(SqlTokenKind kind, int end)
    {
        // [some name] is one name in some dialects, and the white space a part of it.
        var start = _brackets > 0 && kind == SqlTokenKind.Word && _tokens is [.., { Kind: SqlTokenKind.Word }] ? _end : _at;
        _tokens.Add(new SqlToken(kind, _code[start..end], _gap));
        _gap = SqlGap.None;
        _at = _end = end;
    }

    private static bool IsPartOfWord(char sign) => char.IsLetterOrDigit(sign) || sign == '_';

    private static FormatException Unclear(string why) => new($"It cannot be told what changed: {why}.");

    [GeneratedRegex(@"\$(?:[A-Za-z_][A-Za-z_0-9]*)?\$")]
    private static partial Regex DollarQuote();
}
