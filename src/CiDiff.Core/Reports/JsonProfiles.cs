using System.Globalization;
using System.Text.Json;
using CiDiff.Diffing;
using CiDiff.Warehouses;

namespace CiDiff.Reports;

/// <summary><c>profiles</c> of a model in <c>run.json</c>. Values that may not be shown are left out; null is for what a column does not have.</summary>
internal static class JsonProfiles
{
    public static void Write(Utf8JsonWriter json, IReadOnlyList<ColumnProfile> profiles)
    {
        json.WriteStartArray("profiles");
        foreach (var profile in profiles)
        {
            json.WriteStartObject();
            json.WriteString("name", profile.Name.Value);
            WriteSide(json, "base", profile.Sides.Base);
            WriteSide(json, "head", profile.Sides.Head);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static IReadOnlyList<ColumnProfile> Read(JsonElement model) => model.List("profiles", profile => new ColumnProfile(
        new ColumnName(profile.Text("name")), new(ReadSide(profile.OptionalObject("base")), ReadSide(profile.OptionalObject("head")))));

    private static void WriteSide(Utf8JsonWriter json, string name, ColumnStatistics? side)
    {
        if (side is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("rows", side.Rows);
        json.WriteNumber("nulls", side.Nulls);
        WriteNumber(json, "null_share", side.NullShare);
        json.WriteNumber("distinct", side.Distinct);
        WriteNumber(json, "mean", side.Mean);
        if (!side.AreValuesHidden)
        {
            json.WriteString("min", side.Least);
            json.WriteString("max", side.Greatest);
            WriteQuantiles(json, side.Quantiles);
        }

        json.WriteStartArray("frequent");
        foreach (var frequent in side.Frequent)
        {
            json.WriteStartObject();
            if (frequent.Value is { } value)
            {
                json.WriteString("value", value);
            }

            json.WriteNumber("rows", frequent.Rows);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteQuantiles(Utf8JsonWriter json, IReadOnlyList<string> quantiles)
    {
        if (quantiles.Count == 0)
        {
            json.WriteNull("quantiles");
            return;
        }

        json.WriteStartObject("quantiles");
        foreach (var (share, value) in ColumnStatistics.QuantileShares.Zip(quantiles))
        {
            json.WriteString(QuantileName(share), value);
        }

        json.WriteEndObject();
    }

    private static ColumnStatistics? ReadSide(JsonElement? json) => json is not { } side
        ? null
        : new ColumnStatistics(side.Count("rows"), side.Count("nulls"), side.Count("distinct"))
        {
            Mean = side.OptionalNumber("mean"),
            Least = side.OptionalText("min"),
            Greatest = side.OptionalText("max"),
            Quantiles = side.OptionalObject("quantiles") is { } quantiles
                ? [.. ColumnStatistics.QuantileShares.Select(share => quantiles.Text(QuantileName(share)))]
                : [],
            Frequent = side.List("frequent", frequent => new FrequentValue(frequent.OptionalText("value"), frequent.Count("rows"))),
            AreValuesHidden = !side.TryGetProperty("min", out _),
        };

    private static string QuantileName(decimal share) => string.Create(CultureInfo.InvariantCulture, $"p{share * 100:0}");
}
