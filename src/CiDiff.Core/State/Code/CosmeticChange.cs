namespace CiDiff.State.Code;

/// <summary>Tells changes of comments, white space and keyword case from changes that a warehouse could notice.</summary>
internal static class CosmeticChange
{
    // Reserved nearly everywhere, so that none of them is anybody's column.
    private static readonly HashSet<string> Keywords = new(
        [
            "all", "and", "as", "asc", "between", "by", "case", "cast", "cross", "desc", "distinct", "else", "end", "except", "exists", "false",
            "for", "from", "full", "group", "having", "in", "inner", "intersect", "is", "join", "left", "like", "limit", "not", "null", "on",
            "or", "order", "outer", "right", "select", "then", "true", "union", "using", "when", "where", "with",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether two templates of SQL are the same to every warehouse; false when in doubt.</summary>
    public static bool IsAll(string head, string old)
    {
        try
        {
            var now = SqlTokenizer.Tokenize(head);
            var before = SqlTokenizer.Tokenize(old);
            return now.Count == before.Count && Enumerable.Range(0, now.Count).All(index => IsSame(now, before, index));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>A text that is the same for templates of which one is a cosmetic change of the other, and of those that differ in their
    /// <c>config(…)</c> only: a renamed model often keeps its table by an alias there.</summary>
    public static string Essence(string code)
    {
        try
        {
            var tokens = SqlTokenizer.Tokenize(code);
            return string.Join(
                '\0',
                from index in Enumerable.Range(0, tokens.Count)
                where !ConfigCall.Is(tokens[index])
                select IsKeyword(tokens, index) ? tokens[index].Text.ToLowerInvariant() : tokens[index].Text);
        }
        catch (FormatException)
        {
            return code;
        }
    }

    private static bool IsSame(IReadOnlyList<SqlToken> now, IReadOnlyList<SqlToken> before, int index)
    {
        var token = now[index];
        var old = before[index];
        return token.Kind == old.Kind
            && (token.Text == old.Text || (IsKeyword(now, index) && IsKeyword(before, index) && Equals(token.Text, old.Text)))
            && (index == 0 || (token.Gap & Mattering(now[index - 1], token)) == (old.Gap & Mattering(before[index - 1], old)));
    }

    // `as END` and `t.end` are names, and some warehouses keep the case of a column's name.
    private static bool IsKeyword(IReadOnlyList<SqlToken> tokens, int index)
    {
        var before = index == 0 ? "" : tokens[index - 1].Text;
        var after = index + 1 == tokens.Count ? "" : tokens[index + 1].Text;
        return tokens[index].Kind == SqlTokenKind.Word
            && before != "." && after != "." && !Equals(before, "as")
            && (Keywords.Contains(tokens[index].Text)
                || (Equals(tokens[index].Text, "over") && after == "(")
                || (Equals(tokens[index].Text, "partition") && Equals(after, "by")));
    }

    private static bool Equals(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);

    // Where white space between two pieces changes what they are.
    private static SqlGap Mattering(SqlToken left, SqlToken right)
    {
        if (left.Kind == SqlTokenKind.Verbatim && right.Kind == SqlTokenKind.Verbatim)
        {
            // Standard SQL joins two texts that a line end separates.
            return SqlGap.Space | SqlGap.Line;
        }

        var matters = (left.Kind, right.Kind) switch
        {
            (SqlTokenKind.Tag, _) or (_, SqlTokenKind.Tag) => true,
            (SqlTokenKind.Sign, SqlTokenKind.Sign) => !StandsAlone(left) && !StandsAlone(right),
            (SqlTokenKind.Sign, _) => !IsOperator(left),
            (_, SqlTokenKind.Sign) => !IsOperator(right) || (right.Text == "-" && left.Kind == SqlTokenKind.Word && !char.IsAsciiDigit(left.Text[0])),
            _ => true,
        };

        return matters ? SqlGap.Space : SqlGap.None;
    }

    private static bool StandsAlone(SqlToken sign) => sign.Text is "(" or ")" or "," or ";";

    // Not all of them are in all dialects, and some are part of a name in one.
    private static bool IsOperator(SqlToken sign) => StandsAlone(sign) || sign.Text is "=" or "<" or ">" or "+" or "-" or "*" or "/" or "|" or "[" or "]";
}
