using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>Finds out where changed rows are concentrated: which values of which columns, and which days, months or years, they have more often than
/// other rows.</summary>
/// <remarks>Two statements. The first joins the columns that differ and counts the frequent values of the changed rows, the second counts these values
/// in base. Of a large table only some keys are read, by their hash, so that each statement costs a scan rather than a join.</remarks>
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

    // With 500 rows a share of 97 % is known to within 1 point, and one of 50 % to within 3.
    private const int EnoughChangedRows = 500;
    private const int ManyChangedRows = 20_000;
    private const int ManyRows = 500_000;
    private const int EnoughBaseRows = 250_000;

    // `grouping` takes 31 columns in PostgreSQL; a column of time is three.
    private const int MostColumns = 20;
    private const int MostTimeColumns = 3;

    // What is counted in base costs a comparison for each row.
    private const int MostValues = 40;
    private const int MostValuesOfColumn = 4;

    private static readonly TimeUnit[] Units = [TimeUnit.Day, TimeUnit.Month, TimeUnit.Year];

    private readonly SqlDialect _dialect = key.Pair.Dialect;

    /// <summary>Finds out.</summary>
    /// <param name="quality">Which rows can be matched.</param>
    /// <param name="cancellationToken">Stops the queries.</param>
    /// <returns>Null when there is nothing to look at: too few changed rows, so many that nothing can be over-represented among them, or no column whose
    /// values could be.</returns>
    public async Task<Attribution?> FindAsync(RowQuality quality, CancellationToken cancellationToken)
    {
        var changed = result.Counts.Changed;
        var differing = key.Compared.Zip(result.Counts.ChangedColumns).Where(column => column.Second > 0).Select(column => column.First).ToList();
        var subjects = Subjects();
        if (changed < LeastChangedRows || changed * LeastLift > result.Matched || subjects.Count == 0
            || differing.Count > _dialect.MaxComparedColumns)
        {
            return null;
        }

        var hash = Fingerprint.Key(key);
        var keys = hash is null || quality != RowQuality.All ? 1 : PartOfChanged(changed, result.Matched);
        var rows = new KeyedRows(key, quality) { Only = Both(result.Counts.Only, keys == 1 ? null : hash!.Value.Map(side => IsIn(side, keys))) };
        var (total, frequent) = await FrequentAsync(rows, differing, subjects, changed / keys, cancellationToken);
        if (total < LeastChangedRows || frequent.Count == 0)
        {
            return total == 0 ? null : new Attribution(total, 1d / keys, []);
        }

        // A base that was filtered to a few groups of keys says nothing about how frequent a value is.
        var baseKeys = hash is null ? 1 : Part(result.Counts.Totals.Base.Rows, EnoughBaseRows);
        var shares = await BaseSharesAsync(frequent, baseKeys == 1 ? null : IsIn(hash!.Value.Base, baseKeys), cancellationToken);
        return new Attribution(total, 1d / Math.Max(keys, baseKeys), Telling(total, frequent, shares));
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

    /// <summary>The frequent values of the changed rows, most frequent first, and how many changed rows were looked at.</summary>
    private async Task<(long Total, IReadOnlyList<Frequent> Values)> FrequentAsync(
        KeyedRows rows, List<ColumnPlan> differing, List<Subject> subjects, long expected, CancellationToken cancellationToken)
    {
        var (inBase, inHead) = key.Pair.Sides;
        var names = subjects.Select((_, index) => _dialect.Sql($"c{index}")).ToList();
        var values = SqlText.Join(",\n    ", subjects.Zip(names, (subject, name) => _dialect.Sql($"{Text(subject)} as {name}")));
        var sets = SqlText.Join(", ", names.Select(name => _dialect.Sql($"({name})")));
        var list = SqlText.Join(", ", names);
        var ofBase = rows.Of(inBase, differing.Select(column => column.Pair.Base).Concat(subjects.Select(subject => subject.Pair.Base)));
        var ofHead = rows.Of(inHead, differing.Select(column => column.Pair.Head));
        var statement = _dialect.Sql($"""
            {rows.With([.. differing.Select(column => column.Pair), .. subjects.Select(subject => subject.Pair)])}select
                grouping({list}) as grouped, count(*) as n, {list}
            from (
            select
                {values}
            from (
            {ofBase}
            ) as {inBase.Row}
            join (
            {ofHead}
            ) as {inHead.Row} on {key.Matches}
            where {SqlText.Join("\n    or ", differing.Select(key.Pair.Differ))}
            ) as changed_rows
            group by grouping sets ((), {sets})
            having count(*) >= {Math.Max(1, (long)(expected * LeastShare / 2))} or grouping({list}) = {(1L << subjects.Count) - 1}
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

    private async Task<IReadOnlyList<double>> BaseSharesAsync(IReadOnlyList<Frequent> values, SqlText? only, CancellationToken cancellationToken)
    {
        var side = key.Pair.Sides.Base;
        var list = new SelectList(_dialect);
        list.Add("n", _dialect.Sql($"count(*)"));
        foreach (var (index, value) in values.Index())
        {
            var isValue = value.Text is { } text ? _dialect.Sql($"{Text(value.Subject)} = {new SqlLiteral(text)}") : _dialect.Sql($"{side.Value(value.Subject.Pair.Base)} is null");
            list.Add($"n{index}", _dialect.Sql($"count(*) filter (where {isValue})"));
        }

        var columns = values.Select(value => value.Subject.Pair.Base).Concat(only is null ? [] : key.Of(side)).Distinct();
        var row = await session.RowAsync(
            _dialect.Sql($"""
                select
                    {list.Sql}
                from (
                {side.RowsOnce(columns)}
                ) as {side.Row}
                where {only ?? _dialect.Sql($"true")}
                """),
            cancellationToken);

        // A value that no row of the sample has is not infinitely rare.
        var rows = Math.Max(1, Row.Count(row, 0));
        return [.. values.Select((_, index) => (double)Math.Max(1, Row.Count(row, index + 1)) / rows)];
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

    private Sides<SqlText>? Both(Sides<SqlText>? first, Sides<SqlText>? second) => (first, second) switch
    {
        (null, _) => second,
        (_, null) => first,
        var (one, other) => new(
            _dialect.Sql($"({one.Value.Base}) and ({other.Value.Base})"), _dialect.Sql($"({one.Value.Head}) and ({other.Value.Head})")),
    };

    // A power of two: the bits of a hash are free.
    private static long PartOfChanged(long changed, long matched)
    {
        var part = 1L;
        while (changed / (2 * part) >= EnoughChangedRows && (matched / part > ManyRows || changed / part > ManyChangedRows))
        {
            part *= 2;
        }

        return part;
    }

    private static long Part(long rows, int enough)
    {
        var part = 1L;
        while (rows / (2 * part) >= enough)
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
