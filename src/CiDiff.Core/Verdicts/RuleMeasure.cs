using System.Diagnostics;
using CiDiff.Configuration;
using CiDiff.Diffing;

namespace CiDiff.Verdicts;

/// <summary>Measures one rule on one compared model.</summary>
internal static class RuleMeasure
{
    private const string WithoutKey = "without a key, a changed row counts as one removed and one added row";

    // Names beyond these are in the model's own part of the report.
    private const int MostNames = 5;

    /// <summary>Measures a rule.</summary>
    /// <returns>Null when the rule is not about this model: it lacks the column, or has no key that could be bad.</returns>
    public static Measurement? Of(RuleName rule, TableDiff diff) => rule.Kind switch
    {
        RuleKind.PrimaryKeys => diff.Keys is { } keys ? OfKeys(keys, diff.Sample) : null,
        RuleKind.RemovedColumns => Columns(diff.Schema.Removed.Select(column => column.Name.Value)),
        RuleKind.ChangedTypes => Columns(
            diff.Schema.Retyped.Select(column => $"{column.Name.Value} ({column.Base.Name} to {column.Head.Name})")),
        RuleKind.AddedRows => OfRows(diff.Rows.Added, diff.Sample?.Added, diff.Rows.Base, diff.Sample),
        RuleKind.RemovedRows => OfRows(diff.Rows.Removed, diff.Sample?.Removed, diff.Rows.Base, diff.Sample),
        RuleKind.ChangedRows => ChangedRows(diff),
        RuleKind.RowCount => new Measurement.Exact(Math.Abs(diff.Rows.Head - diff.Rows.Base), diff.Rows.Base),
        RuleKind.ColumnChanged => ColumnChanged(rule.Column!, diff),
        RuleKind.NullRate => NullRate(rule.Column!, diff),
        RuleKind.MatchScore => MatchScore(diff),
        RuleKind.Protected or RuleKind.NotBuilt or RuleKind.Errors => null,
        _ => throw new UnreachableException(),
    };

    /// <summary>Measures <c>primary_keys</c>.</summary>
    /// <param name="head">Head's keys.</param>
    /// <param name="baseKeys">Base's keys; null when there is no base.</param>
    public static Measurement OfKeys(KeyCounts head, KeyCounts? baseKeys)
    {
        var bad = head.Null + head.Duplicate;
        var before = baseKeys is { Null: 0, Duplicate: 0 } or null ? "" : $"; base has {Describe(baseKeys)}";
        return new Measurement.Exact(bad, 1, bad == 0 ? null : Describe(head) + before);
    }

    private static Measurement OfKeys(Sides<KeyCounts> keys, DiffSample? sample)
    {
        var found = OfKeys(keys.Head, keys.Base);
        if (sample is not { Duplicate.Head: { IsExact: false } range })
        {
            return found;
        }

        // Nulls were counted; only repetitions are an estimate.
        var nulls = keys.Head.Null;
        return Estimated(new(nulls + keys.Head.Duplicate, 1), new(nulls + range.Low, 1), new(nulls + range.High, 1), sample);
    }

    private static Measurement OfRows(long rows, CountRange? range, long of, DiffSample? sample) => sample is not null && range is { IsExact: false } between
        ? Estimated(new(rows, of), new(between.Low, of), new(between.High, of), sample)
        : new Measurement.Exact(rows, of);

    private static Measurement.Estimate Estimated(Measurement.Exact value, Measurement.Exact low, Measurement.Exact high, DiffSample sample) =>
        new(value, low, high, Math.Max(sample.Found.Base, sample.Found.Head), sample.Confidence);

    private static Measurement MatchScore(TableDiff diff)
    {
        var value = new Measurement.Exact((decimal)diff.MatchScore, 1);
        return diff.Sample is { } sample
            ? Estimated(value, new((decimal)sample.MatchScore.Low, 1), new((decimal)sample.MatchScore.High, 1), sample)
            : value;
    }

    private static string Describe(KeyCounts keys) => (keys.Null, keys.Duplicate) switch
    {
        (0, var duplicate) => FormattableString.Invariant($"{duplicate} duplicate"),
        (var missing, 0) => FormattableString.Invariant($"{missing} null"),
        var (missing, duplicate) => FormattableString.Invariant($"{missing} null and {duplicate} duplicate"),
    };

    private static Measurement.Exact Columns(IEnumerable<string> columns)
    {
        var names = columns.ToList();
        var rest = names.Count > MostNames ? FormattableString.Invariant($" and {names.Count - MostNames} more") : "";
        return new Measurement.Exact(names.Count, 1, names.Count == 0 ? null : string.Join(", ", names.Take(MostNames)) + rest);
    }

    private static Measurement ChangedRows(TableDiff diff)
    {
        var rows = diff.Rows;
        if (rows.Changed is { } changed)
        {
            return OfRows(changed, diff.Sample?.Changed, rows.Base, diff.Sample);
        }

        var most = new Measurement.Exact(Math.Min(rows.Added, rows.Removed), rows.Base);
        return most.Amount == 0 ? most : new Measurement.AtMost(most, WithoutKey);
    }

    private static Measurement? ColumnChanged(string name, TableDiff diff)
    {
        if (IsKeyColumn(name, diff))
        {
            // Rows are matched by it, so it is the same in all of them.
            return new Measurement.Exact(0, diff.Rows.Same + (diff.Rows.Changed ?? 0));
        }

        return Find(name, diff) switch
        {
            null => null,
            { IsCompared: false } column => new Measurement.Unknown($"the column is not compared: {column.NotComparedBecause}"),
            { Changed: { } changed } column => OfRows(changed, column.ChangedRange, diff.Rows.Same + (diff.Rows.Changed ?? 0), diff.Sample),
            _ when diff.Rows is { Added: 0 } or { Removed: 0 } => new Measurement.Exact(0, diff.Rows.Same),
            _ => new Measurement.Unknown(WithoutKey),
        };
    }

    private static Measurement? NullRate(string name, TableDiff diff)
    {
        if (Find(name, diff) is not { } column)
        {
            // Of a key of several columns only the rows with a null in any of them are counted.
            return IsKeyColumn(name, diff)
                ? diff is { Key.Columns.Count: 1, Keys: { } keys }
                    ? Rise(new Sides<long>(keys.Base.Null, keys.Head.Null), diff.Rows)
                    : new Measurement.Unknown("nulls are counted for the key as a whole")
                : null;
        }

        return column.Nulls is { } nulls ? Rise(nulls, diff.Rows) : new Measurement.Unknown("its nulls were not counted");
    }

    private static Measurement.Exact Rise(Sides<long> nulls, RowCounts rows) =>
        new(Share(nulls.Head, rows.Head) - Share(nulls.Base, rows.Base), 1);

    private static decimal Share(long part, long all) => all == 0 ? 0 : (decimal)part / all;

    private static bool IsKeyColumn(string name, TableDiff diff) =>
        diff.Key is { } key && key.Columns.Any(column => string.Equals(column.Value, name, StringComparison.OrdinalIgnoreCase));

    private static ColumnDiff? Find(string name, TableDiff diff) =>
        diff.Columns.FirstOrDefault(column => string.Equals(column.Head.Name.Value, name, StringComparison.OrdinalIgnoreCase))
        ?? diff.Columns.FirstOrDefault(column => string.Equals(column.Base.Name.Value, name, StringComparison.OrdinalIgnoreCase));
}
