using System.Diagnostics;
using System.Globalization;
using CiDiff.Configuration;
using CiDiff.Errors;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>A part of the rows of two tables.</summary>
/// <param name="Key">Of the part.</param>
/// <param name="Totals">Of the whole tables, counted.</param>
/// <param name="Share">Which share of the keys it has: above 0, below 1.</param>
/// <param name="Because">Why not everything is read, half a sentence.</param>
internal sealed record SampleDraw(TableKey Key, Sides<SideTotals> Totals, double Share, string Because)
{
    /// <summary>Rows of the whole tables have a null in the key.</summary>
    public bool HasNullKeys => Totals.Base.Keyed < Totals.Base.Rows || Totals.Head.Keyed < Totals.Head.Rows;
}

/// <summary>Draws the same keys on both sides, by a hash of the key.</summary>
internal static class Sampler
{
    // What the hash of a key is mixed with, so that a sample is not a few whole groups of a fingerprint, which begins without.
    private const long Seed = 20_090_111;

    // What is less likely than this is not taken for chance.
    private const double AlmostSure = 0.9999;

    /// <summary>Why keys cannot be drawn by a hash, half a sentence.</summary>
    public const string NoCommonHash = "the hashes of equal keys of this type may differ";

    /// <summary>Draws, if the rules ask for it and it is worth it.</summary>
    /// <param name="key">Of the whole tables.</param>
    /// <param name="session">Asked how many rows there are.</param>
    /// <param name="notes">Told why everything is read after all.</param>
    /// <param name="cancellationToken">Stops the query in the warehouse.</param>
    /// <returns>Null: everything is read.</returns>
    /// <exception cref="UserErrorException">The model is over its time budget, and there is no sample of it.</exception>
    public static async Task<SampleDraw?> DrawAsync(TableKey key, DiffSession session, List<string> notes, CancellationToken cancellationToken)
    {
        var rules = key.Pair.Rules;
        if (rules.Sampling is Sampling.Off)
        {
            return null;
        }

        if (Hash(key) is not { } hash)
        {
            Refuse(rules, NoCommonHash, notes);
            return null;
        }

        var (sql, read) = new KeyQueries(key).Totals();
        var totals = read(await session.RowAsync(sql, cancellationToken));
        if (Share(rules, totals, key.Pair.Dialect.SamplingThreshold, notes) is not { } share)
        {
            return null;
        }

        session.Tell(Words(share));
        return new SampleDraw(Limited(key, hash, share), totals, (double)share, Reason(rules));
    }

    /// <summary>Which share of the keys is read; null when everything is.</summary>
    /// <param name="rules">Ask for a sample.</param>
    /// <param name="totals">Of both tables.</param>
    /// <param name="threshold">The warehouse's, with fewer rows than which everything is read.</param>
    /// <param name="notes">Told why everything is read after all.</param>
    /// <exception cref="UserErrorException">The model is over its time budget, and there is no sample of it.</exception>
    public static decimal? Share(CompareRules rules, Sides<SideTotals> totals, long threshold, List<string> notes)
    {
        var rows = Math.Max(totals.Base.Rows, totals.Head.Rows);
        var share = Share(rules.Sampling, rows);
        var least = rules.IsOverBudget ? 0 : rules.Sampling.Threshold ?? threshold;
        if (rows >= least && share < 1)
        {
            return share;
        }

        Refuse(
            rules,
            rows < least
                ? $"the larger table has {Count(rows)} of the {Count(least)} rows at which sampling begins"
                : $"it would be as large as the larger table, whose number of rows is {Count(rows)}",
            notes);
        return null;
    }

    /// <summary>Says why everything is read after all.</summary>
    /// <param name="rules">Ask for a sample.</param>
    /// <param name="because">Why not, half a sentence.</param>
    /// <param name="notes">Told.</param>
    /// <exception cref="UserErrorException">The model is over its time budget, and there is no sample of it.</exception>
    public static void Refuse(CompareRules rules, string because, List<string> notes) => notes.Add(rules.IsOverBudget
        ? throw TimeBudget.Exceeded(rules, $"There is no sample of it: {because}.")
        : $"Everything was read, and no sample: {because}.");

    /// <summary>What is drawn, as a sentence.</summary>
    public static string Words(decimal share) =>
        $"A share of {share.ToString("0.########", CultureInfo.InvariantCulture)} of the keys is read, the same ones on both sides.";

    /// <summary>Whether bad keys are too many for a sample to be trusted.</summary>
    /// <returns>Why, half a sentence; null when they are not.</returns>
    public static string? Doubt(SampleDraw draw, JoinResult found, Sampling sampling)
    {
        var (inBase, inHead) = (
            Errors(draw.Totals.Base, found.Counts.Totals.Base.Rows, found.Keys.Base),
            Errors(draw.Totals.Head, found.Counts.Totals.Head.Rows, found.Keys.Head));
        var worse = Math.Max(inBase, inHead);
        return Unexplained(draw, found) ?? (worse > (double)sampling.KeyErrors
            ? string.Create(CultureInfo.InvariantCulture, $"the key is null or repeats in about {worse * 100:0.##} % of the rows of {(inHead >= inBase ? "head" : "base")}, and at most {sampling.KeyErrors * 100:0.####} % may")
            : null);
    }

