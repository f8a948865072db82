using System.Runtime.CompilerServices;
using CiDiff.Configuration;

namespace CiDiff.Warehouses;

/// <summary>How one warehouse spells SQL. What differs between warehouses is a member here, never a switch elsewhere.</summary>
public abstract class SqlDialect
{
    /// <summary>Quotes an identifier.</summary>
    public abstract string Quote(string identifier);

    /// <summary>Quotes a relation's name, with the parts this warehouse takes.</summary>
    public abstract string Quote(RelationName relation);

    /// <summary>Quotes a text value.</summary>
    public abstract string QuoteLiteral(string value);

    /// <summary>Whether two stored names are the same to this warehouse (case rules).</summary>
    public abstract StringComparer NameComparer { get; }

#pragma warning disable CA1822 // the handler is given this dialect
    /// <summary>Builds SQL in which identifiers are quoted and values are literals.</summary>
    public SqlText Sql([InterpolatedStringHandlerArgument("")] ref SqlInterpolation text) => text.ToSql();
#pragma warning restore CA1822

    /// <summary>A boolean expression, never null: whether two values differ as values (see <c>docs/diffing.md</c>).</summary>
    /// <param name="values">The expressions on both sides.</param>
    /// <param name="types">Their types.</param>
    /// <param name="tolerance">How far they may be apart and still count as equal; null for not at all.</param>
    public abstract SqlText Differ(Sides<SqlText> values, Sides<ColumnType> types, Tolerance? tolerance);

    /// <summary>A value as people read it, as text; null stays null.</summary>
    public abstract SqlText Display(SqlText value, ColumnType type);

    /// <summary>A value in the form used for grouping whole rows, so that values that count as equal group together:
    /// json by value, collated text byte by byte, negative zero as zero.</summary>
    public abstract SqlText GroupingForm(SqlText value, ColumnType type);

    /// <summary>How a pair of key columns is matched: the expressions to join and group by on each side, or null when the two
    /// types cannot be matched.</summary>
    public abstract Sides<SqlText>? KeyForm(Sides<SqlText> values, Sides<ColumnType> types);
}
