using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Finds out where changed rows are concentrated: which values of which columns, and which days, months or years, they have more often than
/// other rows.</summary>
/// <remarks>Two statements. The first reads some changed rows by their keys, which the comparison gave, and counts their frequent values; the second counts
/// these values in base, or in a part of it.</remarks>
internal sealed class ChangeAttribution(TableKey key, JoinResult result, DiffSession session)
{
    /// <summary>Fewer changed rows than this are read sooner than explained.</summary>
    public const int LeastChangedRows = 30;

    /// <summary>The least share of the changed rows, 0 to 1, that a value has to have.</summary>
    public const double LeastShare = 0.1;

    /// <summary>How many times as frequent it has to be among changed rows as in base.</summary>
    public const double LeastLift = 1.5;

    /// <summary>How many values are told.</summary>
    public const int Most = 5;

    // How many standard errors a share has to be above base's: less may be chance.
    private const double LeastDeviation = 4;

    /// <summary>How many changed rows stand for all: with that many, a share of 97 % is known to within 1 point, and one of 50 % to within 3.</summary>
    public const int MostKeys = 1_000;

    private const int EnoughBaseRows = 50_000;

    // `grouping` takes 31 columns in PostgreSQL; a column of time is three.
    private const int MostColumns = 20;
    private const int MostTimeColumns = 3;

    // What is counted in base costs a comparison for each row.
    private const int MostValues = 40;
    private const int MostValuesOfColumn = 4;

    private static readonly TimeUnit[] Units = [TimeUnit.Day, TimeUnit.Month, TimeUnit.Year];

    private readonly SqlDialect _dialect = key.Pair.Dialect;

    /// <summary>Finds out.</summary>
    /// <param name="cancellationToken">Stops the queries.</param>
    /// <returns>Null when there is nothing to look at: too few changed rows, so many that nothing can be over-represented among them, or no column whose
    /// values could be.</returns>
    public async Task<Attribution?> FindAsync(CancellationToken cancellationToken)
    {
        var changed = result.Counts.Changed;
        var keys = result.Counts.Keys.SomeChanged;
        var subjects = Subjects();
        if (changed < LeastChangedRows || changed * LeastLift > result.Matched || subjects.Count == 0 || keys.Count == 0)
        {
            return null;
        }

        var (total, frequent) = await FrequentAsync([.. keys.Select(texts => (IReadOnlyList<string>)[.. texts.Skip(1).Select(text => text!)])], subjects, cancellationToken);
        if (total == 0)
        {
            return null;
        }

        var (shares, isEstimate) = frequent.Count == 0 ? ([], false) : await BaseSharesAsync(frequent, cancellationToken);
        return new Attribution(total, isEstimate || changed > keys.Count, Telling(total, frequent, shares));
    }

    /// <summary>What may explain: columns whose values are words, small numbers, or times.</summary>
    private List<Subject> Subjects()
    {
        var known = key.Pair.Columns
            .Where(column => column.NotComparedBecause is null)
            .Select(column => column.Pair)
            .Where(pair => !pair.IsRetyped)
            .ToList();

        // A key of one column has another value in every row.
        var values = known
            .Where(pair => Rank(pair.Base.Type.Family) is not null && (key.Columns.Count > 1 || !key.Columns.Contains(pair)))
            .OrderBy(pair => Rank(pair.Base.Type.Family))
            .Take(MostColumns)
            .Select(pair => new Subject(pair, null));
        var times = known
            .Where(pair => TimeBucket.IsTime(pair.Base.Type))
            .Take(MostTimeColumns)
            .SelectMany(pair => Units.Select(unit => new Subject(pair, unit)));
        return [.. values, .. times];
    }

    private static int? Rank(TypeFamily family) => family switch
    {
        TypeFamily.Boolean => 0,
        TypeFamily.Enumeration => 1,
        TypeFamily.Text => 2,
        TypeFamily.Integer => 3,
        _ => null,
    };

