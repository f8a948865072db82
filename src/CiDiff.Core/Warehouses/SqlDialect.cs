using System.Runtime.CompilerServices;
using CiDiff.Configuration;

namespace CiDiff.Warehouses;

/// <summary>How one warehouse spells SQL. What differs between warehouses is a member here, never a switch elsewhere.</summary>
public abstract class SqlDialect
{
    /// <summary>The longest text that <see cref="Display"/> gives, in characters; the rest is cut, so that what the client holds is
    /// bounded.</summary>
    public const int DisplayLength = 10_000;

    /// <summary>Whether two stored names are the same to this warehouse (case rules).</summary>
    public abstract StringComparer NameComparer { get; }

    /// <summary>How many columns one statement compares; tables with more are compared in several.</summary>
    public virtual int MaxComparedColumns => int.MaxValue;

    /// <summary>Whether a view or a query that is read more than once in a statement is better kept aside than run again.</summary>
    public abstract bool KeepsViews { get; }

    /// <summary>A name as the warehouse stores it when it was written without quotes; the same name where lookups ignore case.</summary>
    public abstract string Fold(string unquoted);

    /// <summary>Quotes an identifier.</summary>
    public abstract string Quote(string identifier);

    /// <summary>Quotes a relation's name, with the parts this warehouse takes.</summary>
    public abstract string Quote(RelationName relation);

    /// <summary>Quotes a text value.</summary>
    public abstract string QuoteLiteral(string value);

#pragma warning disable CA1822 // the handler is given this dialect
    /// <summary>Builds SQL in which identifiers are quoted and values are literals.</summary>
    public SqlText Sql([InterpolatedStringHandlerArgument("")] ref SqlInterpolation text) => text.ToSql();
#pragma warning restore CA1822

    /// <summary>How the values of two columns are compared.</summary>
    /// <param name="values">The expressions on both sides.</param>
    /// <param name="types">Their types.</param>
    public abstract ComparedForms Compare(Sides<SqlText> values, Sides<ColumnType> types);

    /// <summary>A boolean expression, never null: whether two values differ as values (see <c>docs/diffing.md</c>).</summary>
    /// <param name="values">The expressions on both sides.</param>
    /// <param name="types">Their types.</param>
    /// <param name="tolerance">How far they may be apart and still count as equal; null for not at all. Without effect on types that have no
    /// distance.</param>
    public abstract SqlText Differ(Sides<SqlText> values, Sides<ColumnType> types, Tolerance? tolerance);

    /// <summary>Whether values of the two types have a distance that a tolerance can be measured against.</summary>
    public abstract bool HaveDistance(Sides<ColumnType> types, ToleranceMode mode);

    /// <summary>Two values without what a tolerance ignores about them, and their types then. Values that are equal stay equal.</summary>
    /// <param name="values">The expressions on both sides.</param>
    /// <param name="types">Their types.</param>
    /// <param name="tolerance">What is ignored; what does not apply to both types has no effect.</param>
    public (Sides<SqlText> Values, Sides<ColumnType> Types) Loosen(Sides<SqlText> values, Sides<ColumnType> types, Tolerance tolerance)
    {
        var ignored = tolerance.Ignores & LooseAspects(types);
        if (tolerance.Precision is { } precision && HavePrecision(types))
        {
            values = new(Truncated(values.Base, types.Base, precision), Truncated(values.Head, types.Head, precision));
            types = types.Map(type => type with { Name = TruncatedType(type) });
        }

        if (ignored.HasFlag(ValueAspects.TrailingSpaces))
        {
            values = values.Map(value => Sql($"rtrim({Text(value)})"));
        }

        if (ignored.HasFlag(ValueAspects.Case))
        {
            values = values.Map(value => Sql($"lower({Text(value)})"));
        }

        if (ignored.HasFlag(ValueAspects.NullOrEmpty))
        {
            values = values.Map(value => Sql($"coalesce({Text(value)}, '')"));
        }

        if (ignored.HasFlag(ValueAspects.JsonSpelling))
        {
            values = values.Map(value => TextAsJson(Text(value)));
            types = types.Map(_ => JsonType);
        }

        if (ignored.HasFlag(ValueAspects.ArrayOrder))
        {
            values = new(SortedArray(values.Base, types.Base), SortedArray(values.Head, types.Head));
        }

        return (values, types);
    }

