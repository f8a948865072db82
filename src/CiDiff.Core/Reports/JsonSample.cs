using System.Text.Json;
using CiDiff.Diffing;

namespace CiDiff.Reports;

/// <summary><c>sampled</c> of a model in <c>run.json</c>: what was counted in the sample, and what that leads to expect of the whole tables.</summary>
/// <remarks>The fields that hold exact counts are null in such a model, so that no reader takes an estimate for one.</remarks>
internal static class JsonSample
{
    /// <summary>Writes it.</summary>
    public static void Write(Utf8JsonWriter json, TableDiff? diff)
    {
        if (diff?.Sample is not { } sample)
        {
            json.WriteNull("sampled");
            return;
        }

        json.WriteStartObject("sampled");
        json.WriteNumber("share", sample.Share);
        json.WriteNumber("confidence", sample.Confidence);
        json.WriteString("because", sample.Because);
        json.WriteStartObject("rows");
        json.WriteNumber("base", sample.Found.Base);
        json.WriteNumber("head", sample.Found.Head);
        json.WriteNumber("added", sample.Found.Added);
        json.WriteNumber("removed", sample.Found.Removed);
        json.WriteNumber("changed", sample.Found.Changed ?? 0);
        json.WriteNumber("same", sample.Found.Same);
        json.WriteEndObject();
        json.WriteStartObject("estimates");
        WriteRange(json, "added", diff.Rows.Added, sample.Added);
        WriteRange(json, "removed", diff.Rows.Removed, sample.Removed);
        WriteRange(json, "changed", diff.Rows.Changed ?? 0, sample.Changed);
        WriteRange(json, "same", diff.Rows.Same, sample.Same);
        json.WriteStartObject("keys");
        WriteKeys(json, "base", diff.Keys?.Base, sample.Duplicate.Base);
        WriteKeys(json, "head", diff.Keys?.Head, sample.Duplicate.Head);
        json.WriteEndObject();
        json.WriteStartObject("match_score");
        json.WriteNumber("value", diff.MatchScore);
        json.WriteNumber("low", sample.MatchScore.Low);
        json.WriteNumber("high", sample.MatchScore.High);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes <c>estimate</c> of a column, if it is one.</summary>
    public static void WriteColumn(Utf8JsonWriter json, ColumnDiff column)
    {
        if (column is { Changed: { } changed, ChangedRange: { } range })
        {
            json.WriteStartObject("estimate");
            WriteRange(json, "changed", changed, range);
            json.WriteNumber("changed_share", column.ChangedShare ?? 0);
            json.WriteEndObject();
        }
    }

    /// <summary>Puts the estimate back into a column.</summary>
    public static ColumnDiff ReadColumn(JsonElement json, ColumnDiff column) => json.OptionalObject("estimate") is { } estimate
        ? column with
        {
            Changed = estimate.GetProperty("changed").Count("value"),
            ChangedShare = estimate.OptionalNumber("changed_share"),
            ChangedRange = ReadRange(estimate.GetProperty("changed")),
        }
        : column;

    /// <summary>Puts it back into a model whose exact fields were read.</summary>
    /// <param name="sampled">What <see cref="Write"/> wrote.</param>
    /// <param name="diff">What is exact, and zeros elsewhere.</param>
    public static TableDiff Read(JsonElement sampled, TableDiff diff)
    {
        var (rows, estimates) = (sampled.GetProperty("rows"), sampled.GetProperty("estimates"));
        var (keys, score) = (estimates.GetProperty("keys"), estimates.GetProperty("match_score"));
        return diff with
        {
            Rows = diff.Rows with { Added = Value("added"), Removed = Value("removed"), Changed = Value("changed"), Same = Value("same") },
            Keys = diff.Keys is { } known ? new(ReadKeys("base", known.Base), ReadKeys("head", known.Head)) : null,
            MatchScore = Number(score, "value"),
            Sample = new DiffSample(
                Number(sampled, "share"),
                Number(sampled, "confidence"),
                sampled.Text("because"),
                new RowCounts(rows.Count("base"), rows.Count("head"), rows.Count("added"), rows.Count("removed"), rows.Count("changed"), rows.Count("same")))
            {
                Added = Range("added"),
                Removed = Range("removed"),
                Changed = Range("changed"),
                Same = Range("same"),
                Duplicate = new(ReadRange(keys.GetProperty("base").GetProperty("duplicate")), ReadRange(keys.GetProperty("head").GetProperty("duplicate"))),
                MatchScore = (Number(score, "low"), Number(score, "high")),
            },
        };

        long Value(string name) => estimates.GetProperty(name).Count("value");

        CountRange Range(string name) => ReadRange(estimates.GetProperty(name));

        KeyCounts ReadKeys(string side, KeyCounts known) => known with
        {
            Duplicate = keys.GetProperty(side).GetProperty("duplicate").Count("value"),
            DuplicateRows = keys.GetProperty(side).Count("duplicate_rows"),
            Distinct = keys.GetProperty(side).Count("distinct"),
        };
    }

    private static void WriteKeys(Utf8JsonWriter json, string side, KeyCounts? counts, CountRange duplicate)
    {
        json.WriteStartObject(side);
        WriteRange(json, "duplicate", counts?.Duplicate ?? 0, duplicate);
        json.WriteNumber("duplicate_rows", counts?.DuplicateRows ?? 0);
        json.WriteNumber("distinct", counts?.Distinct ?? 0);
        json.WriteEndObject();
    }

    private static void WriteRange(Utf8JsonWriter json, string name, long value, CountRange range)
    {
        json.WriteStartObject(name);
        json.WriteNumber("value", value);
        json.WriteNumber("low", range.Low);
        json.WriteNumber("high", range.High);
        json.WriteEndObject();
    }

    private static CountRange ReadRange(JsonElement range) => new(range.Count("low"), range.Count("high"));

    private static double Number(JsonElement parent, string name) => parent.OptionalNumber(name) ?? throw new FormatException($"'{name}' is missing.");
}