    /// <summary>The frequent values of some changed rows, most frequent first, and how many rows were looked at.</summary>
    private async Task<(long Total, IReadOnlyList<Frequent> Values)> FrequentAsync(
        IReadOnlyList<IReadOnlyList<string>> keys, List<Subject> subjects, CancellationToken cancellationToken)
    {
        var names = subjects.Select((_, index) => _dialect.Sql($"c{index}")).ToList();
        var values = SqlText.Join(",\n    ", subjects.Zip(names, (subject, name) => _dialect.Sql($"{Text(subject)} as {name}")));
        var sets = SqlText.Join(", ", names.Select(name => _dialect.Sql($"({name})")));
        var list = SqlText.Join(", ", names);
        var side = key.Pair.Sides.Base;
        var columns = key.Of(side).Concat(subjects.Select(subject => subject.Pair.Base)).Distinct();
        var statement = _dialect.Sql($"""
            select grouping({list}) as grouped, count(*) as n, {list}
            from (
            select
                {values}
            from (
            {side.RowsOnce(columns)}
            ) as {side.Row}{Wanted(keys)}
            ) as changed_rows
            group by grouping sets ((), {sets})
            having count(*) >= {Math.Max(1, (long)(keys.Count * LeastShare / 2))} or grouping({list}) = {(1L << subjects.Count) - 1}
            """);

        var total = 0L;
        var found = new List<Frequent>();
        foreach (var row in await session.RowsAsync(statement, cancellationToken))
        {
            // A bit for each column that is not part of the group, the last column's the lowest.
            var grouped = Row.Count(row, 0);
            var place = Enumerable.Range(0, subjects.Count).FirstOrDefault(index => (grouped & (1L << (subjects.Count - 1 - index))) == 0, -1);
            if (place < 0)
            {
                total = Row.Count(row, 1);
            }
            else
            {
                found.Add(new Frequent(subjects[place], (string?)row[2 + place], Row.Count(row, 1)));
            }
        }

        return (total,
        [
            .. found
                .Where(value => value.Rows >= total * LeastShare)
                .GroupBy(value => value.Subject)
                .SelectMany(group => group.OrderByDescending(value => value.Rows).ThenBy(value => value.Text, StringComparer.Ordinal).Take(MostValuesOfColumn))
                .OrderByDescending(value => value.Rows)
                .ThenBy(value => subjects.IndexOf(value.Subject))
                .ThenBy(value => value.Text, StringComparer.Ordinal)
                .Take(MostValues),
        ]);
    }

    /// <summary>The rows with one of some keys, which are written as a list for each column, so that an index is used, and together when there is more than one.</summary>
    private SqlText Wanted(IReadOnlyList<IReadOnlyList<string>> keys)
    {
        var side = key.Pair.Sides.Base;
        var parts = SqlText.Join("\n    and ", key.Columns.Select((pair, index) => _dialect.KeyIsOneOf(
            side.Value(pair.Base), key.Forms[index].Base, pair.Types, [.. keys.Select(texts => texts[index])])));
        if (key.Columns.Count == 1)
        {
            return _dialect.Sql($"\nwhere {parts}");
        }

        var rows = SqlText.Join(", ", keys.Select(texts => _dialect.Sql($"({SqlText.Join(", ", texts.Select(text => _dialect.Sql($"{new SqlValue(text)}")))})")));
        var together = SqlText.Join(" and ", key.Texts(key.FormsOf(side)).Zip(key.Names, (text, name) => _dialect.Sql($"{text} = wanted.{name}")));
        return _dialect.Sql($"\njoin (values {rows}) as wanted({SqlText.Join(", ", key.Names)}) on {together}\nwhere {parts}");
    }