    /// <summary>What <see cref="Loosen"/> can ignore about values of two types.</summary>
    public static ValueAspects LooseAspects(Sides<ColumnType> types) => (types.Base.Family, types.Head.Family) switch
    {
        (TypeFamily.Text, TypeFamily.Text) =>
            ValueAspects.Case | ValueAspects.TrailingSpaces | ValueAspects.NullOrEmpty | ValueAspects.JsonSpelling,
        (TypeFamily.Array, TypeFamily.Array) => ValueAspects.ArrayOrder,
        _ => ValueAspects.None,
    };

    /// <summary>Whether values of two types can be cut down to a unit of time.</summary>
    public static bool HavePrecision(Sides<ColumnType> types) =>
        types.Base.Family is TypeFamily.Timestamp or TypeFamily.TimestampWithZone
        && types.Head.Family is TypeFamily.Timestamp or TypeFamily.TimestampWithZone;

    /// <summary>The type of <see cref="TextAsJson"/>.</summary>
    protected abstract ColumnType JsonType { get; }

    /// <summary>A text as the JSON value that it spells, or as something that equals only the same text when it is empty; null stays null.</summary>
    protected abstract SqlText TextAsJson(SqlText value);

    /// <summary>An array with its elements in an order that depends on nothing but them.</summary>
    protected abstract SqlText SortedArray(SqlText value, ColumnType type);

    /// <summary>A timestamp without what is smaller than a unit.</summary>
    protected abstract SqlText Truncated(SqlText value, ColumnType type, TimePrecision precision);

    /// <summary>The name of the type that <see cref="Truncated"/> gives.</summary>
    protected abstract string TruncatedType(ColumnType type);

    /// <summary>The name of a unit for <c>date_trunc</c>.</summary>
    protected static SqlLiteral Unit(TimePrecision precision) => new(precision switch
    {
        TimePrecision.Millisecond => "milliseconds",
        TimePrecision.Second => "second",
        TimePrecision.Minute => "minute",
        TimePrecision.Hour => "hour",
        TimePrecision.Day => "day",
        _ => throw new System.Diagnostics.UnreachableException(),
    });

    /// <summary>A value as people read it, as text of at most <see cref="DisplayLength"/> characters; null stays null.</summary>
    public abstract SqlText Display(SqlText value, ColumnType type);

    /// <summary>A value as text, whole; equal values of one type give equal texts.</summary>
    public abstract SqlText Text(SqlText value);

    /// <summary>How a pair of key columns is matched: the expressions to join and group by on each side, of one type, or null when the two
    /// types cannot be matched.</summary>
    public abstract Sides<SqlText>? KeyForm(Sides<SqlText> values, Sides<ColumnType> types);

    /// <summary>A <see cref="KeyForm"/> as text: equal forms give equal texts, which <see cref="Text"/> does not promise of numbers and intervals.</summary>
    /// <param name="form">The form.</param>
    /// <param name="types">The types on both sides.</param>
    public abstract SqlText KeyText(SqlText form, Sides<ColumnType> types);

    /// <summary>A condition that is true for the rows whose key column has one of some values, and may be true for a few more.</summary>
    /// <param name="column">The column on one side.</param>
    /// <param name="form">Its <see cref="KeyForm"/> on the same side.</param>
    /// <param name="types">The types on both sides.</param>
    /// <param name="texts">The <see cref="KeyText"/> of the key forms that are looked for; not empty.</param>
    public SqlText KeyIsOneOf(SqlText column, SqlText form, Sides<ColumnType> types, IReadOnlyList<string> texts)
    {
        // A literal takes the column's type, so that an index on the column can be used. It may not fit where the other side's type is another.
        var looked = types.Base.Name == types.Head.Name && HasExactLiterals(types.Base.Family) ? column : KeyText(form, types);
        var literals = SqlText.Join(", ", texts.Distinct(StringComparer.Ordinal).Select(text => Sql($"{new SqlValue(text)}")));
        return Sql($"{looked} in ({literals})");
    }

    /// <summary>An aggregate that gives the first rows of a table, in the order of all columns; null where this warehouse has none that keeps only
    /// as many rows as it gives.</summary>
    /// <param name="columns">What to give, and to order by.</param>
    /// <param name="condition">Which rows.</param>
    /// <param name="count">How many rows at most.</param>
    /// <returns>To be given to <see cref="FirstRowsText"/>, in a select of which the user's tables are no part.</returns>
    public abstract SqlText? FirstRows(IReadOnlyList<SqlText> columns, SqlText condition, int count);

