using System.Buffers;
using System.Globalization;
using CiDiff.Verdicts;

namespace CiDiff.Reports;

/// <summary>The table of rules in a Markdown report.</summary>
internal static class MarkdownRules
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.+-");

    public static readonly TableColumn[] Columns = [new("Rule"), new("Limit", isNumber: true), new("Measured", isNumber: true), new("Outcome")];

    /// <summary>It passed, and what it counts is not there: its name is enough.</summary>
    public static bool FoundNothing(RuleOutcome rule) => rule is { Outcome: VerdictLevel.Pass, Note: null, Measured: "0" or "0%" };

    /// <summary>A row of the table.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="withModel">Names the model beside the rule.</param>
    public static IReadOnlyList<Phrase> Row(RuleOutcome rule, bool withModel = false) =>
    [
        withModel && rule.ModelId is { } id ? Phrase.Of($"{new Quoted(rule.Rule)} on {new Quoted(id)}") : Phrase.Name(rule.Rule),
        Measure(rule.Limit),
        Measure(rule.Measured),
        rule.Note is { } note
            ? Phrase.Of($"{new Own(Outcome(rule.Outcome))}: {new Prose(note)}")
            : Phrase.Words(Outcome(rule.Outcome)),
    ];

    /// <summary>A limit or a measured value: plain digits get their separators, everything else stands as it was configured.</summary>
    public static Phrase Measure(string? value) => value switch
    {
        null => Phrase.Words(Phrase.Unknown),
        ['a', 'b', 'o', 'u', 't', ' ', .. var estimate] => Phrase.Of($"about {Measure(estimate)}"),
        _ when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            => Phrase.Number(count),
        _ when value.EndsWith('%') && !value.AsSpan()[..^1].Trim().ContainsAnyExcept(NumberCharacters)
            => Phrase.Words($"{value[..^1].Trim()} %"),
        _ => Phrase.Prose(value),
    };

    private static string Outcome(VerdictLevel level) => MarkdownModelSection.Sign(level) + ReportWords.Of(level);
}
