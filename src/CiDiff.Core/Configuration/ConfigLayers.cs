namespace CiDiff.Configuration;

/// <summary>Puts the layers over each other: flag, environment variable, <c>cidiff.yml</c>, default; the first that says something holds.</summary>
public static class ConfigLayers
{
    private const string Prefix = "CIDIFF_";
    private const StringSplitOptions TrimmedWords = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    /// <summary>Makes the configuration.</summary>
    /// <param name="file">The configuration file, as <see cref="ConfigFile.Find"/> gave it; null for none.</param>
    /// <param name="environment">All environment variables. An empty one counts as not set, since CI hosts cannot unset.</param>
    /// <param name="flags">Values given on the command line, by <see cref="ConfigOption.Key"/> and as text: <c>selection.slim</c> is
    /// "false" for <c>--no-slim</c>.</param>
    /// <param name="inBase">The base branch's file, whose <see cref="BaseConfig.Sections"/> stand in for those of <paramref name="file"/>; null
    /// where <paramref name="file"/> alone counts. Environment and flags are the job's and win over both.</param>
    /// <exception cref="Errors.UserErrorException">A value is wrong; the message names where it was given.</exception>
    public static CiDiffConfig Resolve(
        string? file,
        IReadOnlyDictionary<string, string> environment,
        IReadOnlyDictionary<string, string> flags,
        BaseConfig? inBase = null)
    {
        var text = file is null ? null : ConfigFile.ReadText(file);
        var config = text is null ? CiDiffConfig.Default : ConfigReader.Read(text, file!, CiDiffConfig.Default, environment);
        config = inBase?.Over(config, text, environment) ?? config;

        foreach (var option in ConfigOption.All)
        {
            if (option.EnvironmentVariable is { } name && environment.TryGetValue(name, out var set) && set.Length > 0)
            {
                config = option.Apply(config, Value(option, option.Form, set, $"environment variable {name}"));
            }
        }

        foreach (var (key, given) in flags)
        {
            // The shell has split the command line already: a comma in a path is a comma.
            var option = ConfigOption.All.First(option => option.Key == key);
            var form = option.Form == TextForm.Words ? TextForm.Word : option.Form;
            config = option.Apply(config, Value(option, form, given, $"option {option.Flag}"));
        }

        return config with { Notes = [.. config.Notes, .. Misspelt(environment)] };

        ConfigValue Value(ConfigOption option, TextForm form, string text, string source) =>
            new(option.Key, ReadText(form, text, new ConfigPlace(source))) { Environment = environment };
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
                [.. text.Split(separators, TrimmedWords).Select(word => Word(word, place))])
            : Word(text.Trim(), place);
    }

    private static ConfigNode.Scalar Word(string text, ConfigPlace place) => new(place, text, IsQuoted: false);

    // A variable with one wrong letter would be without effect and without a word.
    private static IEnumerable<string> Misspelt(IReadOnlyDictionary<string, string> environment)
    {
        var known = ConfigOption.All.Select(option => option.EnvironmentVariable).OfType<string>()
            .Concat([$"{Prefix}CONFIG", $"{Prefix}CONFIG_FROM"])
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