    /// <summary>What <see cref="FirstRows"/> gave, as the text of a JSON array of arrays of texts; null for no rows.</summary>
    /// <param name="rows">What it gave.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="texts">Turns the columns of a row into texts.</param>
    public abstract SqlText FirstRowsText(SqlText rows, int columns, Func<IReadOnlyList<SqlText>, IEnumerable<SqlText>> texts);

    /// <summary>An aggregate that gives all rows as the text of a JSON array of arrays of texts; null for no rows.</summary>
    /// <param name="texts">What to give of each row: texts, or null.</param>
    /// <param name="order">What to order by.</param>
    public abstract SqlText AllRows(IReadOnlyList<SqlText> texts, SqlText order);

    /// <summary>An aggregate that gives the values at some shares of a column's sorted values, as the text of a JSON array of texts; null for no
    /// values.</summary>
    /// <param name="value">A number, date or timestamp.</param>
    /// <param name="shares">0 to 1.</param>
    public abstract SqlText Quantiles(SqlText value, IReadOnlyList<decimal> shares);

    /// <summary>A query that gives some rows of another one, the same ones each time as far as the warehouse can, for a look at what is in it.</summary>
    /// <param name="query">Which rows.</param>
    /// <param name="count">About how many.</param>
    /// <param name="of">How many rows there are, roughly; null when nobody knows.</param>
    public abstract SqlText SomeRows(SqlText query, int count, long? of);

    /// <summary>What stands behind a table's name to read only some of its blocks, the same ones each time; null where the blocks are so large that a few of
    /// them do not stand for the table.</summary>
    /// <param name="share">Above 0, below 1: how many of them.</param>
    public virtual SqlText? SomeBlocks(decimal share) => null;

    /// <summary>A statement that prepares the session for joining two tables on a key, or null when there is nothing to prepare. It changes nothing
    /// but the session.</summary>
    /// <param name="relations">The tables; null for what is not a table.</param>
    /// <param name="isInOrder">Whether the rows of both lie in the order of their keys, which an index has.</param>
    public virtual SqlText? PrepareJoin(Sides<RelationInfo?> relations, bool isInOrder) => null;

    /// <summary>The same where that is not known yet. The last column of its row is null unless the rows of both tables lie in that order; the one before has what
    /// <see cref="DividingKeys"/> gives, with commas between, or null.</summary>
    /// <param name="order">The order.</param>
    public virtual SqlText? PrepareJoin(KeyOrder order) => null;

    /// <summary>A query for the values below which about such shares of a table's rows are, in order, one row with a text each; null where the warehouse runs
    /// a join on every processor by itself, or has no order to rely on for the type. Fewer rows, or none, when it does not know so many.</summary>
    /// <param name="relation">The table.</param>
    /// <param name="column">The column.</param>
    /// <param name="type">Its type.</param>
    /// <param name="percents">The shares, 1 to 99 each; at least one.</param>
    public virtual SqlText? DividingKeys(RelationName relation, ColumnName column, ColumnType type, IReadOnlyList<int> percents) => null;

    /// <summary>What hashes are summed over to compare two tables.</summary>
    public virtual FingerprintKind Fingerprints => FingerprintKind.None;

    /// <summary>Whether tables of this size are rather scanned for hashes first than joined at once.</summary>
    /// <param name="rows">The rows of the larger one, roughly.</param>
    /// <param name="followsIndex">The join can follow an index of both.</param>
    /// <param name="hasNeighbours">The key has a <see cref="Neighbourhood"/>.</param>
    public virtual bool PrefersFingerprint(long rows, bool followsIndex, bool hasNeighbours) => false;

    /// <summary>A statement that prepares the session for scanning a table for its <see cref="Hash"/>es, or null when there is nothing to prepare. It changes
    /// nothing but the session. The last value of its row says whether there is an aggregate <c>bit_xor</c>.</summary>
    /// <param name="rows">How many rows, roughly.</param>
    public virtual SqlText? PrepareScan(long rows) => null;

    /// <summary>A statement that undoes <see cref="PrepareScan"/> for what the session is asked next, or null when there is nothing to undo.</summary>
    /// <param name="rows">The same.</param>
    public virtual SqlText? EndScan(long rows) => null;

