using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace CiDiff.Warehouses;

/// <summary>SQL that is ready to run: made by <see cref="SqlDialect.Sql"/> from names, literals and other SQL, or by
/// <see cref="FromConfiguration"/> from an expression the user wrote.</summary>
public sealed record SqlText
{
    // What the log sees instead of a value of a table.
    private const string Hidden = "…";

    internal SqlText(string text, string? origin = null, string? shown = null)
    {
        Text = text;
        Origin = origin;
        Shown = shown ?? text;
    }

    /// <summary>The SQL.</summary>
    public string Text { get; }

    /// <summary>The same for a log: without the values of tables in it.</summary>
    public string Shown { get; }

    /// <summary>Where the user wrote it, for error messages ("cidiff.yml, line 12"); null when CiDiff wrote it.</summary>
    public string? Origin { get; }

    /// <summary>Takes over SQL that a user wrote, such as a filter or a query to compare.</summary>
    /// <param name="text">One expression or one query.</param>
    /// <param name="origin">Where it was written, for error messages.</param>
    public static SqlText FromConfiguration(string text, string origin) => new(text, origin);

    /// <summary>A whole number that was found in a table, which no log shows.</summary>
    /// <param name="number">Of a key, for example.</param>
    internal static SqlText Found(Int128 number) => new(number.ToString(CultureInfo.InvariantCulture), shown: Hidden);

    /// <summary>A value that was found in a table, as a literal, which no log shows.</summary>
    /// <param name="literal">In quotes.</param>
    internal static SqlText Found(string literal) => new(literal, shown: $"'{Hidden}'");

    /// <summary>Joins pieces, for example with <c>", "</c> or <c>" and "</c>.</summary>
    /// <param name="separator">Fixed text between two pieces; never built from data.</param>
    /// <param name="pieces">The pieces, in order.</param>
    public static SqlText Join(string separator, IEnumerable<SqlText> pieces)
    {
        var all = pieces.ToList();
        return new(
            string.Join(separator, all.Select(piece => piece.Text)),
            shown: all.Any(piece => piece.Hides) ? string.Join(separator, all.Select(piece => piece.Shown)) : null);
    }

    /// <summary>Whether there is a value of a table in it.</summary>
    internal bool Hides => !ReferenceEquals(Text, Shown);

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>Collects interpolated SQL. There is no overload for <see cref="string"/>, so raw text cannot slip in.</summary>
[InterpolatedStringHandler]
public ref struct SqlInterpolation(int literalLength, int formattedCount, SqlDialect dialect)
{
    private readonly StringBuilder _text = new(literalLength + (formattedCount * 16));

    // From the first value of a table on.
    private StringBuilder? _shown;

    /// <summary>Appends the SQL as written in CiDiff's source.</summary>
    public readonly void AppendLiteral(string value)
    {
        _text.Append(value);
        _shown?.Append(value);
    }

    /// <summary>Appends a quoted column name.</summary>
    public readonly void AppendFormatted(ColumnName column) => AppendLiteral(dialect.Quote(column.Value));

    /// <summary>Appends a quoted relation name.</summary>
    public readonly void AppendFormatted(RelationName relation) => AppendLiteral(dialect.Quote(relation));

    /// <summary>Appends SQL that was built earlier.</summary>
    public void AppendFormatted(SqlText sql)
    {
        if (sql.Hides)
        {
            _shown ??= new StringBuilder(_text.ToString());
        }

        _text.Append(sql.Text);
        _shown?.Append(sql.Shown);
    }

    /// <summary>Appends a value as a literal.</summary>
    public readonly void AppendFormatted(SqlLiteral literal) => AppendLiteral(dialect.QuoteLiteral(literal.Value));

    /// <summary>Appends a value that was found in a table, as a literal.</summary>
    public void AppendFormatted(SqlValue value) => AppendFormatted(SqlText.Found(dialect.QuoteLiteral(value.Value)));

    /// <summary>Appends a whole number.</summary>
    public readonly void AppendFormatted(long number) => AppendLiteral(number.ToString(CultureInfo.InvariantCulture));

    internal readonly SqlText ToSql() => new(_text.ToString(), shown: _shown?.ToString());
}

/// <summary>A text value to be written as an SQL literal.</summary>
public sealed record SqlLiteral(string Value);

/// <summary>A value that was found in a table, to be written as an SQL literal. No log shows it.</summary>
public sealed record SqlValue(string Value);
