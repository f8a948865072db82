using System.Globalization;

namespace CiDiff.Configuration;

/// <summary>Tolerances as they are written: <c>0.01</c>, <c>1%</c>, <c>2s</c>, <c>ignore_case</c>, several of them with commas or as a list,
/// <c>{absolute: 0.01}</c>, <c>{relative: 1%}</c>.</summary>
public static class ToleranceText
{
    /// <summary>What a key of the mapping begins with when it names a type and no column.</summary>
    public const string TypePrefix = "type:";

    /// <summary>How tolerances are written, as the end of a sentence.</summary>
    public const string Forms =
        "a tolerance: 0.01, 1%, 2s, 500ms, {absolute: 0.01}, {relative: 0.01}, ignore_case, ignore_trailing_spaces, null_equals_empty, json, "
        + "sort_array, to_second, exact, or a list of them";

    /// <summary>The words for what is ignored.</summary>
    internal static readonly IReadOnlyDictionary<string, ValueAspects> AspectWords = new Dictionary<string, ValueAspects>(StringComparer.Ordinal)
    {
        ["ignore_case"] = ValueAspects.Case,
        ["ignore_trailing_spaces"] = ValueAspects.TrailingSpaces,
        ["null_equals_empty"] = ValueAspects.NullOrEmpty,
        ["json"] = ValueAspects.JsonSpelling,
        ["sort_array"] = ValueAspects.ArrayOrder,
    };

    private static readonly Dictionary<string, TimePrecision> Precisions = new(StringComparer.Ordinal)
    {
        ["to_millisecond"] = TimePrecision.Millisecond,
        ["to_second"] = TimePrecision.Second,
        ["to_minute"] = TimePrecision.Minute,
        ["to_hour"] = TimePrecision.Hour,
        ["to_day"] = TimePrecision.Day,
    };

    /// <summary>The words after <see cref="TypePrefix"/>. Those of other products are taken too.</summary>
    public static IReadOnlyList<string> Types { get; } =
    [
        "number", "integer", "decimal", "float", "text", "string", "date", "time", "timestamp", "interval", "json", "array",
    ];

    /// <summary>Reads a tolerance on one line; null when it is none.</summary>
    /// <remarks>A plain number is absolute; a percentage is relative; a time is one in seconds; words may be added after commas.</remarks>
    public static Tolerance? TryParse(string text) =>
        Together([.. text.Split(',', StringSplitOptions.TrimEntries).Select(Word)]);

    /// <summary>Whether a key of the mapping can be one: the name of a column, or of a type.</summary>
    public static bool IsKey(string key) =>
        !key.StartsWith(TypePrefix, StringComparison.OrdinalIgnoreCase)
        || Types.Contains(key[TypePrefix.Length..].Trim(), StringComparer.OrdinalIgnoreCase);

    /// <summary>How a precision is written.</summary>
    internal static string Word(TimePrecision precision) => Precisions.First(entry => entry.Value == precision).Key;

    /// <summary>Reads tolerances by column.</summary>
    internal static IReadOnlyDictionary<string, Tolerance> ReadByColumn(ConfigValue value)
    {
        var tolerances = new Dictionary<string, Tolerance>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in value.Mapping("a mapping of columns to tolerances").Entries)
        {
            if (!IsKey(entry.Key))
            {
                throw value.Invalid($"'{value.Key}' knows no '{entry.Key}'", $"After '{TypePrefix}' comes one of {string.Join(", ", Types)}.");
            }

            if (!tolerances.TryAdd(entry.Key, Read(new ConfigValue($"{value.Key}.{entry.Key}", entry.Value))))
            {
                throw value.Invalid($"'{value.Key}' has the column '{entry.Key}' twice; case does not count");
            }
        }

        return tolerances;
    }

    private static Tolerance Read(ConfigValue value) => TryRead(value.Node) ?? throw value.Wrong(Forms);

    private static Tolerance? TryRead(ConfigNode node) => node switch
    {
        ConfigNode.Scalar scalar => TryParse(scalar.Value),
        ConfigNode.Sequence { Items: [_, ..] items } => Together([.. items.Select(TryRead)]),
        ConfigNode.Mapping { Entries: [{ Key: "absolute", Value: ConfigNode.Scalar scalar }] }
            when Word(scalar.Value) is { Mode: ToleranceMode.Absolute or ToleranceMode.Time, Ignores: ValueAspects.None, Precision: null } tolerance => tolerance,
        ConfigNode.Mapping { Entries: [{ Key: "relative", Value: ConfigNode.Scalar scalar }] }
            when Relative(scalar.Value) is { } tolerance => tolerance,
        _ => null,
    };

    /// <summary>All of them at once; null when one is none, or when two contradict each other.</summary>
    private static Tolerance? Together(IReadOnlyList<Tolerance?> parts) => parts.OfType<Tolerance>().ToList() is var known
        && known.Count == parts.Count
        && known.Count(part => part.Amount > 0) <= 1
        && known.Count(part => part.Precision is not null) <= 1
            ? (known.FirstOrDefault(part => part.Amount > 0) ?? known.FirstOrDefault() ?? Tolerance.Exact) with
            {
                Ignores = known.Aggregate(ValueAspects.None, (all, part) => all | part.Ignores),
                Precision = known.Select(part => part.Precision).FirstOrDefault(precision => precision is not null),
            }
            : null;

    private static Tolerance? Word(string text) => text.Trim() switch
    {
        [.. var number, '%'] when Number(number) is { } percent => new Tolerance(percent / 100, ToleranceMode.Relative),
        var number when Number(number) is { } amount => new Tolerance(amount, ToleranceMode.Absolute),
        var time when Durations.TryReadSeconds(time) is { } seconds => new Tolerance(seconds, ToleranceMode.Time),
        "exact" => Tolerance.Exact,
        var word when AspectWords.TryGetValue(word, out var aspect) => Tolerance.Exact with { Ignores = aspect },
        var word when Precisions.TryGetValue(word, out var precision) => Tolerance.Exact with { Precision = precision },
        _ => null,
    };

    private static Tolerance? Relative(string text) => Number(text) is { } fraction
        ? new Tolerance(fraction, ToleranceMode.Relative)
        : Word(text) is { Mode: ToleranceMode.Relative } tolerance ? tolerance : null;

    // Meta comes through JSON, where small numbers are written as 1e-05.
    private static decimal? Number(string text) => decimal.TryParse(
        text.Trim(),
        NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
        CultureInfo.InvariantCulture,
        out var number)
        ? number
        : null;
}
