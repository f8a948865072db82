using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace CiDiff.Warehouses;

/// <summary>SQL that is ready to run: made by <see cref="SqlDialect.Sql"/> from names, literals and other SQL, or by
/// <see cref="FromConfiguration"/> from an expression the user wrote.</summary>
public sealed record SqlText
{
    internal SqlText(string text, string? origin = null)
    {
        Text = text;
        Origin = origin;
    }

    /// <summary>The SQL.</summary>
    public string Text { get; }

    /// <summary>Where the user wrote it, for error messages ("cidiff.yml, line 12"); null when CiDiff wrote it.</summary>
    public string? Origin { get; }

    /// <summary>Takes over SQL that a user wrote, such as a filter or a query to compare.</summary>
    /// <param name="text">One expression or one query.</param>
    /// <param name="origin">Where it was written, for error messages.</param>
    public static SqlText FromConfiguration(string text, string origin) => new(text, origin);

    /// <summary>Joins pieces, for example with <c>", "</c> or <c>" and "</c>.</summary>
    /// <param name="separator">Fixed text between two pieces; never built from data.</param>
    /// <param name="pieces">The pieces, in order.</param>
    public static SqlText Join(string separator, IEnumerable<SqlText> pieces) =>
        new(string.Join(separator, pieces.Select(piece => piece.Text)));

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>Collects interpolated SQL. There is no overload for <see cref="string"/>, so raw text cannot slip in.</summary>
[InterpolatedStringHandler]
public ref struct SqlInterpolation(int literalLength, int formattedCount, SqlDialect dialect)
{
    private readonly StringBuilder _text = new(literalLength + (formattedCount * 16));

    /// <summary>Appends the SQL as written in CiDiff's source.</summary>
    public readonly void AppendLiteral(string value) => _text.Append(value);

    /// <summary>Appends a quoted column name.</summary>
    public readonly void AppendFormatted(ColumnName column) => _text.Append(dialect.Quote(column.Value));

    /// <summary>Appends a quoted relation name.</summary>
    public readonly void AppendFormatted(RelationName relation) => _text.Append(dialect.Quote(relation));

    /// <summary>Appends SQL that was built earlier.</summary>
    public readonly void AppendFormatted(SqlText sql) => _text.Append(sql.Text);

    /// <summary>Appends a value as a literal.</summary>
    public readonly void AppendFormatted(SqlLiteral literal) => _text.Append(dialect.QuoteLiteral(literal.Value));

    /// <summary>Appends a whole number.</summary>
    public readonly void AppendFormatted(long number) => _text.Append(number.ToString(CultureInfo.InvariantCulture));

    internal readonly SqlText ToSql() => new(_text.ToString());
}

/// <summary>A text value to be written as an SQL literal.</summary>
public sealed record SqlLiteral(string Value);
