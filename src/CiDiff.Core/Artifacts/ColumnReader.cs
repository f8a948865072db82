using System.Text.Json;

namespace CiDiff.Artifacts;

/// <summary>Reads the <c>columns</c> of a node.</summary>
internal sealed class ColumnReader(JsonText text)
{
    /// <summary>Reads the object, or the list, at the reader; ends on its last token.</summary>
    public IReadOnlyList<ManifestColumn> Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return [];
        }

        List<ManifestColumn>? columns = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = text.Read(ref reader)!;
            reader.Read();
            (columns ??= []).Add(ReadColumn(name, ref reader, json));
        }

        return columns is null ? [] : Distinct(columns);
    }

    // A name that is written twice has its last value, as in Python, at its first place.
    private static ManifestColumn[] Distinct(List<ManifestColumn> columns)
    {
        var places = new Dictionary<string, int>(columns.Count, StringComparer.Ordinal);
        var distinct = new List<ManifestColumn>(columns.Count);
        foreach (var column in columns)
        {
            if (places.TryAdd(column.Name, distinct.Count))
            {
                distinct.Add(column);
            }
            else
            {
                distinct[places[column.Name]] = column;
            }
        }

        return [.. distinct];
    }

    private ManifestColumn ReadColumn(string name, ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return new ManifestColumn(name, "", null, [], default, default);
        }

        string? description = null;
        string? dataType = null;
        IReadOnlyList<string> tags = [];
        IReadOnlyList<string> configTags = [];
        JsonFragment meta = default;
        JsonFragment configMeta = default;
        JsonFragment constraints = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("description"u8))
            {
                reader.Read();
                description = text.Read(ref reader);
            }
            else if (reader.ValueTextEquals("data_type"u8))
            {
                reader.Read();
                dataType = text.Read(ref reader);
            }
            else if (reader.ValueTextEquals("tags"u8))
            {
                reader.Read();
                tags = text.ReadList(ref reader);
            }
            else if (reader.ValueTextEquals("meta"u8))
            {
                reader.Read();
                meta = Filled(text.Fragment(ref reader, json));
            }
            else if (reader.ValueTextEquals("constraints"u8))
            {
                reader.Read();
                constraints = Filled(text.Fragment(ref reader, json));
            }
            else if (reader.ValueTextEquals("config"u8))
            {
                reader.Read();
                ReadConfig(ref reader, json, ref configMeta, ref configTags);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new ManifestColumn(
            name,
            description ?? "",
            dataType,
            configTags.Count == 0 ? tags : [.. tags.Union(configTags, StringComparer.Ordinal)],
            configMeta.IsMissing ? meta : configMeta,
            constraints);
    }

    private void ReadConfig(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ref JsonFragment meta, ref IReadOnlyList<string> tags)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("meta"u8))
            {
                reader.Read();
                meta = Filled(text.Fragment(ref reader, json));
            }
            else if (reader.ValueTextEquals("tags"u8))
            {
                reader.Read();
                tags = text.ReadList(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }

    // dbt writes an empty list or object where nobody wrote anything.
    private static JsonFragment Filled(JsonFragment fragment) =>
        fragment.Utf8.Span.SequenceEqual("{}"u8) || fragment.Utf8.Span.SequenceEqual("[]"u8) || fragment.IsMissingOrNull
            ? default
            : fragment;
}
