using System.Text.Json;
using CiDiff.Diffing;
using CiDiff.Warehouses;

namespace CiDiff.Reports;

/// <summary><c>attribution</c> of a model in <c>run.json</c>. A value that may not be shown is left out; null is SQL's null.</summary>
internal static class JsonAttribution
{
    public static void Write(Utf8JsonWriter json, Attribution attribution)
    {
        json.WriteStartObject("attribution");
        json.WriteNumber("changed_rows", attribution.ChangedRows);
        json.WriteBoolean("estimated", attribution.IsEstimate);
        json.WriteStartArray("concentrations");
        foreach (var found in attribution.Concentrations)
        {
            json.WriteStartObject();
            json.WriteString("column", found.Column.Value);
            json.WriteString("unit", found.Unit is { } unit ? ReportWords.Of(unit) : null);
            if (!found.IsHidden)
            {
                json.WriteString("value", found.Value);
            }

            json.WriteNumber("share", found.Share);
            json.WriteNumber("base_share", found.BaseShare);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static Attribution Read(JsonElement json) => new(
        json.Count("changed_rows"),
        json.Flag("estimated"),
        json.List("concentrations", found => new Concentration(
            new ColumnName(found.Text("column")),
            found.OptionalText("unit") is null ? null : found.Word<TimeUnit>("unit"),
            found.OptionalText("value"),
            found.OptionalNumber("share") ?? double.NaN,
            found.OptionalNumber("base_share") ?? double.NaN,
            IsHidden: !found.TryGetProperty("value", out _))));
}
