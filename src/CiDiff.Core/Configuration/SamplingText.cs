using System.Globalization;

namespace CiDiff.Configuration;

/// <summary>Reads what part of the rows is wanted: <c>off</c>, <c>on</c>, <c>1%</c>, <c>100000</c>, or a mapping of one of these with its conditions.</summary>
/// <remarks>Shares are written in percent, always: a bare <c>0.001</c> is a fraction to one tool and a percentage to the next.</remarks>
public static class SamplingText
{
    /// <summary>What may be written, for messages.</summary>
    public const string Forms = "off, on, a percentage such as 1%, a number of rows, or a mapping such as {share: 1%, threshold: 0}";

    private static readonly string[] Keys = ["share", "rows", "tolerance", "confidence", "threshold", "key_errors"];

    /// <summary>Reads the flag <c>--sample</c>.</summary>
    /// <param name="text">As in <c>cidiff.yml</c>: one word, or YAML in braces.</param>
    /// <exception cref="Errors.UserErrorException">It is none of the forms.</exception>
    public static Sampling Parse(string text)
    {
        var place = new ConfigPlace("option --sample");
        return Read(new ConfigValue("compare.sampling", text.TrimStart() is ['{' or '[', ..]
            ? YamlText.Parse(text, place)
            : new ConfigNode.Scalar(place, text.Trim(), IsQuoted: false)));
    }

    /// <summary>Reads a value of <c>cidiff.yml</c>, of a model's meta, or of an environment variable.</summary>
    internal static Sampling Read(ConfigValue value) => value.Node switch
    {
        ConfigNode.Scalar scalar => Word(scalar.Value) ?? throw value.Wrong(Forms, Hint(scalar.Value)),
        ConfigNode.Mapping mapping => Read(value, mapping),
        _ => throw value.Wrong(Forms),
    };

    private static Sampling? Word(string word) => word switch
    {
        "off" or "false" => new Sampling.Off(),
        "on" or "true" => Sampling.ForTolerance.Default,
        _ when Threshold.TryParse(word, out var part) => part switch
        {
            { Amount: > 0, Unit: ThresholdUnit.Count } => new Sampling.Rows((long)part.Amount),
            { Amount: > 0 and <= 1, Unit: ThresholdUnit.Share } => new Sampling.Share(part.Amount),
            _ => null,
        },
        _ => null,
    };

    private static Sampling Read(ConfigValue value, ConfigNode.Mapping mapping)
    {
        if (mapping.Entries.FirstOrDefault(entry => !Keys.Contains(entry.Key)) is { } unknown)
        {
            throw ConfigValue.UnknownKey(unknown, value.Key, Keys);
        }

        var sizes = mapping.Entries.Where(entry => entry.Key is "share" or "rows" or "tolerance" && entry.Value is not ConfigNode.Null).ToList();
        if (sizes.Count > 1)
        {
            throw value.Invalid($"'{value.Key}' has {sizes[0].Key} and {sizes[1].Key}", "Say the size of the sample in one way.");
        }

        Sampling sampling = sizes switch
        {
            [{ Key: "share" } share] => new Sampling.Share(Percentage(Entry("share", share.Value), withZero: false, withWhole: true)),
            [{ Key: "rows" } rows] => new Sampling.Rows(Count(Entry("rows", rows.Value), minimum: 1)),
            [{ Key: "tolerance" } most] => Sampling.ForTolerance.Default with { Most = Percentage(Entry("tolerance", most.Value), withZero: false, withWhole: false) },
            _ => Sampling.ForTolerance.Default,
        };

        return mapping.Entries.Where(entry => entry.Value is not ConfigNode.Null).Aggregate(sampling, (read, entry) => entry.Key switch
        {
            "confidence" => read with { Confidence = Percentage(Entry(entry.Key, entry.Value), withZero: false, withWhole: false) },
            "threshold" => read with { Threshold = Count(Entry(entry.Key, entry.Value), minimum: 0) },
            "key_errors" => read with { KeyErrors = Percentage(Entry(entry.Key, entry.Value), withZero: true, withWhole: true) },
            _ => read,
        });

        ConfigValue Entry(string key, ConfigNode node) => new($"{value.Key}.{key}", node);
    }

    private static decimal Percentage(ConfigValue value, bool withZero, bool withWhole) =>
        value.Node is ConfigNode.Scalar scalar
        && Threshold.TryParse(scalar.Value, out var part)
        && part.Unit == ThresholdUnit.Share
        && (part.Amount > 0 || (withZero && part.Amount == 0))
        && (part.Amount < 1 || (withWhole && part.Amount == 1))
            ? part.Amount
            : throw value.Wrong(
                $"a percentage {(withZero ? "from 0%" : "above 0%")} {(withWhole ? "up to" : "and below")} 100%",
                value.Node is ConfigNode.Scalar bare ? Hint(bare.Value) : null);

    private static long Count(ConfigValue value, long minimum) =>
        value.Node is ConfigNode.Scalar scalar
        && long.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= minimum
            ? number
            : throw value.Wrong($"a number of rows from {minimum} on");

    private static string? Hint(string word) => decimal.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 1
        ? FormattableString.Invariant($"Write {number * 100:0.########}% or {number:0.##########}%: which of the two a bare number means, nobody can tell.")
        : null;
}