    private async Task<(IReadOnlyList<double> Shares, bool IsEstimate)> BaseSharesAsync(IReadOnlyList<Frequent> values, CancellationToken cancellationToken)
    {
        var side = key.Pair.Sides.Base;
        var list = new SelectList(_dialect);
        list.Add("n", _dialect.Sql($"count(*)"));
        foreach (var (index, value) in values.Index())
        {
            var isValue = value.Text is { } text ? _dialect.Sql($"{Text(value.Subject)} = {new SqlValue(text)}") : _dialect.Sql($"{side.Value(value.Subject.Pair.Base)} is null");
            list.Add($"n{index}", _dialect.CountIf(isValue));
        }

        var part = Part(result.Counts.Totals.Base.Rows);
        var columns = values.Select(value => value.Subject.Pair.Base).Distinct().ToList();
        var blocks = part > 1 ? side.SomeRows(columns, EnoughBaseRows) : null;
        var only = part > 1 && blocks is null && Fingerprint.Key(key) is { } hash ? _dialect.Sql($"\nwhere {IsIn(hash.Base, part)}") : null;
        var row = await session.RowAsync(
            _dialect.Sql($"""
                select
                    {list.Sql}
                from (
                {blocks ?? side.RowsOnce(only is null ? columns : columns.Concat(key.Of(side)).Distinct())}
                ) as {side.Row}{only ?? _dialect.Sql($"")}
                """),
            cancellationToken);

        // A value that no row of the part has is not infinitely rare.
        var rows = Math.Max(1, Row.Count(row, 0));
        return ([.. values.Select((_, index) => (double)Math.Max(1, Row.Count(row, index + 1)) / rows)], blocks is not null || only is not null);
    }

    /// <summary>The values that say something.</summary>
    private List<Concentration> Telling(long total, IReadOnlyList<Frequent> values, IReadOnlyList<double> baseShares)
    {
        var candidates = values
            .Zip(baseShares, (value, baseShare) => (Value: value, Share: (double)value.Rows / total, BaseShare: Math.Min(1, baseShare)))
            .Where(value => value.Share >= LeastLift * value.BaseShare
                && value.Share - value.BaseShare >= LeastDeviation * Math.Sqrt(value.BaseShare * (1 - value.BaseShare) / total))
            .OrderBy(value => IsItselfChanged(value.Value.Subject.Pair))

            // How much knowing it tells about a changed row: common ones and rare ones alike are beaten by what is both exact and frequent.
            .ThenByDescending(value => value.Share * Math.Log(value.Share / value.BaseShare))
            .ToList();

        // That a column's values changed where they were something is no explanation, unless it is the only one.
        if (candidates.Exists(value => !IsItselfChanged(value.Value.Subject.Pair)))
        {
            candidates.RemoveAll(value => IsItselfChanged(value.Value.Subject.Pair));
        }

        // Of a time only the bucket that fits best: a day lies in its month.
        return
        [
            .. candidates
                .GroupBy(value => value.Value.Subject.Pair)
                .SelectMany(group => group.First().Value.Subject.Unit is { } best ? group.Where(value => value.Value.Subject.Unit == best) : group)
                .Take(Most)
                .Select(value => new Concentration(
                    value.Value.Subject.Pair.Head.Name,
                    value.Value.Subject.Unit,
                    value.Value.Text is { } text && value.Value.Subject.Unit is { } unit ? TimeBucket.Name(text, unit) : value.Value.Text,
                    value.Share,
                    value.BaseShare)),
        ];
    }

    private bool IsItselfChanged(ColumnPair pair) =>
        key.Compared.Zip(result.Counts.ChangedColumns).Any(column => column.First.Pair == pair && column.Second * 2 > result.Counts.Changed);

    private SqlText Text(Subject subject)
    {
        var value = key.Pair.Sides.Base.Value(subject.Pair.Base);
        return subject.Unit is { } unit ? TimeBucket.Of(_dialect, value, unit) : _dialect.Text(value);
    }

    // Other bits than those that groups of keys are told apart by.
    private SqlText IsIn(SqlText hash, long part) => _dialect.Sql($"((({hash}) >> 20) & {part - 1}) = 0");

    // A power of two: the bits of a hash are free.
    private static long Part(long rows)
    {
        var part = 1L;
        while (rows / (2 * part) >= EnoughBaseRows)
        {
            part *= 2;
        }

        return part;
    }

    /// <summary>A column, or a column of time by a unit.</summary>
    private sealed record Subject(ColumnPair Pair, TimeUnit? Unit);

    /// <summary>A value that many changed rows have.</summary>
    private sealed record Frequent(Subject Subject, string? Text, long Rows);
}