    // How many rows each side has is known. Where the difference cannot come from rows like those of the sample, the sample has missed what is different:
    // many rows of few keys.
    private static string? Unexplained(SampleDraw draw, JoinResult found)
    {
        var read = found.Counts.Totals.Map(side => side.Rows);
        var removed = Proportion.Scale(found.Counts.Removed + found.Bad.Removed, read.Base, draw.Totals.Base.Keyed, AlmostSure).Range;
        var added = Proportion.Scale(found.Counts.Added + found.Bad.Added, read.Head, draw.Totals.Head.Keyed, AlmostSure).Range;
        var fewer = draw.Totals.Base.Keyed - draw.Totals.Head.Keyed;
        return fewer < removed.Low - added.High || fewer > removed.High - added.Low
            ? $"head has {Count(Math.Abs(fewer))} rows {(fewer > 0 ? "less" : "more")} than base, and rows like those of the sample do not explain it"
            : null;
    }

    // Nulls are counted among all rows, repetitions in the sample.
    private static double Errors(SideTotals totals, long sampled, KeyCounts keys) =>
        (totals.Rows == 0 ? 0 : (double)(totals.Rows - totals.Keyed) / totals.Rows) + (sampled == 0 ? 0 : (double)keys.DuplicateRows / sampled);

    private static decimal Share(Sampling sampling, long rows) => sampling switch
    {
        Sampling.Share share => share.Fraction,
        Sampling.Rows size => Of(size.Count, rows),
        Sampling.ForTolerance tolerance => Of((decimal)Math.Ceiling(Proportion.RowsFor((double)tolerance.Most, (double)tolerance.Confidence)), rows),
        _ => throw new UnreachableException(),
    };

    private static decimal Of(decimal count, long rows) => rows == 0 ? 1 : count / rows;

    /// <summary>Why not everything is read, half a sentence.</summary>
    public static string Reason(CompareRules rules) => (rules.IsOverBudget, rules.Sampling) switch
    {
        (true, _) => $"everything took longer than the time budget of {TimeBudget.Words(rules)}",
        (_, Sampling.Share share) => string.Create(CultureInfo.InvariantCulture, $"a sample of {share.Fraction * 100:0.########} % was asked for"),
        (_, Sampling.Rows size) => $"a sample of {Count(size.Count)} rows was asked for",
        (_, Sampling.ForTolerance tolerance) => string.Create(
            CultureInfo.InvariantCulture,
            $"a sample was asked for that shows differences in {tolerance.Most * 100:0.########} % of the rows with a confidence of {tolerance.Confidence * 100:0.####} %"),
        _ => throw new UnreachableException(),
    };

    private static string Count(long rows) => rows.ToString("#,0", CultureInfo.InvariantCulture);

    private static TableKey Limited(TableKey key, Sides<SqlText> hash, decimal share)
    {
        var pair = key.Pair;
        var sides = new Sides<DiffSide>(Limited(pair.Sides.Base, hash.Base), Limited(pair.Sides.Head, hash.Head));

        // Nulls were counted in the whole tables.
        var part = new TablePair(pair.Dialect, sides, pair.Columns, pair.Rules with { NullRateColumns = [] }) { IsSample = true };
        return new TableKey(part, key.Columns, key.Candidate) { Compared = key.Compared };

        DiffSide Limited(DiffSide side, SqlText ofSide)
        {
            var complete = SqlText.Join(" and ", key.Of(side).Select(column => pair.Dialect.Sql($"{column.Name} is not null")));
            return side.Where(pair.Dialect.Sql($"({complete} and {pair.Dialect.IsBelowShare(ofSide, share)})")) with { IsSample = true };
        }
    }

    /// <summary>A hash that equal keys of both sides have in common, over the columns' bare names; null when there is none.</summary>
    private static Sides<SqlText>? Hash(TableKey key)
    {
        var dialect = key.Pair.Dialect;
        var mixed = new Sides<SqlText?>(dialect.Sql($"{Seed}"), dialect.Sql($"{Seed}"));
        foreach (var pair in key.Columns)
        {
            var names = new Sides<SqlText>(dialect.Sql($"{pair.Base.Name}"), dialect.Sql($"{pair.Head.Name}"));
            if (!HaveCommonHash(pair.Types) || dialect.KeyForm(names, pair.Types) is not { } forms)
            {
                return null;
            }

            mixed = new(dialect.Hash(forms.Base, pair.Types, mixed.Base), dialect.Hash(forms.Head, pair.Types, mixed.Head));
            if (mixed is not { Base: not null, Head: not null })
            {
                return null;
            }
        }

        return new(mixed.Base!, mixed.Head!);
    }

    /// <summary>Whether equal keys of two types have equal hashes.</summary>
    /// <remarks>A fingerprint may give equal values different ones: the join then finds that they are equal. Here they would be in the sample on one side
    /// only.</remarks>
    public static bool HaveCommonHash(Sides<ColumnType> types) => (types.Base.Family, types.Head.Family) switch
    {
        (TypeFamily.Integer, TypeFamily.Integer) or (TypeFamily.Text, TypeFamily.Text) => true,
        (TypeFamily.Decimal or TypeFamily.Boolean or TypeFamily.Enumeration or TypeFamily.Date or TypeFamily.Timestamp or TypeFamily.TimestampWithZone
            or TypeFamily.Uuid or TypeFamily.Binary, _) => types.Base.Name == types.Head.Name,
        _ => false,
    };
}