    /// <summary>A hash of a value, as a whole number of 64 bits: equal hashes mean equal values, as far as 64 bits can tell. Different hashes may be
    /// of equal values. Null for a null, or not, the same on both sides.</summary>
    /// <param name="value">A <see cref="Compare"/> form, or a <see cref="KeyForm"/>.</param>
    /// <param name="types">The types on both sides, before they were compared.</param>
    /// <param name="seed">A hash, or another whole number of 64 bits, to mix it with; null for none.</param>
    /// <returns>Null when values of such types have no hash that can be trusted.</returns>
    public virtual SqlText? Hash(SqlText value, Sides<ColumnType> types, SqlText? seed) => null;

    /// <summary>A hash of a whole number of 64 bits that is no value's <see cref="Hash"/> with this number as its seed.</summary>
    /// <param name="number">The number.</param>
    public virtual SqlText NumberHash(SqlText number) => throw new NotSupportedException("There is no hash of 64 bits.");

    /// <summary>A <see cref="Hash"/> of several values.</summary>
    /// <param name="values">The values with the types on both sides, each of which has a hash.</param>
    public virtual SqlText RowHash(IReadOnlyList<(SqlText Value, Sides<ColumnType> Types)> values) =>
        values.Aggregate((SqlText?)null, (hash, entry) => Hash(entry.Value, entry.Types, hash)) ?? throw new ArgumentException("There is no value.", nameof(values));

    /// <summary>A number that neighbours share, of rows whose key is a whole number of 64 bits: rows mostly lie in the order of such keys, and a group whose
    /// rows lie together is found again in half the time of one whose rows are all over the table.</summary>
    /// <param name="number">The key's value.</param>
    public SqlText Neighbourhood(SqlText number)
    {
        // The upper bits too, because the lower ones of some keys are all the same.
        var wide = Sql($"cast({number} as bigint)");
        return Sql($"coalesce({ExclusiveOr(ExclusiveOr(Sql($"({wide} >> 4)"), Sql($"({wide} >> 20)")), Sql($"({wide} >> 36)"))}, 0)");
    }

    /// <summary>An aggregate over the rows of both sides that compares sums of hashes over groups of neighbours, without a hash table for the groups; null when there is
    /// none. Its value is the text of a <see cref="GroupDifferences"/>, null of no rows.</summary>
    /// <param name="isBase">Whether a row is of base.</param>
    /// <param name="key">The row's key, a whole number of 64 bits.</param>
    /// <param name="hash">The hash of the whole row, its key included.</param>
    /// <param name="range">Where the keys are.</param>
    public virtual SqlText? CompareGroups(SqlText isBase, SqlText key, SqlText hash, KeyRange range) => null;

    /// <summary>Whether tables of this size are rather compared by <see cref="CompareGroups"/> first than joined at once, when their keys turn out to lie close
    /// together.</summary>
    /// <param name="rows">The rows of the larger one, roughly.</param>
    public virtual bool PrefersGroups(long rows) => false;

    /// <summary>A condition that is true for keys of the groups that <see cref="CompareGroups"/> marked.</summary>
    /// <param name="key">The row's key, in the range.</param>
    /// <param name="range">The range that was asked about.</param>
    /// <param name="marks">The answer's.</param>
    public virtual SqlText IsMarked(SqlText key, KeyRange range, string marks) => throw new NotSupportedException("There are no marks.");

    /// <summary>Tables of fewer rows are read whole, also where a sample was asked for, unless the configuration says otherwise.</summary>
    /// <remarks>As Datafold documents it: https://docs.datafold.com/data-diff/in-database-diffing/creating-a-new-data-diff.</remarks>
    public virtual long SamplingThreshold => 5_000_000;

    /// <summary>A condition that is true for about a share of all values of <see cref="Hash"/>, always the same ones.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="share">Above 0, below 1.</param>
    public virtual SqlText IsBelowShare(SqlText hash, decimal share) => throw new NotSupportedException("There is no hash to draw by.");

    /// <summary>The type of DuckDB's that a column's values have when they are compared outside of their warehouse; see <see cref="PortableTypes"/>.</summary>
    public abstract ColumnType PortableType(ColumnType type);

    /// <summary>A value as it leaves the warehouse.</summary>
    /// <param name="value">The value.</param>
    /// <param name="from">Its type here.</param>
    /// <param name="to">What <see cref="PortableTypes.Common"/> says.</param>
    public abstract PortableForm Portable(SqlText value, ColumnType from, ColumnType to);

