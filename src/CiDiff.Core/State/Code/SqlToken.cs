namespace CiDiff.State.Code;

/// <summary>What a piece of a SQL template is.</summary>
internal enum SqlTokenKind
{
    /// <summary>A name, keyword or number.</summary>
    Word,

    /// <summary>A text or a name in quotes, or a comment that means something; only the very same is the same.</summary>
    Verbatim,

    /// <summary>One sign.</summary>
    Sign,

    /// <summary>A Jinja expression or statement, white space in it evened out.</summary>
    Tag,
}

/// <summary>What stands between two pieces.</summary>
[Flags]
internal enum SqlGap
{
    /// <summary>Nothing, or a Jinja comment.</summary>
    None = 0,

    /// <summary>White space or a comment.</summary>
    Space = 1,

    /// <summary>At least one line end.</summary>
    Line = 2,

    /// <summary>A comment up to the line's end.</summary>
    LineComment = 4,
}

/// <summary>A piece of a SQL template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">What it says.</param>
/// <param name="Gap">What stands before it.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Text, SqlGap Gap);
