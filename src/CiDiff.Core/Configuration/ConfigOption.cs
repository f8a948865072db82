using CiDiff.Errors;

namespace CiDiff.Configuration;

/// <summary>What kind of value an option takes in <c>cidiff.yml</c>.</summary>
public enum OptionKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>true or false.</summary>
    Switch,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>One of some words.</summary>
    Choice,

    /// <summary>A list of texts, or one text.</summary>
    List,

    /// <summary>Off, a level, a limit, or both limits.</summary>
    Rule,

    /// <summary>Something with a form of its own.</summary>
    Structure,
}

/// <summary>One option: its key in <c>cidiff.yml</c>, its environment variable, its flag, and what it does to the configuration.</summary>
/// <remarks>The table in <c>docs/configuration.md</c> is made from <see cref="All"/>, and the JSON Schema is held against it.</remarks>
public sealed record ConfigOption
{
    private readonly Func<CiDiffConfig, ConfigValue, CiDiffConfig> _apply;

    internal ConfigOption(
        string key,
        OptionKind kind,
        string takes,
        string @default,
        string meaning,
        Func<CiDiffConfig, ConfigValue, CiDiffConfig> apply)
    {
        Key = key;
        Kind = kind;
        Takes = takes;
        Default = @default;
        Meaning = meaning;
        _apply = apply;
        Form = kind switch
        {
            OptionKind.List => TextForm.Words,
            OptionKind.Rule or OptionKind.Structure => TextForm.Yaml,
            _ => TextForm.Word,
        };
    }

    /// <summary>Every option, in the order of the documentation.</summary>
    public static IReadOnlyList<ConfigOption> All { get; } = [.. ConfigOptions.Create()];

    /// <summary>Section and name: <c>compare.samples</c>. <c>NAME</c> in it stands for a column.</summary>
    public string Key { get; }

    /// <summary>What kind of value it takes in the file.</summary>
    public OptionKind Kind { get; }

    /// <summary>The values it takes, in a few words.</summary>
    public string Takes { get; }

    /// <summary>The default as it would be written in the file; empty for none.</summary>
    public string Default { get; }

    /// <summary>What it does, in a sentence or two.</summary>
    public string Meaning { get; }

    /// <summary>The flag of <c>cidiff run</c>; null where there is none.</summary>
    public string? Flag { get; init; }

    /// <summary>The words of <see cref="OptionKind.Choice"/>; empty for the other kinds.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The environment variable, made from the key: <c>CIDIFF_COMPARE_SAMPLES</c>; null for what is too large for one.</summary>
    public string? EnvironmentVariable =>
        Form == TextForm.None ? null : $"CIDIFF_{Key.Replace('.', '_').ToUpperInvariant()}";

    /// <summary>How it is read from an environment variable or a flag.</summary>
    internal TextForm Form { get; init; }

    /// <summary>Whether what a configuration says by this option is something that this version does.</summary>
    internal Func<CiDiffConfig, bool> IsAvailable { get; init; } = _ => true;

    /// <summary>What is not available is no mistake: it will be on by default, and a run does without it and says so.</summary>
    internal bool IsNotedOnly { get; init; }

    /// <summary>Puts a value into the configuration. A value without content says nothing.</summary>
    /// <exception cref="UserErrorException">The value is wrong, or would have no effect: whoever wrote it counts on it.</exception>
    internal CiDiffConfig Apply(CiDiffConfig config, ConfigValue value)
    {
        if (value.Node is ConfigNode.Null)
        {
            return config;
        }

        var applied = _apply(config, value);
        if (IsNotedOnly && !IsAvailable(applied))
        {
            return applied with { Notes = [.. applied.Notes, $"{Key} has no effect in this version."] };
        }

        return IsAvailable(applied) ? applied : throw NotAvailable(value, $"'{value.Key}: {Short(value.Node)}'");
    }

    /// <summary>The error for a value that a later version will take.</summary>
    /// <param name="value">The value.</param>
    /// <param name="what">What is not available.</param>
    internal static UserErrorException NotAvailable(ConfigValue value, string what) => new(
        ErrorCodes.NotAvailable,
        $"{value.Node.Place}: {what} is not available in this version.",
        hint: "Remove it; it would have no effect. docs/configuration.md says what is available.");

    private static string Short(ConfigNode node) => node is ConfigNode.Scalar scalar ? scalar.Value : "[…]";
}

/// <summary>How an option is read from a single text.</summary>
internal enum TextForm
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>As one word.</summary>
    Word,

    /// <summary>As words between commas or line breaks, or as a YAML list in brackets.</summary>
    Words,

    /// <summary>As lines, because a comma means something in a dbt selector; or as a YAML list in brackets.</summary>
    Lines,

    /// <summary>As one word, or as YAML in brackets or braces.</summary>
    Yaml,
}
