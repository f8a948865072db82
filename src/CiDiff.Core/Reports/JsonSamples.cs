using System.Text.Json;

namespace CiDiff.Reports;

/// <summary><c>samples</c> of a model in <c>run.json</c>: there only when privacy lets something be shown. A value that may not be shown is left
/// out, or null where its place has a meaning (in a key); <c>private_columns</c> tells it from SQL's null.</summary>
internal static class JsonSamples
{
    public static void Write(Utf8JsonWriter json, ShownSamples samples)
    {
        json.WriteStartObject("samples");
        json.WriteStartArray("changed");
        foreach (var row in samples.Changed)
        {
            json.WriteStartObject();
            WriteKey(json, row.Key);
            json.WriteStartArray("values");
            foreach (var value in row.Values)
            {
                json.WriteStartObject();
                json.WriteString("column", value.Column);
                WriteCell(json, "base", value.Base);
                WriteCell(json, "head", value.Head);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteRows(json, "added", samples.Added);
        WriteRows(json, "removed", samples.Removed);
        json.WriteStartObject("duplicate_keys");
        WriteKeys(json, "base", samples.DuplicateKeys.Base);
        WriteKeys(json, "head", samples.DuplicateKeys.Head);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteRows(Utf8JsonWriter json, string name, IReadOnlyList<ShownRow> rows)
    {
        json.WriteStartArray(name);
        foreach (var row in rows)
        {
            json.WriteStartObject();
            WriteKey(json, row.Key);
            json.WriteStartArray("values");
            foreach (var (column, cell) in row.Values)
            {
                json.WriteStartObject();
                json.WriteString("column", column);
                WriteCell(json, "value", cell);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("occurrences", row.Occurrences);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteKeys(Utf8JsonWriter json, string side, IReadOnlyList<ShownKey> keys)
    {
        json.WriteStartArray(side);
        foreach (var key in keys)
        {
            json.WriteStartObject();
            WriteKey(json, key.Key);
            json.WriteNumber("occurrences", key.Occurrences);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteKey(Utf8JsonWriter json, IReadOnlyList<ShownCell> key)
    {
        json.WriteStartArray("key");
        foreach (var cell in key)
        {
            json.WriteStringValue(cell.Text);
        }

        json.WriteEndArray();
    }

    private static void WriteCell(Utf8JsonWriter json, string name, ShownCell cell)
    {
        if (!cell.IsHidden)
        {
            json.WriteString(name, cell.Text);
        }
    }
}
