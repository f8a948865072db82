namespace CiDiff.Configuration;

/// <summary>Puts the text of a <c>cidiff.yml</c> over a configuration. Strict: what it does not know is an error.</summary>
internal static class ConfigReader
{
    private static readonly Dictionary<string, ConfigOption> Options =
        ConfigOption.All.ToDictionary(option => option.Key, StringComparer.Ordinal);

    private static readonly IReadOnlyList<string> TopKeys = [.. ConfigOption.All.Select(option => option.Key.Split('.')[0]).Distinct()];

    /// <summary>Reads YAML.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="file">The file's name for messages; its folder is what relative paths in it are relative to.</param>
    /// <param name="lower">The layer below.</param>
    /// <param name="environment">Where <c>env:NAME</c> is looked up.</param>
    /// <exception cref="Errors.UserErrorException">Something in it is wrong; the message names line and column.</exception>
    public static CiDiffConfig Read(string text, string file, CiDiffConfig lower, IReadOnlyDictionary<string, string> environment) =>
        Read(text, new ConfigPlace(file, Folder: Path.GetDirectoryName(file) ?? ""), lower with { File = file }, environment);

    /// <summary>Reads YAML from a place that is not the file itself.</summary>
    /// <param name="text">The text.</param>
    /// <param name="place">What messages call it, and what relative paths in it are relative to.</param>
    /// <param name="lower">The layer below.</param>
    /// <param name="environment">Where <c>env:NAME</c> is looked up.</param>
    /// <exception cref="Errors.UserErrorException">Something in it is wrong; the message names line and column.</exception>
    public static CiDiffConfig Read(string text, ConfigPlace place, CiDiffConfig lower, IReadOnlyDictionary<string, string> environment)
    {
        var config = lower;
        return YamlText.Parse(text, place) switch
        {
            ConfigNode.Null => config,
            ConfigNode.Mapping mapping => mapping.Entries.Aggregate(config, (config, entry) => ReadTop(entry, config, environment)),
            var node => throw new ConfigValue(place.Source, node).Wrong("keys and values, such as `version: 1`"),
        };
    }

    private static CiDiffConfig ReadTop(ConfigEntry entry, CiDiffConfig config, IReadOnlyDictionary<string, string> environment)
    {
        if (!TopKeys.Contains(entry.Key))
        {
            throw ConfigValue.UnknownKey(entry, "", TopKeys);
        }

        var value = new ConfigValue(entry.Key, entry.Value) { Environment = environment };
        return (entry.Key, entry.Value) switch
        {
            (_, ConfigNode.Null) => config,
            ("rules", _) => config with { Rules = config.Rules.With(RuleText.Read(value)) },
            _ when Options.TryGetValue(entry.Key, out var option) => option.Apply(config, value),
            _ => value.Mapping("keys and values").Entries.Aggregate(config, (config, inner) => ReadInner(value, inner, config)),
        };
    }

    private static CiDiffConfig ReadInner(ConfigValue section, ConfigEntry entry, CiDiffConfig config)
    {
        var key = $"{section.Key}.{entry.Key}";
        return Options.TryGetValue(key, out var option)
            ? option.Apply(config, section with { Key = key, Node = entry.Value })
            : throw ConfigValue.UnknownKey(entry, section.Key, KeysOf(section.Key));
    }

    private static List<string> KeysOf(string section) =>
    [
        .. ConfigOption.All
            .Where(option => option.Key.StartsWith($"{section}.", StringComparison.Ordinal))
            .Select(option => option.Key[(section.Length + 1)..]),
    ];
}