    /// <summary>A hash that is the same in every warehouse, as a whole number of 64 bits with a sign; null of null. See <c>docs/diffing.md</c>.</summary>
    /// <param name="value">A <see cref="PortableForm.Hashed"/>.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="seed">A whole number to mix it with.</param>
    public abstract SqlText CommonHash(SqlText value, HashKind kind, SqlText seed);

    /// <summary>The exclusive or of two whole numbers of 64 bits.</summary>
    public abstract SqlText ExclusiveOr(SqlText first, SqlText second);

    /// <summary>Whether a whole number is one of many.</summary>
    public abstract SqlText IsAmong(SqlText number, IReadOnlyList<long> numbers);

    /// <summary>A query whose expressions are computed once a row, however often the query around it uses them.</summary>
    public virtual SqlText Fixed(SqlText query) => query;

    /// <summary>An aggregate that counts distinct values of a whole number much quicker than <c>count(distinct)</c>; null when there is none.</summary>
    /// <param name="value">The number.</param>
    /// <param name="least">No value is below it.</param>
    /// <param name="greatest">No value is above it.</param>
    public virtual SqlText? CountDistinctBetween(SqlText value, long least, long greatest) => null;

    /// <summary>An aggregate that gathers the rows that fulfil a condition in one value, so that whatever else is to be known of all rows is counted in the same
    /// pass; null where there is none. The value is held in memory.</summary>
    /// <param name="columns">What to give of each row.</param>
    /// <param name="condition">Which rows. Computed once a row.</param>
    public virtual SqlText? Gather(IReadOnlyList<GatheredColumn> columns, SqlText condition) => null;

    /// <summary>How many rows may be gathered at most, in all sessions that do so at once, for the memory that they take there.</summary>
    /// <param name="flags">Columns of a row that say yes or no, besides a key.</param>
    public virtual long MostRowsToGather(int flags) => 0;

    /// <summary>The rows that <see cref="Gather"/> gathered, for a statement's <c>from</c>, beside the table that has them.</summary>
    /// <param name="rows">The value.</param>
    /// <param name="columns">The same columns.</param>
    public virtual SqlText Gathered(SqlText rows, IReadOnlyList<GatheredColumn> columns) =>
        throw new NotSupportedException("This warehouse gathers no rows.");

    /// <summary>How many rows fulfil a condition.</summary>
    public virtual SqlText CountIf(SqlText condition) => Sql($"count(*) filter (where {condition})");

    /// <summary>How many different values those rows have that fulfil a condition.</summary>
    public virtual SqlText CountDistinctIf(SqlText value, SqlText condition) => Sql($"count(distinct ({value})) filter (where {condition})");

    /// <summary>Numbers between commas.</summary>
    protected static SqlText Numbers(IEnumerable<decimal> numbers) =>
        new(string.Join(", ", numbers.Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture))));

    // Types whose text, as a literal, gives the same value back, whatever the column's precision.
    private static bool HasExactLiterals(TypeFamily family) => family
        is TypeFamily.Integer or TypeFamily.Decimal or TypeFamily.Text or TypeFamily.Uuid or TypeFamily.Date or TypeFamily.Timestamp
        or TypeFamily.TimestampWithZone;
}

/// <summary>What hashes are summed over.</summary>
public enum FingerprintKind
{
    /// <summary>There are none.</summary>
    None,

    /// <summary>Each column.</summary>
    Columns,

    /// <summary>Each of many groups of rows, by a hash of the key.</summary>
    Buckets,
}

/// <summary>What <see cref="SqlDialect.Gather"/> gathers of a row.</summary>
/// <param name="Value">The value.</param>
/// <param name="Name">What it is called when it is taken out.</param>
/// <param name="Type">Its type's name in the warehouse.</param>
public sealed record GatheredColumn(SqlText Value, SqlText Name, string Type);

/// <summary>How the values of two columns are compared.</summary>
/// <param name="Values">Expressions on both sides, of one type, for which the warehouse's own equality, also in <c>group by</c>, is the equality of
/// values.</param>
/// <param name="By">What they were turned into.</param>
public sealed record ComparedForms(Sides<SqlText> Values, ComparedBy By);

/// <summary>What values are turned into before they are compared.</summary>
public enum ComparedBy
{
    /// <summary>Nothing, or another spelling of the same value.</summary>
    Value,

    /// <summary>The wider one of two types.</summary>
    WiderType,

    /// <summary>Text.</summary>
    Text,
}
