namespace CiDiff.Configuration;

/// <summary>Puts the layers over each other: flag, environment variable, <c>cidiff.yml</c>, default; the first that says something holds.</summary>
public static class ConfigLayers
{
    private const string Prefix = "CIDIFF_";

    /// <summary>Makes the configuration.</summary>
    /// <param name="file">The configuration file, as <see cref="ConfigFile.Find"/> gave it; null for none.</param>
    /// <param name="environment">All environment variables. An empty one counts as not set, since CI hosts cannot unset.</param>
    /// <param name="flags">Values given on the command line, by <see cref="ConfigOption.Key"/> and as text: <c>selection.slim</c> is
    /// "false" for <c>--no-slim</c>.</param>
    /// <exception cref="Errors.UserErrorException">A value is wrong; the message names where it was given.</exception>
    public static CiDiffConfig Resolve(string? file, IReadOnlyDictionary<string, string> environment, IReadOnlyDictionary<string, string> flags)
    {
        var config = file is null
            ? CiDiffConfig.Default
            : ConfigReader.Read(ConfigFile.ReadText(file), file, CiDiffConfig.Default, environment);

        foreach (var option in ConfigOption.All)
        {
            if (option.EnvironmentVariable is { } name && environment.TryGetValue(name, out var text) && text.Length > 0)
            {
                config = Apply(config, option, text, $"environment variable {name}", environment);
            }
        }

        foreach (var (key, text) in flags)
        {
            var option = ConfigOption.All.First(option => option.Key == key);
            config = Apply(config, option, text, $"option {option.Flag}", environment);
        }

        return config with { Notes = [.. Misspelt(environment)] };
    }

    private static CiDiffConfig Apply(
        CiDiffConfig config,
        ConfigOption option,
        string text,
        string source,
        IReadOnlyDictionary<string, string> environment)
    {
        var node = ReadText(option.Form, text, new ConfigPlace(source));
        return node is ConfigNode.Null ? config : option.Apply(config, new ConfigValue(option.Key, node) { Environment = environment });
    }

    private static ConfigNode ReadText(TextForm form, string text, ConfigPlace place)
    {
        var isYaml = form is TextForm.Words or TextForm.Lines or TextForm.Yaml && text.TrimStart() is ['[' or '{', ..];
        if (isYaml)
        {
            return YamlText.Parse(text, place);
        }

        char[] separators = form == TextForm.Words ? [',', '\n'] : ['\n'];
        return form is TextForm.Words or TextForm.Lines
            ? new ConfigNode.Sequence(
                place,
                [.. text.Split(separators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(word => Word(word, place))])
            : Word(text.Trim(), place);
    }

    private static ConfigNode.Scalar Word(string text, ConfigPlace place) => new(place, text, IsQuoted: false);

    // A variable with one wrong letter would be without effect and without a word.
    private static IEnumerable<string> Misspelt(IReadOnlyDictionary<string, string> environment)
    {
        var known = ConfigOption.All.Select(option => option.EnvironmentVariable).OfType<string>()
            .Append($"{Prefix}CONFIG")
            .Select(name => name[Prefix.Length..])
            .ToList();

        return
            from name in environment.Keys.Order(StringComparer.Ordinal)
            where name.StartsWith(Prefix, StringComparison.Ordinal) && !known.Contains(name[Prefix.Length..])
            let meant = Spelling.Nearest(name[Prefix.Length..], known)
            where meant is not null
            select $"The environment variable {name} has no effect; {Prefix}{meant} would.";
    }
}
