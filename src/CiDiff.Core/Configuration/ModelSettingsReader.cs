using System.Text.Json;

namespace CiDiff.Configuration;

/// <summary>Reads what one place says about a model.</summary>
internal static class ModelSettingsReader
{
    private static readonly IReadOnlyList<string> Keys = [.. ModelOption.All.Select(option => option.Key)];

    /// <summary>Reads an entry of <c>models:</c>.</summary>
    public static ModelOverride ReadOverride(ConfigValue value)
    {
        var mapping = value.Mapping("a mapping with 'select' and settings");
        var select = mapping.Find("select") is { } selector and not ConfigNode.Null
            ? new ConfigValue($"{value.Key}.select", selector).Text()
            : throw value.Invalid($"'{value.Key}' has no 'select'", "Say with a dbt selector which models it is for, such as `tag:finance`.");

        var others = mapping with { Entries = [.. mapping.Entries.Where(entry => entry.Key != "select")] };
        var settings = Read(others, value.Key, ["select", .. Keys]);
        return new ModelOverride(select, settings, value.Node.Place.SourceAndLine);
    }

    /// <summary>Reads <c>meta.cidiff</c> and <c>meta.datafold.datadiff</c>.</summary>
    /// <param name="meta">A node's <c>meta</c>.</param>
    /// <param name="model">Its unique id, for messages.</param>
    /// <returns>Both, <c>cidiff</c> over <c>datafold</c>.</returns>
    public static ModelSettings ReadMeta(JsonElement meta, string model)
    {
        var settings = ModelSettings.None;
        if (meta.ValueKind != JsonValueKind.Object)
        {
            return settings;
        }

        if (meta.TryGetProperty("datafold", out var datafold) && datafold.ValueKind == JsonValueKind.Object
            && datafold.TryGetProperty("datadiff", out var datadiff)
            && ConfigNode.From(datadiff, "meta.datafold.datadiff", model) is ConfigNode.Mapping theirs)
        {
            settings = ReadDatafold(theirs);
        }

        if (meta.TryGetProperty("cidiff", out var ours) && ours.ValueKind != JsonValueKind.Null)
        {
            var value = new ConfigValue("meta.cidiff", ConfigNode.From(ours, "meta.cidiff", model));
            settings = Read(value.Mapping("a mapping"), "meta.cidiff", Keys).Over(settings);
        }

        return settings;
    }

    // Another product's keys: those that it added after its documentation was read are none of our business.
    private static ModelSettings ReadDatafold(ConfigNode.Mapping mapping) => mapping.Entries.Aggregate(
        ModelSettings.None,
        (settings, entry) =>
            entry.Value is not ConfigNode.Null && ModelOption.Datafold.FirstOrDefault(option => option.Key == entry.Key) is { } option
                ? option.Apply(settings, new ConfigValue(entry.Key, entry.Value))
                : settings);

    private static ModelSettings Read(ConfigNode.Mapping mapping, string section, IReadOnlyList<string> known)
    {
        var settings = ModelSettings.None;
        foreach (var entry in mapping.Entries)
        {
            var option = ModelOption.All.FirstOrDefault(option => option.Key == entry.Key)
                ?? throw ConfigValue.UnknownKey(entry, section, known);
            if (entry.Value is not ConfigNode.Null)
            {
                settings = option.Apply(settings, new ConfigValue($"{section}.{entry.Key}", entry.Value));
            }
        }

        return settings;
    }
}
