using CiDiff.Diffing;

namespace CiDiff.Reports;

/// <summary>What the values of a model's columns are like, as far as <see cref="ValuePrivacy"/> lets a report tell it. Every writer takes it from
/// here.</summary>
/// <remarks>Counts and shares are no values, and the mean of many is none either; the least, the greatest, the quantiles and the frequent ones are. Of a
/// private column only nulls and distinct values are counted.</remarks>
internal static class ShownProfiles
{
    private const int MostFrequent = 3;
    private const string Arrow = " → ";

    /// <summary>What may be told; empty when nobody asked.</summary>
    public static IReadOnlyList<ColumnProfile> Of(ModelReport report, ValuePrivacy privacy)
    {
        if (report.Outcome is not ModelOutcome.Compared { Diff: { Profiles.Count: > 0 } diff })
        {
            return [];
        }

        var columns = new ShownColumns(report.Model, diff, privacy);
        return
        [
            .. diff.Profiles.Select(profile => profile with
            {
                Sides = profile.Sides.Map(side => side is null ? null : Shown(side, columns, profile.Name.Value)),
            }),
        ];
    }

    /// <summary>The columns of a table of profiles: with values only when any may be told.</summary>
    public static IReadOnlyList<TableColumn> Columns(IReadOnlyList<ColumnProfile> profiles)
    {
        TableColumn[] counts = [new("Column"), new("Nulls", isNumber: true), new("Distinct", isNumber: true), new("Mean", isNumber: true)];
        return HasValues(profiles)
            ? [.. counts, new("Least", isNumber: true), new("Median", isNumber: true), new("Greatest", isNumber: true), new("Most frequent")]
            : counts;
    }

    /// <summary>The row of a column: base beside head, or once where both are the same.</summary>
    /// <param name="profile">The column.</param>
    /// <param name="withValues">Whether the table has columns for values.</param>
    /// <param name="longest">The longest value, in characters.</param>
    public static IReadOnlyList<Phrase> Row(ColumnProfile profile, bool withValues, int longest)
    {
        Phrase[] counts =
        [
            Phrase.Name(profile.Name.Value),
            Both(profile, side => Phrase.Words(side.NullShare is { } share ? HumanNumbers.Share(share) : Phrase.Unknown)),
            Both(profile, side => Phrase.Number(side.Distinct)),
            Both(profile, side => Phrase.Words(side.Mean is { } mean ? HumanNumbers.Number(mean) : Phrase.Unknown)),
        ];
        return withValues
            ?
            [
                .. counts,
                Both(profile, side => Value(side.Least, longest)),
                Both(profile, side => Value(side.Quantiles.Count > 0 ? side.Quantiles[side.Quantiles.Count / 2] : null, longest)),
                Both(profile, side => Value(side.Greatest, longest)),
                Both(profile, side => Frequent(side, longest)),
            ]
            : counts;
    }

    /// <summary>Whether any value may be told.</summary>
    public static bool HasValues(IReadOnlyList<ColumnProfile> profiles) =>
        profiles.Any(profile => profile.Sides is { Base.AreValuesHidden: false } or { Head.AreValuesHidden: false });

    /// <summary>The columns that a page takes, in their order: those whose two sides look different go before the others.</summary>
    public static IReadOnlyList<ColumnProfile> Told(IReadOnlyList<ColumnProfile> profiles, int most)
    {
        var told = profiles.OrderByDescending(profile => Row(profile, withValues: true, longest: int.MaxValue).Any(IsTwofold)).Take(most).ToHashSet();
        return [.. profiles.Where(told.Contains)];

        static bool IsTwofold(Phrase phrase) => phrase.Parts.Any(part => part is { Kind: PhrasePartKind.Words, Text: Arrow });
    }

    private static Phrase Both(ColumnProfile profile, Func<ColumnStatistics, Phrase> say)
    {
        var (inBase, inHead) = profile.Sides.Map(side => side is null ? Phrase.Words(Phrase.Unknown) : say(side));
        return inBase.Parts.SequenceEqual(inHead.Parts) ? inBase : Phrase.Join(Arrow, [inBase, inHead]);
    }

    private static Phrase Value(string? value, int longest) => value is null ? Phrase.Words(Phrase.Unknown) : Phrase.Name(Excerpt.Of(value, longest));

    private static Phrase Frequent(ColumnStatistics side, int longest) => side.Frequent.Count == 0 || side.AreValuesHidden
        ? Phrase.Words(Phrase.Unknown)
        : Phrase.Join(", ", side.Frequent.Take(MostFrequent).Select(frequent => Phrase.Of(
            $"{new Quoted(Excerpt.Of(frequent.Value ?? "", longest))} ({new Own(HumanNumbers.Share((double)frequent.Rows / Math.Max(1, side.Rows)))})")));

    private static ColumnStatistics Shown(ColumnStatistics side, ShownColumns columns, string column)
    {
        if (columns.IsShown(column) && !side.AreValuesHidden)
        {
            return side with
            {
                Least = Cut(side.Least),
                Greatest = Cut(side.Greatest),
                Quantiles = [.. side.Quantiles.Select(value => Cut(value)!)],
                Frequent = [.. side.Frequent.Select(frequent => frequent with { Value = Cut(frequent.Value) })],
            };
        }

        var isPrivate = columns.Private.Contains(column);
        return side with
        {
            AreValuesHidden = true,
            Least = null,
            Greatest = null,
            Quantiles = [],
            Mean = isPrivate ? null : side.Mean,
            Frequent = isPrivate ? [] : [.. side.Frequent.Select(frequent => frequent with { Value = null })],
        };

        static string? Cut(string? value) => value is null ? null : Excerpt.Of(value, ShownSamples.ValueLength);
    }
}
