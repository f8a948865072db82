using System.Diagnostics;
using System.Text.Json;

namespace CiDiff.Configuration;

/// <summary>Where a piece of configuration was written, for messages and for paths that are relative to it.</summary>
/// <param name="Source">The file as it was named, "environment variable CIDIFF_…", "option --…", or "meta.cidiff.samples of model.shop.orders".</param>
/// <param name="Line">Counted from 1; 0 where there are no lines.</param>
/// <param name="Column">Counted from 1; 0 where there are no lines.</param>
/// <param name="Folder">What relative paths are relative to; empty for the working directory.</param>
internal sealed record ConfigPlace(string Source, int Line = 0, int Column = 0, string Folder = "")
{
    /// <summary>Without the column, as far as SQL and selectors need it.</summary>
    public string SourceAndLine => Line == 0 ? Source : $"{Source}, line {Line}";

    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? Source : $"{Source}, line {Line}, column {Column}";
}

/// <summary>A value of YAML or JSON together with its place. Closed: every case is in this file.</summary>
internal abstract record ConfigNode(ConfigPlace Place)
{
    /// <summary>An empty value, <c>~</c> or <c>null</c>.</summary>
    internal sealed record Null(ConfigPlace Place) : ConfigNode(Place);

    /// <summary>A single value.</summary>
    /// <param name="Place">Where it was written.</param>
    /// <param name="Value">Its text, quotes removed.</param>
    /// <param name="IsQuoted">Surely a text: it was quoted. What is not may be a number or a boolean as well.</param>
    internal sealed record Scalar(ConfigPlace Place, string Value, bool IsQuoted) : ConfigNode(Place);

    /// <summary>A list.</summary>
    internal sealed record Sequence(ConfigPlace Place, IReadOnlyList<ConfigNode> Items) : ConfigNode(Place);

    /// <summary>Keys and values in the order of the file, no key twice.</summary>
    internal sealed record Mapping(ConfigPlace Place, IReadOnlyList<ConfigEntry> Entries) : ConfigNode(Place)
    {
        /// <summary>The value of a key; null when there is no such key.</summary>
        public ConfigNode? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key)?.Value;
    }

    /// <summary>For messages: what it is, and what it holds when that is short.</summary>
    public string Describe() => this switch
    {
        Null => "nothing",
        Scalar { Value.Length: > 60 } scalar => $"'{scalar.Value.AsSpan(0, 57)}...'",
        Scalar scalar => $"'{scalar.Value}'",
        Sequence => "a list",
        Mapping => "a mapping",
        _ => throw new UnreachableException(),
    };

    /// <summary>Takes over JSON. Numbers keep the digits they were written with.</summary>
    /// <param name="element">The JSON.</param>
    /// <param name="path">Its keys, for messages: "meta.cidiff".</param>
    /// <param name="owner">Whose it is, for messages: "model.shop.orders".</param>
    public static ConfigNode From(JsonElement element, string path, string owner)
    {
        var place = new ConfigPlace($"{path} of {owner}");
        return element.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.Undefined => new Null(place),
            JsonValueKind.String => new Scalar(place, element.GetString()!, IsQuoted: true),
            JsonValueKind.Array => new Sequence(place, [.. element.EnumerateArray().Select(item => From(item, path, owner))]),
            JsonValueKind.Object => new Mapping(place, [.. element.EnumerateObject().Select(property => new ConfigEntry(
                new ConfigPlace($"{path}.{property.Name} of {owner}"),
                property.Name,
                From(property.Value, $"{path}.{property.Name}", owner)))]),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => new Scalar(place, element.GetRawText(), IsQuoted: false),
            _ => throw new UnreachableException(),
        };
    }
}

/// <summary>A key and its value.</summary>
/// <param name="Place">Where the key was written.</param>
/// <param name="Key">Its text.</param>
/// <param name="Value">Its value.</param>
internal sealed record ConfigEntry(ConfigPlace Place, string Key, ConfigNode Value);
