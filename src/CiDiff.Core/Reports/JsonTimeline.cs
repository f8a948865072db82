using System.Text.Json;
using CiDiff.Diffing;
using CiDiff.Warehouses;

namespace CiDiff.Reports;

/// <summary><c>timeline</c> of a model in <c>run.json</c>.</summary>
internal static class JsonTimeline
{
    public static void Write(Utf8JsonWriter json, Timeline timeline)
    {
        json.WriteStartObject("timeline");
        json.WriteString("column", timeline.Column.Value);
        json.WriteString("unit", ReportWords.Of(timeline.Unit));
        json.WriteNumber("key_share", timeline.KeyShare);
        json.WriteStartArray("buckets");
        foreach (var bucket in timeline.Buckets)
        {
            json.WriteStartObject();
            json.WriteString("start", bucket.Start);
            json.WriteNumber("matched", bucket.Matched);
            json.WriteNumber("changed", bucket.Changed);
            json.WriteNumber("added", bucket.Added);
            json.WriteNumber("removed", bucket.Removed);
            WriteShare("changed_share", bucket.ChangedShare);
            WriteShare("added_share", bucket.AddedShare);
            WriteShare("removed_share", bucket.RemovedShare);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();

        void WriteShare(string name, double? share)
        {
            if (share is { } known)
            {
                json.WriteNumber(name, known);
            }
            else
            {
                json.WriteNull(name);
            }
        }
    }

    // The shares follow from the counts.
    public static Timeline Read(JsonElement json) => new(
        new ColumnName(json.Text("column")),
        json.Word<TimeUnit>("unit"),
        json.OptionalNumber("key_share") ?? 1,
        json.List("buckets", bucket => new TimelineBucket(
            bucket.OptionalText("start"), bucket.Count("matched"), bucket.Count("changed"), bucket.Count("added"), bucket.Count("removed"))));
}
